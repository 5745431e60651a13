"""What staff do besides visits: come late, take breaks, pause, open a reserve, take a moment."""

from collections import defaultdict
from statistics import pvariance

from kiosk.tickets.forecast.hall import Doing, Hall, Window
from kiosk.tickets.forecast.log import Event
from kiosk.tickets.forecast.plan import Break
from kiosk.tickets.forecast.pools import Pool

HOUR = 3600
SLOT = 1800
ABSENT = 12 * HOUR
_ENOUGH = 10
_CROWDS = (1, 3, 5, 8, 12, 18, 26)


def crowd(waiting: int) -> int:
    """Return how many wait, in eight classes."""
    return sum(waiting >= bound for bound in _CROWDS)


class Habits:
    """Learns from what counters do; all lengths in seconds."""

    def __init__(self) -> None:
        self.late = Pool([-30, 0, 30, 60, 120, 300, 900, 2400], keep=300)
        self.absent, self.due = 0.3, 30.0
        self.overrun = Pool([-120, 0, 60, 120, 240, 420], keep=200)
        self.back_late = Pool([0, 60, 120, 240, 420, 900], keep=200)
        self.pause = Pool([120, 180, 240, 300, 360, 480, 600, 900, 1500])
        self.after_visit = Pool([3, 6, 9, 12, 15, 20, 25, 30, 45, 60])
        self.after_opening = Pool([0, 1, 2, 5])
        self.pick_up = Pool([1, 2, 3, 4, 5, 6])
        self.pauses: dict[tuple[int, int], float] = defaultdict(float)
        self.work: dict[tuple[int, int], float] = defaultdict(float)
        self.pause_lengths: dict[tuple[int, int], list[float]] = defaultdict(list)
        self.opened: dict[int, float] = defaultdict(float)
        self.closed_for: dict[int, float] = defaultdict(float)
        self.left: dict[int, float] = defaultdict(float)
        self.stayed: dict[int, float] = defaultdict(float)
        # Whether breaks end at a time of day rather than after a length of time.
        self.is_back_by_the_clock = False
        self._last = 0

    def pause_rates(self, counter: int) -> dict[int, float]:
        """Return pauses a second of work, by half hour of the day; -1 stands for any other."""
        guess, weight = 0.2, 5 * HOUR
        all_pauses, all_work = sum(self.pauses.values()), sum(self.work.values())
        rate = (guess + all_pauses) / (weight + all_work)
        mine = [slot for number, slot in self.work if number == counter]
        pauses = sum(self.pauses[counter, slot] for slot in mine)
        work = sum(self.work[counter, slot] for slot in mine)
        own = (10 * HOUR * rate + pauses) / (10 * HOUR + work)
        rates = {
            slot: (4 * HOUR * own + self.pauses[counter, slot])
            / (4 * HOUR + self.work[counter, slot])
            for slot in mine
        }
        return {**rates, -1: own}

    def break_length(self, part: Break, start: float, chance: float) -> float:
        """Return how long a break of the rota takes that begins at `start` (since midnight)."""
        if self.is_back_by_the_clock:
            return max(60, part.end + self.back_late.draw(chance) - start)
        return max(60, part.end - part.start + self.overrun.draw(chance))

    def opening_rate(self, waiting: int) -> float:
        """Return openings of a reserve counter a second while so many wait for it."""
        group = crowd(waiting)
        return (0.02 + self.opened[group]) / (HOUR + self.closed_for[group])

    def leaving_share(self, waiting: int) -> float:
        """Return how often a reserve counter closes between two visits while so many wait."""
        group = crowd(waiting)
        return (0.1 + self.left[group]) / (10 + self.left[group] + self.stayed[group])

    def see(self, event: Event, hall: Hall) -> None:
        """Learn from an event that the hall is about to make happen."""
        self._reserves(event, hall)
        if event.name == "call":
            self._call(event, hall)
        elif event.name == "counter_open":
            self._open(event, hall)
        elif event.name == "counter_resume":
            self._resume(hall.windows[event.counter], event, hall)
        elif event.name in {"counter_pause", "counter_close"}:
            self._away(hall.windows[event.counter], event, hall)

    def end_day(self, hall: Hall) -> None:
        """Count who should have come and did not."""
        for number in hall.shifts:
            self.due += 1
            self.absent += hall.windows[number].opened is None

    def _reserves(self, event: Event, hall: Hall) -> None:
        passed, self._last = event.time - self._last, event.time
        for number, window in hall.windows.items():
            if number not in hall.shifts and window.doing is Doing.CLOSED and passed < HOUR:
                self.closed_for[crowd(hall.waiting_for(window))] += passed

    def _call(self, event: Event, hall: Hall) -> None:
        window, visitor = hall.windows[event.counter], hall.visitors.get(event.ticket)
        if visitor is None or window.doing is not Doing.IDLE:
            return
        if window.number not in hall.shifts:
            self.stayed[crowd(hall.waiting_for(window))] += 1
        if visitor.joined > window.free:
            self.pick_up.add(event.time - visitor.joined)
        elif window.is_fresh:
            self.after_opening.add(event.time - window.free)
        else:
            self.after_visit.add(event.time - window.free)

    def _open(self, event: Event, hall: Hall) -> None:
        window = hall.windows[event.counter]
        if window.is_open or hall.day is None:
            return
        shifts = hall.shifts.get(window.number, ())
        if not shifts:
            self.opened[crowd(hall.waiting_for(window))] += 1
        elif window.opened is None:
            self.late.add(event.time - hall.day.midnight - shifts[0].start)
        else:
            self._resume(window, event, hall)

    def _resume(self, window: Window, event: Event, hall: Hall) -> None:
        if hall.day is None or window.is_open:
            return
        length, start = event.time - window.since, window.since - hall.day.midnight
        part = window.on_break
        if part is None:
            self.pause.add(length)
            slots = self.pause_lengths[window.number, start // SLOT]
            slots.append(length)
            del slots[:-20]
        else:
            self.overrun.add(length - (part.end - part.start))
            self.back_late.add(start + length - part.end)
            if self.overrun.seen >= _ENOUGH:
                by_clock, by_length = self.back_late.values, self.overrun.values
                self.is_back_by_the_clock = pvariance(by_clock) < pvariance(by_length)

    def _away(self, window: Window, event: Event, hall: Hall) -> None:
        if hall.day is None or not window.is_open:
            return
        self._worked(window, event.time, hall.day.midnight)
        is_reserve = window.number not in hall.shifts
        if event.name == "counter_close":
            if is_reserve:
                self.left[crowd(hall.waiting_for(window))] += 1
        elif hall.break_due(window, event.time) is None:
            self.pauses[window.number, (event.time - hall.day.midnight) // SLOT] += 1

    def _worked(self, window: Window, until: int, midnight: int) -> None:
        start, end = window.at_work - midnight, until - midnight
        for slot in range(start // SLOT, end // SLOT + 1):
            inside = min(end, (slot + 1) * SLOT) - max(start, slot * SLOT)
            self.work[window.number, slot] += max(0, inside)
