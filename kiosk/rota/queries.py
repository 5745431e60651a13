"""Questions about the rota."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from kiosk.db import session
from kiosk.rota.models import RotaShift
from kiosk.rota.shifts import Shift
from kiosk.stations.hours import is_within
from kiosk.stations.models import Counter, Station
from kiosk.stations.queries import closed_days

When = int | date


def rota_of(station: Station) -> Sequence[RotaShift]:
    """Return a station's whole rota: the week, and every day that differs or differed."""
    return session.scalars(
        select(RotaShift)
        .join(RotaShift.counter)
        .where(Counter.station_id == station.id, Counter.is_active)
        .order_by(Counter.number, RotaShift.day, RotaShift.weekday, RotaShift.starts)
    ).all()


def shifts_on(station: Station, when: When) -> list[Shift]:
    """Return the shifts of a day of the week, or of one day as it really is, by counter."""
    if isinstance(when, date) and is_within(closed_days(station, when), when):
        return []
    rows = rota_of(station)
    differing = {row.counter_id for row in rows if row.day == when}
    wanted = [
        row
        for row in rows
        if row.day == when or (row.weekday == _weekday(when) and row.counter_id not in differing)
    ]
    return _shifts(wanted)


def shifts_of_counter(counter: Counter, when: When) -> list[Shift]:
    """Return one counter's shifts on a day of the week, or on one day as it really is."""
    found = shifts_on(counter.station, when)
    return [shift for shift in found if shift.counter == counter.number]


def differs(counter: Counter, day: date) -> bool:
    """Tell whether a counter has other shifts on a day than in the week."""
    row = session.scalar(
        select(RotaShift.id).where(RotaShift.counter_id == counter.id, RotaShift.day == day)
    )
    return row is not None


def differing_days(station: Station, since: date) -> dict[date, list[int]]:
    """Return the days from one on that differ from the week, and the numbers of which counters."""
    days: dict[date, list[int]] = {}
    for row in sorted(rota_of(station), key=lambda row: (row.day or date.min, row.id)):
        if row.day is not None and row.day >= since:
            numbers = days.setdefault(row.day, [])
            if row.counter.number not in numbers:
                numbers.append(row.counter.number)
    return days


def _weekday(when: When) -> int:
    return when.weekday() if isinstance(when, date) else when


def _shifts(rows: Iterable[RotaShift]) -> list[Shift]:
    found = [row.shift for row in rows]
    return sorted(filter(None, found), key=lambda shift: (shift.counter, shift.starts))
