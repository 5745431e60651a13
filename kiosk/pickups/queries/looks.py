"""Questions that the staff's pages ask: the whole house, single rows, what was and will be."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select

from kiosk.db import session
from kiosk.pickups.codes import plain
from kiosk.pickups.models import (
    HygieneCheck,
    Pickup,
    PickupCase,
    PickupCount,
    PickupEvent,
    PickupKind,
    PickupPlan,
    PickupState,
    StoragePlace,
    StoragePoint,
)
from kiosk.pickups.queries.points import get_point, points_of
from kiosk.refusal import NotFound
from kiosk.stations.models import Station

MOST_FOUND = 30
MOST_CASES = 60
DONE = ("store", "collect", "move")


class Done(NamedTuple):
    """Something that was stored, collected or carried, and when."""

    at: datetime
    kind: PickupKind
    verb: str


def get_item(station: Station, pickup_id: int) -> Pickup:
    """Return a pickup of a station; refuse an unknown one."""
    found = session.get(Pickup, pickup_id)
    if found is None or found.station_id != station.id:
        raise NotFound("pickups.unknown_item", "There is no such item. Look at the map again.")
    return found


def get_plan_at(station: Station, code: str, plan_id: int) -> PickupPlan:
    """Return a plan of a station's point; refuse an unknown one."""
    point = get_point(station, code)
    found = session.get(PickupPlan, plan_id)
    if found is None or found.point_id != point.id:
        raise NotFound("plans.unknown", "These times are gone. Look at the list again.")
    return found


def floors_of(station: Station) -> list[tuple[int, list[StoragePoint]]]:
    """Return a station's points by floor, the highest floor first, as the house stands."""
    floors: dict[int, list[StoragePoint]] = {}
    for point in points_of(station):
        floors.setdefault(point.floor, []).append(point)
    return sorted(floors.items(), reverse=True)


def to_come(station: Station, day: date) -> Sequence[Pickup]:
    """Return what is still expected on a day: booked, or on its way into a place; soonest first."""
    return session.scalars(
        select(Pickup)
        .where(
            Pickup.station_id == station.id,
            Pickup.ended_at.is_(None),
            Pickup.state.in_((PickupState.BOOKED, PickupState.ASSIGNED)),
            or_(Pickup.slot_day == day, Pickup.slot_day.is_(None)),
        )
        .order_by(Pickup.slot_starts_at, Pickup.id)
    ).all()


def find_items(station: Station, typed: str) -> Sequence[Pickup]:
    """Return what staff may mean: by code, tail, or place (`3F-B2-07`); what is open first."""
    text = plain(typed)
    if not text:
        return []
    label = func.replace(StoragePoint.code + StoragePlace.number, "-", "")
    return session.scalars(
        select(Pickup)
        .outerjoin(StoragePlace, StoragePlace.id == Pickup.place_id)
        .outerjoin(StoragePoint, StoragePoint.id == StoragePlace.point_id)
        .where(
            Pickup.station_id == station.id,
            or_(
                Pickup.tag == text,
                Pickup.tail == text,
                Pickup.order_tail == text,
                label == text,
            ),
        )
        .order_by(Pickup.ended_at.is_not(None), Pickup.id.desc())
        .limit(MOST_FOUND)
    ).all()


def all_cases_of(station: Station) -> Sequence[PickupCase]:
    """Return a station's cases: the open ones first, the newest of each first."""
    return session.scalars(
        select(PickupCase)
        .where(PickupCase.station_id == station.id)
        .order_by(PickupCase.closed_at.is_not(None), PickupCase.id.desc())
        .limit(MOST_CASES)
    ).all()


def hygiene_log(station: Station, since: date) -> Sequence[HygieneCheck]:
    """Return what was cleaned and disinfected since a day, the newest first."""
    return session.scalars(
        select(HygieneCheck)
        .join(StoragePoint, StoragePoint.id == HygieneCheck.point_id)
        .where(StoragePoint.station_id == station.id, HygieneCheck.day >= since)
        .order_by(HygieneCheck.id.desc())
    ).all()


def arrivals(station: Station, since: datetime, until: datetime) -> list[Done]:
    """Return what was stored, collected and carried in a span of time, in order."""
    rows = session.execute(
        select(PickupEvent.at, Pickup.kind, PickupEvent.verb)
        .join(Pickup, Pickup.id == PickupEvent.pickup_id)
        .where(
            PickupEvent.station_id == station.id,
            PickupEvent.at >= since,
            PickupEvent.at < until,
            PickupEvent.verb.in_(DONE),
        )
        .order_by(PickupEvent.at)
    )
    return [Done(*row) for row in rows]


def booked_by_minute(station: Station, day: date, kind: PickupKind) -> Counter[int]:
    """Return how many bookings of a kind stand on a day, by the minute at which slots begin."""
    rows = session.execute(
        select(PickupCount.minute, func.sum(PickupCount.taken))
        .join(StoragePoint, StoragePoint.id == PickupCount.point_id)
        .where(
            StoragePoint.station_id == station.id,
            PickupCount.day == day,
            PickupCount.kind == kind,
        )
        .group_by(PickupCount.minute)
    )
    return Counter({minute: int(taken) for minute, taken in rows if taken})
