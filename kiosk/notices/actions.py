"""What happens to notices: put up, changed, taken down."""

from datetime import datetime

from kiosk.db import session
from kiosk.notices.models import Notice
from kiosk.refusal import Refusal
from kiosk.stations.actions import change_screens
from kiosk.stations.models import Station


def put_up(
    station: Station, text_zh: str, text_en: str, starts_at: datetime, ends_at: datetime | None
) -> Notice:
    """Show a notice on the station's screens for a while."""
    _refuse_backwards(starts_at, ends_at)
    notice = Notice(
        station_id=station.id,
        text_zh=text_zh,
        text_en=text_en,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    session.add(notice)
    session.flush()
    change_screens(station)
    return notice


def change(
    notice: Notice, text_zh: str, text_en: str, starts_at: datetime, ends_at: datetime | None
) -> None:
    """Say it otherwise, or for another while."""
    _refuse_backwards(starts_at, ends_at)
    notice.text_zh, notice.text_en = text_zh, text_en
    notice.starts_at, notice.ends_at = starts_at, ends_at
    session.flush()
    change_screens(notice.station)


def take_down(notice: Notice, *, at: datetime) -> None:
    """End a notice now; one that never began is as if it had been up for no time."""
    if notice.state(at) != "over":
        notice.starts_at, notice.ends_at = min(notice.starts_at, at), at
        session.flush()
        change_screens(notice.station)


def _refuse_backwards(starts_at: datetime, ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at <= starts_at:
        raise Refusal("notices.backwards", "The notice ends before it begins. Choose a later end.")
