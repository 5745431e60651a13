"""Somebody collects: by link, by six digits, for a colleague; and what went wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk import clock
from kiosk.actor import Actor
from kiosk.db import session
from kiosk.pickups.actions.booking import refuse_over
from kiosk.pickups.actions.rows import (
    change,
    claim_place,
    ending,
    fresh,
    is_code_taken,
    notify,
)
from kiosk.pickups.actions.tries import MOST_WRONG, counted, miss
from kiosk.pickups.codes import MOST_TURNS, Codes, plain
from kiosk.pickups.models import (
    CaseKind,
    Pickup,
    PickupCase,
    PickupState,
    StoragePoint,
)
from kiosk.pickups.queries import find_by_code, rules_of
from kiosk.refusal import Refusal
from kiosk.stations.hours import moment_of
from kiosk.stations.models import Station
from kiosk.stations.queries import Place

ENDS = (PickupState.COLLECTED, PickupState.RETURNED, PickupState.DISPOSED, PickupState.CASE)


@dataclass(frozen=True)
class Tried:
    """How a try with a code went: what was collected, or how many tries are left."""

    pickup: Pickup | None
    left: int = MOST_WRONG
    place: str = ""


def collect(
    pickup: Pickup, *, by: Actor, at: datetime, reason: str = "", collector: str = "owner"
) -> Pickup:
    """Hand an item over; its codes open nothing any more. Twice is the same as once."""
    fresh(pickup)
    if pickup.state is PickupState.COLLECTED:
        return pickup
    _refuse_not_here(pickup)
    rules = rules_of(pickup.station_id)
    change(
        pickup,
        PickupState.COLLECTED,
        "collect",
        by=by,
        at=at,
        reason=reason or collector,
        **ending(rules, at),
    )
    if collector == "proxy":
        notify(pickup, "proxy_collected", rules, at)
    return pickup


def _refuse_not_here(pickup: Pickup) -> None:
    if pickup.state in (PickupState.STORED, PickupState.CASE):
        return
    refuse_over(pickup)
    raise Refusal(
        "pickups.not_here_yet", "It is not here yet. Your page shows when and where it is."
    )


def collect_by_code(
    station: Station | Place,
    code: str,
    *,
    codes: Codes,
    entry: str,
    by: Actor,
    at: datetime,
    only: Pickup | None = None,
) -> Tried:
    """Collect what six digits open; five wrong ones in a row lock the entry for five minutes.

    A wrong code is an answer and no refusal, so that it stays counted. With `only`, a code of
    anything else is wrong.
    """
    tries = counted(entry, at)
    pickup = find_by_code(station, codes, code)
    if pickup is None or (only is not None and pickup.id != only.id):
        return Tried(None, miss(tries, at))
    is_proxy = pickup.proxy_hash == codes.mark(station.id, plain(code))
    if is_proxy and (pickup.proxy_until is None or pickup.proxy_until <= at):
        return Tried(None, miss(tries, at))
    tries.wrong = 0
    session.flush()
    lay_at = pickup.place.label if pickup.place else ""
    collect(pickup, by=by, at=at, collector="proxy" if is_proxy else "code")
    return Tried(pickup, place=lay_at)


def give_proxy(pickup: Pickup, *, codes: Codes, by: Actor, at: datetime) -> str:
    """Return six digits with which a colleague may collect today; earlier ones end."""
    fresh(pickup)
    refuse_over(pickup)
    today = clock.day_at(at, pickup.station.timezone)
    until = moment_of(today + timedelta(days=1), 0, pickup.station.timezone)
    for turn in range(pickup.proxy_round + 1, pickup.proxy_round + MOST_TURNS):
        digits = codes.proxy(pickup.token, turn)
        mark = codes.mark(pickup.station_id, digits)
        if not is_code_taken(pickup.station_id, mark):
            change(
                pickup,
                pickup.state,
                "give_proxy",
                by=by,
                at=at,
                proxy_hash=mark,
                proxy_round=turn,
                proxy_until=until,
            )
            return digits
    raise Refusal("pickups.changed", "This booking just changed. Try again.")


def revoke_proxy(pickup: Pickup, *, by: Actor, at: datetime) -> Pickup:
    """Let the colleague's code open nothing any more."""
    fresh(pickup)
    if pickup.proxy_hash is None:
        return pickup
    return change(
        pickup,
        pickup.state,
        "revoke_proxy",
        by=by,
        at=at,
        proxy_hash=None,
        proxy_until=None,
    )


def report(
    pickup: Pickup, kind: CaseKind, *, by: Actor, at: datetime, reason: str = ""
) -> PickupCase:
    """Open a case for an item that is gone, was taken by somebody else, or is damaged."""
    fresh(pickup)
    if pickup.state not in (PickupState.STORED, PickupState.COLLECTED):
        raise Refusal(
            "pickups.nothing_to_report",
            "This can be said of what lies here or was collected. Ask at the counter.",
        )
    stays = kind is CaseKind.DAMAGED and pickup.place_id is not None
    case = PickupCase(
        pickup_id=pickup.id,
        station_id=pickup.station_id,
        kind=kind,
        opened_at=at,
        opened_by=by.name,
        closed_by="",
        outcome="",
    )
    session.add(case)
    change(
        pickup,
        PickupState.CASE,
        "report",
        by=by,
        at=at,
        reason=" ".join(filter(None, (kind.value, reason))),
        ended_at=None,
        due_at=None,
        erases_at=None,
        place_id=pickup.place_id if stays else None,
    )
    session.flush()
    return case


def close_case(
    case: PickupCase, outcome: PickupState, *, by: Actor, at: datetime, reason: str
) -> PickupCase:
    """End a case: the item was collected, returned or disposed of after all, or stays a case."""
    if case.closed_at is not None:
        return case
    if outcome not in ENDS:
        raise Refusal("pickups.no_outcome", "Say how this ended.")
    pickup = fresh(case.pickup)
    rules = rules_of(pickup.station_id)
    change(
        pickup,
        outcome,
        "close_case",
        by=by,
        at=at,
        reason=reason,
        **ending(rules, at),
    )
    _settle(case, outcome, by=by, at=at)
    return case


def _settle(case: PickupCase, outcome: PickupState, *, by: Actor, at: datetime) -> None:
    case.closed_at, case.closed_by, case.outcome = at, by.name, outcome.value
    session.flush()


def put_back(case: PickupCase, point: StoragePoint, *, by: Actor, at: datetime) -> Pickup:
    """End a case because the item was found: it lies at a point again.

    Its page or the staff open it; a code that was used stays used.
    """
    pickup = fresh(case.pickup)
    place_id = pickup.place_id or claim_place(point, pickup.size, pickup.climate)
    if place_id is None:
        raise Refusal("pickups.point_full", "Nothing is free at this point. Take another one.")
    change(
        pickup,
        PickupState.STORED,
        "put_back",
        by=by,
        at=at,
        place_id=place_id,
        point_id=point.id,
        stored_at=pickup.stored_at or at,
        due_at=at + rules_of(pickup.station_id).stages(pickup.kind)[0],
    )
    _settle(case, PickupState.STORED, by=by, at=at)
    return pickup
