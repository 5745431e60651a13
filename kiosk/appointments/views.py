"""A visitor books a time, keeps it in their calendar, moves it, gives it up, and checks in."""

from datetime import date, datetime, timedelta

from flask import Response, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from kiosk import access, clock
from kiosk.appointments import actions, api
from kiosk.appointments.forms import BookForm, ScannedForm, SlotForm
from kiosk.appointments.models import Appointment, AppointmentState
from kiosk.appointments.queries import days_of, get_appointment
from kiosk.calendar import Entry, calendar_file
from kiosk.catalog.models import Service
from kiosk.catalog.queries import get_current
from kiosk.db import transaction
from kiosk.pages import name, presence_url, public_url, scanned_url, station_page
from kiosk.refusal import Refusal
from kiosk.stations.models import Station
from kiosk.stations.queries import get_station
from kiosk.tickets.queries import find_offer

MINUTE = timedelta(minutes=1)


def choose(station: str, code: str) -> str:
    """Show the next days of a service and the times of one of them."""
    place = get_station(station)
    return _times(place, get_current(code, clock.now()))


def book(station: str, body: BookForm) -> ResponseReturnValue:
    """Book a time, then show it; where it is taken meanwhile, show the next ones."""
    place = get_station(station)
    try:
        token = api.book(station, body).body["token"]
    except Refusal as refusal:
        service = get_current(body.service, clock.now())
        return _times(place, service, refusal, _day_in(body, place)), refusal.status
    if access.is_kiosk(place):
        return redirect(url_for("appointments.booked", station=station, token=token), 303)
    return redirect(url_for("appointments.show", token=token), 303)


def booked(station: str, token: str) -> str:
    """Show a fresh appointment on the kiosk, with the code that takes it along on a phone."""
    place = get_station(station)
    mine = get_appointment(token)
    if mine.station_id != place.id:
        abort(404)
    return station_page(
        "appointments/booked", place, appointment=mine, url=scanned_url(f"/b/{token}")
    )


def show(token: str) -> str:
    """Show one appointment on a phone: when, where, what to bring, and what can be done now."""
    mine = get_appointment(token)
    if not access.is_kiosk(mine.station):
        session[access.APPOINTMENT] = token
    return _appointment(mine)


def file(token: str) -> Response:
    """Give out the appointment for the visitor's calendar."""
    mine = get_appointment(token)
    place = mine.station
    entry = Entry(
        "Appointments",
        mine.token,
        mine.revision,
        mine.created_at,
        mine.changed_at,
        mine.starts_at,
        mine.ends_at,
        is_cancelled=mine.state is AppointmentState.CANCELLED,
    )
    content = calendar_file(
        entry,
        title=gettext("%(service)s at %(place)s", service=name(mine.service), place=name(place)),
        place=f"{name(place)} {place.address}".strip(),
        words=gettext("Check in at the kiosk or on this page. What to bring stands there too."),
        url=public_url(f"/b/{token}"),
    )
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return Response(content, mimetype="text/calendar", headers=headers)


def choose_again(token: str) -> str:
    """Show the times to which an appointment can be moved."""
    mine = get_appointment(token)
    return _times(mine.station, mine.service, mine=mine)


def move(token: str, body: SlotForm) -> ResponseReturnValue:
    """Book another time instead."""
    try:
        api.move(token, body)
    except Refusal as refusal:
        mine = get_appointment(token)
        day = _day_in(body, mine.station)
        return _times(mine.station, mine.service, refusal, day, mine), refusal.status
    return redirect(url_for("appointments.show", token=token), 303)


def cancel(token: str) -> ResponseReturnValue:
    """Give an appointment up."""
    with transaction():
        actions.cancel(get_appointment(token), by=access.actor(), at=clock.now())
    return redirect(url_for("appointments.show", token=token), 303)


def check_in(token: str) -> ResponseReturnValue:
    """Get the number of who came, then show it."""
    try:
        ticket = api.check_in(token).body["ticket"]
    except Refusal as refusal:
        return _appointment(get_appointment(token), refusal), refusal.status
    return redirect(url_for("tickets.show", token=ticket["token"]), 303)


def arrive(station: str) -> str:
    """Show on the kiosk how somebody with an appointment checks in."""
    return _arrive(get_station(station))


def scan(station: str, body: ScannedForm) -> ResponseReturnValue:
    """Check in whose code the kiosk's reader read."""
    place = get_station(station)
    try:
        ticket = api.check_in(body.token).body["ticket"]
    except Refusal as refusal:
        return _arrive(place, refusal), refusal.status
    return redirect(url_for("tickets.taken", station=station, token=ticket["token"]), 303)


def _arrive(place: Station, refusal: Refusal | None = None) -> str:
    return station_page(
        "appointments/arrive", place, presence_url=presence_url(place), refusal=refusal
    )


def _times(
    place: Station,
    service: Service,
    refusal: Refusal | None = None,
    wanted: date | None = None,
    mine: Appointment | None = None,
) -> str:
    offer = find_offer(place, service)
    days = days_of(place, offer, clock.now()) if offer else []
    asked = wanted.isoformat() if wanted else request.args.get("day", "")
    shown = next((entry for entry in days if entry.day.isoformat() == asked), None)
    free = next((entry for entry in days if entry.left), None)
    return station_page(
        "appointments/times",
        place,
        is_phone=mine is not None,
        service=service,
        days=days,
        shown=shown or free or (days[0] if days else None),
        mine=mine,
        refusal=refusal,
    )


def _appointment(mine: Appointment, refusal: Refusal | None = None) -> str:
    at = clock.now()
    place = mine.station
    return station_page(
        "appointments/show",
        place,
        is_phone=True,
        appointment=mine,
        data=api.answer(mine),
        state=_shown_state(mine, at),
        early=place.early_minutes,
        late=place.late_minutes,
        url=public_url(f"/b/{mine.token}"),
        may_take=access.may_take(place),
        refusal=refusal,
    )


def _shown_state(mine: Appointment, at: datetime) -> str:
    """Return the state as it is by now; the sweeper writes it down a little later."""
    if not mine.stands:
        return mine.state.value
    if at > mine.starts_at + mine.station.late:
        return AppointmentState.MISSED.value
    if at > mine.starts_at:
        return AppointmentState.LATE.value
    return "now" if at >= mine.starts_at - mine.station.early else AppointmentState.BOOKED.value


def _day_in(body: SlotForm, place: Station) -> date:
    return body.slot(place.timezone)[0]
