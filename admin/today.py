"""The rest of the day: who can still be served before the doors close, and ending it early."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from admin.access import note_change, page, station
from admin.desk import people
from kiosk import clock
from kiosk.db import transaction
from kiosk.rota.queries import shifts_on
from kiosk.stations.hours import minute_of
from kiosk.stations.models import Station
from kiosk.stations.queries import opening_of
from kiosk.tickets import actions
from kiosk.tickets.forecast.ahead import FEW_DAYS, PROMISE_MINUTES
from kiosk.tickets.outlook import outlook
from kiosk.tickets.queries import (
    IDLE,
    is_closed_early,
    is_stopped,
    lines_of,
    serving_counters,
    staffing_of,
    today_of,
)

AT_WORK = {"idle", "called", "serving"}


@dataclass(frozen=True)
class Reach:
    """How many of those who wait in a queue can still be served before the doors close."""

    letter: str
    name_zh: str
    name_en: str
    waiting: int
    counters: int
    usual_minutes: int
    work_minutes: int
    served: int
    is_stopped: bool

    @property
    def too_many(self) -> int:
        """How many would still wait when the doors close."""
        return max(self.waiting - self.served, 0)


def show() -> Response:
    """Show how many can still be served, to end the day early or go on."""
    place, at = station(), clock.now()
    minutes = minutes_left(place, at)
    rows = _reaches(place, _work_left(place, at, minutes))
    return page(
        "today/show",
        opening=opening_of(place, at),
        minutes=minutes,
        rows=rows,
        is_stopped=is_closed_early(place),
        waiting=sum(row.waiting for row in rows),
        too_many=sum(row.too_many for row in rows),
        ahead=outlook.ahead_of(place.id, at),
        few_days=FEW_DAYS,
        promise=PROMISE_MINUTES,
    )


def close() -> ResponseReturnValue:
    """Give out no more numbers today; who waits is served."""
    with transaction():
        actions.close_early(station(), at=clock.now())
        note_change("today.close", station().code)
    return redirect(url_for("admin.today.show"), 303)


def reopen() -> ResponseReturnValue:
    """Give out numbers again today."""
    with transaction():
        actions.reopen(station(), at=clock.now())
        note_change("today.reopen", station().code)
    return redirect(url_for("admin.today.show"), 303)


def minutes_left(place: Station, at: datetime) -> int:
    """Return how many minutes the doors are still open, 0 when they are closed."""
    closes = opening_of(place, at).closes
    if closes is None:
        return 0
    hour, minute = closes.split(":")
    now = clock.local(at, place.timezone)
    return int(hour) * 60 + int(minute) - minute_of(now)


def _work_left(place: Station, at: datetime, minutes: int) -> dict[int, int]:
    """Return how many minutes each counter will still work, by its number.

    The rota says so, with its breaks and with shifts to come; but who should be there now and is
    not is not waited for. A counter that is not in the rota works on if it is at work.
    """
    now = clock.local(at, place.timezone)
    minute = minute_of(now)
    shifts = shifts_on(place, now.date())
    left = {}
    for row in people(place):
        number, is_here = row["counter"].number, row["state"] in AT_WORK
        mine = [shift for shift in shifts if shift.counter == number]
        left[number] = sum(
            shift.minutes_at_work(minute, minute + minutes)
            for shift in mine
            if is_here or shift.break_at(minute) or not shift.runs(minute)
        )
        if not mine and is_here:
            left[number] = minutes
    return left


def _reaches(place: Station, work: dict[int, int]) -> list[Reach]:
    staffing, day, numbers = staffing_of(place), today_of(place), serving_counters(place)
    rows = []
    for line in lines_of(place):
        queue = line.queue
        counters = staffing.get(queue.id, IDLE).counters
        work_minutes = sum(work.get(number, 0) for number in numbers.get(queue.id, []))
        rows.append(
            Reach(
                queue.letter,
                queue.name_zh,
                queue.name_en,
                line.waiting,
                counters,
                queue.usual_minutes,
                work_minutes,
                work_minutes // queue.usual_minutes,
                is_stopped(queue.id, day),
            )
        )
    return rows
