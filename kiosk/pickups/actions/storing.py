"""A courier brings something: a place is given, it is put there; a volunteer carries it on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.actor import Actor
from kiosk.db import session
from kiosk.pickups.actions.booking import refuse_over, refuse_unstored, usual_climate
from kiosk.pickups.actions.rows import (
    add_event,
    add_pickup,
    change,
    claim_place,
    ending,
    fresh,
    notify,
    tell,
)
from kiosk.pickups.codes import Codes
from kiosk.pickups.models import (
    Climate,
    Consent,
    Pickup,
    PickupKind,
    PickupState,
    Stage,
    StoragePlace,
    StoragePoint,
)
from kiosk.pickups.queries import get_pickup, rooms_of, rules_of
from kiosk.refusal import Refusal, say
from kiosk.stations.actions import hold

UNDO = timedelta(seconds=30)


class PointFull(Refusal):
    """Refuse because nothing is free where the item should go; `elsewhere` has room."""

    def __init__(self, elsewhere: list[StoragePoint]) -> None:
        words = say("Nothing is free at this point. Take one of the others.")
        super().__init__("pickups.point_full", words)
        self.elsewhere = elsewhere


def assign(pickup: Pickup, *, by: Actor, at: datetime, point: StoragePoint | None = None) -> Pickup:
    """Give a courier a place for a booked item, at another point where one is named.

    The same scan twice gives the same place. It frees itself if nobody confirms in time.
    """
    fresh(pickup)
    if pickup.state is PickupState.STORED:
        return pickup
    wanted = point or pickup.goal
    if pickup.state is PickupState.ASSIGNED and pickup.point_id == wanted.id:
        return pickup
    _refuse_undroppable(pickup)
    place_id = _claim(wanted, pickup.size, pickup.climate)
    rules = rules_of(pickup.station_id)
    return change(
        pickup,
        PickupState.ASSIGNED,
        "assign",
        by=by,
        at=at,
        place_id=place_id,
        point_id=wanted.id,
        courier=by.name,
        due_at=at + timedelta(seconds=rules.hold_seconds),
    )


def _refuse_undroppable(pickup: Pickup) -> None:
    refuse_over(pickup)
    if pickup.state in (PickupState.WAITING, PickupState.OFFERED):
        raise Refusal(
            "pickups.not_booked",
            "The addressee waits for a place and has none yet. Call them.",
        )
    if pickup.consent is None:
        raise _no_consent()


def _claim(point: StoragePoint, size: int, climate: Climate) -> int:
    place_id = claim_place(point, size, climate)
    if place_id is not None:
        return place_id
    rooms = rooms_of(point.station)
    raise PointFull(
        [
            room.point
            for room in rooms
            if room.free and room.point.is_on and room.point.id != point.id
        ]
    )


def store(pickup: Pickup, *, by: Actor, at: datetime) -> Pickup:
    """Note that the item lies in the place that was given for it. Twice is the same as once."""
    fresh(pickup)
    if pickup.state is PickupState.STORED:
        return pickup
    if pickup.state is not PickupState.ASSIGNED:
        refuse_over(pickup)
        raise Refusal(
            "pickups.place_gone", "The place was given back meanwhile. Ask for one again."
        )
    rules = rules_of(pickup.station_id)
    change(
        pickup,
        PickupState.STORED,
        "store",
        by=by,
        at=at,
        stored_at=at,
        stage=Stage.FRESH,
        due_at=at + rules.stages(pickup.kind)[0],
    )
    notify(pickup, "stored", rules, at)
    return pickup


def drop(pickup: Pickup, *, by: Actor, at: datetime, point: StoragePoint | None = None) -> Pickup:
    """Give a place and note at once that the item lies in it."""
    return store(assign(pickup, by=by, at=at, point=point), by=by, at=at)


def release(pickup: Pickup, *, by: Actor, at: datetime, reason: str = "") -> Pickup:
    """Take a place back into which nothing was put: it can be brought again.

    What nobody had booked is over then; its trace stays.
    """
    fresh(pickup)
    if pickup.state is not PickupState.ASSIGNED:
        return pickup
    rules = rules_of(pickup.station_id)
    if pickup.is_booked:
        return _back_to_booked(pickup, "release", by=by, at=at, reason=reason)
    return change(
        pickup,
        PickupState.ABANDONED,
        "release",
        by=by,
        at=at,
        reason=reason,
        **ending(rules, at),
    )


def take_back(pickup: Pickup, *, by: Actor, at: datetime) -> Pickup:
    """Undo a drop that was a mistake, within half a minute."""
    fresh(pickup)
    if pickup.state is PickupState.BOOKED:
        return pickup
    is_fresh = pickup.stored_at is not None and at - pickup.stored_at <= UNDO
    if pickup.state is not PickupState.STORED or not is_fresh:
        raise Refusal(
            "pickups.too_late_to_undo",
            "This can be taken back for 30 seconds only. Ask the station's staff.",
        )
    if pickup.is_booked:
        return _back_to_booked(pickup, "take_back", by=by, at=at)
    rules = rules_of(pickup.station_id)
    return change(pickup, PickupState.ABANDONED, "take_back", by=by, at=at, **ending(rules, at))


def _back_to_booked(
    pickup: Pickup, verb: str, *, by: Actor, at: datetime, reason: str = ""
) -> Pickup:
    rules = rules_of(pickup.station_id)
    ends_at = pickup.slot_ends_at or at
    return change(
        pickup,
        PickupState.BOOKED,
        verb,
        by=by,
        at=at,
        reason=reason,
        place_id=None,
        point_id=pickup.goal_id,
        stored_at=None,
        due_at=max(ends_at, at) + rules.grace(pickup.kind),
    )


@dataclass(frozen=True)
class Unbooked:
    """Something that nobody booked, as its courier describes it.

    `consents`: the addressee agreed on the phone that it is stored.
    """

    kind: PickupKind
    consents: bool
    size: int = 1
    climate: Climate | None = None
    tail: str | None = None
    order_tail: str | None = None


def leave(point: StoragePoint, item: Unbooked, *, codes: Codes, by: Actor, at: datetime) -> Pickup:
    """Give a place for something that nobody booked, where the point takes such."""
    if not point.takes_unbooked or not point.is_on:
        raise Refusal(
            "pickups.booked_only", "This point takes booked items only. Call the addressee."
        )
    if not item.consents:
        raise _no_consent()
    hold(point.station_id)
    climate = item.climate or usual_climate(item.kind)
    added = add_pickup(
        point.station_id,
        codes,
        kind=item.kind,
        state=PickupState.ASSIGNED,
        point_id=point.id,
        goal_id=point.id,
        place_id=(place_id := _claim(point, item.size, climate)),
        size=item.size,
        climate=climate,
        consent=Consent.COURIER,
        consent_at=at,
        tail=item.tail,
        order_tail=item.order_tail,
        courier=by.name,
        due_at=at + timedelta(seconds=rules_of(point.station_id).hold_seconds),
        created_at=at,
        changed_at=at,
    )
    if added is None:
        raise Refusal("pickups.changed", "This booking just changed. Try again.")
    state, where = PickupState.ASSIGNED, point.station_id
    add_event(added.id, where, "assign", state, by=by, at=at, place_id=place_id)
    tell(point.station.code, added.token, [point.id])
    return get_pickup(added.token)


def _no_consent() -> Refusal:
    return Refusal(
        "pickups.no_consent", "The addressee did not agree to storage. Please contact them."
    )


def move(pickup: Pickup, to: StoragePoint, *, by: Actor, at: datetime) -> Pickup:
    """Carry a stored item to another point; it has a place there at once, and one only."""
    fresh(pickup)
    refuse_unstored(pickup)
    if pickup.point_id == to.id:
        return pickup
    before = pickup.place.label if pickup.place else ""
    place_id = _claim(to, pickup.size, pickup.climate)
    place = session.get_one(StoragePlace, place_id)
    change(
        pickup,
        PickupState.STORED,
        "move",
        by=by,
        at=at,
        reason=f"{before} → {place.label}",
        place_id=place_id,
        point_id=to.id,
    )
    notify(pickup, "moved", rules_of(pickup.station_id), at)
    return pickup
