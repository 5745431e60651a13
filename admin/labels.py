"""Paper for storage points: labels of places, and the poster that couriers scan."""

from collections.abc import Callable

from flask import Response, current_app, request, url_for
from flask_babel import force_locale, gettext

from admin.access import station
from admin.printers import no_font
from kiosk.pages import public_url
from kiosk.pickups.models import StoragePoint
from kiosk.pickups.queries import get_point
from kiosk.printing.posters import Label, Poster, labels, poster
from kiosk.printing.raster import NoFontError


def places(point: str) -> Response:
    """Give the labels of a point's places as PDF: all of them, or those that are asked for."""
    mine = get_point(station(), point)
    asked = set(request.args.getlist("number"))
    wanted = [
        Label(place.label, mine.name_zh, place.label)
        for place in mine.places
        if not asked or place.number in asked
    ]
    return _file(f"{point}-labels.pdf", lambda font: labels(wanted, font))


def show_poster(point: str) -> Response:
    """Give a point's poster as PDF: its QR code lets a courier bring and a visitor collect."""
    mine = get_point(station(), point)
    return _file(f"{point}-poster.pdf", lambda font: poster(poster_of(mine), font))


def poster_of(point: StoragePoint) -> Poster:
    """Return what a point's poster says, in both languages at once: it hangs for everybody."""
    address = public_url(
        url_for("pickups.dropping.show", station=point.station.code, scan=point.scan)
    )
    steps = []
    for language in ("zh", "en"):
        with force_locale(language):
            steps.append(gettext("Couriers: scan, pick the booking, put it where it says."))
            steps.append(gettext("Collecting: scan, then type your six digits."))
    with force_locale("zh"):
        foot = gettext("Eat meals within an hour. Lost something? Ask at the counter.")
    return Poster(
        point.code,
        [point.name_zh, *filter(None, [point.name_en, point.where_zh])],
        address,
        steps,
        foot,
    )


def _file(name: str, make: Callable[[str], bytes]) -> Response:
    try:
        made = make(str(current_app.extensions["config"].slip_font))
    except NoFontError as error:
        raise no_font() from error
    inline = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(made, mimetype="application/pdf", headers=inline)
