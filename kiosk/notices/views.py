"""A station's notices, for who wants to read them all."""

from kiosk import clock
from kiosk.notices.queries import standing_notices
from kiosk.pages import station_page
from kiosk.stations.queries import get_station


def index(station: str) -> str:
    """Show every notice that stands now."""
    place = get_station(station)
    at = clock.now()
    standing = [notice for notice in standing_notices(place, at) if notice.state(at) == "now"]
    return station_page("notices/index", place, notices=standing)
