"""The rows that bookings and places live on; what every visit asks is composed once.

Whatever changes them holds the station first (`fresh`, or `hold` itself), so that they need no
locks of their own.
"""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Date,
    Integer,
    bindparam,
    case,
    exists,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert

from kiosk import live
from kiosk.actor import Actor
from kiosk.db import Database, insert_into, session
from kiosk.pickups.codes import MOST_TURNS, Codes, new_tag
from kiosk.pickups.models import (
    Climate,
    Pickup,
    PickupCount,
    PickupEvent,
    PickupKind,
    PickupNotice,
    PickupPlan,
    PickupRules,
    PickupState,
    StoragePlace,
    StoragePoint,
)
from kiosk.prepared import Prepared
from kiosk.refusal import Refusal
from kiosk.stations.actions import hold
from kiosk.stations.models import Closure, Station
from kiosk.stations.queries import Place

_TABLES = Pickup.metadata.tables
_PICKUP = _TABLES[Pickup.__tablename__]
_EVENT = _TABLES[PickupEvent.__tablename__]
_COUNT = _TABLES[PickupCount.__tablename__]
_PLAN = _TABLES[PickupPlan.__tablename__]
_POINT = _TABLES[StoragePoint.__tablename__]
_MINUTE, _DAY = bindparam("minute", type_=Integer), bindparam("day", type_=Date)
_WEEKDAY = bindparam("weekday", type_=Integer)
_KIND = bindparam("kind", type_=_PLAN.c.kind.type)
_POINT_ID = bindparam("point_id", type_=Integer)
_HOLDS = (
    _PLAN.c.kind == _KIND,
    _PLAN.c.weekday == _WEEKDAY,
    _PLAN.c.opens <= _MINUTE,
    _PLAN.c.closes >= _MINUTE + _PLAN.c.slot_minutes,
    (_MINUTE - _PLAN.c.opens) % _PLAN.c.slot_minutes == 0,
    _POINT.c.is_on,
)
_CLOSURE = _TABLES[Closure.__tablename__]
_IS_SHUT = exists().where(
    _CLOSURE.c.station_id == _POINT.c.station_id,
    _CLOSURE.c.starts_on <= _DAY,
    _CLOSURE.c.ends_on >= _DAY,
)
_SLOT = Prepared(
    lambda _database: (
        select(_POINT.c.id, _PLAN.c.slot_minutes)
        .join(_PLAN, _PLAN.c.point_id == _POINT.c.id)
        .where(
            _POINT.c.station_id == bindparam("station_id", type_=Integer),
            _POINT.c.code == bindparam("code", type_=_POINT.c.code.type),
            *_HOLDS,
            ~_IS_SHUT,
        )
    )
)


class Bookable(NamedTuple):
    """A slot of a plan: the point that gives it out, and how long it is."""

    id: int
    slot_minutes: int


class SlotKey(NamedTuple):
    """What the places of a slot are counted by."""

    point_id: int
    kind: PickupKind
    day: date
    minute: int


def find_bookable(
    station: Station | Place, code: str, kind: PickupKind, day: date, minute: int
) -> Bookable | None:
    """Return what a plan says of a slot; None where there is none, or the point is off."""
    rows = _SLOT(
        station_id=station.id,
        code=code,
        kind=kind,
        day=day,
        weekday=day.weekday(),
        minute=minute,
    )
    return Bookable(*rows[0]) if rows else None


def _take(database: Database) -> ReturningInsert[Any]:
    first = (
        select(_PLAN.c.point_id, _PLAN.c.kind, _DAY, _MINUTE, literal(1), _PLAN.c.capacity)
        .join(_POINT, _POINT.c.id == _PLAN.c.point_id)
        .where(_PLAN.c.point_id == _POINT_ID, *_HOLDS)
    )
    statement = insert_into(_COUNT, database).from_select(
        ["point_id", "kind", "day", "minute", "taken", "capacity"], first
    )
    return statement.on_conflict_do_update(
        index_elements=["point_id", "kind", "day", "minute"],
        set_={"taken": _COUNT.c.taken + 1, "capacity": statement.excluded.capacity},
        where=_COUNT.c.taken < statement.excluded.capacity,
    ).returning(_COUNT.c.taken)


_TAKE = Prepared(_take)


def take_slot(slot: SlotKey) -> bool:
    """Take a place in a slot by one statement that also asks whether one is left."""
    return bool(_TAKE(**slot._asdict(), weekday=slot.day.weekday()))


def give_slot_back(slot: SlotKey) -> None:
    """Let somebody else have the place."""
    session.execute(
        update(PickupCount)
        .where(
            PickupCount.point_id == slot.point_id,
            PickupCount.kind == slot.kind,
            PickupCount.day == slot.day,
            PickupCount.minute == slot.minute,
            PickupCount.taken > 0,
        )
        .values(taken=PickupCount.taken - 1)
        .execution_options(synchronize_session=False)
    )


_BARE = {
    column.name: getattr(column.default, "arg", None)
    for column in _PICKUP.columns
    if column.name != "id"
}
_ADD = Prepared(
    lambda database: insert_into(_PICKUP, database).on_conflict_do_nothing().returning(_PICKUP.c.id)
)
_ADD_EVENT = Prepared(lambda _database: insert(_EVENT))
_TOUCH = Prepared(
    lambda _database: (
        update(_POINT)
        .where(_POINT.c.id == bindparam("its_id", type_=Integer))
        .values(changes=_POINT.c.changes + 1)
        .returning(_POINT.c.changes)
    )
)


class Added(NamedTuple):
    """A new pickup: its id, and the token that is the right to change it."""

    id: int
    token: str


def add_pickup(station_id: int, codes: Codes, **values: object) -> Added | None:
    """Write a new pickup with codes that nobody else has now.

    None where its series has one on that day already.
    """
    for turn in range(MOST_TURNS):
        token = secrets.token_urlsafe(16)
        mark = codes.mark(station_id, codes.secret(token, turn))
        row = {**_BARE, **values, "station_id": station_id, "token": token, "tag": new_tag()}
        rows = _ADD(**row | {"secret_hash": mark, "secret_round": turn})
        if rows:
            return Added(rows[0].id, token)
    return None


def add_event(
    pickup_id: int,
    station_id: int,
    verb: str,
    after: PickupState,
    *,
    by: Actor,
    at: datetime,
    before: PickupState | None = None,
    place_id: int | None = None,
    reason: str = "",
) -> None:
    """Write down a change of a pickup."""
    _ADD_EVENT(
        pickup_id=pickup_id,
        station_id=station_id,
        at=at,
        verb=verb,
        from_state=before,
        to_state=after,
        place_id=place_id,
        actor=by.name,
        role=by.role,
        reason=reason,
    )


def tell(station_code: str, token: str, point_ids: Iterable[int]) -> None:
    """Count a change at points, and name the pages that it makes old."""
    for point_id in sorted(set(point_ids)):
        _TOUCH(its_id=point_id)
    live.changed(f"pickup:{token}", f"pickups:{station_code}")


def fresh(pickup: Pickup) -> Pickup:
    """Keep a station's pickups from others until the transaction ends, and read this one again."""
    hold(pickup.station_id)
    session.refresh(pickup)
    return pickup


def change(
    pickup: Pickup,
    after: PickupState,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    **values: object,
) -> Pickup:
    """Compare and set: from the state and revision that were seen; write it down and tell."""
    before, points = pickup.state, {pickup.point_id, pickup.goal_id}
    held = pickup.place_id
    changed = session.scalar(
        update(Pickup)
        .where(
            Pickup.id == pickup.id,
            Pickup.state == before,
            Pickup.revision == pickup.revision,
        )
        .values(state=after, changed_at=at, revision=Pickup.revision + 1, **values)
        .returning(Pickup.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise Refusal(
            "pickups.changed", "This booking just changed. It is shown as it is; look again."
        )
    session.refresh(pickup)
    if held is not None and held != pickup.place_id:
        free_place(held, at)
    where: dict[str, Any] = {"place_id": pickup.place_id, "reason": reason}
    add_event(pickup.id, pickup.station_id, verb, after, by=by, at=at, before=before, **where)
    tell(pickup.station.code, pickup.token, {*points, pickup.point_id})
    return pickup


def ending(rules: PickupRules, at: datetime) -> dict[str, Any]:
    """Return what is set when a pickup is over: no code opens it, personal data go in time."""
    return {
        "ended_at": at,
        "due_at": None,
        "place_id": None,
        "secret_hash": None,
        "proxy_hash": None,
        "erases_at": at + timedelta(days=rules.keep_days),
    }


def claim_place(point: StoragePoint, size: int, climate: Climate) -> int | None:
    """Take room in a place of a point; None where nothing fits.

    The right kind goes before a shelf, the smallest that fits, what was freed longest ago.
    """
    fits = (
        select(StoragePlace.id)
        .join(StoragePoint, StoragePoint.id == StoragePlace.point_id)
        .where(
            StoragePlace.point_id == point.id,
            StoragePoint.is_on,
            StoragePlace.is_on,
            StoragePlace.held < StoragePlace.capacity,
            StoragePlace.size >= size,
            StoragePlace.climate.in_({climate, Climate.SHELF}),
        )
        .order_by(
            case((StoragePlace.climate == climate, 0), else_=1),
            StoragePlace.size,
            StoragePlace.freed_at,
            StoragePlace.number,
        )
        .limit(1)
        .scalar_subquery()
    )
    return session.scalar(
        update(StoragePlace)
        .where(StoragePlace.id == fits, StoragePlace.held < StoragePlace.capacity)
        .values(held=StoragePlace.held + 1)
        .returning(StoragePlace.id)
        .execution_options(synchronize_session=False)
    )


def free_place(place_id: int, at: datetime) -> None:
    """Let others use the room that something took up in a place."""
    session.execute(
        update(StoragePlace)
        .where(StoragePlace.id == place_id, StoragePlace.held > 0)
        .values(held=StoragePlace.held - 1, freed_at=at)
        .execution_options(synchronize_session=False)
    )


def notify(pickup: Pickup, what: str, rules: PickupRules, at: datetime) -> None:
    """Note that the visitor is to be told something, where they or the station can be reached."""
    address = rules.notify_address
    if address and (pickup.contact or "{contact}" not in address):
        session.add(PickupNotice(pickup_id=pickup.id, what=what, at=at, tries=0, outcome=""))


def is_code_taken(station_id: int, mark: str) -> bool:
    """Tell whether digits open something else at a station now."""
    return (
        session.scalar(
            select(Pickup.id).where(
                Pickup.station_id == station_id,
                or_(Pickup.secret_hash == mark, Pickup.proxy_hash == mark),
            )
        )
        is not None
    )
