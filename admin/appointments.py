"""The appointments of a day, and the times that queues give out."""

from typing import Annotated

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from admin.access import note_change, page, station
from admin.forms import Letter, Line, read_day, read_span, read_weekdays
from kiosk.appointments import actions
from kiosk.appointments.queries import appointments_on, get_plan, plans_at
from kiosk.db import transaction
from kiosk.refusal import Refusal
from kiosk.stations import actions as stations
from kiosk.stations.hours import clock as wall
from kiosk.tickets.queries import get_queue, queues_of, today_of

Capacity = Annotated[int, Field(ge=1, le=99)]


class PlanForm(BaseModel):
    """Times of a queue on some days of the week: hours, minutes of one, how many at a time."""

    letter: Letter
    weekdays: list[int] = []
    hours: Line
    slot_minutes: Annotated[int, Field(ge=5, le=240)]
    capacity: Capacity


class CapacityForm(BaseModel):
    """How many people may book one time."""

    capacity: Capacity


class CheckInForm(BaseModel):
    """From how many minutes before a booked time until how many after it people may check in."""

    early_minutes: Annotated[int, Field(ge=0, le=120)]
    late_minutes: Annotated[int, Field(ge=0, le=120)]


def index() -> Response:
    """List the appointments of today or of another day."""
    place = station()
    today = today_of(place)
    day = read_day(request.args.get("day", "")) or today
    return page(
        "appointments/index",
        day=day,
        today=today,
        appointments=appointments_on(place, day),
    )


def plan() -> Response:
    """Show which times the queues give out."""
    return _plan()


def add(body: PlanForm) -> ResponseReturnValue:
    """Give out times of a queue on some days of the week."""
    place = station()
    try:
        weekdays = read_weekdays(body.weekdays)
        opens, closes = read_span(body.hours)
        with transaction():
            actions.add_plan(
                get_queue(place, body.letter),
                weekdays,
                opens,
                closes,
                slot_minutes=body.slot_minutes,
                capacity=body.capacity,
            )
            note_change("plans.add", body.letter, body.hours)
    except Refusal as refusal:
        return _plan(refusal, body)
    return redirect(url_for("admin.appointments.plan"), 303)


def save(plan: int, body: CapacityForm) -> ResponseReturnValue:
    """Let more or fewer people book one time."""
    mine = get_plan(station(), plan)
    with transaction():
        actions.change_plan(mine, body.capacity)
        note_change("plans.change", mine.queue.letter, str(body.capacity))
    return redirect(url_for("admin.appointments.plan"), 303)


def remove(plan: int) -> ResponseReturnValue:
    """Give out these times no more."""
    mine = get_plan(station(), plan)
    with transaction():
        note_change("plans.remove", mine.queue.letter, f"{wall(mine.opens)}-{wall(mine.closes)}")
        actions.remove_plan(mine)
    return redirect(url_for("admin.appointments.plan"), 303)


def set_check_in(body: CheckInForm) -> ResponseReturnValue:
    """Choose when people who booked may check in."""
    with transaction():
        stations.set_check_in(station(), body.early_minutes, body.late_minutes)
        note_change("plans.check_in", f"{body.early_minutes}/{body.late_minutes}")
    return redirect(url_for("admin.appointments.plan"), 303)


def _plan(refusal: Refusal | None = None, body: PlanForm | None = None) -> Response:
    place = station()
    return page(
        "appointments/plan",
        refusal,
        plans=plans_at(place),
        queues=queues_of(place),
        wall=wall,
        form=body.model_dump() if body else {},
    )
