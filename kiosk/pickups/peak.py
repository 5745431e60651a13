"""What lunch will bring: expected meals by quarter of an hour, from past weeks and bookings.

For a quarter q of a day: expected(q) = max(booked(q), mean(q)), where mean(q) is the mean number
of meals stored in q on the same weekday of the last four weeks, over the days on which anything was
stored at all, and booked(q) the bookings whose slot begins in q. Bookings are part of what past
weeks counted, so they are not added to the mean: they only lift it. With fewer than two such days
there is no mean, and only bookings are told.

Volunteers: items of the busiest quarter × the share that was carried on in those weeks × two
minutes an item ÷ fifteen minutes, rounded up.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

QUARTER = 15
OPENS, CLOSES = 11 * 60, 13 * 60 + 30
WEEKS = 4
FEWEST_DAYS = 2
MINUTES_AN_ITEM = 2


@dataclass(frozen=True)
class Quarter:
    """A quarter of an hour: what is booked, what came as a rule, at least and at most."""

    minute: int
    booked: int
    usual: float | None
    least: int
    most: int
    capacity: int

    @property
    def expected(self) -> int:
        """How many meals to expect."""
        return ceil(max(self.booked, self.usual or 0))


@dataclass(frozen=True)
class Peak:
    """A lunch: its quarters, the number of past days behind them, and the share that is carried."""

    quarters: Sequence[Quarter]
    days: int
    carried: float

    @property
    def is_sure(self) -> bool:
        """Whether past weeks say anything."""
        return self.days >= FEWEST_DAYS

    @property
    def total(self) -> int:
        """How many meals the whole lunch brings."""
        return sum(quarter.expected for quarter in self.quarters)

    @property
    def busiest(self) -> Quarter:
        """The quarter that brings most; the first of equal ones."""
        return max(self.quarters, key=lambda quarter: quarter.expected)

    @property
    def tight(self) -> list[Quarter]:
        """The quarters in which more is expected than slots take."""
        return [quarter for quarter in self.quarters if quarter.expected > quarter.capacity]

    @property
    def volunteers(self) -> int:
        """How many volunteers the busiest quarter needs to carry what goes to the floors."""
        return ceil(self.busiest.expected * self.carried * MINUTES_AN_ITEM / QUARTER)


def quarter_of(minute: int) -> int:
    """Return the minute at which the quarter of an hour begins that holds a minute."""
    return minute // QUARTER * QUARTER


def lunch(
    past: Sequence[Counter[int]],
    booked: Counter[int],
    capacity: Counter[int],
    carried: float,
) -> Peak:
    """Return what to expect; `past` counts each past day's meals by the quarter's first minute."""
    quarters = []
    for minute in range(OPENS, CLOSES, QUARTER):
        seen = [day[minute] for day in past]
        quarters.append(
            Quarter(
                minute,
                sum(count for at, count in booked.items() if quarter_of(at) == minute),
                sum(seen) / len(seen) if len(seen) >= FEWEST_DAYS else None,
                min(seen, default=0),
                max(seen, default=0),
                capacity[minute],
            )
        )
    return Peak(quarters, len(past), carried)
