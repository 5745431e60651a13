"""Questions about storage points, their places, and a station's rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import selectinload

from kiosk.db import session
from kiosk.pickups.models import (
    MINUTE,
    USUAL_GRACE,
    CourierPass,
    HygieneCheck,
    HygieneKind,
    PickupKind,
    PickupPlan,
    PickupRules,
    StoragePlace,
    StoragePoint,
    Sweep,
)
from kiosk.prepared import Prepared
from kiosk.refusal import NotFound
from kiosk.stations.models import Station
from kiosk.stations.queries import Place
from kiosk.tokens import hashed

SILENT_AFTER = timedelta(minutes=5)

_POINT = select(StoragePoint).where(
    StoragePoint.station_id == bindparam("station_id"), StoragePoint.code == bindparam("code")
)


_ANY = Prepared(
    lambda _database: (
        select(StoragePoint.id).where(StoragePoint.station_id == bindparam("station_id")).limit(1)
    )
)


@dataclass(frozen=True)
class Room:
    """A point, how many of its places are free and in use, and the items they hold."""

    point: StoragePoint
    free: int
    places: int
    held: int


@dataclass(frozen=True)
class HygieneDue:
    """What is still to be done at a point on a day."""

    point: StoragePoint
    kind: HygieneKind
    done: int
    wanted: int


def points_of(station: Station | Place) -> Sequence[StoragePoint]:
    """Return a station's points: the lobby's first, then floor by floor."""
    return session.scalars(
        select(StoragePoint)
        .where(StoragePoint.station_id == station.id)
        .order_by(StoragePoint.is_lobby.desc(), StoragePoint.floor, StoragePoint.code)
        .options(selectinload(StoragePoint.places))
    ).all()


def has_points(station: Station | Place) -> bool:
    """Tell whether a station stores parcels or meals at all."""
    return bool(_ANY(station_id=station.id))


def find_point(station: Station | Place, code: str) -> StoragePoint | None:
    """Return a station's point by its code."""
    return session.scalar(_POINT, {"station_id": station.id, "code": code})


def get_point(station: Station | Place, code: str) -> StoragePoint:
    """Return a station's point by its code; refuse an unknown one."""
    point = find_point(station, code)
    if point is None:
        raise NotFound("points.unknown", "There is no such storage point. Look at the list again.")
    return point


def find_scanned(scan: str) -> StoragePoint | None:
    """Return the point whose QR code carries this."""
    return session.scalar(select(StoragePoint).where(StoragePoint.scan == scan)) if scan else None


def get_place(station: Station, place_id: int) -> StoragePlace:
    """Return a place of a station; refuse an unknown one."""
    found = session.get(StoragePlace, place_id)
    if found is None or found.point.station_id != station.id:
        raise _no_place()
    return found


def get_place_at(point: StoragePoint, number: str) -> StoragePlace:
    """Return a place of a point by its number; refuse an unknown one."""
    place = session.scalar(
        select(StoragePlace).where(StoragePlace.point_id == point.id, StoragePlace.number == number)
    )
    if place is None:
        raise _no_place()
    return place


def _no_place() -> NotFound:
    return NotFound("places.unknown", "There is no such place. Look at the list again.")


def rooms_of(station: Station | Place) -> list[Room]:
    """Return how much room each point of a station has, in the order of `points_of`."""
    free = func.coalesce(
        func.sum(StoragePlace.capacity - StoragePlace.held).filter(StoragePlace.is_on), 0
    )
    counted = {
        point_id: (int(left), int(places), int(held))
        for point_id, left, places, held in session.execute(
            select(StoragePlace.point_id, free, func.count(), func.sum(StoragePlace.held))
            .join(StoragePoint, StoragePoint.id == StoragePlace.point_id)
            .where(StoragePoint.station_id == station.id)
            .group_by(StoragePlace.point_id)
        )
    }
    points = session.scalars(
        select(StoragePoint)
        .where(StoragePoint.station_id == station.id)
        .order_by(StoragePoint.is_lobby.desc(), StoragePoint.floor, StoragePoint.code)
    )
    return [Room(point, *counted.get(point.id, (0, 0, 0))) for point in points]


def plans_of(point: StoragePoint) -> Sequence[PickupPlan]:
    """Return when a point can be booked, through the week."""
    return session.scalars(
        select(PickupPlan)
        .where(PickupPlan.point_id == point.id)
        .order_by(PickupPlan.kind, PickupPlan.weekday, PickupPlan.opens)
    ).all()


_DEFAULTS = {
    column.name: getattr(column.default, "arg", None)
    for column in PickupRules.__table__.columns
    if column.default is not None
}


def rules_of(station_id: int) -> PickupRules:
    """Return a station's rules, the usual ones where it set none."""
    kept = session.get(PickupRules, station_id)
    return kept or PickupRules(station_id=station_id, **_DEFAULTS)


_GRACE = Prepared(
    lambda _database: select(PickupRules.meal_grace, PickupRules.parcel_grace).where(
        PickupRules.station_id == bindparam("station_id")
    )
)


def grace_of(station_id: int, kind: PickupKind) -> timedelta:
    """Return how long after its slot a booking is kept; every booking asks."""
    rows = _GRACE(station_id=station_id)
    meal, parcel = rows[0] if rows else USUAL_GRACE
    return (parcel if kind is PickupKind.PARCEL else meal) * MINUTE


def passes_of(station: Station, at: datetime) -> Sequence[CourierPass]:
    """Return the couriers' passes that hold now."""
    return session.scalars(
        select(CourierPass)
        .where(
            CourierPass.station_id == station.id,
            CourierPass.revoked_at.is_(None),
            CourierPass.ends_at > at,
        )
        .order_by(CourierPass.name)
    ).all()


def find_pass(station: Station | Place, token: str, at: datetime) -> CourierPass | None:
    """Return the pass that a courier shows, if it holds here and now."""
    return session.scalar(
        select(CourierPass).where(
            CourierPass.token_hash == hashed(token),
            CourierPass.station_id == station.id,
            CourierPass.revoked_at.is_(None),
            CourierPass.ends_at > at,
        )
    )


def get_pass(station: Station, pass_id: int) -> CourierPass:
    """Return a courier's pass of a station; refuse an unknown one."""
    found = session.get(CourierPass, pass_id)
    if found is None or found.station_id != station.id:
        raise NotFound("passes.unknown", "This pass is gone. Look at the list again.")
    return found


def hygiene_of(station: Station, day: date) -> list[HygieneDue]:
    """Return what cleaning each point wants on a day, and how much of it is done."""
    rules = rules_of(station.id)
    wanted = {
        HygieneKind.CLEAN: rules.cleanings_a_day,
        HygieneKind.DISINFECT: rules.disinfections_a_day,
    }
    done = {
        (point_id, kind): count
        for point_id, kind, count in session.execute(
            select(HygieneCheck.point_id, HygieneCheck.kind, func.count())
            .join(StoragePoint, StoragePoint.id == HygieneCheck.point_id)
            .where(StoragePoint.station_id == station.id, HygieneCheck.day == day)
            .group_by(HygieneCheck.point_id, HygieneCheck.kind)
        )
    }
    return [
        HygieneDue(point, kind, done.get((point.id, kind), 0), count)
        for point in points_of(station)
        for kind, count in wanted.items()
        if count
    ]


def is_swept(at: datetime) -> bool:
    """Tell whether the clock of pickups runs: somebody looked after it within some minutes."""
    swept = last_sweep()
    return swept is not None and swept.ran_at is not None and at - swept.ran_at <= SILENT_AFTER


def last_sweep() -> Sweep | None:
    """Return who looks after the clock of pickups, and when they last did."""
    return session.get(Sweep, 1)
