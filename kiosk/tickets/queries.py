"""Questions about queues and tickets, and the snapshots that screens show."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload

from kiosk import clock
from kiosk.catalog.models import Service
from kiosk.db import session
from kiosk.refusal import NotFound
from kiosk.stations.models import Counter, Station
from kiosk.tickets.forecast import Staffing, Wait, wait
from kiosk.tickets.models import (
    CALLED_OR_SERVING,
    IS_CALL,
    WAITING,
    CounterQueue,
    Offer,
    Queue,
    QueueDay,
    Ticket,
    TicketEvent,
    TicketState,
)

SHOWN_CALLS = 12
# Of more services than these, all offers are read rather than each one named.
MOST_NAMED = 200
IDLE = Staffing()
_DAY_OF_CHANGES = 10**7

# What nearly every request asks is put into words once: that takes longer than the database.
_QUEUE = (
    select(Queue)
    .where(Queue.station_id == bindparam("station_id"), Queue.letter == bindparam("letter"))
    .options(lazyload(Queue.station))
)
_AT_COUNTER = (
    select(Ticket)
    .where(Ticket.counter_id == bindparam("counter_id"), Ticket.state.in_(CALLED_OR_SERVING))
    .options(lazyload(Ticket.queue))
    .execution_options(populate_existing=True)
)
_SERVED = (
    select(Queue)
    .join(CounterQueue, CounterQueue.queue_id == Queue.id)
    .where(CounterQueue.counter_id == bindparam("counter_id"))
    .order_by(CounterQueue.rank)
    .options(lazyload(Queue.station))
)
_CHANGES = (
    select(func.coalesce(func.sum(QueueDay.changes), 0))
    .join(Queue, Queue.id == QueueDay.queue_id)
    .where(Queue.station_id == bindparam("station_id"), QueueDay.day == bindparam("day"))
)
_WAITING = (
    select(Ticket.queue_id, func.count())
    .where(
        Ticket.queue_id.in_(select(Queue.id).where(Queue.station_id == bindparam("station_id"))),
        Ticket.day == bindparam("day"),
        Ticket.state == WAITING,
    )
    .group_by(Ticket.queue_id)
)
_IS_BUSY = Counter.id.in_(select(Ticket.counter_id).where(Ticket.state.in_(CALLED_OR_SERVING)))


def _counters(which: ColumnElement[bool]) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(CounterQueue)
        .join(Counter, Counter.id == CounterQueue.counter_id)
        .where(
            CounterQueue.queue_id == Queue.id, Counter.is_active, Counter.paused_at.is_(None), which
        )
        .correlate(Queue)
        .scalar_subquery()
    )


# Beside a queue: how many counters serve it now, and how many of them have somebody at them.
COUNTERS = _counters(Counter.member_id.is_not(None) | _IS_BUSY)
BUSY = _counters(_IS_BUSY)
_STAFFING = select(Queue.id, COUNTERS, BUSY).where(Queue.station_id == bindparam("station_id"))
_HEAD = (
    select(COUNTERS, BUSY, QueueDay.last_called)
    .select_from(Queue)
    .outerjoin(QueueDay, (QueueDay.queue_id == Queue.id) & (QueueDay.day == bindparam("day")))
    .where(Queue.id == bindparam("queue_id"))
)


@dataclass(frozen=True)
class QueueLine:
    """A queue as visitors see it: who waits, and what a newcomer would wait."""

    queue: Queue
    waiting: int
    wait: Wait | None


def queues_of(station: Station) -> Sequence[Queue]:
    """Return a station's queues by letter."""
    return session.scalars(
        select(Queue).where(Queue.station_id == station.id).order_by(Queue.letter)
    ).all()


def get_queue(station: Station, letter: str) -> Queue:
    """Return a station's queue by its letter; refuse an unknown one."""
    queue = session.scalar(_QUEUE, {"station_id": station.id, "letter": letter})
    if queue is None:
        raise NotFound("queues.unknown", "This station has no queue %(letter)s.", letter=letter)
    return queue


def get_ticket(token: str) -> Ticket:
    """Return a ticket by its token; refuse an unknown one."""
    ticket = session.scalar(
        select(Ticket)
        .where(Ticket.token == token)
        .options(joinedload(Ticket.service), joinedload(Ticket.counter))
    )
    if ticket is None:
        raise NotFound("tickets.unknown", "We do not know this number. Take a new one.")
    return ticket


def at_counter(counter: Counter) -> Ticket | None:
    """Return who is called to a counter or served there."""
    return session.scalar(_AT_COUNTER, {"counter_id": counter.id})


def today_of(station: Station) -> date:
    """Return the station's day."""
    return clock.today(station.timezone)


def version_of(station: Station) -> int:
    """Return a number that grows with every change in the station's queues."""
    day = today_of(station)
    changes = session.scalar(_CHANGES, {"station_id": station.id, "day": day})
    return day.toordinal() * _DAY_OF_CHANGES + int(changes or 0)


def lines_of(station: Station) -> list[QueueLine]:
    """Return the station's queues with who waits and what a newcomer would wait."""
    waiting = _waiting_counts(station)
    staffing = staffing_of(station)
    return [
        QueueLine(
            queue,
            waiting.get(queue.id, 0),
            wait(waiting.get(queue.id, 0), staffing.get(queue.id, IDLE), queue.usual_minutes),
        )
        for queue in queues_of(station)
    ]


def _waiting_counts(station: Station) -> dict[int, int]:
    rows = session.execute(_WAITING, {"station_id": station.id, "day": today_of(station)})
    return dict(rows.all())


def staffing_of(station: Station) -> dict[int, Staffing]:
    """Return how many counters serve each queue now, by the queue's id."""
    rows = session.execute(_STAFFING, {"station_id": station.id})
    return {queue_id: Staffing(counters, busy) for queue_id, counters, busy in rows}


@dataclass(frozen=True)
class QueueHead:
    """Where a queue stands: who serves it, and the last number called today."""

    staffing: Staffing
    last_called: int | None


def head_of(queue: Queue) -> QueueHead:
    """Return where a queue stands."""
    asked = {"queue_id": queue.id, "day": today_of(queue.station)}
    counters, busy, last_called = session.execute(_HEAD, asked).one()
    return QueueHead(Staffing(counters, busy), last_called)


def line_of(queue: Queue) -> QueueLine:
    """Return one queue as visitors see it."""
    return next(line for line in lines_of(queue.station) if line.queue.id == queue.id)


def offers_of(station: Station, services: Sequence[int] | None = None) -> dict[int, Offer]:
    """Return what a station offers, of these services or of all, by the service's id."""
    wanted = select(Offer).where(Offer.station_id == station.id).options(joinedload(Offer.queue))
    if services is not None and len(services) <= MOST_NAMED:
        wanted = wanted.where(Offer.service_id.in_(services))
    return {offer.service_id: offer for offer in session.scalars(wanted)}


def most_asked(station: Station, since: date, limit: int) -> Sequence[Service]:
    """Return the services that were asked for most since a day, where they are offered."""
    asked = (
        select(Ticket.service_id, func.count().label("times"))
        .join(Queue, Queue.id == Ticket.queue_id)
        .where(Queue.station_id == station.id, Ticket.day >= since)
        .group_by(Ticket.service_id)
        .subquery()
    )
    return session.scalars(
        select(Service)
        .join(asked, asked.c.service_id == Service.id)
        .join(Offer, (Offer.service_id == Service.id) & (Offer.station_id == station.id))
        .where(Offer.is_on)
        .order_by(asked.c.times.desc(), Service.code)
        .limit(limit)
    ).all()


def waiting_at(counter: Counter) -> list[Ticket]:
    """Return who would be called to a counter, in the order of calling."""
    waiting = (
        select(Ticket)
        .join(CounterQueue, CounterQueue.queue_id == Ticket.queue_id)
        .join(Ticket.queue)
        .where(
            CounterQueue.counter_id == counter.id,
            Ticket.day == today_of(counter.station),
            Ticket.state == WAITING,
        )
        .order_by(CounterQueue.rank, Ticket.seq)
        .options(
            contains_eager(Ticket.queue),
            joinedload(Ticket.service),
            selectinload(Ticket.services),
        )
    )
    return list(session.scalars(waiting))


def served_queues(counter: Counter) -> Sequence[Queue]:
    """Return the queues of a counter in its order of preference."""
    return session.scalars(_SERVED, {"counter_id": counter.id}).all()


def recent_calls(station: Station, limit: int = SHOWN_CALLS) -> Sequence[TicketEvent]:
    """Return today's latest calls and recalls, newest first."""
    return session.scalars(
        select(TicketEvent)
        .where(
            TicketEvent.station_id == station.id,
            TicketEvent.day == today_of(station),
            IS_CALL,
        )
        .order_by(TicketEvent.id.desc())
        .limit(limit)
        .options(joinedload(TicketEvent.ticket), joinedload(TicketEvent.counter))
    ).all()


def serving_counters(station: Station) -> dict[int, list[int]]:
    """Return the numbers of the counters that serve each queue, by the queue's id."""
    rows = session.execute(
        select(CounterQueue.queue_id, Counter.number)
        .join(Counter, Counter.id == CounterQueue.counter_id)
        .where(Counter.station_id == station.id, Counter.is_active)
        .order_by(Counter.number)
    )
    numbers: dict[int, list[int]] = defaultdict(list)
    for queue_id, counter in rows:
        numbers[queue_id].append(counter)
    return numbers


def people_at_counters(station: Station) -> dict[int, Ticket]:
    """Return who is called to a station's counters or served there, by the counter's id."""
    tickets = session.scalars(
        select(Ticket)
        .join(Counter, Counter.id == Ticket.counter_id)
        .where(Counter.station_id == station.id, Ticket.state.in_(CALLED_OR_SERVING))
    )
    return {ticket.counter_id: ticket for ticket in tickets if ticket.counter_id}


def missed_today(queues: Sequence[Queue]) -> Sequence[Ticket]:
    """Return who did not come when called today, the latest first."""
    if not queues:
        return []
    return session.scalars(
        select(Ticket)
        .where(
            Ticket.queue_id.in_([queue.id for queue in queues]),
            Ticket.day == today_of(queues[0].station),
            Ticket.state == TicketState.NO_SHOW,
        )
        .order_by(Ticket.ended_at.desc())
        .options(joinedload(Ticket.service), selectinload(Ticket.services))
    ).all()


def events_of(ticket: Ticket) -> Sequence[TicketEvent]:
    """Return everything that happened to a ticket, in order."""
    return session.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id)
        .order_by(TicketEvent.id)
        .options(joinedload(TicketEvent.counter))
    ).all()


@dataclass(frozen=True)
class Finished:
    """How many visits a counter ended today, and the median minutes of one."""

    finished: int
    median_minutes: int | None


def finished_today(counter: Counter) -> Finished:
    """Return what a counter did today."""
    rows = session.execute(
        select(Ticket.started_at, Ticket.ended_at).where(
            Ticket.queue_id.in_(select(Queue.id).where(Queue.station_id == counter.station_id)),
            Ticket.counter_id == counter.id,
            Ticket.day == today_of(counter.station),
            Ticket.state == TicketState.FINISHED,
        )
    ).all()
    minutes = [(row.ended_at - row.started_at).total_seconds() / 60 for row in rows]
    return Finished(len(minutes), round(median(minutes)) if minutes else None)


def oldest_waiting(station: Station) -> dict[int, datetime]:
    """Return since when the first in each queue waits, by the queue's id."""
    rows = session.execute(
        select(Ticket.queue_id, func.min(Ticket.issued_at))
        .join(Queue, Queue.id == Ticket.queue_id)
        .where(
            Queue.station_id == station.id,
            Ticket.day == today_of(station),
            Ticket.state == WAITING,
        )
        .group_by(Ticket.queue_id)
    )
    return dict(rows.all())
