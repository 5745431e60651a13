"""The station itself: its names, its hours and holidays, whom it calls first."""

from collections import defaultdict

from flask import Response, redirect, session, url_for
from flask.typing import ResponseReturnValue

from admin.access import my_stations, note_change, page, station
from admin.forms import CallingForm, ChooseForm, ClosureForm, StationForm
from kiosk import clock
from kiosk.db import transaction
from kiosk.refusal import Refusal
from kiosk.stations import actions
from kiosk.stations.queries import closures_of, get_closure, opening_of
from kiosk.tickets.actions import refresh


def show() -> Response:
    """Show the station's names and hours."""
    return _form()


def save(body: StationForm) -> ResponseReturnValue:
    """Change the station's names and hours."""
    place = station()
    try:
        with transaction():
            actions.rename(place, body.name_zh, body.name_en, body.address)
            actions.set_hours(place, body.spans())
            refresh(place, at=clock.now())
            note_change("stations.change", place.code)
    except Refusal as refusal:
        return _form(refusal, body)
    return redirect(url_for("admin.stations.show"), 303)


def set_calling(body: CallingForm) -> ResponseReturnValue:
    """Change whom counters call first."""
    place = station()
    with transaction():
        actions.set_calling(place, body.calling_order, body.priority_minutes)
        refresh(place, at=clock.now())
        note_change("stations.rules", place.code)
    return redirect(url_for("admin.stations.show"), 303)


def shut(body: ClosureForm) -> ResponseReturnValue:
    """Close the station on some days."""
    place = station()
    try:
        with transaction():
            actions.shut(place, body.starts_on, body.ends_on, body.reason_zh, body.reason_en)
            refresh(place, at=clock.now())
            note_change("stations.shut", str(body.starts_on))
    except Refusal as refusal:
        return _form(refusal)
    return redirect(url_for("admin.stations.show"), 303)


def open_again(closure: int) -> ResponseReturnValue:
    """Take back days on which the station was to be closed."""
    place = station()
    with transaction():
        days = get_closure(place, closure)
        note_change("stations.open", str(days.starts_on))
        actions.open_again(days)
        refresh(place, at=clock.now())
    return redirect(url_for("admin.stations.show"), 303)


def choose(body: ChooseForm) -> ResponseReturnValue:
    """Work at another of one's stations."""
    if body.code in [place.code for place in my_stations()]:
        session["station"] = body.code
    return redirect(url_for("admin.overview.show"), 303)


def _form(refusal: Refusal | None = None, body: StationForm | None = None) -> Response:
    place = station()
    week: dict[int, list[dict[str, str]]] = defaultdict(list)
    for span in place.hours:
        week[span.weekday].append({"opens": _clock(span.opens), "closes": _clock(span.closes)})
    return page(
        "stations/show",
        refusal,
        opening=opening_of(place, clock.now()),
        closures=closures_of(place, clock.today(place.timezone)),
        hours=[week[day] for day in range(7)],
        form=body.model_dump() if body else {},
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
