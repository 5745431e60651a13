"""Questions about the times that can be booked, and about who booked one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from kiosk import clock
from kiosk.appointments.models import (
    STANDS,
    Appointment,
    AppointmentState,
    SlotCount,
    SlotPlan,
)
from kiosk.appointments.slots import HOLDER_KEPT, MISSES, PAUSE, Slot, Terms, slots_of
from kiosk.db import session
from kiosk.misses import paused_until
from kiosk.refusal import NotFound
from kiosk.stations.models import Station
from kiosk.stations.queries import closed_days
from kiosk.tickets.models import Offer, Queue

DAYS_AHEAD = 30
SHOWN_DAYS = 5


@dataclass(frozen=True)
class BookableDay:
    """A day with its slots, full ones among them."""

    day: date
    slots: list[Slot]

    @property
    def left(self) -> int:
        """How many places are left on it."""
        return sum(slot.left for slot in self.slots)


def plans_of(queue: Queue) -> Sequence[SlotPlan]:
    """Return when a queue gives out times, through the week."""
    return session.scalars(
        select(SlotPlan)
        .where(SlotPlan.queue_id == queue.id)
        .order_by(SlotPlan.weekday, SlotPlan.opens)
    ).all()


def plans_at(station: Station) -> Sequence[SlotPlan]:
    """Return when a station's queues give out times, by queue and through the week."""
    return session.scalars(
        select(SlotPlan)
        .join(SlotPlan.queue)
        .where(Queue.station_id == station.id)
        .order_by(Queue.letter, SlotPlan.weekday, SlotPlan.opens)
        .options(joinedload(SlotPlan.queue))
    ).all()


def get_plan(station: Station, plan_id: int) -> SlotPlan:
    """Return one line of a station's plan; refuse an unknown one."""
    plan = session.get(SlotPlan, plan_id)
    if plan is None or plan.queue.station_id != station.id:
        raise NotFound(
            "plans.unknown", "These times are no longer planned. Look at the list again."
        )
    return plan


def days_of(
    station: Station, offer: Offer, at: datetime, most: int = SHOWN_DAYS
) -> list[BookableDay]:
    """Return the next days on which a service has slots, as many as are asked for."""
    today = clock.day_at(at, station.timezone)
    terms = _terms(station, offer, today)
    if not offer.is_on or not offer.queue.is_open or not terms.plans:
        return []
    taken = _taken(offer.queue_id, today)
    days: list[BookableDay] = []
    for ahead in range(DAYS_AHEAD + 1):
        day = today + timedelta(days=ahead)
        slots = slots_of(terms, day, taken.get(day, {}), at)
        if slots:
            days.append(BookableDay(day, slots))
        if len(days) == most:
            break
    return days


def day_of(station: Station, offer: Offer, day: date, at: datetime) -> list[Slot]:
    """Return the slots of a service on one day, full ones among them; none too far ahead."""
    days = days_of(station, offer, at, DAYS_AHEAD + 1)
    return next((bookable.slots for bookable in days if bookable.day == day), [])


def next_free(
    station: Station, offer: Offer, at: datetime, after: Slot | None = None
) -> list[Slot]:
    """Return the free slots that come next, after one of them where one is named."""
    return [
        slot
        for bookable in days_of(station, offer, at)
        for slot in bookable.slots
        if slot.left and (after is None or slot.starts_at > after.starts_at)
    ]


def first_free(station: Station, offer: Offer | None, at: datetime) -> Slot | None:
    """Return the earliest free slot of a service, if it has any."""
    return next(iter(next_free(station, offer, at)), None) if offer else None


def _terms(station: Station, offer: Offer, since: date) -> Terms:
    closures = closed_days(station, since)
    return Terms(station.timezone, station.hours, closures, offer.hours, plans_of(offer.queue))


def _taken(queue_id: int, since: date) -> dict[date, dict[int, int]]:
    rows = session.execute(
        select(SlotCount.day, SlotCount.minute, SlotCount.taken).where(
            SlotCount.queue_id == queue_id, SlotCount.day >= since
        )
    )
    taken: dict[date, dict[int, int]] = {}
    for day, minute, count in rows:
        taken.setdefault(day, {})[minute] = count
    return taken


def get_appointment(token: str) -> Appointment:
    """Return an appointment by its token; refuse an unknown one."""
    appointment = session.scalar(
        select(Appointment)
        .where(Appointment.token == token)
        .options(joinedload(Appointment.ticket))
    )
    if appointment is None:
        raise NotFound("appointments.unknown", "We do not know this appointment. Book a new one.")
    return appointment


def may_check_in(token: str, station: Station, at: datetime) -> bool:
    """Tell whether an appointment is at this station and its time is now."""
    since, until = at - station.late, at + station.early
    return (
        session.scalar(
            select(Appointment.id).where(
                Appointment.token == token,
                Appointment.station_id == station.id,
                Appointment.state.in_(STANDS),
                Appointment.starts_at.between(since, until),
            )
        )
        is not None
    )


def appointments_on(station: Station, day: date) -> Sequence[Appointment]:
    """Return a station's appointments of a day, by their time."""
    return session.scalars(
        select(Appointment)
        .where(Appointment.station_id == station.id, Appointment.day == day)
        .order_by(Appointment.minute, Appointment.id)
        .options(joinedload(Appointment.ticket))
    ).all()


def booked_times(ticket_ids: Collection[int]) -> dict[int, datetime]:
    """Return the booked times of tickets that come from an appointment, by the ticket's id."""
    booked = select(Appointment.ticket_id, Appointment.starts_at)
    rows = session.execute(booked.where(Appointment.ticket_id.in_(ticket_ids)))
    return {ticket_id: starts_at for ticket_id, starts_at in rows if ticket_id is not None}


def open_count(holder: str) -> int:
    """Return how many appointments of a browser stand."""
    standing = select(func.count()).where(
        Appointment.holder == holder, Appointment.state.in_(STANDS)
    )
    return session.scalar(standing) or 0


def pause_of(holder: str, at: datetime) -> datetime | None:
    """Return until when a browser may book nothing, because it missed too often."""
    missed = select(Appointment.starts_at).where(
        Appointment.holder == holder,
        Appointment.state == AppointmentState.MISSED,
        Appointment.starts_at > at - HOLDER_KEPT,
    )
    return paused_until(session.scalars(missed), at, most=MISSES, pause=PAUSE)
