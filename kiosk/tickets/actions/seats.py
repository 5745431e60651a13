"""Who works at a counter, and whether it calls."""

from datetime import datetime

from kiosk.actor import Actor
from kiosk.refusal import Refusal
from kiosk.stations import actions as stations
from kiosk.stations.models import Counter, DeskMessage, Station
from kiosk.stations.queries import find_seat
from kiosk.tickets.actions.day import refresh
from kiosk.tickets.queries import at_counter


def sit_down(counter: Counter, member_id: int, *, by: Actor, at: datetime) -> None:
    """Take a counter, and leave the one taken before: waits are shorter where somebody works."""
    if counter.member_id != member_id:
        stand_up(member_id, by=by, at=at)
        stations.sit_down(counter, member_id, by=by, at=at)
        refresh(counter.station, at=at)


def stand_up(member_id: int, *, by: Actor, at: datetime) -> None:
    """Leave the counter, wherever it is."""
    left = stations.stand_up(member_id, by=by, at=at)
    if left is not None:
        refresh(left.station, at=at)


def seat(counter: Counter, member_id: int | None, *, by: Actor, at: datetime) -> None:
    """Let somebody sit at a counter, or nobody; refuse while a visitor is at a counter they leave.

    Whoever sat here stands up, and who comes leaves the counter where they were.
    """
    if member_id is not None and counter.member_id == member_id:
        return
    before = find_seat(member_id) if member_id is not None else None
    for left in filter(None, (counter, before)):
        _refuse_left(left)
    if counter.member_id is not None:
        stand_up(counter.member_id, by=by, at=at)
    if member_id is not None:
        sit_down(counter, member_id, by=by, at=at)


def _refuse_left(counter: Counter) -> None:
    """Refuse to leave a counter where a visitor is."""
    stations.lock(counter)
    here = at_counter(counter)
    if here is not None and counter.member_id is not None:
        raise Refusal(
            "counters.visitor",
            "%(number)s is at counter %(counter)s. Finish, park or send them on first.",
            number=here.number,
            counter=counter.number,
        )


def pause(counter: Counter, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Call nobody to the counter until it goes on; `reason` is for colleagues."""
    stations.pause(counter, by=by, at=at, reason=reason)
    refresh(counter.station, at=at)


def resume(counter: Counter, *, by: Actor, at: datetime) -> None:
    """Go on calling to the counter."""
    stations.resume(counter, by=by, at=at)
    refresh(counter.station, at=at)


def send_message(
    station: Station,
    words: str,
    *,
    sender: Counter | None,
    to: Counter | None,
    by: Actor,
    at: datetime,
) -> None:
    """Leave a line at a counter or with the manager, and let their pages show it."""
    stations.send_message(station, words, sender=sender, to=to, by=by, at=at)
    refresh(station, at=at)


def read_message(station: Station, message: DeskMessage, *, by: Actor, at: datetime) -> None:
    """Note that a line was read, and let it vanish."""
    stations.read_message(message, by=by, at=at)
    refresh(station, at=at)
