"""Questions about queues: who serves them, how long they are, what is offered in them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, select
from sqlalchemy.orm import joinedload, lazyload

from kiosk import clock
from kiosk.catalog.models import Service
from kiosk.catalog.queries import services_by_code
from kiosk.db import session
from kiosk.prepared import Prepared
from kiosk.refusal import NotFound
from kiosk.stations.models import Counter, Station
from kiosk.stations.queries import Place
from kiosk.tickets.forecast import Staffing, Wait, wait
from kiosk.tickets.models import (
    CALLED_OR_SERVING,
    WAITING,
    BulkChange,
    CounterQueue,
    Offer,
    Queue,
    QueueDay,
    Ticket,
)
from kiosk.tickets.offers import Planned, Wished, plan
from kiosk.tickets.outlook import outlook

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
_LINE = Prepared(
    lambda _database: select(Queue.id, Queue.letter).where(
        Queue.station_id == bindparam("station_id"), Queue.letter == bindparam("letter")
    )
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


class Line(NamedTuple):
    """Which queue it is, as far as a new number needs it."""

    id: int
    letter: str


@dataclass(frozen=True)
class QueueLine:
    """A queue as visitors see it: who waits, and what a newcomer would wait.

    `is_open` says that it gives out numbers today. `is_promise` says that the wait holds in about
    8 of 10 cases, as a month bore out.
    """

    queue: Queue
    waiting: int
    wait: Wait | None
    is_open: bool = True
    is_promise: bool = False


def queues_of(station: Station | Place) -> Sequence[Queue]:
    """Return a station's queues by letter."""
    return session.scalars(
        select(Queue).where(Queue.station_id == station.id).order_by(Queue.letter)
    ).all()


def get_queue(station: Station, letter: str) -> Queue:
    """Return a station's queue by its letter; refuse an unknown one."""
    queue = session.scalar(_QUEUE, {"station_id": station.id, "letter": letter})
    if queue is None:
        raise _no_queue(letter)
    return queue


def find_line(station: Station | Place, letter: str) -> Line:
    """Return which of a station's queues has a letter; refuse an unknown one."""
    rows = _LINE(station_id=station.id, letter=letter)
    if not rows:
        raise _no_queue(letter)
    return Line(*rows[0])


def is_stopped(queue_id: int, day: date) -> bool:
    """Tell whether a queue gives out no more numbers on a day."""
    stopped = select(QueueDay.stopped_at).where(QueueDay.queue_id == queue_id, QueueDay.day == day)
    return session.scalar(stopped) is not None


def stopped_queues(station: Station) -> set[int]:
    """Return the ids of the queues that give out no more numbers today."""
    its_queues = select(Queue.id).where(Queue.station_id == station.id)
    stopped = select(QueueDay.queue_id).where(
        QueueDay.queue_id.in_(its_queues),
        QueueDay.day == today_of(station),
        QueueDay.stopped_at.is_not(None),
    )
    return set(session.scalars(stopped))


def is_closed_early(station: Station) -> bool:
    """Tell whether no queue of a station gives out numbers any more today."""
    queues = {queue.id for queue in queues_of(station)}
    return bool(queues) and queues == stopped_queues(station)


def _no_queue(letter: str) -> NotFound:
    return NotFound("queues.unknown", "This station has no queue %(letter)s.", letter=letter)


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
    waiting = waiting_counts(station)
    staffing = staffing_of(station)
    stopped = stopped_queues(station)
    told = outlook.of(station.id, clock.now())
    promised = told.queues if told and told.is_promise else {}
    return [
        QueueLine(
            queue,
            waiting.get(queue.id, 0),
            wait_in(queue, waiting.get(queue.id, 0), staffing.get(queue.id, IDLE)),
            queue.is_open and queue.id not in stopped,
            queue.id in promised,
        )
        for queue in queues_of(station)
    ]


def wait_in(queue: Queue, ahead: int, staffing: Staffing) -> Wait:
    """Return what a newcomer would wait: as forecast, or else by the queue-length rule."""
    told = outlook.of(queue.station_id, clock.now())
    if told is None:
        return wait(ahead, staffing, queue.usual_minutes)
    minutes = told.minutes.get(queue.id, queue.usual_minutes)
    return told.queues.get(queue.id) or wait(ahead, staffing, minutes)


def waiting_counts(station: Station) -> dict[int, int]:
    """Return how many wait, by the queue's id."""
    rows = session.execute(_WAITING, {"station_id": station.id, "day": today_of(station)})
    return dict(rows.all())


def issued_today(station: Station) -> dict[int, int]:
    """Return how many numbers were given out today, by the queue's id."""
    rows = session.execute(
        select(QueueDay.queue_id, QueueDay.issued)
        .join(Queue, Queue.id == QueueDay.queue_id)
        .where(Queue.station_id == station.id, QueueDay.day == today_of(station))
    )
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


def handled_services(station: Station) -> set[int]:
    """Return the ids of the services that a station handles, now or at a later hour."""
    is_left = Offer.ends_on.is_(None) | (Offer.ends_on >= today_of(station))
    return set(
        session.scalars(
            select(Offer.service_id).where(Offer.station_id == station.id, Offer.is_on, is_left)
        )
    )


def serving_by_letter(station: Station) -> dict[str, list[int]]:
    """Return the numbers of the counters that serve each of a station's queues, by its letter."""
    numbers = serving_counters(station)
    return {queue.letter: numbers.get(queue.id, []) for queue in queues_of(station)}


def get_change(station: Station, change_id: int) -> BulkChange:
    """Return a station's change of many services; refuse an unknown one."""
    change = session.get(BulkChange, change_id)
    if change is None or change.station_id != station.id:
        raise NotFound("changes.unknown", "There is no such change. Choose the services again.")
    return change


def planned(station: Station, change: BulkChange) -> list[Planned]:
    """Return what a change would do to each of its services as things stand now."""
    services = services_by_code(change.codes)
    if change.wished is None:
        return []
    wished = Wished.read(change.wished)
    return plan(wished, services, offers_of(station), serving_by_letter(station))


def find_offer(station: Station, service: Service) -> Offer | None:
    """Return what a station says of a service, if it offers it."""
    return session.get(Offer, (station.id, service.id))


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


def served_queues(counter: Counter) -> Sequence[Queue]:
    """Return the queues of a counter in its order of preference."""
    return session.scalars(_SERVED, {"counter_id": counter.id}).all()


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
