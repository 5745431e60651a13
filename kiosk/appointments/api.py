"""Appointments for programs."""

from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from kiosk import access, clock
from kiosk.appointments import actions
from kiosk.appointments.forms import BookForm, SlotForm, SlotsQuery
from kiosk.appointments.models import Appointment
from kiosk.appointments.queries import day_of, days_of, get_appointment
from kiosk.appointments.slots import Slot
from kiosk.catalog.queries import get_current
from kiosk.idempotency import Answer, once
from kiosk.pages import public_url
from kiosk.stations.queries import get_station
from kiosk.tickets.queries import find_offer, today_of


class SlotAnswer(TypedDict):
    """A time: its day and minute, when it begins and ends, and the places left."""

    day: str
    minute: int
    at: str
    ends: str
    left: int
    capacity: int


class DayAnswer(TypedDict):
    """A day on which a service can be booked, and the places left on it."""

    date: str
    left: int


class SlotsAnswer(TypedDict):
    """The times of one day, and the next days that have any."""

    service: str
    date: str
    slots: list[SlotAnswer]
    days: list[DayAnswer]


class NumberAnswer(TypedDict):
    """The number that a check-in gave."""

    number: str
    token: str
    state: str
    url: str


class AppointmentAnswer(TypedDict):
    """What everybody who has the token may know of an appointment."""

    token: str
    state: str
    station: str
    service: str
    service_zh: str
    service_en: str
    queue: str
    day: str
    minute: int
    at: str
    ends: str
    check_in_from: str
    check_in_until: str
    revision: int
    ticket: NumberAnswer | None
    url: str
    calendar: str


def slots(station: str, query: SlotsQuery) -> dict[str, Any]:
    """List the times of a service on a day, full ones among them."""
    place, at = get_station(station), clock.now()
    service = get_current(query.service, at)
    offer = find_offer(place, service)
    day = query.date or today_of(place)
    return {
        "service": service.code,
        "date": day.isoformat(),
        "slots": [slot_answer(slot) for slot in day_of(place, offer, day, at)] if offer else [],
        "days": [
            {"date": bookable.day.isoformat(), "left": bookable.left}
            for bookable in days_of(place, offer, at)
        ]
        if offer
        else [],
    }


def slot_answer(slot: Slot) -> dict[str, Any]:
    """Return a slot as programs see it."""
    return {
        "day": slot.day.isoformat(),
        "minute": slot.minute,
        "at": slot.starts_at.isoformat(),
        "ends": slot.ends_at.isoformat(),
        "left": slot.left,
        "capacity": slot.capacity,
    }


def book(station: str, body: BookForm) -> Answer:
    """Book a time. The same Idempotency-Key gives the same appointment."""
    at, place, by, holder = clock.now(), get_station(station), access.actor(), access.browser_mark()
    service = get_current(body.service, at)
    day, minute = body.slot(place.timezone)

    def act() -> Answer:
        made = actions.book(place, service, day, minute, holder=holder, by=by, at=at)
        return Answer(201, answer(made))

    return once(access.asked(body.model_dump_json()), at, act)


def show(token: str) -> dict[str, Any]:
    """Return an appointment. Its token is the right to see and to change it."""
    return answer(get_appointment(token))


def cancel(token: str) -> Answer:
    """Give an appointment up; somebody else may have the time."""
    at, by = clock.now(), access.actor()

    def act() -> Answer:
        return Answer(200, answer(actions.cancel(get_appointment(token), by=by, at=at)))

    return once(access.asked("cancel"), at, act)


def move(token: str, body: SlotForm) -> Answer:
    """Book another time instead; the token stays."""
    at, by = clock.now(), access.actor()
    mine = get_appointment(token)
    day, minute = body.slot(mine.station.timezone)

    def act() -> Answer:
        return Answer(200, answer(actions.move(mine, day, minute, by=by, at=at)))

    return once(access.asked(body.model_dump_json()), at, act)


def check_in(token: str) -> Answer:
    """Get the number of who came: at the kiosk, or with its code scanned. Twice gives the same."""
    at, by = clock.now(), access.actor()
    mine = get_appointment(token)
    access.require_presence(mine.station)

    def act() -> Answer:
        return Answer(200, answer(actions.check_in(mine, by=by, at=at)))

    return once(access.asked("check-in"), at, act)


def answer(appointment: Appointment) -> dict[str, Any]:
    """Return an appointment as programs and pages see it."""
    station, service, ticket = appointment.station, appointment.service, appointment.ticket
    return {
        "token": appointment.token,
        "state": appointment.state.value,
        "station": station.code,
        "service": service.code,
        "service_zh": service.name_zh,
        "service_en": service.name_en,
        "queue": appointment.queue.letter,
        "day": appointment.day.isoformat(),
        "minute": appointment.minute,
        "at": _wall(appointment.starts_at, station.timezone),
        "ends": _wall(appointment.ends_at, station.timezone),
        "check_in_from": _wall(appointment.starts_at - station.early, station.timezone),
        "check_in_until": _wall(appointment.starts_at + station.late, station.timezone),
        "revision": appointment.revision,
        "ticket": {
            "number": ticket.number,
            "token": ticket.token,
            "state": ticket.state.value,
            "url": public_url(f"/t/{ticket.token}"),
        }
        if ticket
        else None,
        "url": public_url(f"/b/{appointment.token}"),
        "calendar": public_url(f"/b/{appointment.token}.ics"),
    }


def _wall(moment: datetime, timezone: str) -> str:
    return clock.local(moment, timezone).isoformat()
