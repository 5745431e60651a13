"""What the pages of pickups share."""

from typing import Any

from flask import render_template
from flask_babel import gettext

from kiosk import access
from kiosk.pages import now_at
from kiosk.refusal import Refusal
from kiosk.stations.models import Station


def page(
    template: str,
    place: Station,
    *,
    is_phone: bool = False,
    **context: Any,  # noqa: ANN401 - a template's
) -> str:
    """Return a page of pickups as HTML."""
    return render_template(
        f"kiosk/pickups/{template}.html",
        station=place,
        kiosk=access.is_kiosk(place) and not is_phone,
        now=now_at(place),
        **context,
    )


def said(refusal: Refusal | None) -> str:
    """Return why something was refused, in the page's language."""
    return gettext(refusal.words, **refusal.values) if refusal else ""
