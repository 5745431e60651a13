"""Who works at which counter, seen from above: seat, move, stand up, pause."""

from typing import Annotated

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field, StringConstraints

from admin.access import note_change, page, station
from admin.desk import people
from kiosk import clock
from kiosk.access import actor
from kiosk.db import transaction
from kiosk.refusal import Refusal
from kiosk.staff.models import Member
from kiosk.staff.permissions import CALL, may
from kiosk.staff.queries import members_of
from kiosk.stations.queries import get_counter
from kiosk.tickets import actions


class SeatForm(BaseModel):
    """Who shall sit at a counter; nobody where none is named."""

    member: Annotated[str, Field(pattern=r"^\d{0,9}$")] = ""


class WorkForm(BaseModel):
    """Whether a counter calls, and why not."""

    pause: bool
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""


def show(number: int) -> Response:
    """Show a counter, to open, pause or close it."""
    return _form(number)


def seat(number: int, body: SeatForm) -> ResponseReturnValue:
    """Let somebody sit down here, who leaves their counter for it; or let the counter be empty."""
    counter, at = get_counter(station(), number), clock.now()
    try:
        with transaction():
            member = clerk(body.member)
            actions.seat(counter, member.id if member else None, by=actor(), at=at)
            note_change("counters.seat", str(number), member.display_name if member else "")
    except Refusal as refusal:
        return _form(number, refusal)
    return redirect(url_for("admin.overview.show"), 303)


def work(number: int, body: WorkForm) -> ResponseReturnValue:
    """Pause a counter, or let it go on."""
    counter, at = get_counter(station(), number), clock.now()
    with transaction():
        if body.pause:
            actions.pause(counter, by=actor(), at=at, reason=body.reason)
        else:
            actions.resume(counter, by=actor(), at=at)
        note_change("counters.pause" if body.pause else "counters.resume", str(number), body.reason)
    return redirect(url_for("admin.overview.show"), 303)


def release(number: int) -> ResponseReturnValue:
    """Let a visitor leave a counter whose clerk is gone, so that another counter calls them."""
    counter, at = get_counter(station(), number), clock.now()
    try:
        with transaction():
            ticket = actions.release(counter, by=actor(), at=at)
            note_change("counters.release", str(number), ticket.number)
    except Refusal as refusal:
        return _form(number, refusal)
    return redirect(url_for("admin.seats.show", number=number), 303)


def clerks() -> list[Member]:
    """Return who may call at this station: those who work here, and those who work everywhere."""
    everybody = members_of(None)
    here = (None, station().id)
    return [m for m in everybody if m.is_active and m.station_id in here and may(m.role, CALL)]


def clerk(sent: str) -> Member | None:
    """Return the clerk whose id was chosen in a form, or nobody; refuse who does not call here."""
    if not sent:
        return None
    for member in clerks():
        if str(member.id) == sent:
            return member
    raise Refusal("staff.elsewhere", "This person does not call here. Choose somebody else.")


def _form(number: int, refusal: Refusal | None = None) -> Response:
    counter = get_counter(station(), number)
    rows = people(station())
    return page(
        "seats/show",
        refusal,
        counter=counter,
        row=next((row for row in rows if row["counter"].id == counter.id), None),
        clerks=clerks(),
        seats={row["counter"].member_id: row["counter"].number for row in rows},
    )
