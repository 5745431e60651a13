"""A hall that is simulated from its laws and writes its own log; nothing of the forecast in it."""

import csv
import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from zoneinfo import ZoneInfo

from tests.kiosk.tickets.laws import Laws, lunch

HEADER = ("at", "event", "ticket", "queue", "service", "priority", "counter")
ZONE = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES, ISSUE_FROM, ISSUE_UNTIL = 9 * 3600, 17 * 3600, 31_500, 59_400


def log_of(laws: Laws) -> str:
    """Return the log, as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    day = date(2026, 3, 2)
    random = Random(laws.seed)
    speeds = [random.gauss(0, laws.clerk_spread) for _ in laws.counters]
    for number in range(laws.days):
        if laws.changes_seats:
            random.shuffle(speeds)
        writer.writerows(_Day(laws, random, day, number, speeds).rows())
        day += timedelta(days=3 if day.isoweekday() == 5 else 1)
    return out.getvalue()


def _seconds(text: str) -> int:
    return int(text[:2]) * 3600 + int(text[3:]) * 60


@dataclass
class _Ticket:
    name: str
    queue: str
    service: str
    priority: bool
    issued: float
    key: float = 0.0


@dataclass
class _Counter:
    number: int
    queues: tuple[str, ...]
    speed: float
    is_reserve: bool
    lunch: tuple[int, int] | None
    is_open: bool = False
    is_busy: bool = False
    pause_at: float = math.inf
    opened: float = 0.0


class _Day:
    def __init__(
        self, laws: Laws, random: Random, day: date, number: int, speeds: list[float]
    ) -> None:
        self.laws, self.random, self.day = laws, random, day
        self.midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
        self.pace = random.gauss(0, laws.day_spread) + laws.drift * number
        self.crowd = math.exp(random.gauss(0, 0.2))
        self.waiting: list[_Ticket] = []
        self.agenda: list[tuple[float, int, Callable[[float], None]]] = []
        self.order = 0
        self.issued = 0
        self.lines: list[tuple[str, ...]] = []
        self.now = 0.0
        regular = len(laws.counters) - laws.reserves
        self.counters = [
            _Counter(
                index + 1,
                queues,
                speeds[index],
                index >= regular,
                None
                if index >= regular
                else tuple(map(_seconds, lunch(index + 1, day.isoweekday()))),  # type: ignore[arg-type]
            )
            for index, queues in enumerate(laws.counters)
        ]

    def rows(self) -> Iterator[tuple[str, ...]]:
        laws, random = self.laws, self.random
        away = random.random() < laws.half_staffed
        for counter in self.counters:
            misses = random.random() < laws.absent or (away and counter.number % 2)
            if not counter.is_reserve and not misses:
                late = random.uniform(-60, 120)
                late += random.expovariate(1 / 900) if random.random() < laws.late else 0
                self._plan(OPENS + late, self._opening(counter))
        if laws.reserves:
            self._plan(OPENS + 600, self._look)
        self._plan(self._next_arrival(ISSUE_FROM), self._issue)
        while self.agenda:
            self.now, _, happen = heappop(self.agenda)
            self.now = math.floor(self.now)
            happen(self.now)
        yield from self.lines

    def _plan(self, time: float, happen: Callable[[float], None]) -> None:
        self.order += 1
        heappush(self.agenda, (max(time, self.now), self.order, happen))

    def _write(self, event: str, *, ticket: str = "", **columns: object) -> None:
        at = (self.midnight + timedelta(seconds=int(self.now))).isoformat()
        row = {"at": at, "event": event, "ticket": ticket, **columns}
        self.lines.append(tuple(str(row.get(name, "")) for name in HEADER))

    def _next_arrival(self, time: float) -> float:
        while True:
            is_peak = 11.5 * 3600 <= time < 13.5 * 3600
            rate = self.laws.per_hour * self.crowd * (self.laws.peak if is_peak else 1.0)
            step = self.random.expovariate(rate / 3600)
            if step < 1800:
                return time + step
            time += 1800

    def _issue(self, time: float) -> None:
        laws, random = self.laws, self.random
        if time >= ISSUE_UNTIL:
            return
        self._plan(self._next_arrival(time), self._issue)
        service = random.choice(list(laws.services))
        queue = laws.services[service][0]
        self.issued += 1
        priority = queue != laws.appointments and random.random() < laws.priority_share
        ticket = _Ticket(f"{self.day}/{self.issued:03}", queue, service, priority, time)
        self._write(
            "issue", ticket=ticket.name, queue=queue, service=service, priority=int(priority)
        )
        ticket.key = self._key(ticket, time)
        self.waiting.append(ticket)
        if laws.giving_up:
            self._plan(time + random.expovariate(laws.giving_up / 3600), self._giving_up(ticket))
        self._wake()

    def _key(self, ticket: _Ticket, time: float) -> float:
        laws = self.laws
        if ticket.queue == laws.appointments:
            time -= 1200
        if ticket.priority and laws.priority == "ageing":
            time -= 60 * laws.head_start
        return time

    def _giving_up(self, ticket: _Ticket) -> Callable[[float], None]:
        def give_up(time: float) -> None:
            if ticket in self.waiting and time < CLOSES:
                self.waiting.remove(ticket)
                self._write("cancel", ticket=ticket.name)

        return give_up

    def _opening(self, counter: _Counter) -> Callable[[float], None]:
        def opens(time: float) -> None:
            counter.is_open, counter.is_busy, counter.opened = True, False, time
            self._write("counter_open", queue="|".join(counter.queues), counter=counter.number)
            self._draw_pause(counter, time)
            self._free(counter, time)

        return opens

    def _draw_pause(self, counter: _Counter, time: float) -> None:
        rate = self.laws.pauses / 3600
        counter.pause_at = time + self.random.expovariate(rate) // 1 if rate else math.inf

    def _wake(self) -> None:
        for counter in self.counters:
            if counter.is_open and not counter.is_busy and self._first(counter):
                counter.is_busy = True
                self._plan(self.now + self.random.randint(1, 6), self._calling(counter))
                return

    def _first(self, counter: _Counter) -> _Ticket | None:
        laws = self.laws
        fits = [ticket for ticket in self.waiting if ticket.queue in counter.queues]
        if not fits:
            return None
        if laws.out_of_order and self.random.random() < laws.out_of_order:
            return self.random.choice(fits)
        strict = laws.priority == "strict"
        by_rank = laws.order == "preference"
        return min(
            fits,
            key=lambda ticket: (
                strict and not ticket.priority,
                counter.queues.index(ticket.queue) if by_rank else 0,
                ticket.key,
            ),
        )

    def _free(self, counter: _Counter, time: float) -> None:
        counter.is_busy = False
        if counter.lunch and time >= counter.lunch[0]:
            length = 2400 + self.random.gauss(150, 200)
            counter.lunch = None
            self._away(counter, time, length)
        elif time >= counter.pause_at:
            self._away(counter, time, self.random.lognormvariate(math.log(380), 0.6))
        elif self._first(counter):
            counter.is_busy = True
            self._plan(time + self.random.lognormvariate(2.7, 0.6), self._calling(counter))
        elif time >= CLOSES or (counter.is_reserve and time > counter.opened + 900):
            counter.is_open = False
            self._write("counter_close", counter=counter.number)
        else:
            due = min(counter.lunch[0] if counter.lunch else math.inf, counter.pause_at, CLOSES)
            if counter.is_reserve:
                due = min(due, time + 300)
            self._plan(due, self._idling(counter))

    def _idling(self, counter: _Counter) -> Callable[[float], None]:
        return lambda time: (
            self._free(counter, time) if counter.is_open and not counter.is_busy else None
        )

    def _away(self, counter: _Counter, time: float, length: float) -> None:
        counter.is_busy = True
        self._write("counter_pause", counter=counter.number)

        def back(time: float) -> None:
            self._write("counter_resume", counter=counter.number)
            self._draw_pause(counter, time)
            self._free(counter, time)

        self._plan(time + max(60, length), back)

    def _calling(self, counter: _Counter) -> Callable[[float], None]:
        def call(time: float) -> None:
            ticket = self._first(counter)
            if ticket is None:
                self._free(counter, time)
                return
            self.waiting.remove(ticket)
            self._write("call", ticket=ticket.name, counter=counter.number)
            if self.random.random() < self.laws.no_show:
                self._plan(time + 40, self._missing(counter, ticket, 2))
            else:
                self._plan(time + self.random.uniform(6, 40), self._starting(counter, ticket))

        return call

    def _missing(self, counter: _Counter, ticket: _Ticket, calls: int) -> Callable[[float], None]:
        def again(time: float) -> None:
            if calls > 3:
                self._write("no_show", ticket=ticket.name, counter=counter.number)
                self._free(counter, time)
            else:
                self._write("recall", ticket=ticket.name, counter=counter.number)
                wait = self.random.uniform(35, 55)
                self._plan(time + wait, self._missing(counter, ticket, calls + 1))

        return again

    def _starting(self, counter: _Counter, ticket: _Ticket) -> Callable[[float], None]:
        def start(time: float) -> None:
            self._write("start", ticket=ticket.name, counter=counter.number)
            self._plan(time + self._length(counter, ticket), self._finishing(counter, ticket))

        return start

    def _length(self, counter: _Counter, ticket: _Ticket) -> float:
        laws, random = self.laws, self.random
        if laws.is_gamma:
            shape = 1 / laws.spread**2
            rest = random.gammavariate(shape, 1 / shape)
        else:
            rest = random.lognormvariate(-(laws.spread**2) / 2, laws.spread)
        hurry = laws.hurries * min(len(self.waiting), 20) / 20
        factor = math.exp(counter.speed + self.pace - hurry + 0.1 * ticket.priority)
        return max(20.0, laws.services[ticket.service][1] * factor * rest)

    def _finishing(self, counter: _Counter, ticket: _Ticket) -> Callable[[float], None]:
        def finish(time: float) -> None:
            laws, random = self.laws, self.random
            if random.random() >= laws.sent_on:
                self._write("finish", ticket=ticket.name, counter=counter.number)
                self._free(counter, time)
                return
            service = random.choice([s for s in laws.services if s != ticket.service])
            ticket.service, ticket.queue = service, laws.services[service][0]
            self._write(
                "transfer",
                ticket=ticket.name,
                queue=ticket.queue,
                service=service,
                counter=counter.number,
            )
            ticket.key = {"end": time, "issue_time": self._key(ticket, ticket.issued)}.get(
                laws.place, -1.0
            )
            self.waiting.append(ticket)
            self._free(counter, time)
            self._wake()

        return finish

    def _look(self, time: float) -> None:
        """Open a reserve counter where too many wait; the manager looks every five minutes."""
        open_now = sum(counter.is_open for counter in self.counters) or 1
        if len(self.waiting) > 3 * open_now and time < CLOSES - 1800:
            for counter in self.counters:
                if counter.is_reserve and not counter.is_open:
                    self._opening(counter)(time)
                    break
        if time < CLOSES:
            self._plan(time + 300, self._look)
