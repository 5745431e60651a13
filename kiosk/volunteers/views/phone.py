"""What a phone remembers of volunteers: whose page it opened, and at which point it stood."""

from datetime import timedelta

from flask import session

from kiosk import access, clock
from kiosk.pickups.models import StoragePoint
from kiosk.stations.models import Station
from kiosk.volunteers.models import Volunteer
from kiosk.volunteers.queries import find_volunteer

AT_POINT = "at_point"
# Where the page behind a storage point's code keeps it.
SCANNED = "scan"
STAY = timedelta(minutes=30)


def known() -> Volunteer | None:
    """Return the volunteer whose page this phone opened last."""
    return find_volunteer(access.volunteer_token())


def note_point(point: StoragePoint) -> None:
    """Remember that this phone scanned the code at a storage point."""
    session[AT_POINT] = [point.station_id, clock.now().timestamp()]


def is_here(place: Station) -> bool:
    """Tell whether this browser stands at a station: by its kiosk's code, or by a point's."""
    station_id, since = session.get(AT_POINT, (0, 0.0))
    is_at_point = clock.now().timestamp() - since < STAY.total_seconds()
    return access.may_take(place) or (station_id == place.id and is_at_point)
