"""An appointment as an iCalendar file (RFC 5545), for the visitor's own calendar."""

from datetime import timedelta

from icalendar import Alarm, Calendar, Event

from kiosk.appointments.models import Appointment, AppointmentState

PRODUCT = "-//Loumenkou//Appointments//ZH"
ALARM = timedelta(minutes=-30)


def calendar_file(
    appointment: Appointment, *, title: str, place: str, words: str, url: str
) -> bytes:
    """Return the file: the same UID for ever, and a SEQUENCE that grows with each change."""
    is_cancelled = appointment.state is AppointmentState.CANCELLED
    event = Event()
    event.add("uid", f"{appointment.token}@loumenkou")
    event.add("sequence", appointment.revision)
    event.add("dtstamp", appointment.changed_at)
    event.add("created", appointment.created_at)
    event.add("last-modified", appointment.changed_at)
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", appointment.ends_at)
    event.add("summary", title)
    event.add("location", place)
    event.add("description", f"{words}\n{url}")
    event.add("url", url)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    if not is_cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", ALARM)
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
