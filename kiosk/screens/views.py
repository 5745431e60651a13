"""The hall's big screen."""

from flask import render_template

from kiosk.pages import now_at
from kiosk.stations.queries import get_station
from kiosk.tickets.snapshots import board as snapshot


def board(station: str) -> str:
    """Show the calls, newest first, and who waits; live."""
    place = get_station(station)
    return render_template(
        "kiosk/screens/board.html", station=place, now=now_at(place), board=snapshot(place)
    )


def kit() -> str:
    """Show every component of the visitors' pages, for who designs and builds them."""
    return render_template("ui/kit.html")
