"""What happened at a station and how it is set up, as the forecast reads it: log, station file."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from kiosk.catalog.models import Service
from kiosk.db import session
from kiosk.stations.hours import clock
from kiosk.stations.models import Counter, CounterEvent, Station
from kiosk.stations.queries import all_counters_of
from kiosk.tickets.forecast.log import Event
from kiosk.tickets.models import (
    AT_COUNTER,
    CounterQueue,
    Offer,
    Queue,
    Ticket,
    TicketEvent,
    TicketState,
    number,
)
from kiosk.tickets.queries import queues_of

RECALL_AFTER = 45
# States in which a ticket waits or stands at a counter.
_LASTING = (TicketState.WAITING, *AT_COUNTER)
# Of things that happen in one second, a counter comes back before it calls, and leaves after.
_SEATS = {
    "sit_down": ("counter_open", 0),
    "resume": ("counter_resume", 0),
    "pause": ("counter_pause", 2),
    "stand_up": ("counter_close", 2),
}


class _Happened(NamedTuple):
    day: date
    at: datetime
    order: int
    id: int
    event: Event


def events_of(
    station: Station, first: date, last: date, *, is_over: bool = True
) -> Iterator[Event]:
    """Return what happened at a station from one day to another, as lines of a log.

    A counter where somebody sits since yesterday opens with its first call, and closes with the
    last event of a day that `is_over`.
    """
    zone = ZoneInfo(station.timezone)
    served = _served(station)
    happened = sorted(
        [*_of_counters(station, zone, first, last), *_of_tickets(station, zone, first, last)],
        key=lambda one: (one.day, one.at, one.order, one.id),
    )
    for _, rows in groupby(happened, key=lambda one: one.day):
        yield from _Day(served).lines(rows, is_over=is_over)


def _of_counters(station: Station, zone: ZoneInfo, first: date, last: date) -> Iterator[_Happened]:
    start = datetime.combine(first, time(), zone).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    rows = session.execute(
        select(CounterEvent.id, CounterEvent.at, CounterEvent.verb, Counter.number)
        .join(Counter, Counter.id == CounterEvent.counter_id)
        .where(
            Counter.station_id == station.id,
            CounterEvent.at >= start,
            CounterEvent.at < end,
            CounterEvent.verb.in_(_SEATS),
        )
    )
    for row in rows:
        name, order = _SEATS[row.verb]
        at = row.at.astimezone(zone)
        event = Event("", 0, name, counter=row.number)
        yield _Happened(at.date(), at.replace(microsecond=0), order, row.id, event)


def _of_tickets(station: Station, zone: ZoneInfo, first: date, last: date) -> Iterator[_Happened]:
    legs: dict[int, _Legs] = {}
    for row in session.execute(_tickets(station, first, last)):
        # What ends after midnight ends with its day.
        closing = datetime.combine(row.day, time(23, 59, 59), zone)
        at = min(row.at.astimezone(zone).replace(microsecond=0), closing)
        if row.ticket_id not in legs:
            legs[row.ticket_id] = _Legs(f"{row.day}/{number(row.letter, row.seq)}")
        for event in legs[row.ticket_id].moves(row):
            yield _Happened(row.day, at, 1, row.id, event)


class _Legs:
    """One ticket in the words of a log, which knows neither parking nor coming back.

    Parked or missed it is done; when it comes back, it comes as another ticket: `A001~2`.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = 0
        self.state = TicketState.EXPIRED

    def moves(self, row: Row[*tuple[Any, ...]]) -> Iterator[Event]:
        """Return what one change of the ticket is in a log."""
        before, self.state = self.state, row.to_state
        counter = row.counter or 0
        if self.state in _LASTING:
            if before not in _LASTING:
                yield self._issue(row)
                before = TicketState.WAITING
            yield from self._here(row, before, counter)
        elif before is TicketState.SERVING:
            yield self._event("finish", counter)
        elif before is TicketState.CALLED:
            yield self._event("no_show", counter)
        elif before is TicketState.WAITING:
            yield self._event("cancel")

    def _here(
        self, row: Row[*tuple[Any, ...]], before: TicketState, counter: int
    ) -> Iterator[Event]:
        if self.state is TicketState.WAITING:
            if before is not TicketState.WAITING:
                yield self._event("transfer", counter, row.queue, _service(row))
            return
        if before is TicketState.WAITING:
            yield self._event("call", counter)
        elif row.verb == "recall":
            yield self._event("recall", counter)
        if self.state is TicketState.SERVING and before is not TicketState.SERVING:
            yield self._event("start", counter)

    def _issue(self, row: Row[*tuple[Any, ...]]) -> Event:
        self.count += 1
        issue = self._event("issue", 0, row.queue, _service(row))
        return replace(issue, priority=row.priority is not None)

    def _event(self, name: str, counter: int = 0, queue: str = "", service: str = "") -> Event:
        ticket = self.name if self.count == 1 else f"{self.name}~{self.count}"
        return Event("", 0, name, ticket=ticket, queue=queue, service=service, counter=counter)


def _service(row: Row[*tuple[Any, ...]]) -> str:
    return row.code if row.offered else ""


def _tickets(station: Station, first: date, last: date) -> Select[*tuple[Any, ...]]:
    """Ask for every change of the days' tickets: by the tickets, which are found by an index."""
    waits_in = aliased(Queue)
    return (
        select(
            TicketEvent.id,
            TicketEvent.ticket_id,
            TicketEvent.at,
            TicketEvent.verb,
            TicketEvent.to_state,
            Ticket.day,
            Ticket.letter,
            Ticket.seq,
            Ticket.priority,
            waits_in.letter.label("queue"),
            Service.code,
            Counter.number.label("counter"),
            Offer.queue_id.label("offered"),
        )
        .select_from(Ticket)
        .join(Queue, Queue.id == Ticket.origin_id)
        .join(TicketEvent, TicketEvent.ticket_id == Ticket.id)
        .join(waits_in, waits_in.id == func.coalesce(TicketEvent.queue_id, Ticket.origin_id))
        .outerjoin(Service, Service.id == Ticket.service_id)
        .outerjoin(Counter, Counter.id == TicketEvent.counter_id)
        .outerjoin(
            Offer, (Offer.service_id == Ticket.service_id) & (Offer.station_id == Queue.station_id)
        )
        .where(Queue.station_id == station.id, Ticket.day >= first, Ticket.day <= last)
        .order_by(TicketEvent.id)
    )


class _Day:
    """Makes one day whole: counters open before they call, and close in the end."""

    def __init__(self, served: dict[int, str]) -> None:
        self.served = served
        self.open: set[int] = set()
        self.paused: set[int] = set()

    def lines(self, rows: Iterable[_Happened], *, is_over: bool) -> Iterator[Event]:
        """Return the day's events in order."""
        at = None
        for row in rows:
            at, event = row.at, row.event
            counter = event.counter
            if event.name in {"call", "counter_open"} and counter not in self.open:
                self.open.add(counter)
                opens = Event("", 0, "counter_open", queue=self.served[counter], counter=counter)
                yield _at(at, opens)
            if self._is_new(event):
                yield _at(at, event)
        for counter in sorted(self.open):
            if at is not None and is_over:
                yield _at(at, Event("", 0, "counter_close", counter=counter))

    def _is_new(self, event: Event) -> bool:
        """Follow the counter; tell whether the event changes anything about it."""
        counter = event.counter
        if event.name == "counter_pause" and counter in self.open - self.paused:
            self.paused.add(counter)
            return True
        if event.name == "counter_resume" and counter in self.paused:
            self.paused.remove(counter)
            return True
        if event.name == "counter_close" and counter in self.open:
            self.open.remove(counter)
            self.paused.discard(counter)
            return True
        return not event.name.startswith("counter_")


def _at(at: datetime, event: Event) -> Event:
    return replace(event, at=at.isoformat(), time=int(at.timestamp()))


def _served(station: Station) -> dict[int, str]:
    """Return the letters of the queues that each counter serves; all of them, if none is set."""
    rows = session.execute(
        select(Counter.number, Queue.letter)
        .outerjoin(CounterQueue, CounterQueue.counter_id == Counter.id)
        .outerjoin(Queue, Queue.id == CounterQueue.queue_id)
        .where(Counter.station_id == station.id)
        .order_by(Counter.number, CounterQueue.rank)
    )
    served: dict[int, list[str]] = {}
    for counter, letter in rows:
        served.setdefault(counter, []).extend([letter] if letter else [])
    everything = [queue.letter for queue in queues_of(station)]
    return {counter: "|".join(letters or everything) for counter, letters in served.items()}


def station_file(station: Station) -> dict[str, Any]:
    """Return how a station is set up: its queues, counters, hours and rules.

    Nobody keeps a rota here: a counter in use is expected during opening hours.
    """
    served = _served(station)
    counters = all_counters_of(station)
    return {
        "timezone": station.timezone,
        "queues": [
            {"code": queue.letter, "name": queue.name_zh, "services": codes}
            for queue, codes in _services(station)
        ],
        "counters": [
            {"number": counter.number, "queues": served[counter.number].split("|")}
            for counter in counters
        ],
        "rota": [line for counter in counters if counter.is_active for line in _rota(counter)],
        "closed": [],
        "rules": {
            "order": station.calling_order.value,
            "priority": {"mode": "ageing", "head_start_minutes": station.priority_minutes},
            "appointments": None,
            "transfer_position": "issue_time",
            "no_show_after_calls": max(
                (queue.calls_before_no_show for queue in queues_of(station)), default=1
            ),
            "recall_after_seconds": RECALL_AFTER,
            "issue_from": _bound(station, first=True),
            "issue_until": _bound(station, first=False),
        },
    }


def _rota(counter: Counter) -> Iterator[dict[str, Any]]:
    for span in counter.station.hours:
        yield {
            "counter": counter.number,
            "weekday": span.weekday + 1,
            "from": clock(span.opens).rjust(5, "0"),
            "to": clock(span.closes).rjust(5, "0"),
            "breaks": [],
        }


def _services(station: Station) -> Iterator[tuple[Queue, list[str]]]:
    rows = session.execute(
        select(Offer.queue_id, Service.code)
        .join(Service, Service.id == Offer.service_id)
        .where(Offer.station_id == station.id)
        .order_by(Service.code)
    ).all()
    for queue in queues_of(station):
        yield queue, [code for queue_id, code in rows if queue_id == queue.id]


def _bound(station: Station, *, first: bool) -> str:
    opens = min((span.opens for span in station.hours), default=0)
    closes = max((span.closes for span in station.hours), default=24 * 60)
    return clock(opens if first else closes).rjust(5, "0")
