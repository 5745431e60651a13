"""The hall as it stands: who waits in which line, and what every counter does."""

from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from kiosk.tickets.forecast.log import Event
from kiosk.tickets.forecast.plan import Break, Day, Plan, Shift

# A break may begin this many seconds before the rota says so.
EARLY = 60
_SHORTEST_DAY = 22 * 3600


class Doing(Enum):
    """What a counter does."""

    CLOSED = auto()
    IDLE = auto()
    CALLED = auto()
    SERVING = auto()
    PAUSED = auto()


@dataclass(slots=True)
class Visitor:
    """Somebody with a ticket; `joined` is when they came to stand in this line."""

    ticket: str
    queue: str
    service: str
    priority: bool
    issued: int
    joined: int
    key: float
    order: int
    calls: int = 0
    is_first: bool = True


@dataclass(slots=True)
class Window:
    """A counter: what it does since when (epoch seconds), for whom, and what came before."""

    number: int
    queues: tuple[str, ...]
    doing: Doing = Doing.CLOSED
    since: int = 0
    visitor: Visitor | None = None
    called: int = 0
    started: int = 0
    load: int = 0
    free: int = 0
    is_fresh: bool = False
    at_work: int = 0
    opened: int | None = None
    breaks: frozenset[Break] = field(default_factory=frozenset)
    on_break: Break | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody works here now."""
        return self.doing not in (Doing.CLOSED, Doing.PAUSED)


Place = tuple[float, int, Visitor]


class Hall:
    """Follows the log, event by event."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.day: Day | None = None
        self.now = 0
        self.order = 0
        self.visitors: dict[str, Visitor] = {}
        self.lines: dict[str, list[Place]] = {}
        self.windows: dict[int, Window] = {}
        self.shifts: dict[int, tuple[Shift, ...]] = {}
        self._happens: dict[str, Callable[[Event], None]] = {
            "issue": self._issue,
            "call": self._call,
            "recall": self._recall,
            "start": self._start,
            "finish": self._free,
            "no_show": self._free,
            "transfer": self._transfer,
            "cancel": self._cancel,
            "counter_open": self._open,
            "counter_close": self._away,
            "counter_pause": self._away,
            "counter_resume": self._resume,
        }

    def is_new_day(self, time: int) -> bool:
        """Tell whether a moment is not in the day that the hall is in."""
        if self.day is None:
            return True
        is_surely_today = 0 <= time - self.day.midnight < _SHORTEST_DAY
        return not is_surely_today and self.plan.day_of(time) != self.day

    def begin(self, day: Day) -> None:
        """Begin a day: nobody waits, every counter is closed."""
        self.day = day
        self.visitors = {}
        self.lines = {queue: [] for queue in self.plan.queues}
        self.windows = {
            number: Window(number, queues) for number, queues in self.plan.counters.items()
        }
        self.shifts = dict(self.plan.shifts(day.date))

    @property
    def midnight(self) -> int:
        """The epoch second at which the day began; 0 before the first event."""
        return self.day.midnight if self.day else 0

    def waiting_for(self, window: Window) -> int:
        """Return how many wait whom a counter could call."""
        return sum(len(self.lines[queue]) for queue in window.queues)

    @property
    def waiting(self) -> int:
        """How many wait in the hall."""
        return sum(map(len, self.lines.values()))

    def break_due(self, window: Window, time: int) -> Break | None:
        """Return the break of the rota that a counter would begin now, if any."""
        if self.day is None:
            return None
        second = time - self.day.midnight
        for shift in self.shifts.get(window.number, ()):
            for part in shift.breaks:
                if part not in window.breaks and part.start - EARLY <= second < part.end:
                    return part
        return None

    def apply(self, event: Event) -> None:
        """Let one event happen."""
        self.now = event.time
        self._happens[event.name](event)

    def _issue(self, event: Event) -> None:
        key = self.plan.rules.key(event.queue, event.time, priority=event.priority)
        self.order += 1
        visitor = Visitor(
            event.ticket,
            event.queue,
            event.service,
            event.priority,
            event.time,
            event.time,
            key,
            self.order,
        )
        self.visitors[event.ticket] = visitor
        self.join(visitor)

    def join(self, visitor: Visitor) -> None:
        """Let a visitor stand in the line of their queue, where their key says."""
        insort(self.lines[visitor.queue], (visitor.key, visitor.order, visitor))

    def _leave(self, visitor: Visitor) -> None:
        line = self.lines[visitor.queue]
        at = bisect_left(line, (visitor.key, visitor.order))
        if at < len(line) and line[at][2] is visitor:
            del line[at]

    def _call(self, event: Event) -> None:
        visitor = self.visitors.get(event.ticket)
        if visitor is None:
            return
        self._leave(visitor)
        visitor.calls = 1
        visitor.is_first = False
        window = self.windows[event.counter]
        self._work(window, event.time)
        window.doing, window.since = Doing.CALLED, event.time
        window.visitor, window.called = visitor, event.time

    @staticmethod
    def _work(window: Window, time: int) -> None:
        """Take it as at work from now on, if it was not: not every log says that it opened."""
        if not window.is_open:
            window.at_work = time

    def _recall(self, event: Event) -> None:
        visitor = self.visitors.get(event.ticket)
        if visitor is not None:
            visitor.calls += 1

    def _start(self, event: Event) -> None:
        window = self.windows[event.counter]
        self._work(window, event.time)
        window.doing, window.since = Doing.SERVING, event.time
        window.started, window.load = event.time, self.waiting_for(window)

    def _free(self, event: Event) -> None:
        window = self.windows[event.counter]
        self._work(window, event.time)
        window.doing, window.since, window.visitor = Doing.IDLE, event.time, None
        window.free, window.is_fresh = event.time, False

    def _transfer(self, event: Event) -> None:
        self._free(event)
        visitor = self.visitors.get(event.ticket)
        if visitor is None:
            return
        self.order += 1
        visitor.queue, visitor.service = event.queue, event.service
        visitor.joined, visitor.order = event.time, self.order
        visitor.key = self.plan.rules.transfer_key(
            event.queue, event.time, visitor.issued, priority=visitor.priority
        )
        self.join(visitor)

    def _cancel(self, event: Event) -> None:
        visitor = self.visitors.pop(event.ticket, None)
        if visitor is None:
            return
        self._leave(visitor)
        for window in self.windows.values():
            if window.visitor is visitor:
                window.doing, window.since, window.visitor = Doing.IDLE, event.time, None

    def _open(self, event: Event) -> None:
        window = self.windows[event.counter]
        window.queues = event.queues
        if window.is_open:
            return
        self._back(window, event.time)
        if window.opened is None:
            window.opened = event.time

    def _back(self, window: Window, time: int) -> None:
        if window.on_break is not None:
            window.breaks |= {window.on_break}
        window.on_break = None
        window.doing, window.since = Doing.IDLE, time
        window.free = window.at_work = time
        window.is_fresh = True

    def _resume(self, event: Event) -> None:
        self._back(self.windows[event.counter], event.time)

    def _away(self, event: Event) -> None:
        window = self.windows[event.counter]
        window.on_break = self.break_due(window, event.time)
        is_close = event.name == "counter_close"
        window.doing = Doing.CLOSED if is_close else Doing.PAUSED
        window.since, window.visitor = event.time, None
