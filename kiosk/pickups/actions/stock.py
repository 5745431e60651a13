"""Staff take stock of a point: what is as it should be, what is gone, what is too much.

Differences are set right at once or become cases when the stock-take ends; its rows stay.
"""

from datetime import datetime

from sqlalchemy import delete, select

from kiosk import live
from kiosk.actor import Actor
from kiosk.db import session
from kiosk.pickups.actions.collecting import report
from kiosk.pickups.actions.rows import change
from kiosk.pickups.actions.storing import PointFull, Unbooked, drop, leave, move, store
from kiosk.pickups.codes import Codes, plain
from kiosk.pickups.models import (
    LIVE,
    CaseKind,
    Pickup,
    PickupKind,
    PickupState,
    StockCount,
    StockResult,
    StockTake,
    StoragePlace,
    StoragePoint,
)
from kiosk.pickups.queries import counts_of, find_open_take, looks_of, points_of
from kiosk.refusal import Refusal

S = PickupState


def begin_take(point: StoragePoint, *, by: Actor, at: datetime) -> StockTake:
    """Begin to look into each place of a point, or go on where somebody began."""
    found = find_open_take(point)
    if found is not None:
        return found
    take = StockTake(
        station_id=point.station_id,
        point_id=point.id,
        started_at=at,
        started_by=by.name,
        ended_by="",
    )
    session.add(take)
    session.flush()
    return take


def count(
    take: StockTake,
    place: StoragePlace,
    *,
    pickup: Pickup | None,
    is_there: bool,
    by: Actor,
    at: datetime,
) -> StockCount:
    """Say of an item whether it is in its place, or of a place that it is empty; again replaces."""
    _refuse_ended(take, place)
    if pickup is not None and pickup.place_id != place.id:
        raise Refusal("stock.moved_on", "It is not meant to be here any more. Look again.")
    session.execute(
        delete(StockCount).where(
            StockCount.take_id == take.id,
            StockCount.place_id == place.id,
            StockCount.pickup_id == (pickup.id if pickup else None),
            StockCount.result != StockResult.EXTRA,
        )
    )
    if pickup is None:
        result = StockResult.EMPTY
    else:
        result = StockResult.FOUND if is_there else StockResult.MISSING
    return _add(take, place, result, pickup, by=by, at=at)


def count_whole(take: StockTake, place: StoragePlace, *, by: Actor, at: datetime) -> None:
    """Say that a place holds what it should: every item of it, or none."""
    _refuse_ended(take, place)
    look = next(look for look in looks_of(take) if look.place.id == place.id)
    if not look.items:
        count(take, place, pickup=None, is_there=True, by=by, at=at)
    for item in look.items:
        count(take, place, pickup=item, is_there=True, by=by, at=at)


def note_extra(
    take: StockTake,
    place: StoragePlace,
    typed: str,
    kind: PickupKind,
    *,
    codes: Codes,
    by: Actor,
    at: datetime,
) -> StockCount:
    """Set right that something lies here which should not; returns where it belongs now.

    With the code of a booking it is stored or carried here; anything else becomes an unclaimed
    item at a point that takes such. `typed` is a code, or what it looks like.
    """
    _refuse_ended(take, place)
    found = session.scalar(
        select(Pickup).where(
            Pickup.station_id == take.station_id,
            Pickup.tag == plain(typed),
            Pickup.state.in_(LIVE),
        )
    )
    if found is None:
        item = _left(take, kind, codes=codes, by=by, at=at, where=place.label)
        outcome = "left"
    else:
        was_stored = found.state is S.STORED
        item = _set_right(found, take.point, by=by, at=at)
        outcome = "moved" if was_stored else "stored"
    made = _add(take, place, StockResult.EXTRA, item, by=by, at=at)
    made.note, made.outcome = typed, outcome
    session.flush()
    return made


def _set_right(pickup: Pickup, point: StoragePoint, *, by: Actor, at: datetime) -> Pickup:
    if pickup.state is S.STORED:
        if pickup.point_id == point.id:
            raise Refusal(
                "stock.here",
                "It is meant to be at this point, in %(place)s. Put it there.",
                place=pickup.place.label if pickup.place else point.code,
            )
        return move(pickup, point, by=by, at=at)
    if pickup.state is S.ASSIGNED:
        return store(pickup, by=by, at=at)
    return drop(pickup, by=by, at=at, point=point)


def _left(
    take: StockTake, kind: PickupKind, *, codes: Codes, by: Actor, at: datetime, where: str
) -> Pickup:
    """Keep what nobody knows as an unclaimed item; nobody agreed to that, so no consent stands."""
    points = [take.point, *points_of(take.point.station)]
    for point in points:
        if point.is_on and point.takes_unbooked:
            try:
                left = leave(point, Unbooked(kind, consents=True), codes=codes, by=by, at=at)
            except PointFull:
                continue
            store(left, by=by, at=at)
            return change(
                left,
                S.STORED,
                "stock",
                by=by,
                at=at,
                reason=where,
                consent=None,
                consent_at=None,
            )
    raise Refusal(
        "stock.no_room",
        "No point that takes unbooked items has room. Make room first, or call whom it is for.",
    )


def end_take(take: StockTake, *, by: Actor, at: datetime) -> int:
    """End a stock-take: what is gone becomes a case. Returns how many cases were opened."""
    if take.ended_at is not None:
        return 0
    unseen = sum(not look.is_done for look in looks_of(take))
    if unseen:
        raise Refusal(
            "stock.unseen",
            "Places not looked into yet: %(count)s. Look there first.",
            count=unseen,
        )
    opened = 0
    for row in counts_of(take):
        item = row.pickup
        if row.result is not StockResult.MISSING or item is None:
            continue
        if item.state is S.STORED and item.place_id == row.place_id:
            report(item, CaseKind.MISSING, by=by, at=at, reason=f"stock-take {take.id}")
            row.outcome, opened = "case", opened + 1
        else:
            row.outcome = "settled"
    take.ended_at, take.ended_by = at, by.name
    session.flush()
    live.changed(f"pickups:{take.point.station.code}")
    return opened


def _refuse_ended(take: StockTake, place: StoragePlace) -> None:
    if take.ended_at is not None:
        raise Refusal("stock.ended", "This stock-take is over. Begin a new one.")
    if place.point_id != take.point_id:
        raise Refusal(
            "stock.elsewhere",
            "%(place)s is at another point. Take stock there apart.",
            place=place.label,
        )


def _add(
    take: StockTake,
    place: StoragePlace,
    result: StockResult,
    pickup: Pickup | None,
    *,
    by: Actor,
    at: datetime,
) -> StockCount:
    made = StockCount(
        take_id=take.id,
        place_id=place.id,
        pickup_id=pickup.id if pickup else None,
        result=result,
        at=at,
        actor=by.name,
        note="",
        outcome="",
    )
    session.add(made)
    session.flush()
    return made
