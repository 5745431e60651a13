"""Looks ahead at a station, off the request path: learns from its past, plays its hall forward.

Each step is short, and gives way to others (`yield`) before the next.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from kiosk import clock
from kiosk.catalog.models import Service
from kiosk.db import session
from kiosk.stations.models import Counter, Station
from kiosk.stations.queries import all_counters_of, opening_of
from kiosk.tickets.forecast.ahead import Ahead, Prospect
from kiosk.tickets.forecast.calibration import quantile
from kiosk.tickets.forecast.forecaster import Forecaster, Outlook, rounds_for
from kiosk.tickets.forecast.hall import Doing, Hall, Visitor, Window
from kiosk.tickets.forecast.plan import Plan, plan_of, time_of_day
from kiosk.tickets.forecast.ranges import Wait, around, borne_out
from kiosk.tickets.history import DayLog, events_of, station_file
from kiosk.tickets.models import AT_COUNTER, Queue, Ticket, TicketEvent, TicketState, number
from kiosk.tickets.outlook import Expected, Told, outlook
from kiosk.tickets.queries import (
    IDLE,
    is_closed_early,
    is_promise_kept,
    oldest_waiting,
    queues_of,
    staffing_of,
    waiting_counts,
)

PAST_DAYS = 60
LEARNS_EVERY = timedelta(minutes=1)
LOOKS_FAR_EVERY = timedelta(minutes=5)
# Beyond so many waiting, the queue-length rule says as much, and sooner.
MOST_WAITING = 300
SLICE = 5
# So many events are learnt in one step.
AT_ONCE = 50
# A counter without a seat is at work for so many seconds after a visit.
AT_WORK = 1800
LOWER = 0.2

_OPEN_TODAY = (
    select(
        Ticket.id,
        Ticket.letter.label("its_letter"),
        Ticket.seq,
        Ticket.state,
        Ticket.priority,
        Ticket.due_at,
        Ticket.issued_at,
        Ticket.called_at,
        Ticket.started_at,
        Ticket.calls,
        Ticket.p50_seconds,
        Queue.letter,
        Service.code,
        Counter.number.label("counter"),
    )
    .join(Queue, Queue.id == Ticket.queue_id)
    .outerjoin(Service, Service.id == Ticket.service_id)
    .outerjoin(Counter, Counter.id == Ticket.counter_id)
    .where(
        Ticket.queue_id.in_(select(Queue.id).where(Queue.station_id == bindparam("station_id"))),
        Ticket.day == bindparam("day"),
        Ticket.state.in_((TicketState.WAITING, *AT_COUNTER)),
    )
    .order_by(Ticket.id)
)
_KEEP = (
    update(Ticket)
    .where(Ticket.id == bindparam("its_id"), Ticket.p50_seconds.is_(None))
    .values(p50_seconds=bindparam("p50"), p80_seconds=bindparam("p80"))
)


def _first_day(station: Station, since: date) -> date | None:
    """Return the first day since another on which somebody was called."""
    event = TicketEvent
    called = select(func.min(event.day)).where(
        event.station_id == station.id, event.day >= since, event.is_call
    )
    return session.scalar(called)


class Foresight:
    """What is known of one station, and what it will say next."""

    def __init__(self, station_id: int) -> None:
        self.station_id = station_id
        self.setup: dict[str, Any] = {}
        self.forecaster: Forecaster | None = None
        self.learnt_at = self.looked_far_at = datetime.min.replace(tzinfo=UTC)
        self.today: DayLog | None = None
        self.is_promise = False
        self.idle: dict[int, int] = {}
        self.worked: dict[int, int] = {}
        self.unkept: dict[int, Outlook] = {}

    def learn(self, station: Station, at: datetime) -> Iterator[None]:
        """Take in what happened: all of the last days at first, what is new from then on."""
        today = clock.day_at(at, station.timezone)
        if self.today and self.today.day == today and at - self.learnt_at < LEARNS_EVERY:
            return
        self.learnt_at = at
        setup = station_file(station)
        yield
        if self.forecaster is None or setup != self.setup:
            self.setup, forecaster = setup, Forecaster(plan_of(setup))
            yield from self._learn_past(forecaster, station, today)
            self.forecaster, self.today = forecaster, None
        if self.today is None or self.today.day != today:
            self.today = DayLog(station, today)
            self.is_promise = is_promise_kept(station, today)
        for place, event in enumerate(self.today.news()):
            self.forecaster.see(event)
            if place % AT_ONCE == 0:
                yield

    def _learn_past(self, forecaster: Forecaster, station: Station, today: date) -> Iterator[None]:
        forecaster.is_catching_up = True
        first = _first_day(station, today - timedelta(days=PAST_DAYS)) or today
        for ahead in range((today - first).days):
            day = first + timedelta(days=ahead)
            for event in events_of(station, day, day):
                forecaster.see(event)
            yield
        forecaster.is_catching_up = False
        forecaster.known.visits.fit(today.toordinal())

    def look(self, station: Station, at: datetime) -> Iterator[None]:
        """Say anew what everybody is to expect; `outlook` has it when this ends."""
        forecaster = self.forecaster
        if forecaster is None:
            return
        counts = waiting_counts(station)
        if sum(counts.values()) > MOST_WAITING:
            self._say_by_rule(station, counts, at)
            return
        hall, waiting = self._hall(station, forecaster.hall.plan, at)
        yield
        queues = [queue for queue in queues_of(station) if _at_work(hall, queue.letter)]
        guests = [queue.letter for queue in queues]
        play = forecaster.simulation(hall, list(waiting.values()), guests)
        for _ in range(-(-rounds_for(hall) // SLICE)):
            play.run(SLICE)
            yield
        self._say(hall, waiting, play.found, queues, at)

    def _say_by_rule(self, station: Station, counts: Mapping[int, int], at: datetime) -> None:
        """Say how long visits take by the head of each line."""
        heads, staffing = oldest_waiting(station), staffing_of(station)
        told = Told(at)
        for queue in queues_of(station):
            if queue.id in heads:
                head_minutes = (at - heads[queue.id]) / timedelta(minutes=1)
                counters = staffing.get(queue.id, IDLE).counters
                told.minutes[queue.id] = borne_out(
                    queue.usual_minutes, counts[queue.id], counters, head_minutes
                )
        outlook.tell(self.station_id, told)

    def look_far(self, station: Station, at: datetime) -> Iterator[None]:
        """Say anew what the rest of the day will bring; `outlook` has it when this ends."""
        if self.forecaster is None or timedelta() <= at - self.looked_far_at < LOOKS_FAR_EVERY:
            return
        self.looked_far_at = at
        plan, spans = self.forecaster.hall.plan, opening_of(station, at).spans
        until = time_of_day(spans[-1][1]) if spans else 0
        rules = replace(plan.rules, issue_until=until)
        hall, _ = self._hall(station, replace(plan, rules=rules), at)
        if hall.now - hall.midnight >= until or is_closed_early(station):
            outlook.expect(station.id, Ahead(0, is_over=True), at)
            return
        yield
        for ahead in Prospect(hall, self.forecaster.known).look():
            if ahead is not None:
                outlook.expect(station.id, ahead, at)
            yield

    def _say(
        self,
        hall: Hall,
        waiting: Mapping[int, Visitor],
        times: Sequence[list[float]],
        queues: Sequence[Queue],
        at: datetime,
    ) -> None:
        told = Told(at, is_promise=self.is_promise)
        forecaster = self.forecaster
        if forecaster is None:
            return
        for (ticket, visitor), found in zip(waiting.items(), times, strict=False):
            if not _at_work(hall, visitor.queue):
                continue
            seen = forecaster.outlook(visitor.queue, found, hall.now)
            if visitor.is_first:
                self.unkept[ticket] = seen
                forecaster.remember(visitor.ticket, seen)
            told.tickets[ticket] = Expected(
                _range(seen),
                ahead=sum(
                    place[:2] < (visitor.key, visitor.order) for place in hall.lines[visitor.queue]
                ),
                counters=_at_work(hall, visitor.queue),
            )
        for queue, found in zip(queues, times[len(waiting) :], strict=True):
            told.queues[queue.id] = _range(forecaster.outlook(queue.letter, found, hall.now))
        outlook.tell(self.station_id, told)

    def keep(self) -> None:
        """Write down what was forecast to whom, once for each ticket; in a transaction."""
        rows = [
            {"its_id": ticket, "p50": round(seen.middle), "p80": round(seen.upper)}
            for ticket, seen in self.unkept.items()
        ]
        self.unkept = {}
        if rows:
            session.connection().execute(_KEEP, rows)

    def _hall(self, station: Station, plan: Plan, at: datetime) -> tuple[Hall, dict[int, Visitor]]:
        """Return the hall as the database has it, and who waits in it by the ticket's id."""
        hall = Hall(plan)
        hall.now = int(at.timestamp())
        hall.begin(plan.day_of(hall.now))
        waiting = {}
        day = clock.day_at(at, station.timezone)
        for row in session.execute(_OPEN_TODAY, {"station_id": station.id, "day": day}):
            visitor = _visitor(row, day)
            if row.state is TicketState.WAITING:
                hall.join(visitor)
                waiting[row.id] = visitor
            elif row.counter in hall.windows and row.called_at is not None:
                _receive(hall.windows[row.counter], visitor, row)
        self._seat(hall, all_counters_of(station))
        return hall, waiting

    def _seat(self, hall: Hall, counters: Sequence[Counter]) -> None:
        for counter in counters:
            window = hall.windows[counter.number]
            self._remember(window, hall)
            if window.visitor is not None:
                self.idle.pop(counter.number, None)
                self.worked[counter.number] = hall.now
                continue
            if counter.paused_at is not None:
                window.doing, window.since = Doing.PAUSED, int(counter.paused_at.timestamp())
                window.opened = window.since
                window.on_break = hall.break_due(window, window.since)
            elif counter.member_id is not None or hall.now - self._worked(counter) < AT_WORK:
                window.doing = Doing.IDLE
                window.free = window.since = self.idle.setdefault(counter.number, hall.now)

    def _remember(self, window: Window, hall: Hall) -> None:
        """Take over what the day's events tell of a counter: that it opened, and its breaks."""
        followed = self.forecaster.hall if self.forecaster else None
        if followed is not None and followed.day == hall.day:
            before = followed.windows[window.number]
            window.opened, window.breaks = before.opened, before.breaks
            if before.doing is Doing.CLOSED and window.visitor is None:
                window.since, window.on_break = before.since, before.on_break

    def _worked(self, counter: Counter) -> int:
        """Return when somebody was at a counter last: programs call without a seat."""
        return self.worked.get(counter.number, 0)


def _visitor(row: Row[*tuple[Any, ...]], day: date) -> Visitor:
    issued = int(row.issued_at.timestamp())
    return Visitor(
        ticket=f"{day}/{number(row.its_letter, row.seq)}",
        queue=row.letter,
        service=row.code or "",
        priority=row.priority is not None,
        issued=issued,
        joined=issued,
        key=row.due_at.timestamp(),
        order=row.seq,
        calls=row.calls,
        is_first=row.p50_seconds is None,
    )


def _receive(window: Window, visitor: Visitor, row: Row[*tuple[Any, ...]]) -> None:
    """Put somebody who was called at their counter, as far as they have come there."""
    window.visitor = visitor
    window.called = window.since = int(row.called_at.timestamp())
    window.doing = Doing.CALLED
    if row.state is TicketState.SERVING and row.started_at is not None:
        window.started = window.since = int(row.started_at.timestamp())
        window.doing = Doing.SERVING


def _at_work(hall: Hall, queue: str) -> int:
    """Return how many counters serve a queue now, those on a break left out."""
    return sum(window.is_open and queue in window.queues for window in hall.windows.values())


def _range(seen: Outlook) -> Wait:
    return around(quantile(seen.sample, LOWER), seen.upper)
