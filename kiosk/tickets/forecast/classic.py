"""Older rules for the wait, to compare with and to fall back on; all in seconds.

`hall` needs no learning: people waiting × mean service time ÷ open counters. The others are those
of the literature, for the visitor's own queue: queue length, the last one to enter service (LES),
the head of the line (HOL), the last one who finished (RCS), and the mean of the past.
"""

from dataclasses import dataclass

from kiosk.tickets.forecast.hall import Doing, Hall, Visitor
from kiosk.tickets.forecast.log import Event

USUAL = 480.0
NAMES = ("hall", "queue", "next", "workload", "LES", "HOL", "RCS", "history")


@dataclass(slots=True)
class _Mean:
    count: int = 0
    total: float = 0.0

    def add(self, value: float) -> None:
        self.count += 1
        self.total += value

    def or_else(self, other: float) -> float:
        return self.total / self.count if self.count else other


class Classics:
    """Follows the log beside the hall, and answers for every rule at once."""

    def __init__(self) -> None:
        self._visits: dict[str, _Mean] = {}
        self._waits: dict[str, _Mean] = {}
        self._entered: dict[str, float] = {}
        self._finished: dict[str, float] = {}
        self._waited: dict[str, float] = {}

    def see(self, event: Event, hall: Hall) -> None:
        """Learn from an event that the hall is about to make happen."""
        visitor = hall.visitors.get(event.ticket) if event.ticket else None
        if hall.is_new_day(event.time):
            self._entered, self._finished, self._waited = {}, {}, {}
        elif visitor is not None:
            self._of(event, visitor, hall)

    def _of(self, event: Event, visitor: Visitor, hall: Hall) -> None:
        if event.name == "call":
            waited = float(event.time - visitor.joined)
            self._entered[visitor.queue] = self._waited[visitor.ticket] = waited
            self._waits.setdefault(visitor.queue, _Mean()).add(waited)
        elif event.name in {"finish", "transfer"}:
            seconds = event.time - hall.windows[event.counter].started
            for key in ("", visitor.queue, f"{visitor.queue} {visitor.service}"):
                self._visits.setdefault(key, _Mean()).add(seconds)
            self._finished[visitor.queue] = self._waited.get(visitor.ticket, 0.0)

    def waits(self, visitor: Visitor, hall: Hall) -> dict[str, float]:
        """Return what each rule says to somebody who just joined a line."""
        queue = visitor.queue
        usual = self._mean("", USUAL)
        own = self._mean(queue, usual)
        line = [place[2] for place in hall.lines[queue] if place[2] is not visitor]
        everywhere, here = _at_work(hall, None), _at_work(hall, queue)
        history = self._waits.get(queue, _Mean()).or_else(usual)
        head = min((one.joined for one in line), default=hall.now)
        return {
            "hall": (hall.waiting - 1) * usual / everywhere,
            "queue": len(line) * own / here,
            "next": (len(line) + 1) * own / here,
            "workload": sum(self._mean(f"{queue} {one.service}", own) for one in line) / here,
            "LES": self._entered.get(queue, history),
            "HOL": float(hall.now - head),
            "RCS": self._finished.get(queue, history),
            "history": history,
        }

    def _mean(self, key: str, other: float) -> float:
        return self._visits.get(key, _Mean()).or_else(other)


def _at_work(hall: Hall, queue: str | None) -> int:
    """Return how many counters are open (for a queue); at least one."""
    return max(
        1,
        sum(
            window.doing is not Doing.CLOSED and (queue is None or queue in window.queues)
            for window in hall.windows.values()
        ),
    )
