"""Questions about a station's notices."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from kiosk.db import session
from kiosk.notices.models import Notice
from kiosk.refusal import NotFound
from kiosk.stations.models import Station


def standing_notices(station: Station, at: datetime) -> Sequence[Notice]:
    """Return the notices that stand now or will stand later, the earliest first."""
    return session.scalars(
        select(Notice)
        .where(Notice.station_id == station.id, or_(Notice.ends_at.is_(None), Notice.ends_at > at))
        .order_by(Notice.starts_at, Notice.id)
    ).all()


def past_notices(station: Station, at: datetime, limit: int) -> Sequence[Notice]:
    """Return the notices that are over, the latest first."""
    return session.scalars(
        select(Notice)
        .where(Notice.station_id == station.id, Notice.ends_at <= at)
        .order_by(Notice.ends_at.desc(), Notice.id.desc())
        .limit(limit)
    ).all()


def get_notice(station: Station, notice_id: int) -> Notice:
    """Return a station's notice; refuse an unknown one."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.station_id != station.id:
        raise NotFound("notices.unknown", "There is no such notice. Look at the list again.")
    return notice
