"""The event log of a station: one event a line, in the order in which things happened."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from kiosk.tickets.forecast.plan import Plan

HEADER = ("at", "event", "ticket", "queue", "service", "priority", "counter")
_TICKET, _COUNTER = {"ticket"}, {"counter"}
# Which columns each event must fill.
WANTED = {
    "counter_open": {"counter", "queue"},
    "counter_close": _COUNTER,
    "counter_pause": _COUNTER,
    "counter_resume": _COUNTER,
    "issue": {"ticket", "queue"},
    "call": _TICKET | _COUNTER,
    "recall": _TICKET | _COUNTER,
    "no_show": _TICKET | _COUNTER,
    "start": _TICKET | _COUNTER,
    "finish": _TICKET | _COUNTER,
    "transfer": {"ticket", "queue", "counter"},
    "cancel": _TICKET,
}


class LogError(ValueError):
    """A line of the log cannot be used; says which and why."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(f"line {line}: {words}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Event:
    """One line: `time` in epoch seconds, `at` as it was written; what does not apply is empty."""

    at: str
    time: int
    name: str
    ticket: str = ""
    queue: str = ""
    service: str = ""
    priority: bool = False
    counter: int = 0

    def row(self) -> tuple[str, ...]:
        """Return the line of the log, as `HEADER` orders it."""
        priority = str(int(self.priority)) if self.name == "issue" else ""
        counter = str(self.counter) if self.counter else ""
        return self.at, self.name, self.ticket, self.queue, self.service, priority, counter

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues that a counter serves from now on, preferred first."""
        return tuple(self.queue.split("|"))


def read_log(lines: Iterable[str], plan: Plan) -> list[Event]:
    """Read a whole log; refuse the first line that is not as the format says."""
    reader = csv.reader(lines)
    columns = _header(next(reader, None))
    return list(_events(reader, columns, _Check(plan)))


def _header(names: list[str] | None) -> Callable[[list[str]], dict[str, str]]:
    if not names:
        raise LogError(1, "the log is empty")
    names = [name.strip().removeprefix("\ufeff") for name in names]
    missing = [name for name in HEADER if name not in names]
    if missing:
        raise LogError(1, f"column {missing[0]} is missing")
    return lambda row: dict(zip(names, row, strict=True))


def _events(
    reader: Iterator[list[str]], columns: Callable[[list[str]], dict[str, str]], check: "_Check"
) -> Iterator[Event]:
    line = 1
    while True:
        line += 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise LogError(line, str(error)) from error
        if row is None:
            return
        if not row:
            continue
        try:
            yield check.event(columns(row))
        except LogError:
            raise
        except ValueError as error:
            words = str(error)
            wrong_length = "zip()" in words
            raise LogError(line, "wrong number of columns" if wrong_length else words) from error


class _Check:
    """Turns rows into events and refuses what contradicts the station file or the lines above."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.last = -(2**62)
        self.issued: set[str] = set()

    def event(self, row: dict[str, str]) -> Event:
        name = row["event"]
        if name not in WANTED:
            raise ValueError(f"unknown event {name or '(blank)'}")
        blank = sorted(column for column in WANTED[name] if not row[column])
        if blank:
            raise ValueError(f"{name} without {blank[0]}")
        event = Event(
            at=row["at"],
            time=self._time(row["at"]),
            name=name,
            ticket=row["ticket"],
            queue=row["queue"],
            service=row["service"],
            priority=self._priority(row["priority"]),
            counter=self._counter(row["counter"]),
        )
        self._known(event)
        return event

    def _time(self, at: str) -> int:
        try:
            moment = datetime.fromisoformat(at)
        except ValueError as error:
            raise ValueError(f"{at or '(blank)'} is not a time") from error
        if moment.tzinfo is None:
            raise ValueError(f"{at} has no offset from UTC")
        time = int(moment.timestamp())
        if time < self.last:
            raise ValueError(f"{at} is earlier than the line above")
        self.last = time
        return time

    def _priority(self, text: str) -> bool:
        if text not in {"", "0", "1"}:
            raise ValueError(f"priority {text} is neither 1 nor 0")
        return text == "1"

    def _counter(self, text: str) -> int:
        if not text:
            return 0
        if not text.isdecimal() or int(text) not in self.plan.counters:
            raise ValueError(f"unknown counter {text}")
        return int(text)

    def _known(self, event: Event) -> None:
        unknown = set(event.queues) - set(self.plan.queues) if event.queue else ()
        if unknown:
            raise ValueError(f"unknown queue {min(unknown)}")
        if event.service and event.service not in self.plan.services:
            raise ValueError(f"unknown service {event.service}")
        if event.name == "issue":
            if event.ticket in self.issued:
                raise ValueError(f"ticket {event.ticket} was issued before")
            self.issued.add(event.ticket)
        elif event.ticket and event.ticket not in self.issued:
            raise ValueError(f"ticket {event.ticket} was never issued")
