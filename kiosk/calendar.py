"""A date as an iCalendar file (RFC 5545), for somebody's own calendar."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

ALARM = timedelta(minutes=-30)


@dataclass(frozen=True)
class Entry:
    """What stands in a calendar; `kind` names its maker, `revision` grows with each change."""

    kind: str
    uid: str
    revision: int
    created_at: datetime
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool


def calendar_file(entry: Entry, *, title: str, place: str, words: str, url: str) -> bytes:
    """Return the file: the same UID for ever, and a SEQUENCE that grows with each change."""
    event = Event()
    event.add("uid", f"{entry.uid}@loumenkou")
    event.add("sequence", entry.revision)
    event.add("dtstamp", entry.changed_at)
    event.add("created", entry.created_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", title)
    event.add("location", place)
    event.add("description", f"{words}\n{url}")
    event.add("url", url)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    if not entry.is_cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", ALARM)
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", f"-//Loumenkou//{entry.kind}//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
