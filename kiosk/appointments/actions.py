"""What happens to appointments: booked, moved, given up, kept, or missed."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Date, bindparam, delete, select, update

from kiosk import clock
from kiosk.actor import CLOCK, Actor
from kiosk.appointments.models import (
    STANDS,
    Appointment,
    AppointmentEvent,
    AppointmentState,
    SlotCount,
    SlotPlan,
)
from kiosk.appointments.queries import day_of, next_free, open_count, pause_of, plans_of
from kiosk.appointments.slots import HOLDER_KEPT, Slot
from kiosk.catalog.models import Service
from kiosk.db import insert_into, session
from kiosk.refusal import Refusal, say
from kiosk.stations.hours import overlaps
from kiosk.stations.models import Station
from kiosk.tickets.actions import issue, switched_on
from kiosk.tickets.models import Offer, Queue
from kiosk.tickets.queries import Line, find_offer, get_ticket

MOST_OPEN = 3
SWEPT = 500
NAMED = 3


def book(
    station: Station,
    service: Service,
    day: date,
    minute: int,
    *,
    holder: str | None,
    by: Actor,
    at: datetime,
) -> Appointment:
    """Book a service at a minute of a day; `holder` is the browser, None for a kiosk."""
    offer = switched_on(find_offer(station, service))
    if holder is not None:
        _refuse_too_many(holder, station, at)
    slot = _slot(station, offer, day, minute, at)
    _take(station, offer, slot, at)
    appointment = Appointment(
        token=secrets.token_urlsafe(16),
        station=station,
        service=service,
        queue=offer.queue,
        day=day,
        minute=minute,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        state=AppointmentState.BOOKED,
        holder=holder,
        revision=0,
        created_at=at,
        changed_at=at,
    )
    session.add(appointment)
    session.flush()
    _write_down(appointment, "book", None, by=by, at=at)
    return appointment


def move(
    appointment: Appointment, day: date, minute: int, *, by: Actor, at: datetime
) -> Appointment:
    """Book another time instead; the address stays. To the same time changes nothing."""
    _refuse_over(appointment)
    if (appointment.day, appointment.minute) == (day, minute):
        return appointment
    station = appointment.station
    offer = switched_on(find_offer(station, appointment.service))
    slot = _slot(station, offer, day, minute, at)
    # Always in the order of the calendar, so that two who change places do not wait for each other.
    if (offer.queue_id, day, minute) < _place(appointment):
        _take(station, offer, slot, at)
        _release(appointment)
    else:
        _release(appointment)
        _take(station, offer, slot, at)
    before = appointment.state
    _set(
        appointment,
        AppointmentState.BOOKED,
        at=at,
        queue_id=offer.queue_id,
        day=day,
        minute=minute,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        revision=appointment.revision + 1,
    )
    _write_down(appointment, "move", before, by=by, at=at)
    return appointment


def cancel(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    """Give an appointment up; somebody else may have the time. Twice is the same as once."""
    if appointment.state is AppointmentState.CANCELLED:
        return appointment
    _refuse_over(appointment)
    before = appointment.state
    _set(appointment, AppointmentState.CANCELLED, at=at, revision=appointment.revision + 1)
    _release(appointment)
    _write_down(appointment, "cancel", before, by=by, at=at)
    return appointment


def check_in(appointment: Appointment, *, by: Actor, at: datetime) -> Appointment:
    """Take the number of who came: in line by the booked time, or by now for who is late.

    The same appointment gives the same number, however often.
    """
    session.refresh(appointment, with_for_update={"of": Appointment})
    if appointment.state is AppointmentState.ARRIVED:
        return appointment
    _refuse_untimely(appointment, at)
    token = issue(
        appointment.station,
        Line(appointment.queue.id, appointment.queue.letter),
        appointment.service,
        due_at=max(appointment.starts_at, at),
        by=by,
        at=at,
    )
    before = appointment.state
    _set(appointment, AppointmentState.ARRIVED, at=at, ticket_id=get_ticket(token).id)
    _write_down(appointment, "check_in", before, by=by, at=at)
    return appointment


def _refuse_untimely(appointment: Appointment, at: datetime) -> None:
    _refuse_over(appointment)
    station = appointment.station
    since = clock.local(appointment.starts_at - station.early, station.timezone)
    if at < since:
        words = say("You are early. Check in today from %(time)s.")
        if clock.day_at(at, station.timezone) != since.date():
            words = say("You are early. Check in on %(month)s/%(day)s from %(time)s.")
        raise Refusal(
            "appointments.early",
            words,
            month=since.month,
            day=since.day,
            time=since.strftime("%-H:%M"),
        )
    if at > appointment.starts_at + station.late:
        raise _missed(appointment)


def _missed(appointment: Appointment) -> Refusal:
    starts = clock.local(appointment.starts_at, appointment.station.timezone)
    return Refusal(
        "appointments.too_late",
        "Your time was %(time)s, and it was kept for %(minutes)s minutes. Get a number now, or"
        " book another time.",
        time=starts.strftime("%-H:%M"),
        minutes=appointment.station.late_minutes,
    )


def _refuse_over(appointment: Appointment) -> None:
    if appointment.state is AppointmentState.CANCELLED:
        raise Refusal(
            "appointments.cancelled", "This appointment was cancelled. Book another time."
        )
    if appointment.state is AppointmentState.MISSED:
        raise _missed(appointment)
    if appointment.state is AppointmentState.ARRIVED:
        raise Refusal(
            "appointments.arrived",
            "You have checked in already. Follow your number, or give that up.",
        )


def _refuse_too_many(holder: str, station: Station, at: datetime) -> None:
    paused = pause_of(holder, at)
    if paused is not None:
        until = clock.local(paused, station.timezone)
        raise Refusal(
            "appointments.paused",
            "Three booked times were missed on this phone, so it can book again from"
            " %(month)s/%(day)s on. You can get a number at the station at any time.",
            month=until.month,
            day=until.day,
        )
    if open_count(holder) >= MOST_OPEN:
        raise Refusal(
            "appointments.too_many",
            "%(count)s times are booked on this phone already. Cancel one, then book another.",
            count=MOST_OPEN,
        )


def _slot(station: Station, offer: Offer, day: date, minute: int, at: datetime) -> Slot:
    """Return the slot that begins then; refuse what cannot be booked."""
    for slot in day_of(station, offer, day, at):
        if slot.minute == minute:
            return slot
    raise Refusal(
        "appointments.no_slot", "This time cannot be booked. Choose one of those that are shown."
    )


def _take(station: Station, offer: Offer, slot: Slot, at: datetime) -> None:
    """Take a place in a slot by one statement that also asks whether one is left."""
    plan = SlotPlan.__table__.c
    count = SlotCount.metadata.tables[SlotCount.__tablename__]
    day = bindparam("day", slot.day, type_=Date)
    first = select(plan.queue_id, day, bindparam("minute", slot.minute), 1, plan.capacity).where(
        plan.queue_id == offer.queue_id,
        plan.weekday == slot.day.weekday(),
        plan.opens <= slot.minute,
        plan.closes > slot.minute,
    )
    statement = insert_into(count).from_select(
        ["queue_id", "day", "minute", "taken", "capacity"], first
    )
    taken = session.execute(
        statement.on_conflict_do_update(
            index_elements=["queue_id", "day", "minute"],
            set_={"taken": count.c.taken + 1, "capacity": statement.excluded.capacity},
            where=count.c.taken < statement.excluded.capacity,
        ).returning(count.c.taken)
    ).first()
    if taken is None:
        raise _full(next_free(station, offer, at, slot))


def _full(free: Sequence[Slot]) -> Refusal:
    if not free:
        return Refusal(
            "appointments.full",
            "This time is taken, and so are those after it. Choose another day.",
        )
    times = ", ".join(slot.starts_at.strftime("%-m/%-d %-H:%M") for slot in free[:NAMED])
    return Refusal("appointments.full", "This time is taken. Free next: %(times)s.", times=times)


def _place(appointment: Appointment) -> tuple[int, date, int]:
    return appointment.queue_id, appointment.day, appointment.minute


def _release(appointment: Appointment) -> None:
    queue_id, day, minute = _place(appointment)
    session.execute(
        update(SlotCount)
        .where(
            SlotCount.queue_id == queue_id,
            SlotCount.day == day,
            SlotCount.minute == minute,
            SlotCount.taken > 0,
        )
        .values(taken=SlotCount.taken - 1)
        .execution_options(synchronize_session=False)
    )


def _set(
    appointment: Appointment, after: AppointmentState, *, at: datetime, **values: object
) -> None:
    """Compare and set: from the state and revision that were seen."""
    changed = session.scalar(
        update(Appointment)
        .where(
            Appointment.id == appointment.id,
            Appointment.state == appointment.state,
            Appointment.revision == appointment.revision,
        )
        .values(state=after, changed_at=at, **values)
        .returning(Appointment.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise Refusal(
            "appointments.changed",
            "This appointment just changed. It is shown as it is; look again.",
        )
    session.refresh(appointment)


def _write_down(
    appointment: Appointment,
    verb: str,
    before: AppointmentState | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    session.add(
        AppointmentEvent(
            appointment_id=appointment.id,
            at=at,
            verb=verb,
            from_state=before,
            to_state=appointment.state,
            starts_at=appointment.starts_at,
            actor=by.name,
            role=by.role,
        )
    )


def note_time(at: datetime) -> int:
    """Note who is late and who did not come; returns how many were missed.

    Twice at once is safe. What tells browsers apart is erased once no rule needs it.
    """
    begun = session.scalars(
        select(Appointment)
        .where(Appointment.state.in_(STANDS), Appointment.starts_at < at)
        .order_by(Appointment.starts_at)
        .limit(SWEPT)
        .with_for_update(of=Appointment, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    missed = 0
    for appointment in begun:
        is_missed = at > appointment.starts_at + appointment.station.late
        missed += is_missed
        after = AppointmentState.MISSED if is_missed else AppointmentState.LATE
        if after is not appointment.state:
            before = appointment.state
            _set(appointment, after, at=at)
            _write_down(appointment, after.value, before, by=CLOCK, at=at)
    session.execute(
        update(Appointment)
        .where(
            Appointment.holder.is_not(None),
            Appointment.starts_at < at - HOLDER_KEPT,
        )
        .values(holder=None)
        .execution_options(synchronize_session=False)
    )
    return missed


def add_plan(
    queue: Queue,
    weekdays: Collection[int],
    opens: int,
    closes: int,
    *,
    slot_minutes: int,
    capacity: int,
) -> None:
    """Give out times of a queue on these days of the week; refuse what overlaps others."""
    if slot_minutes > closes - opens:
        raise Refusal(
            "plans.short",
            "These hours are shorter than one appointment. Change the one or the other.",
        )
    if any(overlaps(plan, weekdays, opens, closes) for plan in plans_of(queue)):
        raise Refusal(
            "plans.overlap",
            "%(letter)s gives out times in these hours already. Remove those first.",
            letter=queue.letter,
        )
    session.add_all(
        SlotPlan(
            queue_id=queue.id,
            weekday=weekday,
            opens=opens,
            closes=closes,
            slot_minutes=slot_minutes,
            capacity=capacity,
        )
        for weekday in weekdays
    )
    session.flush()


def change_plan(plan: SlotPlan, capacity: int) -> None:
    """Let more or fewer people book one time; who has booked keeps it."""
    plan.capacity = capacity
    session.flush()


def remove_plan(plan: SlotPlan) -> None:
    """Give out these times no more; who has booked keeps theirs."""
    session.execute(delete(SlotPlan).where(SlotPlan.id == plan.id))
