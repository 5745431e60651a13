"""A station's notices, for who wants to read them all."""

from flask import render_template

from kiosk import access, clock
from kiosk.notices.queries import standing_notices
from kiosk.pages import now_at
from kiosk.stations.queries import get_station


def index(station: str) -> str:
    """Show every notice that stands now."""
    place = get_station(station)
    at = clock.now()
    return render_template(
        "kiosk/notices/index.html",
        station=place,
        kiosk=access.is_kiosk(place),
        now=now_at(place),
        notices=[notice for notice in standing_notices(place, at) if notice.state(at) == "now"],
    )
