"""Days that staff write ↔ moments: the first day begins at midnight, the last one ends there."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import request

from admin.access import station
from kiosk import clock
from kiosk.refusal import Refusal


def span_sent() -> tuple[datetime | None, datetime | None]:
    """Return when something begins and ends, from the form's first and last day."""
    first, last = _day(request.form.get("starts_on", "")), _day(request.form.get("ends_on", ""))
    if first and last and last < first:
        raise Refusal("days.span", "The end stands before the start. Choose a later end.")
    return _midnight(first), _midnight(last + timedelta(days=1) if last else None)


def days_of(starts_at: datetime | None, ends_at: datetime | None) -> tuple[str, str]:
    """Return the first and the last day of a span as a form shows them; empty where open."""
    last = ends_at - timedelta(seconds=1) if ends_at else None
    zone = station().timezone
    first, end = (str(clock.day_at(at, zone)) if at else "" for at in (starts_at, last))
    return first, end


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise Refusal("days.day", "%(text)s is no date.", text=text[:20]) from error


def _midnight(day: date | None) -> datetime | None:
    zone = ZoneInfo(station().timezone)
    return datetime.combine(day, time(), zone) if day else None
