"""Questions about who is on duty, what there is to carry, and what was put away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from kiosk.db import session
from kiosk.pickups import queries as pickups
from kiosk.pickups.models import Pickup, PickupEvent, PickupState, StoragePlace, StoragePoint
from kiosk.stations.models import Station
from kiosk.volunteers.models import Shift, SignUp, SignUpState, Volunteer


@dataclass(frozen=True)
class Batch:
    """What goes to one point, the longest stored first."""

    point: StoragePoint
    items: Sequence[Pickup]


@dataclass(frozen=True)
class Carried:
    """Something that a volunteer put away: from where to where, as places are labelled."""

    event_id: int
    pickup: Pickup
    before: str
    after: str
    at: datetime


@dataclass(frozen=True)
class OnDuty:
    """Somebody on duty: where they were seen last, when, and how much they carried and handed over.

    Nobody is followed: where they were is the point of what they did last, or of their shift.
    """

    duty: SignUp
    point: StoragePoint
    done: int
    last_at: datetime | None


def find_duty(volunteer: Volunteer, at: datetime) -> SignUp | None:
    """Return the shift for which a volunteer is checked in now."""
    return session.scalar(
        select(SignUp)
        .join(Shift, Shift.id == SignUp.shift_id)
        .where(
            SignUp.volunteer_id == volunteer.id,
            SignUp.state == SignUpState.ON_DUTY,
            Shift.ends_at > at,
        )
        .order_by(Shift.starts_at)
        .limit(1)
    )


def on_duty_at(station: Station, at: datetime) -> list[OnDuty]:
    """Return who is on duty at a station now, who came first the first."""
    duties = session.scalars(
        select(SignUp)
        .join(Shift, Shift.id == SignUp.shift_id)
        .where(
            Shift.station_id == station.id,
            SignUp.state == SignUpState.ON_DUTY,
            Shift.ends_at > at,
        )
        .order_by(SignUp.checked_in_at, SignUp.id)
    )
    return [_seen(duty) for duty in duties]


def _seen(duty: SignUp) -> OnDuty:
    acts = session.execute(
        select(PickupEvent.at, Pickup)
        .join(Pickup, Pickup.id == PickupEvent.pickup_id)
        .where(
            PickupEvent.station_id == duty.shift.station_id,
            PickupEvent.at >= duty.checked_in_at,
            PickupEvent.actor == actor_name(duty.volunteer),
        )
        .order_by(PickupEvent.id)
    ).all()
    point = acts[-1].Pickup.point if acts else duty.shift.point
    done = {act.Pickup.id for act in acts if act.Pickup.point_id == act.Pickup.goal_id}
    return OnDuty(duty, point, len(done), acts[-1].at if acts else None)


def batches_for(duty: SignUp) -> list[Batch]:
    """Return what is to be carried, point by point: one's own first, then floor by floor.

    At each point what is late comes first, then what was stored the longest ago.
    """
    goals: dict[int, list[Pickup]] = {}
    for item in pickups.to_carry(duty.shift.station):
        goals.setdefault(item.goal_id, []).append(item)
    batches = [
        Batch(items[0].goal, sorted(items, key=lambda item: -item.stage))
        for items in goals.values()
    ]
    own = duty.shift.point_id
    return sorted(batches, key=lambda batch: (batch.point.id != own, batch.point.floor))


def find_lying(station: Station, typed: str, token: str) -> Pickup | None:
    """Return what lies at a station by its tag, its place's label, or its page's token."""
    text = "".join(typed.split()).upper()
    for item in pickups.stored_items(station):
        label = item.place.label.upper() if item.place else ""
        if text in (item.tag, label) or token == item.token:
            return item
    return None


def late_at(point: StoragePoint) -> list[Pickup]:
    """Return what waits too long at a point to be collected, the latest stage first."""
    late = pickups.late_items(point.station)
    return [item for item in late if item.point_id == item.goal_id == point.id]


def carried_by(duty: SignUp) -> list[Carried]:
    """Return what a volunteer put away on this duty and still lies there, in order."""
    rows = session.execute(
        select(PickupEvent, Pickup)
        .join(Pickup, Pickup.id == PickupEvent.pickup_id)
        .where(
            PickupEvent.actor == actor_name(duty.volunteer),
            PickupEvent.verb == "move",
            PickupEvent.at >= duty.checked_in_at,
            Pickup.state == PickupState.STORED,
            Pickup.place_id == PickupEvent.place_id,
        )
        .order_by(PickupEvent.id)
    )
    carried: dict[int, Carried] = {}
    for event, pickup in rows:
        before, _, after = event.reason.partition(" → ")
        carried[pickup.id] = Carried(event.id, pickup, before, after, event.at)
    return [entry for entry in carried.values() if entry.pickup.point_id == entry.pickup.goal_id]


def point_before(carried: Carried) -> StoragePoint | None:
    """Return the point from which something was carried."""
    return session.scalar(
        select(StoragePoint)
        .join(StoragePlace, StoragePlace.point_id == StoragePoint.id)
        .join(PickupEvent, PickupEvent.place_id == StoragePlace.id)
        .where(
            PickupEvent.pickup_id == carried.pickup.id,
            PickupEvent.id < carried.event_id,
            PickupEvent.place_id.is_not(None),
        )
        .order_by(PickupEvent.id.desc())
        .limit(1)
    )


def actor_name(volunteer: Volunteer) -> str:
    """Return the name under which events keep what a volunteer does; it says nothing of them."""
    return f"volunteer:{volunteer.id}"
