"""What visitors do: come, give up, do not show up, and are sent on to another line."""

import math
from collections import defaultdict
from collections.abc import Sequence
from statistics import variance

from kiosk.tickets.forecast.hall import Hall, Visitor
from kiosk.tickets.forecast.log import Event
from kiosk.tickets.forecast.plan import Plan
from kiosk.tickets.forecast.pools import Pool

SLOT = 1800
KEPT = 400
_ENOUGH = 5
_WAITS = (120, 600, 1200, 2400)
Arrival = tuple[str, str, bool]
Target = tuple[str, str]


def patience(waited: float) -> int:
    """Return how long somebody has waited, in five classes."""
    return sum(waited >= bound for bound in _WAITS)


class Visitors:
    """Learns from what visitors do; all lengths in seconds."""

    def __init__(self, plan: Plan) -> None:
        rules = plan.rules
        self.came = Pool([8, 12, 15, 18, 20, 23, 26, 30, 38, 60])
        void = rules.calls * rules.recall_after
        self.void = Pool([0.9 * void, void, 1.1 * void])
        self.missed: dict[int, float] = defaultdict(float)
        self.called: dict[int, float] = defaultdict(float)
        self.given_up: dict[int, float] = defaultdict(float)
        self.waited: dict[int, float] = defaultdict(float)
        self.sent_on: dict[str, list[Target]] = defaultdict(list)
        self.served: dict[str, float] = defaultdict(float)
        self.passed: list[int] = []
        self.calls = 50.0
        self.counts: dict[int, float] = defaultdict(float)
        self.kinds: dict[int, list[Arrival]] = defaultdict(list)
        self.today: dict[int, float] = defaultdict(float)
        self.days = 0.0
        self.services: set[str] = set()
        self.slot = 0
        # How many arrivals the usual number of a day weighs as much as: days alike make it high.
        self.likeness = 30.0
        self._totals: list[float] = []

    @property
    def days_seen(self) -> int:
        """On how many past days somebody came, as far back as anything is learnt."""
        return len(self._totals)

    def miss_share(self, waited: float) -> float:
        """Return how often nobody comes when called after such a wait."""
        called, missed = sum(self.called.values()), sum(self.missed.values())
        share = (1 + missed) / (20 + called)
        group = patience(waited)
        return (60 * share + self.missed[group]) / (60 + self.called[group])

    def impatience(self) -> list[tuple[float, float]]:
        """Return for each class of `patience` what gave up before it (a hazard), and the rate."""
        total, start, found = 0.0, 0.0, []
        for bound, rate in zip((*_WAITS, 0), self._giving_up_rates(), strict=True):
            found.append((total - rate * start, rate))
            total += rate * (bound - start)
            start = bound
        return found

    def _giving_up_rates(self) -> list[float]:
        waited, given_up = sum(self.waited.values()), sum(self.given_up.values())
        rate = (0.5 + given_up) / (36_000 + waited)
        weight = 36_000
        return [
            (weight * rate + self.given_up[group]) / (weight + self.waited[group])
            for group in range(len(_WAITS) + 1)
        ]

    def sent_on_share(self, service: str) -> float:
        """Return how often a visit for a service ends in another line."""
        return len(self.sent_on[service]) / (20 + self.served[service])

    @property
    def passing_share(self) -> float:
        """How often somebody is called who is not first in line."""
        return len(self.passed) / self.calls

    def arrivals(self, slot: int) -> tuple[float, Sequence[Arrival]]:
        """Return arrivals a second in this half hour of the day, and of what kinds they are."""
        usual = self.counts[slot] / self.days if self.days else self.today[slot - 1]
        past = sum(self.counts[one] for one in self.counts if one < self.slot)
        seen = sum(count for one, count in self.today.items() if one < self.slot)
        likeness = self.likeness
        busy = (likeness + seen) / (likeness + past / self.days) if self.days else 1
        kinds = self.kinds.get(slot) or self.kinds.get(slot - 1) or ()
        return (usual * busy / SLOT if kinds else 0.0), kinds

    def crowd_spread(self) -> float:
        """Return how unsure it is how busy today is, as a relative deviation."""
        return 1 / math.sqrt(self.likeness + sum(self.today.values()))

    def see(self, event: Event, hall: Hall) -> None:
        """Learn from an event that the hall is about to make happen."""
        visitor = hall.visitors.get(event.ticket) if event.ticket else None
        if event.name == "issue" and hall.day is not None:
            slot = (event.time - hall.day.midnight) // SLOT
            self.slot = slot
            self.services.add(event.service)
            self.today[slot] += 1
            kinds = self.kinds[slot]
            kinds.append((event.queue, event.service, event.priority))
            del kinds[:-KEPT]
        elif visitor is not None:
            self._of_visitor(event, visitor, hall)

    def _of_visitor(self, event: Event, visitor: Visitor, hall: Hall) -> None:
        window = hall.windows.get(event.counter)
        if event.name == "call":
            self._call(event, visitor, hall)
        elif event.name == "cancel":
            self._stood(visitor, event.time)
            self.given_up[patience(event.time - visitor.joined)] += 1
        elif event.name == "start" and window and window.visitor is visitor:
            self.came.add(event.time - window.called)
        elif event.name == "no_show" and window and window.visitor is visitor:
            self.void.add(event.time - window.called)
            self.missed[patience(window.called - visitor.joined)] += 1
        elif event.name in {"finish", "transfer"}:
            self.served[visitor.service] += 1
            if event.name == "transfer":
                self.services.add(event.service)
                self.sent_on[visitor.service].append((event.queue, event.service))

    def _call(self, event: Event, visitor: Visitor, hall: Hall) -> None:
        self._stood(visitor, event.time)
        self.called[patience(event.time - visitor.joined)] += 1
        self.calls += 1
        line = hall.lines[visitor.queue]
        before = sum(
            1 for _, _, other in line if other.key < visitor.key and other.joined < event.time - 60
        )
        if before:
            self.passed.append(before)

    def _stood(self, visitor: Visitor, time: int) -> None:
        start = 0.0
        for group, bound in enumerate((*_WAITS, float("inf"))):
            end = min(bound, time - visitor.joined)
            self.waited[group] += max(0.0, end - start)
            start = bound

    def end_day(self) -> None:
        """Add the day's arrivals to the usual ones; days long past count less."""
        fade = 0.97
        self._totals = [*self._totals[-39:], sum(self.today.values())]
        usual = sum(self._totals) / len(self._totals)
        if len(self._totals) >= _ENOUGH:
            excess = max(0.0, variance(self._totals) - usual) / usual**2
            self.likeness = min(max(1 / (excess + 0.002), 8), 300)
        for slot in {*self.counts, *self.today}:
            self.counts[slot] = fade * self.counts[slot] + self.today[slot]
        self.days = fade * self.days + 1
        self.today.clear()
