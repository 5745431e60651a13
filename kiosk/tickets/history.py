"""What happened at a station and how it is set up, as the forecast reads it: log, station file."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from kiosk.catalog.models import Service
from kiosk.db import session
from kiosk.stations.hours import clock
from kiosk.stations.models import Counter, CounterEvent, Station
from kiosk.stations.queries import all_counters_of
from kiosk.tickets.forecast.log import WANTED, Event
from kiosk.tickets.models import (
    CounterQueue,
    Offer,
    Queue,
    Ticket,
    TicketEvent,
    TicketState,
    number,
)
from kiosk.tickets.queries import queues_of

CALLS, RECALL_AFTER = 3, 45
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
    was: TicketState | None = None


def events_of(station: Station, first: date, last: date) -> Iterator[Event]:
    """Return what happened at a station from one day to another, as lines of a log.

    A counter where somebody sits since yesterday opens with its first call.
    """
    zone = ZoneInfo(station.timezone)
    served = _served(station)
    happened = sorted(
        [*_of_counters(station, zone, first, last), *_of_tickets(station, zone, first, last)],
        key=lambda one: (one.day, one.at, one.order, one.id),
    )
    for _, rows in groupby(happened, key=lambda one: one.day):
        yield from _Day(served).lines(rows)


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
    for row in session.execute(_tickets(station, first, last)):
        # What ends after midnight ends with its day.
        closing = datetime.combine(row.day, time(23, 59, 59), zone)
        at = min(row.at.astimezone(zone).replace(microsecond=0), closing)
        event = Event(
            "",
            0,
            row.verb,
            ticket=f"{row.day}/{number(row.letter, row.seq)}",
            queue=row.letter if row.verb == "issue" else "",
            service=row.code if row.verb == "issue" and row.offered else "",
            counter=row.number or 0,
        )
        yield _Happened(row.day, at, 1, row.id, event, row.from_state)


def _tickets(station: Station, first: date, last: date) -> Select[*tuple[Any, ...]]:
    """Ask for every event of the days' tickets: by the tickets, which are found by an index."""
    return (
        select(
            TicketEvent.id,
            TicketEvent.at,
            TicketEvent.verb,
            TicketEvent.from_state,
            Ticket.day,
            Ticket.seq,
            Queue.letter,
            Service.code,
            Counter.number,
            Offer.queue_id.label("offered"),
        )
        .select_from(Ticket)
        .join(Queue, Queue.id == Ticket.queue_id)
        .join(TicketEvent, TicketEvent.ticket_id == Ticket.id)
        .outerjoin(Service, Service.id == Ticket.service_id)
        .outerjoin(Counter, Counter.id == TicketEvent.counter_id)
        .outerjoin(
            Offer, (Offer.service_id == Ticket.service_id) & (Offer.station_id == Queue.station_id)
        )
        .where(
            Queue.station_id == station.id,
            Ticket.day >= first,
            Ticket.day <= last,
            TicketEvent.verb.in_([*WANTED, "expire"]),
        )
    )


class _Day:
    """Makes one day whole: counters open before they call, and close in the end."""

    def __init__(self, served: dict[int, str]) -> None:
        self.served = served
        self.open: set[int] = set()
        self.paused: set[int] = set()

    def lines(self, rows: Iterable[_Happened]) -> Iterator[Event]:
        """Return the day's events in order."""
        at = None
        for row in rows:
            at, event = row.at, _in_the_words_of_a_log(row)
            counter = event.counter
            if event.name in {"call", "counter_open"} and counter not in self.open:
                self.open.add(counter)
                opens = Event("", 0, "counter_open", queue=self.served[counter], counter=counter)
                yield _at(at, opens)
            if self._is_new(event):
                yield _at(at, event)
        for counter in sorted(self.open):
            if at is not None:
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


def _in_the_words_of_a_log(row: _Happened) -> Event:
    """Say cancelled of a ticket that ended waiting, and no-show of one that was called."""
    if row.event.name not in {"cancel", "expire"}:
        return row.event
    if row.was is TicketState.WAITING:
        return replace(row.event, name="cancel", counter=0)
    return replace(row.event, name="no_show")


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
            "order": "preference",
            "priority": {"mode": "none"},
            "appointments": None,
            "transfer_position": "end",
            "no_show_after_calls": CALLS,
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
