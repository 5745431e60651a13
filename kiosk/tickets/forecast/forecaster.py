"""Puts it together: sees events one by one, learns, and says how long a visitor will wait."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from zlib import crc32

from kiosk.tickets.forecast.calibration import Calibration
from kiosk.tickets.forecast.habits import Habits
from kiosk.tickets.forecast.hall import Hall, Visitor
from kiosk.tickets.forecast.log import Event
from kiosk.tickets.forecast.plan import Plan
from kiosk.tickets.forecast.scene import Known, Scene
from kiosk.tickets.forecast.simulation import Simulation
from kiosk.tickets.forecast.visitors import Visitors
from kiosk.tickets.forecast.visits import Visit, Visits

# Rounds of the future for one answer: fewer in a full hall, where each takes longer.
MOST_ROUNDS, LEAST_ROUNDS, WORTH = 140, 60, 2800


@dataclass(frozen=True, slots=True)
class Outlook:
    """How long somebody will wait, in seconds from `at`: middle, upper bound, and the sample."""

    at: int
    queue: str
    middle: float
    upper: float
    sample: tuple[float, ...]


def rounds_for(hall: Hall) -> int:
    """Return how often to play a hall forward."""
    return min(MOST_ROUNDS, max(LEAST_ROUNDS, WORTH // max(hall.waiting, 1)))


class Forecaster:
    """Follows one station. Chance is drawn from the ticket, so the same log gives the same."""

    def __init__(self, plan: Plan) -> None:
        self.hall = Hall(plan)
        self.known = Known(Visits(), Habits(), Visitors(plan))
        self.calibration = Calibration()
        # Weighing all visits anew takes a while; who reads the past does so once, at its end.
        self.is_catching_up = False
        self._announced: dict[str, Outlook] = {}

    def see(self, event: Event) -> None:
        """Take in the next event."""
        if self.hall.is_new_day(event.time):
            self._turn_day(event.time)
        self.known.habits.see(event, self.hall)
        self.known.visitors.see(event, self.hall)
        if event.name in {"finish", "transfer"}:
            self._learn_visit(event)
        elif event.name == "call":
            self._compare(event)
        self.hall.apply(event)

    def announce(self, ticket: str) -> Outlook:
        """Return how long the visitor will wait who just took this ticket, and remember it."""
        visitor = self.hall.visitors[ticket]
        play = self.simulation(self.hall, [visitor])
        outlook = self.outlook(visitor.queue, play.run(rounds_for(self.hall))[0], self.hall.now)
        self.remember(ticket, outlook)
        return outlook

    def simulation(
        self, hall: Hall, watched: Sequence[Visitor], guests: Sequence[str] = ()
    ) -> Simulation:
        """Return what plays a hall forward with all that was learnt; the same hall, the same."""
        last = watched[-1].ticket if watched else ""
        seed = crc32(f"{last} {hall.now}".encode())
        chance = Random(seed)  # noqa: S311 - nothing to guard: chance plays the hall forward
        return Simulation(Scene(hall, self.known, watched, guests), chance)

    def outlook(self, queue: str, times: Iterable[float], now: int) -> Outlook:
        """Return what rounds of the future mean for somebody in a queue."""
        sample = sorted(max(0.0, time - now) for time in times)
        middle, upper = self.calibration.announce(queue, sample)
        return Outlook(now, queue, middle, upper, tuple(sample))

    def remember(self, ticket: str, outlook: Outlook) -> None:
        """Keep what was announced, to learn from it when the ticket is called."""
        self._announced[ticket] = outlook

    def _turn_day(self, time: int) -> None:
        if self.hall.day is not None:
            self.known.habits.end_day(self.hall)
            self.known.visitors.end_day()
        day = self.hall.plan.day_of(time)
        self.hall.begin(day)
        if not self.is_catching_up:
            self.known.visits.fit(day.ordinal)
        self._announced = {}

    def _learn_visit(self, event: Event) -> None:
        window, day = self.hall.windows[event.counter], self.hall.day
        visitor = window.visitor
        if visitor is None or visitor.ticket != event.ticket or not window.started or day is None:
            return
        self.known.visits.add(
            Visit(
                day=day.ordinal,
                service=visitor.service,
                counter=window.number,
                hour=(window.started - day.midnight) // 3600,
                priority=visitor.priority,
                load=window.load,
                size=math.log(max(1, event.time - window.started)),
                end=event.time,
            )
        )

    def _compare(self, event: Event) -> None:
        outlook = self._announced.pop(event.ticket, None)
        if outlook is not None:
            waited = event.time - outlook.at
            self.calibration.learn(outlook.queue, outlook.sample, outlook.upper, waited)
