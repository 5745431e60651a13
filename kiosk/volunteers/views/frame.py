"""What the pages of volunteers share."""

from datetime import timedelta
from typing import Any

from flask import render_template, session
from flask_babel import gettext

from kiosk import access, clock
from kiosk.pages import now_at
from kiosk.pickups.models import StoragePoint
from kiosk.refusal import Refusal
from kiosk.stations.models import Station
from kiosk.volunteers.models import Volunteer
from kiosk.volunteers.queries import find_volunteer

AT_POINT = "at_point"
# Where the page behind a storage point's code keeps it.
SCANNED = "scan"
STAY = timedelta(minutes=30)


def page(
    template: str,
    place: Station,
    refusal: Refusal | None = None,
    *,
    is_phone: bool = False,
    **context: Any,  # noqa: ANN401 - a template's
) -> str:
    """Render a page of volunteers; a refusal is shown in words."""
    return render_template(
        f"kiosk/volunteers/{template}.html",
        station=place,
        kiosk=access.is_kiosk(place) and not is_phone,
        now=now_at(place),
        refusal=gettext(refusal.words, **refusal.values) if refusal else "",
        **context,
    )


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
