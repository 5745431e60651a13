"""What the rota says of now: who should be at which counter, and when somebody's break begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kiosk import clock
from kiosk.rota.queries import shifts_on
from kiosk.rota.shifts import Shift, next_break
from kiosk.staff.queries import names_of
from kiosk.stations.hours import clock as wall
from kiosk.stations.hours import minute_of
from kiosk.stations.models import Station

REMIND = 10


@dataclass(frozen=True)
class MyDay:
    """What a clerk's rota says of today; `minutes` are left until the next break, 0 once it is on.

    `look_at` is when the page has something new to say.
    """

    shifts: Sequence[Shift]
    starts: str | None
    ends: str | None
    minutes: int | None
    is_due: bool
    look_at: datetime | None


def my_day(place: Station, member_id: int, at: datetime) -> MyDay:
    """Return a clerk's shifts of today, and the break that is on or comes next."""
    now = clock.local(at, place.timezone)
    minute = minute_of(now)
    shifts = [s for s in shifts_on(place, now.date()) if s.member_id == member_id]
    shifts.sort(key=lambda shift: shift.starts)
    part = next_break(shifts, minute)
    if part is None:
        return MyDay(shifts, None, None, None, is_due=False, look_at=None)
    minutes = max(part.starts - minute, 0)
    is_due = minutes <= REMIND
    news = minute + 1 if 0 < minutes <= REMIND else (part.starts - REMIND if minutes else part.ends)
    midnight = datetime.combine(now.date(), time(), ZoneInfo(place.timezone))
    return MyDay(
        shifts,
        wall(part.starts),
        wall(part.ends),
        minutes,
        is_due,
        midnight + timedelta(minutes=news),
    )


def due_now(place: Station, at: datetime) -> dict[int, dict[str, Any]]:
    """Return whom the rota wants at each counter now, by its number, and if a break is on.

    `who` is None where it names nobody; `until` is when the break ends.
    """
    now = clock.local(at, place.timezone)
    minute = minute_of(now)
    running = [shift for shift in shifts_on(place, now.date()) if shift.runs(minute)]
    names = names_of(shift.member_id for shift in running)
    return {
        shift.counter: {
            "member_id": shift.member_id,
            "who": names.get(shift.member_id),
            "since": wall(shift.starts),
            "until": wall(part.ends) if (part := shift.break_at(minute)) else None,
        }
        for shift in running
    }
