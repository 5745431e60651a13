"""The slips: the station's own words on them, how they look, which came out, and once more."""

import io
from typing import Annotated

from flask import Response, abort, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, StringConstraints

from admin.access import note_change, page, station
from kiosk import clock
from kiosk.db import transaction
from kiosk.pages import language, public_url
from kiosk.printing import actions
from kiosk.printing.models import NARROW, WIDE
from kiosk.printing.press import press, sample
from kiosk.printing.queries import get_job, latest_jobs, printers_of, slip_text
from kiosk.printing.raster import NoFontError, draw, has_font
from kiosk.printing.slip import pieces
from kiosk.tickets.queries import queues_of

SHOWN = 50

Own = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class SlipForm(BaseModel):
    """The station's own words at the foot of its slips."""

    text_zh: Own = ""
    text_en: Own = ""


class PreviewQuery(BaseModel):
    """How wide the paper is, in dots."""

    dots: int = WIDE


def index() -> Response:
    """Show the words on slips, and the latest slips."""
    place = station()
    return page(
        "slips/index",
        own=slip_text(place),
        jobs=latest_jobs(place, limit=SHOWN),
        printers=printers_of(place),
        has_font=has_font(_font()),
    )


def save(body: SlipForm) -> ResponseReturnValue:
    """Change the station's own words on slips."""
    with transaction():
        actions.set_text(station(), body.text_zh, body.text_en)
        note_change("slips.text", station().code)
    return redirect(url_for("admin.slips.index"), 303)


def again(job: int) -> ResponseReturnValue:
    """Print a slip once more."""
    with transaction():
        slip = get_job(station(), job)
        actions.again(slip, at=clock.now())
    press.wake(slip.device_id)
    return redirect(url_for("admin.slips.index"), 303)


def preview(query: PreviewQuery) -> Response:
    """Draw a slip as it would be printed."""
    place = station()
    url = public_url(url_for("home.show", station=place.code))
    queues = queues_of(place)
    slip = sample(url)._replace(queue=queues[0] if queues else None)
    dots = query.dots if query.dots in (NARROW, WIDE) else WIDE
    try:
        image = draw(pieces(slip, place, slip_text(place), clock.now(), language()), dots, _font())
    except NoFontError:
        abort(404)
    file = io.BytesIO()
    image.save(file, "PNG")
    return Response(file.getvalue(), mimetype="image/png")


def _font() -> str:
    return str(current_app.extensions["config"].slip_font)
