"""The station itself: its names and its hours."""

from collections import defaultdict
from http import HTTPStatus

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue

from admin.access import my_stations, note_change, page, station
from admin.forms import ChooseForm, StationForm
from kiosk import clock
from kiosk.db import transaction
from kiosk.refusal import Refusal
from kiosk.stations.actions import rename, set_hours
from kiosk.stations.queries import opening_of
from kiosk.tickets.actions import refresh


def show() -> str:
    """Show the station's names and hours."""
    return _form()


def save(body: StationForm) -> ResponseReturnValue:
    """Change the station's names and hours."""
    place = station()
    try:
        with transaction():
            rename(place, body.name_zh, body.name_en, body.address)
            set_hours(place, body.spans())
            refresh(place, at=clock.now())
            note_change("stations.change", place.code)
    except Refusal as refusal:
        return _form(refusal, body), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("admin.stations.show"), 303)


def choose(body: ChooseForm) -> ResponseReturnValue:
    """Work at another of one's stations."""
    if body.code in [place.code for place in my_stations()]:
        session["station"] = body.code
    return redirect(url_for("admin.overview.show"), 303)


def _form(refusal: Refusal | None = None, body: StationForm | None = None) -> str:
    place = station()
    week: dict[int, list[dict[str, str]]] = defaultdict(list)
    for span in place.hours:
        week[span.weekday].append({"opens": _clock(span.opens), "closes": _clock(span.closes)})
    return page(
        "stations/show",
        refusal,
        opening=opening_of(place, clock.now()),
        hours=[week[day] for day in range(7)],
        form=body.model_dump() if body else {},
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
