"""A visitor books, waits for a place, agrees to storage, or gives a booking up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from kiosk import clock, live
from kiosk.actor import CLOCK, Actor
from kiosk.db import session
from kiosk.pickups.actions.rows import (
    SlotKey,
    add_event,
    add_pickup,
    change,
    ending,
    find_bookable,
    fresh,
    give_slot_back,
    notify,
    take_slot,
    tell,
)
from kiosk.pickups.codes import Codes
from kiosk.pickups.models import (
    Climate,
    Consent,
    Pickup,
    PickupKind,
    PickupSeries,
    PickupState,
)
from kiosk.pickups.queries import (
    DAYS_AHEAD,
    booked_today,
    grace_of,
    pause_of,
    rules_of,
    waiting_with,
)
from kiosk.pickups.slots import SlotId, no_slot
from kiosk.refusal import Refusal, say
from kiosk.stations.actions import hold
from kiosk.stations.hours import moment_of
from kiosk.stations.models import Station
from kiosk.stations.queries import Place

WAITING_LOOKS_EVERY = timedelta(minutes=2)
REPEATS_FOR = timedelta(days=60)


class Full(Refusal):
    """Refuse because a slot is taken; who asked is told what is free instead."""

    def __init__(self, slot: SlotId) -> None:
        words = say("This time is taken. Choose another one, or wait for a place.")
        super().__init__("pickups.full", words)
        self.slot = slot


@dataclass(frozen=True)
class Wish:
    """What a visitor asks for besides the slot, and what they leave of themselves."""

    size: int = 1
    climate: Climate | None = None
    consents: bool = True
    tail: str | None = None
    order_tail: str | None = None
    contact: str | None = None
    holder: str | None = None
    series_id: int | None = None


def book(
    station: Station | Place,
    slot: SlotId,
    wish: Wish,
    *,
    codes: Codes,
    by: Actor,
    at: datetime,
    waits: bool = False,
) -> str:
    """Book a slot, or with `waits` stand on its list where it is full; returns the token."""
    hold(station.id)
    _refuse_too_many(wish, station, at)
    found = _find(station, slot, at)
    key = SlotKey(found.point_id, PickupKind(slot.kind), slot.day, slot.minute)
    is_free = take_slot(key)
    if not is_free and not waits:
        raise Full(slot)
    state = PickupState.BOOKED if is_free else PickupState.WAITING
    grace = grace_of(station.id, key.kind)
    looks_at = min(at + WAITING_LOOKS_EVERY, found.ends_at)
    added = add_pickup(
        station.id,
        codes,
        kind=key.kind,
        state=state,
        point_id=key.point_id,
        goal_id=key.point_id,
        slot_day=key.day,
        slot_minute=key.minute,
        slot_starts_at=found.starts_at,
        slot_ends_at=found.ends_at,
        due_at=found.ends_at + grace if is_free else looks_at,
        **_left(wish, key.kind, at),
    )
    if added is None:
        raise Refusal("pickups.booked_before", "This day is booked already.")
    add_event(added.id, station.id, "book" if is_free else "wait", state, by=by, at=at)
    tell(station.code, added.token, [key.point_id])
    return added.token


class _Found(NamedTuple):
    point_id: int
    starts_at: datetime
    ends_at: datetime


def _find(station: Station | Place, slot: SlotId, at: datetime) -> _Found:
    """Return when a slot is; refuse what no plan has, what is over, and what is too far ahead."""
    kind = PickupKind(slot.kind)
    found = find_bookable(station, slot.point, kind, slot.day, slot.minute)
    today = clock.day_at(at, station.timezone)
    if found is None or slot.day > today + timedelta(days=DAYS_AHEAD):
        raise no_slot()
    starts_at = moment_of(slot.day, slot.minute, station.timezone)
    ends_at = moment_of(slot.day, slot.minute + found.slot_minutes, station.timezone)
    if ends_at <= at:
        raise no_slot()
    return _Found(found.id, starts_at, ends_at)


def _left(wish: Wish, kind: PickupKind, at: datetime) -> dict[str, object]:
    """Return what a booking keeps of what its visitor wished and left."""
    return {
        "size": wish.size,
        "climate": wish.climate or usual_climate(kind),
        "series_id": wish.series_id,
        "consent": Consent.VISITOR if wish.consents else None,
        "consent_at": at if wish.consents else None,
        "tail": wish.tail,
        "order_tail": wish.order_tail,
        "contact": wish.contact,
        "holder": wish.holder,
        "created_at": at,
        "changed_at": at,
    }


def usual_climate(kind: PickupKind) -> Climate:
    """Return where a kind lies unless somebody wishes otherwise."""
    return Climate.HEATED if kind is PickupKind.MEAL else Climate.SHELF


def _refuse_too_many(wish: Wish, station: Station | Place, at: datetime) -> None:
    holder = wish.holder
    if holder is None or wish.series_id is not None:
        return
    rules = rules_of(station.id)
    paused = pause_of(holder, station, at)
    if paused is not None:
        until = clock.local(paused, station.timezone)
        raise Refusal(
            "pickups.paused",
            "%(count)s bookings on this phone came to nothing, so it can book again from"
            " %(month)s/%(day)s on. The counter helps you until then.",
            count=rules.no_shows,
            month=until.month,
            day=until.day,
        )
    midnight = moment_of(clock.day_at(at, station.timezone), 0, station.timezone)
    if booked_today(holder, midnight) >= rules.most_a_day:
        raise Refusal(
            "pickups.too_many",
            "%(count)s bookings were made on this phone today. Cancel one, or book tomorrow.",
            count=rules.most_a_day,
        )


def accept(pickup: Pickup, *, by: Actor, at: datetime) -> Pickup:
    """Take the place that was offered to who waited. Twice is the same as once."""
    fresh(pickup)
    if pickup.state is PickupState.BOOKED:
        return pickup
    if pickup.state is not PickupState.OFFERED:
        raise Refusal(
            "pickups.no_offer",
            "This place is not offered any more. Choose another time, or wait once more.",
        )
    return change(pickup, PickupState.BOOKED, "accept", by=by, at=at, due_at=_no_show_at(pickup))


def cancel(pickup: Pickup, *, by: Actor, at: datetime) -> Pickup:
    """Give a booking up; somebody else may have the time. Twice is the same as once."""
    fresh(pickup)
    if pickup.state is PickupState.CANCELLED:
        return pickup
    if pickup.state in (PickupState.ASSIGNED, PickupState.STORED):
        raise _here_already()
    refuse_over(pickup)
    return give_up(pickup, PickupState.CANCELLED, "cancel", by=by, at=at)


def give_up(
    pickup: Pickup, after: PickupState, verb: str, *, by: Actor, at: datetime, reason: str = ""
) -> Pickup:
    """End a pickup that never came; whoever waits for its slot gets the place offered."""
    had_place = pickup.state in (PickupState.BOOKED, PickupState.OFFERED)
    slot = slot_of(pickup)
    _tell_line(pickup)
    values = ending(rules_of(pickup.station_id), at)
    change(pickup, after, verb, by=by, at=at, reason=reason, **values)
    if had_place and slot is not None:
        _pass_on(slot, at)
    return pickup


def _tell_line(pickup: Pickup) -> None:
    """Name the pages of those who wait with somebody that leaves the waiting list."""
    if pickup.state is PickupState.WAITING:
        live.changed(*(f"pickup:{other.token}" for other in waiting_with(pickup.id)))


def slot_of(pickup: Pickup) -> SlotKey | None:
    """Return the slot that a pickup was booked for."""
    if pickup.slot_day is None or pickup.slot_minute is None:
        return None
    return SlotKey(pickup.goal_id, pickup.kind, pickup.slot_day, pickup.slot_minute)


def _pass_on(slot: SlotKey, at: datetime) -> None:
    """Offer a place in a slot to who waits longest for it, or let it be booked again."""
    first = session.scalar(
        select(Pickup.id)
        .where(
            Pickup.point_id == slot.point_id,
            Pickup.kind == slot.kind,
            Pickup.slot_day == slot.day,
            Pickup.slot_minute == slot.minute,
            Pickup.state == PickupState.WAITING,
            Pickup.ended_at.is_(None),
            Pickup.slot_ends_at > at,
        )
        .order_by(Pickup.id)
        .limit(1)
    )
    if first is None:
        give_slot_back(slot)
    else:
        offer(session.get_one(Pickup, first, populate_existing=True), at)


def offer(pickup: Pickup, at: datetime) -> None:
    """Keep a place for somebody who waited, for some minutes."""
    rules = rules_of(pickup.station_id)
    until = at + timedelta(minutes=rules.offer_minutes)
    due_at = min(until, pickup.slot_ends_at or until)
    _tell_line(pickup)
    change(pickup, PickupState.OFFERED, "offer", by=CLOCK, at=at, due_at=due_at)
    notify(pickup, "offered", rules, at)


def agree(pickup: Pickup, *, agrees: bool, by: Actor, at: datetime) -> Pickup:
    """Agree that couriers store the item, or take that back while it has not come."""
    fresh(pickup)
    if (pickup.consent is not None) == agrees:
        return pickup
    if pickup.state not in (PickupState.WAITING, PickupState.OFFERED, PickupState.BOOKED):
        refuse_over(pickup)
        raise _here_already()
    return change(
        pickup,
        pickup.state,
        "agree" if agrees else "disagree",
        by=by,
        at=at,
        consent=Consent.VISITOR if agrees else None,
        consent_at=at if agrees else None,
    )


def refuse_over(pickup: Pickup) -> None:
    """Refuse what can only be done to a pickup that is not over."""
    if pickup.is_live:
        return
    if pickup.state is PickupState.CANCELLED:
        raise Refusal("pickups.cancelled", "This booking was cancelled. Make a new one.")
    if pickup.state is PickupState.COLLECTED:
        raise Refusal("pickups.collected", "This was collected already.")
    raise Refusal("pickups.over", "This booking is over. Ask at the counter if something is amiss.")


def _here_already() -> Refusal:
    return Refusal(
        "pickups.here_already",
        "It is being stored or lies here already. Collect it, or ask at the counter.",
    )


def refuse_unstored(pickup: Pickup) -> None:
    """Refuse what can only be done to an item that lies in a place."""
    if pickup.state is not PickupState.STORED:
        refuse_over(pickup)
        raise Refusal("pickups.not_here", "It does not lie here yet. Look at the list again.")


def _no_show_at(pickup: Pickup) -> datetime | None:
    rules = rules_of(pickup.station_id)
    return pickup.slot_ends_at + rules.grace(pickup.kind) if pickup.slot_ends_at else None


def leave_details(
    pickup: Pickup,
    tail: str | None,
    contact: str | None,
    *,
    by: Actor,
    at: datetime,
    order_tail: str | None = None,
) -> Pickup:
    """Keep by what couriers know the visitor, and where notices go; both are erased in time."""
    fresh(pickup)
    refuse_over(pickup)
    left: dict[str, Any] = {"tail": tail, "order_tail": order_tail, "contact": contact}
    return change(pickup, pickup.state, "details", by=by, at=at, **left)


def repeat(pickup: Pickup, weekdays: str, *, token: str, at: datetime) -> PickupSeries:
    """Book the same point and minute on these days of the week (`01234`: Monday to Friday).

    The clock books each day ahead; a full one stands on the waiting list.
    """
    fresh(pickup)
    if pickup.consent is None or pickup.slot_day is None or pickup.slot_minute is None:
        raise Refusal("pickups.agree_first", "Agree to storage first; then the booking can repeat.")
    if pickup.series_id is not None:
        return session.get_one(PickupSeries, pickup.series_id)
    series = PickupSeries(
        token=token,
        station_id=pickup.station_id,
        point_id=pickup.goal_id,
        kind=pickup.kind,
        weekdays=weekdays,
        minute=pickup.slot_minute,
        climate=pickup.climate,
        consent_at=pickup.consent_at,
        tail=pickup.tail,
        contact=pickup.contact,
        holder=pickup.holder,
        made_until=pickup.slot_day,
        ends_on=pickup.slot_day + REPEATS_FOR,
        created_at=at,
    )
    session.add(series)
    session.flush()
    pickup.series_id = series.id
    session.flush()
    return series


def stop_repeating(series: PickupSeries, *, by: Actor, at: datetime) -> None:
    """Book no further days, and give up those that are booked and did not come yet."""
    hold(series.station_id)
    session.refresh(series)
    if series.stopped_at is not None:
        return
    series.stopped_at = at
    series.tail = series.contact = None
    ahead = session.scalars(
        select(Pickup)
        .where(
            Pickup.series_id == series.id,
            Pickup.state.in_((PickupState.WAITING, PickupState.OFFERED, PickupState.BOOKED)),
        )
        .order_by(Pickup.id)
    ).all()
    for pickup in ahead:
        cancel(pickup, by=by, at=at)
