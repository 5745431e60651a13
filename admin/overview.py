"""The station at one glance."""

from datetime import timedelta
from typing import Any

from flask import Response

from admin.access import page, station, worker
from admin.accuracy import FEWEST_KEPT
from admin.charts import FEW, charts_of
from admin.desk import people
from kiosk import clock
from kiosk.pickups.models import Stage
from kiosk.pickups.queries import late_items
from kiosk.printing.queries import printers_of
from kiosk.staff.permissions import EDIT_STATION, HANDLE_PICKUPS
from kiosk.staff.queries import audit_of, names_of
from kiosk.stations.models import Station
from kiosk.stations.queries import devices_of, opening_of, unread_of
from kiosk.tickets.forecast.ahead import FEW_DAYS, PROMISE_MINUTES
from kiosk.tickets.queries import lines_of, oldest_waiting, queues_of, serving_counters


def show() -> Response:
    """Show counters, queues, devices and the latest changes; live."""
    return page("overview/show", **_figures(station()))


def live() -> Response:
    """Show what changes, for the page that is open already."""
    return page("overview/_live", **_figures(station()))


def _figures(place: Station) -> dict[str, Any]:
    at = clock.now()
    audit = audit_of(place.id, limit=10)
    names = names_of(entry.member_id for entry in audit)
    since = oldest_waiting(place)
    lines, rows = lines_of(place), people(place)
    return {
        "opening": opening_of(place, at),
        "promise": PROMISE_MINUTES,
        "counters": rows,
        "helpers": _helpers(place, rows),
        "messages": unread_of(place, None) if worker().may(EDIT_STATION) else [],
        "lines": lines,
        "charts": charts_of(place, at),
        "few": FEW,
        "few_days": FEW_DAYS,
        "fewest_kept": FEWEST_KEPT,
        "oldest": {
            line.queue.letter: (at - since[line.queue.id]) // timedelta(minutes=1)
            if line.queue.id in since
            else None
            for line in lines
        },
        "devices": [device for device in devices_of(place) if device.revoked_at is None],
        "printers": printers_of(place),
        "overdue": late_items(place, Stage.RED) if worker().may(HANDLE_PICKUPS) else [],
        "audit": [
            {
                "at": entry.at,
                "who": names.get(entry.member_id, ""),
                "action": entry.action,
                "subject": entry.subject,
                "detail": entry.detail,
            }
            for entry in audit
        ],
    }


def _helpers(place: Station, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Return the counter that could open for a queue, by the queue's letter."""
    empty = {row["counter"].number for row in rows if row["state"] == "empty"}
    numbers = serving_counters(place)
    found = {
        queue.letter: [number for number in numbers.get(queue.id, []) if number in empty]
        for queue in queues_of(place)
    }
    return {letter: free[0] for letter, free in found.items() if free}
