"""The notices on the station's screens."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, BeforeValidator, StringConstraints

from admin.access import note_change, page, station
from kiosk import clock
from kiosk.db import transaction
from kiosk.notices import actions
from kiosk.notices.queries import get_notice, past_notices, standing_notices
from kiosk.refusal import Refusal
from kiosk.stations.models import Station
from kiosk.tickets.actions import refresh

SHOWN = 20

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
English = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Time = Annotated[datetime | None, BeforeValidator(lambda sent: sent or None)]


class NoticeForm(BaseModel):
    """What a notice says; from now where no start is given, until ended where no end is."""

    text_zh: Text
    text_en: English = ""
    starts: Time = None
    ends: Time = None

    def span(self, place: Station) -> tuple[datetime, datetime | None]:
        """Return the moments that were typed as the station's wall clock shows them."""
        zone = ZoneInfo(place.timezone)
        starts = self.starts.replace(tzinfo=zone) if self.starts else clock.now()
        return starts, self.ends.replace(tzinfo=zone) if self.ends else None


def index() -> Response:
    """List the notices: those that stand or will, and the last that are over."""
    return _list()


def put_up(body: NoticeForm) -> ResponseReturnValue:
    """Put up a notice."""
    place = station()
    try:
        with transaction():
            actions.put_up(place, body.text_zh, body.text_en, *body.span(place))
            refresh(place, at=clock.now())
            note_change("notices.put_up", body.text_zh)
    except Refusal as refusal:
        return _list(refusal, body)
    return redirect(url_for("admin.notices.index"), 303)


def show(notice: int) -> Response:
    """Show one notice, to change it."""
    return page("notices/show", notice=get_notice(station(), notice))


def change(notice: int, body: NoticeForm) -> ResponseReturnValue:
    """Change what a notice says, or how long it stands."""
    place = station()
    mine = get_notice(place, notice)
    try:
        with transaction():
            actions.change(mine, body.text_zh, body.text_en, *body.span(place))
            refresh(place, at=clock.now())
            note_change("notices.change", body.text_zh)
    except Refusal as refusal:
        return page("notices/show", refusal, notice=mine, form=body.model_dump())
    return redirect(url_for("admin.notices.index"), 303)


def take_down(notice: int) -> ResponseReturnValue:
    """End a notice now."""
    place = station()
    mine = get_notice(place, notice)
    with transaction():
        actions.take_down(mine, at=clock.now())
        refresh(place, at=clock.now())
        note_change("notices.take_down", mine.text_zh)
    return redirect(url_for("admin.notices.index"), 303)


def _list(refusal: Refusal | None = None, body: NoticeForm | None = None) -> Response:
    place, at = station(), clock.now()
    return page(
        "notices/index",
        refusal,
        standing=standing_notices(place, at),
        past=past_notices(place, at, SHOWN),
        at=at,
        form=body.model_dump() if body else {},
    )
