"""The hall's big screen."""

from dataclasses import replace
from typing import Any

from flask import current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from kiosk.access import device
from kiosk.config import Config
from kiosk.pages import now_at
from kiosk.screens.forms import BoardQuery
from kiosk.screens.queries import screen_of, settings_of
from kiosk.stations.models import Station
from kiosk.stations.queries import get_station
from kiosk.tickets.snapshots import board as snapshot


def board(station: str, query: BoardQuery) -> str:
    """Show the calls, newest first, and who waits; live."""
    place = get_station(station)
    return render_template(
        "kiosk/screens/board.html",
        station=place,
        now=now_at(place),
        board=snapshot(place),
        screen=_screen(place, query),
    )


def screen(station: str, query: BoardQuery) -> ResponseReturnValue:
    """Tell a board what it shows and speaks besides the calls."""
    return jsonify(_screen(get_station(station), query))


def _screen(place: Station, query: BoardQuery) -> dict[str, Any]:
    config: Config = current_app.extensions["config"]
    settings = settings_of(place, device())
    if query.shows is not None:
        settings = replace(settings, shows=query.shows)
    return screen_of(place, settings, config.data_dir)


def kit() -> str:
    """Show every component of the visitors' pages, for who designs and builds them."""
    return render_template("ui/kit.html")
