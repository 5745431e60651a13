"""Somebody asks for what nobody booked; who saw their order hands it over."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from kiosk.actor import Actor
from kiosk.db import session
from kiosk.pickups.actions.collecting import collect
from kiosk.pickups.actions.rows import change, fresh
from kiosk.pickups.actions.tries import MOST_WRONG, counted, miss, wrong_code
from kiosk.pickups.models import Pickup
from kiosk.pickups.queries import find_unbooked
from kiosk.refusal import Refusal
from kiosk.stations.models import Station
from kiosk.stations.queries import Place


@dataclass(frozen=True)
class Asked:
    """What lies here with the digits that somebody entered, or how many tries are left."""

    items: list[Pickup]
    left: int = MOST_WRONG


def ask(station: Station | Place, tail: str, *, entry: str, by: Actor, at: datetime) -> Asked:
    """Note that somebody asks for unbooked items with these last digits of an order or a phone.

    Digits alone open nothing, as colleagues may know them: staff or a volunteer on duty sees the
    order and hands it over. Wrong ones lock the entry as wrong codes do; they are an answer and no
    refusal, so that they stay counted.
    """
    tries = counted(f"{entry}:unbooked", at)
    items = find_unbooked(station, tail)
    if not items:
        return Asked([], miss(tries, at))
    tries.wrong = 0
    session.flush()
    for item in items:
        fresh(item)
        change(item, item.state, "ask", by=by, at=at)
    return Asked(items)


def nothing_unbooked(left: int) -> Refusal:
    """Return the refusal of digits with which nothing lies here, after they were counted."""
    if not left:
        return wrong_code(left)
    return Refusal(
        "pickups.none_unbooked",
        "Nothing with these digits lies here. Look again, or show your order at the counter;"
        " tries left: %(left)s.",
        HTTPStatus.NOT_FOUND,
        left=left,
    )


def hand_unbooked(pickup: Pickup, *, by: Actor, at: datetime, collector: str) -> Pickup:
    """Hand an unbooked item to whoever showed its order."""
    if fresh(pickup).is_booked:
        raise Refusal("pickups.is_booked", "This was booked: its owner has six digits for it.")
    return collect(pickup, by=by, at=at, collector=collector, reason=f"{collector} order_seen")
