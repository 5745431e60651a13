"""The time, in the station's own zone; the only place that asks the machine for it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def local(moment: datetime, timezone: str) -> datetime:
    """Return the moment on the wall clock of a time zone, named as IANA does."""
    return moment.astimezone(ZoneInfo(timezone))


def day_at(moment: datetime, timezone: str) -> date:
    """Return the date that a calendar in that time zone shows at a moment."""
    return local(moment, timezone).date()


def today(timezone: str) -> date:
    """Return the date that a calendar in that time zone shows now."""
    return day_at(now(), timezone)
