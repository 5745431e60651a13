"""The hall at one moment, made ready to be played forward: what is known, in tables."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kiosk.tickets.forecast.habits import ABSENT, SLOT, Habits
from kiosk.tickets.forecast.hall import Doing, Hall, Visitor, Window
from kiosk.tickets.forecast.plan import STRICT, Break, Rules, Shift
from kiosk.tickets.forecast.visitors import Arrival, Visitors
from kiosk.tickets.forecast.visits import Pace, Visits

NEVER = float("inf")
PREFERENCE = 1e6
# The number of a counter that does not exist.
NOBODY = 0
# What decides how long a visit takes: service, priority.
Kind = tuple[str, bool]
# A visitor in line: key, order, number of the line, kind, issued, joined, watched (or -1).
Waiter = tuple[float, int, int, Kind, int, float, int]


@dataclass(frozen=True)
class Known:
    """Everything that was learnt from the log so far."""

    visits: Visits
    habits: Habits
    visitors: Visitors


@dataclass(slots=True)
class Desk:
    """A counter: whom it serves in which order, until when, and what interrupts it."""

    window: Window
    lines: list[tuple[int, float, float]]
    scales: dict[Kind, float]
    pace: Pace
    closes: float
    is_last: bool
    is_reserve: bool
    breaks: list[tuple[float, Break]]
    pause_rates: dict[int, float]
    load: int


class Scene:
    """What is known at the moment `hall.now`; times are epoch seconds.

    `watched` are visitors in line of whom somebody wants to know when they are called; `guests`
    are queues of which one wants to know when somebody would be called who came now.
    """

    def __init__(
        self,
        hall: Hall,
        known: Known,
        watched: Sequence[Visitor] = (),
        guests: Sequence[str] = (),
    ) -> None:
        self.hall, self.known = hall, known
        self.rules: Rules = hall.plan.rules
        self.now = hall.now
        self.midnight = hall.midnight
        self.index = {queue: number for number, queue in enumerate(hall.plan.queues)}
        self.watched = len(watched) + len(guests)
        # Where nobody stands yet: line, key of somebody who comes next, and the mark they have.
        self.guests = [
            (
                self.index[queue],
                self.rules.key(queue, self.now + 1, priority=False),
                len(watched) + n,
            )
            for n, queue in enumerate(guests)
        ]
        marks = {visitor.ticket: mark for mark, visitor in enumerate(watched)}
        self.lines = [
            [self._waiter(place[2], marks) for place in reversed(hall.lines[queue])]
            for queue in hall.plan.queues
        ]
        self._tables(hall, known)

    def _tables(self, hall: Hall, known: Known) -> None:
        self.pace = known.visits.pace_today()
        self.ends = max(
            (shift.end for shifts in hall.shifts.values() for shift in shifts), default=0
        )
        # When somebody is thought to be called whom no counter is going to call.
        self.at_last = float(max(self.now + 3600, self.midnight + self.ends + 1800))
        self.services = {
            *known.visits.rests,
            *known.visitors.services,
            *(waiter[3][0] for line in self.lines for waiter in line),
            *(w.visitor.service for w in hall.windows.values() if w.visitor is not None),
        }
        self.desks = [self._desk(window) for window in hall.windows.values()]
        self.sent_on_shares = {
            service: known.visitors.sent_on_share(service) for service in self.services
        }
        self.has_reserves = any(
            desk.is_reserve and desk.window.doing is Doing.CLOSED for desk in self.desks
        )
        self.goes_on = self.rules.lets_pass or self.has_reserves
        self._arrivals: dict[int, tuple[float, Sequence[Arrival]]] = {}
        self.crowd_spread = known.visitors.crowd_spread()
        self.miss_shares = [known.visitors.miss_share(one) for one in (0, 120, 600, 1200, 2400)]
        self.impatience = known.visitors.impatience()
        self.passing_share = known.visitors.passing_share

    def _waiter(self, visitor: Visitor, marks: dict[str, int]) -> Waiter:
        return (
            visitor.key,
            visitor.order,
            self.index[visitor.queue],
            (visitor.service, visitor.priority),
            visitor.issued,
            visitor.joined,
            marks.get(visitor.ticket, -1),
        )

    def _desk(self, window: Window) -> Desk:
        visits, hour = self.known.visits, (self.now - self.midnight) // 3600
        load = self.hall.waiting_for(window)
        shifts = self.hall.shifts.get(window.number, ())
        shift = self._shift(shifts)
        by_preference = PREFERENCE if self.rules.order == "preference" else 0.0
        return Desk(
            window=window,
            lines=[
                (self.index[queue], rank * by_preference, -STRICT + rank * by_preference)
                for rank, queue in enumerate(window.queues)
            ],
            scales={
                (service, priority): math.exp(
                    visits.scale(service, window.number, hour, load, priority=priority)
                )
                for service in self.services
                for priority in (False, True)
            },
            pace=visits.pace_of(window.number),
            closes=self.midnight + shift.end if shift else NEVER,
            is_last=shift is None or shift.end >= self.ends,
            is_reserve=not shifts,
            breaks=self._breaks(window, shifts),
            pause_rates=self.known.habits.pause_rates(window.number),
            load=load,
        )

    def add_desk(self, queue: str, closes: float) -> None:
        """Let one counter more serve a queue until a moment, without a pause, by nobody known."""
        desk = self._desk(Window(NOBODY, (queue,)))
        self.desks.append(
            replace(desk, closes=closes, is_last=False, is_reserve=False, pause_rates={-1: 0.0})
        )

    def _shift(self, shifts: tuple[Shift, ...]) -> Shift | None:
        """Return the shift that runs now, or the next one, or the last."""
        second = self.now - self.midnight
        return next((one for one in shifts if second < one.end), shifts[-1] if shifts else None)

    def _breaks(self, window: Window, shifts: tuple[Shift, ...]) -> list[tuple[float, Break]]:
        """Return the breaks still to come; between two shifts is a break."""
        second = self.now - self.midnight
        gaps = [Break(one.end, other.start) for one, other in pairwise(shifts)]
        parts = [part for shift in shifts for part in shift.breaks] + gaps
        return [
            (self.midnight + part.start, part)
            for part in sorted(parts, key=lambda part: part.start)
            if second < part.end and part not in window.breaks and part != window.on_break
        ]

    def arrivals(self, slot: int) -> tuple[float, Sequence[Arrival]]:
        """Return arrivals a second in a half hour of the day, and of what kinds they are."""
        found = self._arrivals.get(slot)
        if found is None:
            found = self._arrivals[slot] = self.known.visitors.arrivals(slot)
        return found

    def pause_length(self, desk: Desk, time: float, chance: float) -> float:
        """Return how long a pause takes that begins now and that no rota names."""
        habits = self.known.habits
        slot = int(time - self.midnight) // SLOT
        own = habits.pause_lengths.get((desk.window.number, slot), ())
        # Where pauses are a habit of this half hour, they take as long as they took.
        share = len(own) / (len(own) + 4)
        if own and chance < share:
            return own[int(chance / share * len(own))]
        return habits.pause.draw((chance - share) / (1 - share) if own else chance)

    def away_until(self, desk: Desk, chance: float) -> float:
        """Return when a counter that is closed or paused now goes on; NEVER if not today."""
        window, habits = desk.window, self.known.habits
        if window.doing is Doing.CLOSED and window.opened is None:
            return self._opens(desk, chance)
        if window.doing is Doing.CLOSED and (desk.is_reserve or self.now >= desk.closes - 60):
            return NEVER
        elapsed = self.now - window.since
        part = window.on_break
        if part is None:
            return window.since + habits.pause.beyond(elapsed, chance)
        start = window.since - self.midnight
        if habits.is_back_by_the_clock:
            late = habits.back_late.beyond(self.now - self.midnight - part.end, chance)
            return self.midnight + part.end + late
        planned = part.end - part.start
        return self.midnight + start + planned + habits.overrun.beyond(elapsed - planned, chance)

    def _opens(self, desk: Desk, chance: float) -> float:
        shifts = self.hall.shifts.get(desk.window.number, ())
        if not shifts:
            return NEVER
        habits = self.known.habits
        start = self.midnight + shifts[0].start
        late = self.now - start
        still = sum(value > late for value in habits.late.values) / len(habits.late.values)
        absent = habits.absent / habits.due
        share = absent / (absent + (1 - absent) * max(still, 0.02))
        if chance < share:
            return self.now + ABSENT
        return start + habits.late.beyond(late, (chance - share) / (1 - share))
