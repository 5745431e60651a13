"""What came and went: today by quarter of an hour, the week, and what lunch will bring."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Response

from admin.access import page, station
from kiosk import clock
from kiosk.pickups.models import PickupKind
from kiosk.pickups.peak import CLOSES, OPENS, QUARTER, WEEKS, Peak, lunch, quarter_of
from kiosk.pickups.queries import Done, arrivals, booked_by_minute, plans_of, points_of, to_come
from kiosk.stations.hours import DAY_MINUTES, minute_of, moment_of
from kiosk.stations.hours import clock as wall
from kiosk.stations.models import Station

HALF_HOUR = 30
# The chart shows these hours at least.
FIRST, LAST = 9 * 60, 19 * 60
DAYS = WEEKS * 7


@dataclass(frozen=True)
class Bar:
    """A quarter of an hour of today: stored, collected, and booked to come where it lies ahead."""

    minute: int
    stored: int
    collected: int
    coming: int


@dataclass(frozen=True)
class Heat:
    """How many items came in a half hour of a weekday, a day, and how dark that is, 0 to 5."""

    minute: int
    mean: float
    level: int


def show() -> Response:
    """Show the flow of today, the heat of the week, and the forecast of lunch."""
    place, at = station(), clock.now()
    now = clock.local(at, place.timezone)
    today = now.date()
    start = moment_of(today, 0, place.timezone)
    past = arrivals(place, start - timedelta(days=DAYS), start)
    done = arrivals(place, start, start + timedelta(days=1))
    bars = _bars(place, done, now)
    weekdays = _heat(past, place.timezone)
    day = today if minute_of(now) < CLOSES else today + timedelta(days=1)
    return page(
        "pickups/flow",
        bars=bars,
        highest=max((max(bar.stored, bar.collected, bar.coming) for bar in bars), default=0),
        minute_now=minute_of(now),
        heat=weekdays,
        heat_days=len({clock.day_at(done.at, place.timezone) for done in past}),
        peak=forecast(place, past, day),
        peak_day=day,
        today=today,
        weeks=WEEKS,
        wall=wall,
        carried=_summary(done),
    )


def forecast(place: Station, past: Sequence[Done], day: date) -> Peak:
    """Return what a day's lunch brings: bookings, and the same weekday of the last weeks.

    Days on which nothing was stored at all (holidays, a closed house) count for nothing.
    """
    days: dict[date, Counter[int]] = {}
    stored = moved = 0
    for done in past:
        at = clock.local(done.at, place.timezone)
        if done.kind is not PickupKind.MEAL or at.weekday() != day.weekday():
            continue
        minute = minute_of(at)
        if done.verb == "store":
            days.setdefault(at.date(), Counter())[quarter_of(minute)] += 1
            stored += 1
        elif done.verb == "move":
            moved += 1
    return lunch(
        list(days.values()),
        booked_by_minute(place, day, PickupKind.MEAL),
        _capacity(place, day.weekday()),
        min(moved / stored, 1.0) if stored else 0.0,
    )


def _capacity(place: Station, weekday: int) -> Counter[int]:
    """Return how many meals can be booked for each quarter of an hour of lunch."""
    capacity: Counter[int] = Counter()
    for point in points_of(place):
        for plan in plans_of(point):
            if point.is_on and plan.kind is PickupKind.MEAL and plan.weekday == weekday:
                each = plan.capacity * QUARTER // plan.slot_minutes
                for minute in range(OPENS, CLOSES, QUARTER):
                    if plan.opens <= minute < plan.closes:
                        capacity[minute] += each
    return capacity


def _bars(place: Station, done: Sequence[Done], now: datetime) -> list[Bar]:
    stored, collected, coming = Counter[int](), Counter[int](), Counter[int]()
    for one in done:
        at = clock.local(one.at, place.timezone)
        minute = quarter_of(minute_of(at))
        if one.verb != "move":
            (stored if one.verb == "store" else collected)[minute] += 1
    here = quarter_of(minute_of(now))
    for item in to_come(place, now.date()):
        if item.slot_minute is not None and item.slot_minute >= here:
            coming[quarter_of(item.slot_minute)] += 1
    shown = [*stored, *collected, *coming]
    first, last = min([FIRST, *shown]), max([LAST, *(minute + QUARTER for minute in shown)])
    return [
        Bar(minute, stored[minute], collected[minute], coming[minute])
        for minute in range(first, min(last, DAY_MINUTES), QUARTER)
    ]


def _heat(past: Sequence[Done], timezone: str) -> list[list[Heat]]:
    """Return what was stored, a day, by weekday and half hour; darker is nearer to the most."""
    counts: Counter[tuple[int, int]] = Counter()
    for done in past:
        if done.verb == "store":
            at = clock.local(done.at, timezone)
            counts[at.weekday(), minute_of(at) // HALF_HOUR * HALF_HOUR] += 1
    if not counts:
        return []
    most = max(counts.values())
    first = min([FIRST, *(minute for _day, minute in counts)])
    last = max([LAST, *(minute + HALF_HOUR for _day, minute in counts)])
    return [
        [
            Heat(minute, count / WEEKS, -(-count * 5 // most))
            for minute in range(first, last, HALF_HOUR)
            for count in (counts[weekday, minute],)
        ]
        for weekday in range(7)
    ]


def _summary(done: Sequence[Done]) -> dict[str, Any]:
    counts = Counter(one.verb for one in done)
    return {"stored": counts["store"], "collected": counts["collect"], "moved": counts["move"]}
