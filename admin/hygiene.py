"""Is every point clean: what is due today, one press to tick it, and what was done before."""

from datetime import timedelta

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from admin.access import names_by, page, station
from admin.forms import Line
from kiosk import clock
from kiosk.access import actor
from kiosk.db import transaction
from kiosk.pickups import actions
from kiosk.pickups.models import HygieneKind
from kiosk.pickups.queries import get_point, hygiene_log, hygiene_of

DAYS = 14


class TickForm(BaseModel):
    """What was done to a point, and a word about it."""

    kind: HygieneKind
    note: Line = ""


def show() -> Response:
    """Show what is due today, and what was done in the last days."""
    place = station()
    today = clock.today(place.timezone)
    log = hygiene_log(place, today - timedelta(days=DAYS - 1))
    return page(
        "pickups/hygiene",
        due=hygiene_of(place, today),
        log=log,
        names=names_by(check.actor for check in log),
        latest={(check.point_id, check.kind): check for check in reversed(log)},
        today=today,
        days=DAYS,
    )


def tick(point: str, body: TickForm) -> ResponseReturnValue:
    """Write down that a point was cleaned or disinfected just now."""
    mine = get_point(station(), point)
    with transaction():
        actions.log_hygiene(mine, body.kind, by=actor(), at=clock.now(), note=body.note)
    return redirect(url_for("admin.hygiene.show"), 303)
