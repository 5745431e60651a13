"""The rest of a day: how long those will wait who are still to come, and what a counter more does.

Times of the day are minutes since midnight, waits are minutes.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from random import Random

from kiosk.tickets.forecast.calibration import quantile
from kiosk.tickets.forecast.habits import SLOT
from kiosk.tickets.forecast.hall import Hall
from kiosk.tickets.forecast.scene import Desk, Known, Scene, Waiter
from kiosk.tickets.forecast.simulation import Round, Simulation

MINUTE = 60
# What every station promises: to be called within so many minutes.
PROMISE_MINUTES = 15
# With fewer days to learn from, nothing is said of the rest of one.
FEW_DAYS = 5
ROUNDS = 40
# A half hour to which fewer people come than this says nothing.
FEW_PEOPLE = 0.5
# For fewer people who wait too long, no counter is opened.
FEW_LATE = 2
HALF, MOST = 0.5, 0.9
MOST_COUNTERS = 4
# A counter is opened for so many minutes at least.
LEAST = 60
# A counter more is worth a word where it shortens the wait to this part of it at least.
WORTH = 0.75

# When somebody came, and how long they waited: in seconds; by the number of the queue.
Stay = tuple[float, float]
Stays = Sequence[list[Stay]]


@dataclass(frozen=True)
class Coming:
    """Who comes in a half hour: how many, within what time half and nine in ten are called."""

    begins: int
    people: float
    half: float
    most: float


@dataclass(frozen=True)
class Need:
    """A queue that needs more counters for a while; what nine in ten wait without, and with."""

    queue: str
    begins: int
    ends: int
    counters: int = 1
    without: float = 0.0
    most: float = 0.0


@dataclass(frozen=True)
class Hour:
    """An hour that is left: who comes, the longest of nine in ten waits, counters planned, more.

    Where so many more are not enough, even more are needed: nobody plays with more than a few.
    """

    begins: int
    people: int
    most: float | None
    planned: int
    more: int
    is_enough: bool = True


@dataclass(frozen=True)
class Ahead:
    """What is expected of the rest of a day; nothing where too few days were seen.

    It is over when no more numbers are given out.
    """

    days: int
    is_over: bool = False
    ends: int = 0
    bins: tuple[Coming, ...] = ()
    needs: tuple[Need, ...] = ()
    # Counters that the rota plans, by hour of the day.
    planned: tuple[tuple[int, int], ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether enough days were seen."""
        return self.days >= FEW_DAYS

    @property
    def peak(self) -> Coming | None:
        """The half hour with the longest waits."""
        return max(self.bins, key=lambda one: one.most, default=None)

    @property
    def people(self) -> int:
        """How many are still to come."""
        return round(sum(one.people for one in self.bins))

    @property
    def hours(self) -> list[Hour]:
        """What is expected of each hour that is left, without those in which nothing happens."""
        found = []
        for hour, planned in self.planned:
            bins = [one for one in self.bins if one.begins // 60 == hour]
            needs = [
                need
                for need in self.needs
                if need.begins < 60 * hour + 60 and 60 * hour < need.ends
            ]
            more = sum(need.counters for need in needs)
            if bins or planned or more:
                people = round(sum(one.people for one in bins))
                most = max((one.most for one in bins), default=None)
                is_enough = all(need.most <= PROMISE_MINUTES for need in needs)
                found.append(Hour(60 * hour, people, most, planned, more, is_enough))
        return found


class _WholeDay(Round):
    """A round that goes on until nobody comes any more, and notes how long everybody waited."""

    STEPS = 20_000

    def __init__(self, simulation: Simulation, opens: dict[int, float]) -> None:
        self.opens = opens
        self.stays: list[tuple[int, float, float]] = []
        super().__init__(simulation)
        # There is always somebody whose wait is of interest.
        self.left = 1

    def parts(self) -> Iterator[None]:
        """Play until the end; who is not called by then waits until then at least."""
        yield from super().parts()
        for line in self.lines:
            for visitor in line:
                self._note(visitor, max(self.scene.at_last, visitor[5]))

    def _ready(self, number: int, desk: Desk) -> float:
        opens = self.opens.get(number)
        if opens is None:
            return super()._ready(number, desk)
        self.last[number] = opens
        return opens

    def _next(self, time: float, desk: Desk) -> Waiter | None:
        visitor = super()._next(time, desk)
        if visitor is not None:
            self._note(visitor, time)
        return visitor

    def _note(self, visitor: Waiter, time: float) -> None:
        if visitor[5] >= self.scene.now:
            self.stays.append((visitor[2], visitor[5], time - visitor[5]))


class Prospect:
    """Looks at the rest of one day, in short steps."""

    def __init__(self, hall: Hall, known: Known) -> None:
        self.hall, self.known = hall, known
        self.queues = hall.plan.queues
        self.first = (hall.now - hall.midnight) // SLOT
        self.ends = hall.plan.rules.issue_until // MINUTE

    def look(self) -> Iterator[Ahead | None]:
        """Yield None after each step, and in the end what is expected."""
        days = self.known.visitors.days_seen
        if days < FEW_DAYS:
            yield Ahead(days)
            return
        usual = self._nobody()
        yield from self._play(usual)
        stays, needs, vain = usual, list[Need](), set[str]()
        for _ in range(MOST_COUNTERS):
            worst = yield from self._worst(stays, vain)
            if worst is None:
                break
            then = self._nobody()
            yield from self._play(then, [*needs, worst])
            if self._most(then, worst) < WORTH * self._most(stays, worst):
                needs.append(worst)
                stays = then
            else:
                vain.add(worst.queue)
        yield Ahead(
            days,
            ends=self.ends,
            bins=tuple(self._bins(chain(*usual))),
            needs=tuple(
                replace(need, without=self._most(usual, need), most=self._most(stays, need))
                for need in _together(needs)
            ),
            planned=tuple(self._planned()),
        )

    def _nobody(self) -> Stays:
        return [[] for _ in self.queues]

    def _play(self, stays: Stays, needs: Sequence[Need] = ()) -> Iterator[None]:
        """Play the rest of the day with the counters that are asked for; step by step."""
        scene = Scene(self.hall, self.known)
        scene.goes_on = True
        opens = {}
        for need in needs:
            begins, ends = self._moments(need)
            opens[len(scene.desks)] = max(begins, float(self.hall.now))
            scene.add_desk(need.queue, ends)
        # The same chances with and without another counter: what differs is the counter's doing.
        play = Simulation(scene, Random(self.hall.now))  # noqa: S311 - nothing to guard
        for _ in range(ROUNDS):
            day = _WholeDay(play, opens)
            yield from day.parts()
            for queue, came, waited in day.stays:
                stays[queue].append((came, waited))
            yield

    def _bins(self, stays: Iterable[Stay]) -> Iterator[Coming]:
        """Return what is expected of each half hour, but of those to which hardly anybody comes."""
        slots: dict[int, list[float]] = defaultdict(list)
        for came, waited in stays:
            slots[int(came - self.hall.midnight) // SLOT].append(waited / MINUTE)
        for slot, waits in sorted(slots.items()):
            people = len(waits) / ROUNDS
            if people >= FEW_PEOPLE:
                waits.sort()
                half, most = quantile(waits, HALF), quantile(waits, MOST)
                yield Coming(slot * SLOT // MINUTE, people, half, most)

    def _worst(self, stays: Stays, vain: set[str]) -> Generator[None, None, Need | None]:
        """Return where most people wait longer than promised; not where a counter is in vain."""
        found = []
        for queue, mine in zip(self.queues, stays, strict=True):
            yield
            crowded = [one for one in self._bins(mine) if one.most > PROMISE_MINUTES]
            for span in _spans(crowded) if queue not in vain else ():
                begins, ends = span[0].begins, span[-1].begins + SLOT // MINUTE
                need = Need(queue, begins, max(ends, begins + LEAST))
                waits = self._waits(stays, need)
                late = sum(wait > PROMISE_MINUTES for wait in waits) / ROUNDS
                if late >= FEW_LATE and quantile(waits, MOST) > PROMISE_MINUTES:
                    found.append((late, need))
        return max(found, key=_late)[1] if found else None

    def _most(self, stays: Stays, need: Need) -> float:
        waits = self._waits(stays, need)
        return quantile(waits, MOST) if waits else 0.0

    def _waits(self, stays: Stays, need: Need) -> list[float]:
        """Return how long those wait who come to a queue in a span, the shortest first."""
        mine, (begins, ends) = stays[self.queues.index(need.queue)], self._moments(need)
        return sorted(waited / MINUTE for came, waited in mine if begins <= came < ends)

    def _moments(self, need: Need) -> tuple[float, float]:
        midnight = float(self.hall.midnight)
        return midnight + MINUTE * need.begins, midnight + MINUTE * need.ends

    def _planned(self) -> Iterator[tuple[int, int]]:
        """Return how many counters the rota plans in each hour that is left, breaks taken off."""
        shifts = [shift for shifts in self.hall.shifts.values() for shift in shifts]
        for hour in range(self.first * SLOT // 3600, -(-self.ends // 60)):
            since, until = 3600 * hour, 3600 * (hour + 1)
            worked = sum(
                _within(shift.start, shift.end, since, until)
                - sum(_within(part.start, part.end, since, until) for part in shift.breaks)
                for shift in shifts
            )
            yield hour, round(worked / 3600)


def _together(needs: Sequence[Need]) -> list[Need]:
    """Return several counters for one queue from the same time on as one wish; in order of time."""
    wishes: dict[tuple[int, str], Need] = {}
    for need in needs:
        key = need.begins, need.queue
        before = wishes.get(key, replace(need, counters=0))
        ends, counters = max(need.ends, before.ends), before.counters + 1
        wishes[key] = replace(need, ends=ends, counters=counters)
    return [wishes[key] for key in sorted(wishes)]


def _late(found: tuple[float, Need]) -> float:
    return found[0]


def _within(start: int, end: int, since: int, until: int) -> int:
    return max(min(end, until) - max(start, since), 0)


def _spans(bins: Sequence[Coming]) -> list[list[Coming]]:
    """Return half hours that follow each other, together."""
    spans: list[list[Coming]] = []
    for one in bins:
        if spans and spans[-1][-1].begins + SLOT // MINUTE == one.begins:
            spans[-1].append(one)
        else:
            spans.append([one])
    return spans
