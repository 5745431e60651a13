"""What happened at a station and how it is set up, as the forecast reads it: log, station file."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from kiosk.catalog.models import Service
from kiosk.db import session
from kiosk.rota.models import RotaShift
from kiosk.rota.queries import rota_of
from kiosk.rota.shifts import Shift, Span
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
# So many writers at most are between their number and their commit.
OVERLAP = 200
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
    at: datetime
    order: int
    id: int
    event: Event


def events_of(station: Station, first: date, last: date) -> Iterator[Event]:
    """Return what happened at a station from one day to another, as lines of a log."""
    for ahead in range((last - first).days + 1):
        log = DayLog(station, first + timedelta(days=ahead))
        yield from log.news()
        yield from log.close()


class DayLog:
    """One day of a station, read as it grows.

    A counter where somebody sits since yesterday opens with its first call, and closes with the
    last event of the day.
    """

    def __init__(self, station: Station, day: date) -> None:
        self.day = day
        self._station_id = station.id
        self._zone = ZoneInfo(station.timezone)
        self._counters = _Counters(_served(station))
        self._legs: dict[int, _Legs] = {}
        self._seen_of_counters = _Seen()
        self._seen_of_tickets = _Seen()

    def news(self) -> Iterator[Event]:
        """Return what happened since the last reading, in order."""
        happened = sorted([*self._of_counters(), *self._of_tickets()], key=lambda one: one[:3])
        return self._counters.lines(happened)

    def close(self) -> Iterator[Event]:
        """Return how the counters close that are still open, at the day's last event."""
        return self._counters.close()

    def _of_counters(self) -> Iterator[_Happened]:
        seen = self._seen_of_counters
        start = datetime.combine(self.day, time(), self._zone).astimezone(UTC)
        end = datetime.combine(self.day + timedelta(days=1), time(), self._zone).astimezone(UTC)
        rows = session.execute(
            select(CounterEvent.id, CounterEvent.at, CounterEvent.verb, Counter.number)
            .join(Counter, Counter.id == CounterEvent.counter_id)
            .where(
                Counter.station_id == self._station_id,
                CounterEvent.id > seen.until,
                CounterEvent.at >= start,
                CounterEvent.at < end,
                CounterEvent.verb.in_(_SEATS),
            )
        )
        for row in rows:
            if seen.is_new(row.id):
                name, order = _SEATS[row.verb]
                at = row.at.astimezone(self._zone).replace(microsecond=0)
                yield _Happened(at, order, row.id, Event("", 0, name, counter=row.number))

    def _of_tickets(self) -> Iterator[_Happened]:
        seen = self._seen_of_tickets
        # What ends after midnight ends with its day.
        closing = datetime.combine(self.day, time(23, 59, 59), self._zone)
        rows = session.execute(_tickets(self._station_id, self.day, seen.until)).all()
        # Of several services, a ticket is for the first until it goes on to the next.
        began = {row.ticket_id: row.reason.partition(" ")[0] for row in rows[::-1] if _goes(row)}
        for row in rows:
            if seen.is_new(row.id):
                at = min(row.at.astimezone(self._zone).replace(microsecond=0), closing)
                if row.ticket_id not in self._legs:
                    service = began.get(row.ticket_id, _service(row))
                    name = f"{self.day}/{number(row.letter, row.seq)}"
                    self._legs[row.ticket_id] = _Legs(name, service)
                for event in self._legs[row.ticket_id].moves(row):
                    yield _Happened(at, 1, row.id, event)


class _Seen:
    """Rows that were read by id; a lower id may be committed after a higher one."""

    def __init__(self) -> None:
        self._ids: set[int] = set()

    @property
    def until(self) -> int:
        """Up to which id everything was read."""
        return max(self._ids, default=OVERLAP) - OVERLAP

    def is_new(self, row: int) -> bool:
        """Note a row; tell whether it was not read before."""
        is_new = row not in self._ids
        self._ids.add(row)
        return is_new


class _Legs:
    """One ticket in the words of a log, which knows neither parking nor coming back.

    Parked or missed it is done; when it comes back, it comes as another ticket: `A001~2`.
    """

    def __init__(self, name: str, service: str) -> None:
        self.name, self.service = name, service
        self.count = 0
        self.state = TicketState.EXPIRED

    def moves(self, row: Row[*tuple[Any, ...]]) -> Iterator[Event]:
        """Return what one change of the ticket is in a log."""
        before, self.state = self.state, row.to_state
        if _goes(row):
            self.service = row.reason.partition(" ")[2]
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
                yield self._event("transfer", counter, row.queue, self.service)
            return
        if before is TicketState.WAITING:
            yield self._event("call", counter)
        elif row.verb == "recall":
            yield self._event("recall", counter)
        if self.state is TicketState.SERVING and before is not TicketState.SERVING:
            yield self._event("start", counter)

    def _issue(self, row: Row[*tuple[Any, ...]]) -> Event:
        self.count += 1
        issue = self._event("issue", 0, row.queue, self.service)
        return replace(issue, priority=row.priority is not None)

    def _event(self, name: str, counter: int = 0, queue: str = "", service: str = "") -> Event:
        ticket = self.name if self.count == 1 else f"{self.name}~{self.count}"
        return Event("", 0, name, ticket=ticket, queue=queue, service=service, counter=counter)


def _goes(row: Row[*tuple[Any, ...]]) -> bool:
    """Tell whether a visitor went on to the window of the next service."""
    return bool(row.verb == "go_on")


def _service(row: Row[*tuple[Any, ...]]) -> str:
    return row.code if row.offered else ""


def _tickets(station_id: int, day: date, after: int) -> Select[*tuple[Any, ...]]:
    """Ask for the changes of a day's tickets: by the tickets, which are found by an index."""
    waits_in = aliased(Queue)
    return (
        select(
            TicketEvent.id,
            TicketEvent.ticket_id,
            TicketEvent.at,
            TicketEvent.verb,
            TicketEvent.to_state,
            TicketEvent.reason,
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
        .where(Queue.station_id == station_id, Ticket.day == day, TicketEvent.id > after)
        .order_by(TicketEvent.id)
    )


class _Counters:
    """Makes one day whole: counters open before they call, and close in the end."""

    def __init__(self, served: dict[int, str]) -> None:
        self.served = served
        self.open: set[int] = set()
        self.paused: set[int] = set()
        self.at: datetime | None = None

    def lines(self, rows: Iterable[_Happened]) -> Iterator[Event]:
        """Return the events in order, each counter opened before it calls."""
        for row in rows:
            self.at, event = row.at, row.event
            counter = event.counter
            if event.name in {"call", "counter_open"} and counter not in self.open:
                self.open.add(counter)
                opens = Event("", 0, "counter_open", queue=self.served[counter], counter=counter)
                yield _at(row.at, opens)
            if self._is_new(event):
                yield _at(row.at, event)

    def close(self) -> Iterator[Event]:
        """Return how the open counters close."""
        for counter in sorted(self.open):
            if self.at is not None:
                yield _at(self.at, Event("", 0, "counter_close", counter=counter))

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
    """Return how a station is set up: its queues, counters, rota, hours and rules.

    Where nobody keeps a rota, a counter in use is expected during opening hours.
    """
    served = _served(station)
    counters = all_counters_of(station)
    rota = rota_of(station)
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
        "rota": list(_week(rota) if rota else _doors(counters)),
        "changes": list(_changes(rota)),
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


def _week(rota: Iterable[RotaShift]) -> Iterator[dict[str, Any]]:
    for row in rota:
        if row.weekday is not None:
            yield {"counter": row.counter.number, "weekday": row.weekday + 1, **_hours(row)}


def _changes(rota: Iterable[RotaShift]) -> Iterator[dict[str, Any]]:
    """Return the days that differ from the week: a line each shift, or one for a closed counter."""
    for row in rota:
        if row.day is not None:
            yield {"counter": row.counter.number, "day": row.day.isoformat(), **_hours(row)}


def _hours(row: RotaShift) -> dict[str, Any]:
    shift = row.shift
    if shift is None:
        return {}
    return {**_span(shift), "breaks": [_span(part) for part in shift.breaks]}


def _span(part: Shift | Span) -> dict[str, str]:
    return {"from": _wall(part.starts), "to": _wall(part.ends)}


def _doors(counters: Iterable[Counter]) -> Iterator[dict[str, Any]]:
    for counter in counters:
        for span in counter.station.hours if counter.is_active else ():
            yield {
                "counter": counter.number,
                "weekday": span.weekday + 1,
                "from": _wall(span.opens),
                "to": _wall(span.closes),
                "breaks": [],
            }


def _wall(minute: int) -> str:
    return clock(minute).rjust(5, "0")


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
    return _wall(opens if first else closes)
