"""Somebody collects at the kiosk or at a point, with six digits or a scanned page."""

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue

from kiosk import access
from kiosk.pages import station_page
from kiosk.pickups import api
from kiosk.pickups.forms import CourierQuery, TailForm, TypedForm
from kiosk.pickups.queries import find_scanned, find_tagged
from kiosk.refusal import Refusal
from kiosk.stations.models import Station
from kiosk.stations.queries import get_station


def show(station: str, query: CourierQuery) -> ResponseReturnValue:
    """Ask for the six digits."""
    if query.scan:
        session["scan"] = query.scan
        return redirect(url_for("pickups.collecting.show", station=station), 303)
    return _ask(get_station(station))


def _ask(place: Station, refusal: Refusal | None = None) -> str:
    return station_page(
        "pickups/collect", place, is_here=_entry(place) is not None, refusal=refusal
    )


def _entry(place: Station) -> str | None:
    """Return where somebody types: a kiosk, or at the point that they scanned."""
    if access.is_kiosk(place):
        return "kiosk"
    point = find_scanned(session.get("scan", ""))
    if point is None or point.station_id != place.id:
        return None
    return f"point:{point.id}"


def _here(place: Station) -> str:
    """Return where somebody types; refuse who is at neither place."""
    where = _entry(place)
    if where is None:
        raise api.scan_first()
    return where


def collect(station: str, body: TypedForm) -> ResponseReturnValue:
    """Hand out what the digits open, and show where it lies."""
    place = get_station(station)
    try:
        got = api.collect_here(place, body, _here(place)).body
    except Refusal as refusal:
        return _ask(place, refusal), refusal.status
    return station_page("pickups/collected", place, pickup=got)


def unbooked(station: str) -> str:
    """Ask for the last digits of what came without a booking."""
    return _ask_tail(get_station(station))


def _ask_tail(place: Station, refusal: Refusal | None = None) -> str:
    return station_page("pickups/unbooked", place, refusal, is_here=_entry(place) is not None)


def ask(station: str, body: TailForm) -> ResponseReturnValue:
    """Tell who asks for something unbooked which number to say, and to whom."""
    place = get_station(station)
    try:
        tags = api.ask_here(place, body, _here(place)).body["tags"]
    except Refusal as refusal:
        return _ask_tail(place, refusal), refusal.status
    found = [item for tag in tags if (item := find_tagged(place, tag))]
    return station_page("pickups/asked", place, items=found)
