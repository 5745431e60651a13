"""Which times of a day can be booked, and when somebody may check in: pure calculation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from kiosk.misses import WITHIN
from kiosk.stations.hours import ServiceHours, Span, is_within, moment_of

MISSES = 3
PAUSE = timedelta(days=30)
# After this no miss counts any more.
HOLDER_KEPT = WITHIN + PAUSE


class Plan(Span, Protocol):
    """A weekly span in which slots begin and end, how long each is, and how many fit in."""

    @property
    def slot_minutes(self) -> int:
        """How long a slot is."""

    @property
    def capacity(self) -> int:
        """How many people may book one slot."""


@dataclass(frozen=True)
class Slot:
    """A time that can be booked: begins and ends at moments of the station, and places left."""

    day: date
    minute: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    left: int


@dataclass(frozen=True)
class Terms:
    """What limits the slots of a service at a station.

    `week` and `closures` are the doors', `hours` the service's own, `plans` its queue's.
    """

    timezone: str
    week: Sequence[Span]
    closures: Sequence[tuple[date, date]]
    hours: ServiceHours
    plans: Sequence[Plan]


def slots_of(terms: Terms, day: date, taken: dict[int, int], after: datetime) -> list[Slot]:
    """Return a day's slots that begin after a moment, with the places left in each.

    `taken` counts the places taken, by the minute at which their slot begins. Each slot lies
    within the doors' hours, and begins when the service is handled.
    """
    if is_within(terms.closures, day):
        return []
    found = []
    for plan in terms.plans:
        if plan.weekday != day.weekday():
            continue
        last = plan.closes - plan.slot_minutes
        for minute in range(plan.opens, last + 1, plan.slot_minutes):
            starts_at = moment_of(day, minute, terms.timezone)
            ends = minute + plan.slot_minutes
            is_open = any(
                span.weekday == plan.weekday and span.opens <= minute and ends <= span.closes
                for span in terms.week
            )
            if is_open and starts_at > after and terms.hours.hold(starts_at):
                left = max(0, plan.capacity - taken.get(minute, 0))
                ends_at = moment_of(day, ends, terms.timezone)
                found.append(Slot(day, minute, starts_at, ends_at, plan.capacity, left))
    return sorted(found, key=lambda slot: slot.minute)
