"""Shifts of volunteers: who signed up, who is there, their hours."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from admin.access import names_by, note_change, page, station
from admin.forms import Line, read_day, read_span, read_weekdays
from kiosk import clock
from kiosk.access import actor
from kiosk.catalog.files import guarded
from kiosk.db import transaction
from kiosk.pickups.models import StoragePoint
from kiosk.pickups.queries import get_point, points_of
from kiosk.refusal import NotFound, Refusal, say
from kiosk.stations.hours import clock as wall
from kiosk.volunteers import actions
from kiosk.volunteers.actions import Times
from kiosk.volunteers.models import Shift, SignUp, SignUpState
from kiosk.volunteers.queries import (
    DAYS_AHEAD,
    duties_between,
    get_series,
    get_shift,
    history_of,
    hours_of,
    series_of,
    shifts_between,
    sign_ups_at,
)

BOM = "\ufeff"
_COLUMNS = (
    say("Day"),
    say("Point"),
    say("From"),
    say("Until"),
    say("Volunteer"),
    say("Checked in"),
    say("Checked out"),
    say("Minutes"),
    say("State"),
)
Places = Annotated[int, Field(ge=1, le=50)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)]
Day = Annotated[date | None, BeforeValidator(lambda sent: sent or None)]


class WhereForm(BaseModel):
    """Where a shift is, from when to when (`11:30-13:00`), and for how many."""

    point: Code
    hours: Line
    places: Places


class ShiftForm(WhereForm):
    """A new shift: once on a day, or weekly on some days of the week."""

    repeats: Literal["once", "weekly"] = "once"
    day: Day = None
    weekdays: list[int] = []


class ReasonForm(BaseModel):
    """Why something is called off."""

    reason: Line = ""


def index() -> Response:
    """Show two weeks of shifts, from this one on or another one."""
    return _index()


def add(body: ShiftForm) -> ResponseReturnValue:
    """Add a shift, or one that repeats."""
    at, by = clock.now(), actor()
    try:
        times = Times(*read_span(body.hours))
        point = get_point(station(), body.point)
        with transaction():
            if body.repeats == "weekly":
                actions.add_series(point, read_weekdays(body.weekdays), times, body.places, at=at)
            else:
                actions.add_shift(point, _day(body), times, body.places, by=by, at=at)
            note_change("shifts.add", point.code, body.hours)
    except Refusal as refusal:
        return _index(refusal, body)
    return redirect(url_for("admin.volunteers.index"), 303)


def _day(body: ShiftForm) -> date:
    if body.day is None:
        raise Refusal("shifts.no_date", "Choose the day of the shift.")
    return body.day


def stop(series: int) -> ResponseReturnValue:
    """Let a weekly shift repeat no more."""
    mine, at, by = get_series(station(), series), clock.now(), actor()
    with transaction():
        actions.stop_series(mine, by=by, at=at)
        note_change("shifts.stop", mine.point.code, f"{wall(mine.opens)}-{wall(mine.closes)}")
    return redirect(url_for("admin.volunteers.index"), 303)


def show(shift: int) -> Response:
    """Show who signed up for a shift, who came, and what happened."""
    return _shift(get_shift(station(), shift))


def change(shift: int, body: WhereForm) -> ResponseReturnValue:
    """Change where, when, or for how many; everybody signed up is told on their page."""
    at, by = clock.now(), actor()

    def act(mine: Shift, point: StoragePoint) -> None:
        actions.change_shift(mine, point, Times(*read_span(body.hours)), body.places, by=by, at=at)
        note_change("shifts.change", point.code, f"{body.hours}, {body.places}")

    return _done(shift, lambda mine: act(mine, get_point(station(), body.point)), body)


def call_off(shift: int, body: ReasonForm) -> ResponseReturnValue:
    """Call a shift off; everybody signed up is told on their page."""
    at, by = clock.now(), actor()

    def act(mine: Shift) -> None:
        actions.call_off(mine, by=by, at=at, reason=body.reason)
        note_change("shifts.call_off", mine.point.code, f"{mine.day} {body.reason}".strip())

    return _done(shift, act)


def remove(shift: int, entry: int, body: ReasonForm) -> ResponseReturnValue:
    """Take somebody off a shift; their page says so."""
    at, by = clock.now(), actor()

    def act(mine: Shift) -> None:
        actions.remove(_entry(mine, entry), by=by, at=at, reason=body.reason)
        note_change("shifts.remove", mine.point.code, str(mine.day))

    return _done(shift, act)


def hours() -> Response:
    """List who helped how long in a month."""
    first, after = _month()
    return page(
        "volunteers/hours",
        first=first,
        earlier=(first - timedelta(days=1)).replace(day=1),
        later=after if after <= _today() else None,
        lines=hours_of(station(), first, after),
    )


def export() -> Response:
    """Hand out the duties of a month as CSV, as a spreadsheet opens it."""
    first, after = _month()
    file = io.StringIO()
    file.write(BOM)
    sheet = csv.writer(file)
    sheet.writerow(gettext(words) for words in _COLUMNS)
    for duty in duties_between(station(), first, after):
        sheet.writerow([guarded(cell) for cell in _cells(duty)])
    headers = {"Content-Disposition": f'attachment; filename="hours-{first:%Y-%m}.csv"'}
    return Response(file.getvalue(), mimetype="text/csv", headers=headers)


def _cells(duty: SignUp) -> list[str]:
    shift = duty.shift
    is_done = duty.state is SignUpState.DONE
    return [
        shift.day.isoformat(),
        shift.point.code,
        _clock(shift.starts_at),
        _clock(shift.ends_at),
        duty.volunteer.name or gettext("Volunteer %(number)s", number=duty.volunteer.id),
        _clock(duty.checked_in_at),
        _clock(duty.checked_out_at),
        str(duty.minutes or 0),
        gettext("Done") if is_done else gettext("Did not come"),
    ]


def _clock(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return clock.local(moment, station().timezone).strftime("%H:%M")


def _today() -> date:
    return clock.today(station().timezone)


def _month() -> tuple[date, date]:
    """Return the first day of the month that was asked for, and of the next."""
    first = read_day(request.args.get("month", "") + "-01") or _today().replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1)


def _entry(shift: Shift, entry: int) -> SignUp:
    for signed in sign_ups_at(shift):
        if signed.id == entry:
            return signed
    raise NotFound("shifts.not_signed", "Nobody signed up so. Look at the list again.")


def _done(
    shift: int, act: Callable[[Shift], None], body: WhereForm | None = None
) -> ResponseReturnValue:
    """Change a shift in a transaction, then show it; a refusal is said there."""
    try:
        with transaction():
            act(get_shift(station(), shift))
    except Refusal as refusal:
        return _shift(get_shift(station(), shift), refusal, body)
    return redirect(url_for("admin.volunteers.show", shift=shift), 303)


def _index(refusal: Refusal | None = None, body: ShiftForm | None = None) -> Response:
    place = station()
    today = _today()
    first = read_day(request.args.get("from", "")) or today
    span = timedelta(days=DAYS_AHEAD)
    shifts = shifts_between(place, first, first + span)
    days = [first + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
    return page(
        "volunteers/index",
        refusal,
        today=today,
        first=first,
        earlier=first - span,
        later=first + span,
        weeks=[
            [(day, [shift for shift in shifts if shift.day == day]) for day in days[start:][:7]]
            for start in (0, 7)
        ],
        series=series_of(place),
        points=points_of(place),
        wall=wall,
        at=clock.now(),
        form=body.model_dump() if body else {},
    )


def _shift(shift: Shift, refusal: Refusal | None = None, body: WhereForm | None = None) -> Response:
    place, at = station(), clock.now()
    starts, ends = (
        clock.local(moment, place.timezone) for moment in (shift.starts_at, shift.ends_at)
    )
    events = history_of(shift)
    usual = {
        "point": shift.point.code,
        "hours": f"{starts:%-H:%M}-{'24:00' if f'{ends:%-H:%M}' == '0:00' else f'{ends:%-H:%M}'}",
        "places": shift.places,
    }
    return page(
        "volunteers/show",
        refusal,
        shift=shift,
        people=sign_ups_at(shift),
        events=events,
        names=names_by(event.actor for event in events),
        points=points_of(place),
        is_over=shift.ends_at <= at,
        form=body.model_dump() if body else usual,
    )
