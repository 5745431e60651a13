"""The rota: who serves which counter on which day, from when to when, with breaks."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from admin.access import note_change, page, station
from admin.forms import Line, read_day, read_span, read_spans
from admin.seats import clerk, clerks
from kiosk import clock
from kiosk.db import transaction
from kiosk.refusal import NotFound, Refusal
from kiosk.rota import actions
from kiosk.rota.queries import When, differing_days, differs, shifts_of_counter, shifts_on
from kiosk.rota.shifts import Shift, Span
from kiosk.staff.queries import names_of
from kiosk.stations.hours import clock as wall
from kiosk.stations.models import Counter
from kiosk.stations.queries import counters_of, get_counter
from kiosk.tickets.actions import refresh
from kiosk.tickets.queries import today_of

DAYS = 7
MOST_SHIFTS = 4

Lines = Annotated[list[Line], Field(max_length=MOST_SHIFTS)]


class ShiftsForm(BaseModel):
    """The shifts of a counter on a day, one in each line; `also` are further days of the week."""

    who: Lines = []
    hours: Lines = []
    breaks: Lines = []
    also: list[int] = []

    def shifts(self, counter: int) -> list[Shift]:
        """Return the shifts that were typed; a line without hours is none."""
        lines = zip(self.who, self.hours, self.breaks, strict=False)
        return [
            Shift(
                counter,
                _clerk_id(who),
                *read_span(hours),
                tuple(Span(*part) for part in read_spans(breaks)),
            )
            for who, hours, breaks in lines
            if hours
        ]

    def rows(self) -> list[dict[str, str]]:
        """Return the lines as they were typed."""
        lines = zip(self.who, self.hours, self.breaks, strict=False)
        return [{"who": who, "hours": hours, "breaks": breaks} for who, hours, breaks in lines]


def index() -> Response:
    """Show the week, or how one day really is."""
    place, day = station(), read_day(request.args.get("day", ""))
    days: list[When] = [day] if day else list(range(DAYS))
    shifts = {when: shifts_on(place, when) for when in days}
    today = today_of(place)
    return page(
        "rota/index",
        day=day,
        days=days,
        today=today,
        wall=wall,
        names=names_of(s.member_id for found in shifts.values() for s in found),
        counters=counters_of(place),
        shifts={
            (shift.counter, when): [s for s in found if s.counter == shift.counter]
            for when, found in shifts.items()
            for shift in found
        },
        differing=differing_days(place, today),
    )


def show(number: int, when: str) -> Response:
    """Show a counter's shifts on a day, to change them."""
    return _form(get_counter(station(), number), _when(when))


def save(number: int, when: str, body: ShiftsForm) -> ResponseReturnValue:
    """Change a counter's shifts on a day of the week and others like it, or on one day."""
    counter, day = get_counter(station(), number), _when(when)
    try:
        with transaction():
            shifts = body.shifts(number)
            if isinstance(day, date):
                actions.set_day(counter, day, shifts)
            else:
                also = {other for other in body.also if other in range(DAYS)}
                actions.set_week(counter, {day} | also, shifts)
            _changed(counter, when)
    except Refusal as refusal:
        return _form(counter, day, refusal, body)
    return _back(day)


def drop(number: int, when: str) -> ResponseReturnValue:
    """Let a counter's day be as in the week again."""
    counter, day = get_counter(station(), number), _when(when)
    if isinstance(day, date):
        with transaction():
            actions.drop_day(counter, day)
            _changed(counter, when)
    return _back(day)


def _changed(counter: Counter, when: str) -> None:
    note_change("rota.change", str(counter.number), when if "-" in when else "")
    refresh(counter.station, at=clock.now())


def _back(when: When) -> ResponseReturnValue:
    day = when.isoformat() if isinstance(when, date) else None
    return redirect(url_for("admin.rota.index", day=day), HTTPStatus.SEE_OTHER)


def _form(
    counter: Counter, when: When, refusal: Refusal | None = None, body: ShiftsForm | None = None
) -> Response:
    day = when if isinstance(when, date) else None
    rows = body.rows() if body else _rows(shifts_of_counter(counter, when))
    empty = {"who": "", "hours": "", "breaks": ""}
    return page(
        "rota/show",
        refusal,
        counter=counter,
        when=when,
        day=day,
        weekday=when.weekday() if isinstance(when, date) else when,
        is_differing=day is not None and differs(counter, day),
        rows=[*rows, empty, empty][: max(2, min(len(rows) + 1, MOST_SHIFTS))],
        also=body.also if body else [],
        clerks=clerks(),
    )


def _rows(shifts: list[Shift]) -> list[dict[str, str]]:
    return [
        {
            "who": str(shift.member_id or ""),
            "hours": _told(shift),
            "breaks": ", ".join(map(_told, shift.breaks)),
        }
        for shift in shifts
    ]


def _told(part: Shift | Span) -> str:
    return f"{wall(part.starts)}-{wall(part.ends)}"


def _clerk_id(sent: str) -> int | None:
    member = clerk(sent)
    return member.id if member else None


def _when(sent: str) -> When:
    """Read a day of the week, Monday 0, or a date."""
    if sent.isdigit() and int(sent) in range(DAYS):
        return int(sent)
    day = read_day(sent)
    if day is None:
        raise NotFound("days.day", "%(text)s is no date.", text=sent[:20])
    return day
