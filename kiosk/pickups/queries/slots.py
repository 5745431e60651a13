"""Questions about the times that can be booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from kiosk import clock
from kiosk.db import session
from kiosk.misses import paused_until
from kiosk.pickups.models import (
    Pickup,
    PickupCount,
    PickupKind,
    PickupPlan,
    PickupState,
    StoragePoint,
)
from kiosk.pickups.queries.points import rules_of
from kiosk.pickups.slots import PickupSlot, SlotId
from kiosk.stations.hours import is_within, moment_of
from kiosk.stations.models import Station
from kiosk.stations.queries import Place, closed_days

DAYS_AHEAD = 14
NAMED = 3
HOLDER_KEPT = timedelta(days=90)

_PLANS = (
    select(
        StoragePoint.code,
        PickupPlan.kind,
        PickupPlan.opens,
        PickupPlan.closes,
        PickupPlan.slot_minutes,
        PickupPlan.capacity,
        StoragePoint.id,
    )
    .join(StoragePoint, StoragePoint.id == PickupPlan.point_id)
    .where(
        StoragePoint.station_id == bindparam("station_id"),
        StoragePoint.is_on,
        PickupPlan.kind == bindparam("kind"),
        PickupPlan.weekday == bindparam("weekday"),
    )
    .order_by(StoragePoint.is_lobby.desc(), StoragePoint.floor, StoragePoint.code, PickupPlan.opens)
)
_TAKEN = (
    select(PickupCount.point_id, PickupCount.minute, PickupCount.taken)
    .join(StoragePoint, StoragePoint.id == PickupCount.point_id)
    .where(
        StoragePoint.station_id == bindparam("station_id"),
        PickupCount.kind == bindparam("kind"),
        PickupCount.day == bindparam("day"),
    )
)


@dataclass(frozen=True)
class Alternatives:
    """What somebody may have instead of a full slot: later ones here, and other points then."""

    later: list[PickupSlot]
    elsewhere: list[PickupSlot]
    waiting: int


def slots_on(
    station: Station | Place,
    kind: PickupKind,
    day: date,
    at: datetime,
    point: str | None = None,
) -> list[PickupSlot]:
    """Return a day's slots that are not over, full ones among them, by point and then by time.

    None on a closed day, or too far ahead.
    """
    today = clock.day_at(at, station.timezone)
    if not today <= day <= today + timedelta(days=DAYS_AHEAD):
        return []
    if is_within(closed_days(station, day), day):
        return []
    asked = {"station_id": station.id, "kind": kind}
    counted = {
        (point_id, minute): count
        for point_id, minute, count in session.execute(_TAKEN, {**asked, "day": day})
    }
    found = []
    for plan in session.execute(_PLANS, {**asked, "weekday": day.weekday()}):
        if point in (None, plan.code):
            for minute in range(plan.opens, plan.closes - plan.slot_minutes + 1, plan.slot_minutes):
                ends_at = moment_of(day, minute + plan.slot_minutes, station.timezone)
                if ends_at > at:
                    found.append(
                        PickupSlot(
                            SlotId(plan.code, plan.kind.value, day, minute),
                            moment_of(day, minute, station.timezone),
                            ends_at,
                            plan.capacity,
                            max(0, plan.capacity - counted.get((plan.id, minute), 0)),
                        )
                    )
    return found


def alternatives_to(station: Station | Place, wanted: SlotId, at: datetime) -> Alternatives:
    """Return the free slots that come nearest to a full one, and how many wait for it."""
    kind = PickupKind(wanted.kind)
    slots = [slot for slot in slots_on(station, kind, wanted.day, at) if slot.left]
    here = [slot for slot in slots if slot.id.point == wanted.point]
    later = [slot for slot in here if slot.id.minute > wanted.minute]
    starts_at = moment_of(wanted.day, wanted.minute, station.timezone)
    elsewhere = [
        slot for slot in slots if slot.id.point != wanted.point and _meets(slot, starts_at)
    ]
    return Alternatives((later or here)[:NAMED], elsewhere[:NAMED], waiting_count(station, wanted))


def _meets(slot: PickupSlot, moment: datetime) -> bool:
    return slot.starts_at <= moment < slot.ends_at


def waiting_count(station: Station | Place, wanted: SlotId) -> int:
    """Return how many are on the waiting list of a slot."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Pickup)
            .join(StoragePoint, StoragePoint.id == Pickup.point_id)
            .where(
                StoragePoint.station_id == station.id,
                StoragePoint.code == wanted.point,
                Pickup.kind == PickupKind(wanted.kind),
                Pickup.slot_day == wanted.day,
                Pickup.slot_minute == wanted.minute,
                Pickup.state == PickupState.WAITING,
                Pickup.ended_at.is_(None),
            )
        )
        or 0
    )


def waiting_with(pickup_id: int) -> Sequence[Pickup]:
    """Return everybody on the waiting list on which somebody stands, the first in line first."""
    mine, other = aliased(Pickup), Pickup
    return session.scalars(
        select(other)
        .join(mine, mine.point_id == other.point_id)
        .where(
            mine.id == pickup_id,
            other.kind == mine.kind,
            other.slot_day == mine.slot_day,
            other.slot_minute == mine.slot_minute,
            other.state == PickupState.WAITING,
            other.ended_at.is_(None),
        )
        .order_by(other.id)
    ).all()


def waiting_ahead(pickup_id: int) -> int:
    """Return how many get a place before somebody on the same waiting list."""
    return sum(other.id < pickup_id for other in waiting_with(pickup_id))


def booked_today(holder: str, since: datetime) -> int:
    """Return how many bookings a browser made since a moment; what it gave up does not count."""
    made = select(func.count()).where(
        Pickup.holder == holder,
        Pickup.created_at >= since,
        Pickup.series_id.is_(None),
        Pickup.state.not_in((PickupState.CANCELLED, PickupState.LAPSED)),
    )
    return session.scalar(made) or 0


def pause_of(holder: str, station: Station | Place, at: datetime) -> datetime | None:
    """Return until when a browser may book nothing, because nothing came of its bookings."""
    rules = rules_of(station.id)
    pause = timedelta(days=rules.pause_days)
    missed: Sequence[datetime] = session.scalars(
        select(Pickup.slot_ends_at).where(
            Pickup.holder == holder,
            Pickup.state == PickupState.NO_SHOW,
            Pickup.created_at > at - HOLDER_KEPT,
            Pickup.slot_ends_at.is_not(None),
        )
    ).all()  # type: ignore[assignment]
    return paused_until(missed, at, most=rules.no_shows, pause=pause)
