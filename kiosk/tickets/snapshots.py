"""What screens and phones show of queues and tickets: public, without personal data.

The version is read before the data: the data may be newer than its version says, never older,
so that the next change is always newer than what a page has.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from kiosk import clock
from kiosk.catalog.models import Service
from kiosk.db import session
from kiosk.live import Snapshot
from kiosk.refusal import NotFound
from kiosk.stations.models import Counter, Station
from kiosk.stations.queries import get_station, opening_of
from kiosk.tickets.forecast import Staffing, wait
from kiosk.tickets.models import OPEN, Queue, Ticket, TicketEvent, TicketState, number
from kiosk.tickets.queries import (
    IDLE,
    get_queue,
    lines_of,
    recent_calls,
    staffing_of,
    today_of,
    version_of,
)

PUBLIC_KINDS = {"board", "queue", "ticket"}

Data = dict[str, Any]
IsWatched = Callable[[str], bool]

_TICKETS: Select[*tuple[Any, ...]] = (
    select(
        Ticket.token,
        Ticket.queue_id,
        Ticket.day,
        Ticket.seq,
        Ticket.state,
        Ticket.issued_at,
        Ticket.called_at,
        Ticket.calls,
        Counter.number.label("counter"),
        Service.code.label("service"),
        Service.name_zh,
        Service.name_en,
    )
    .outerjoin(Counter, Counter.id == Ticket.counter_id)
    .outerjoin(Service, Service.id == Ticket.service_id)
)
_BY_TOKEN = _TICKETS.where(Ticket.token == bindparam("token"))
_OPEN = _TICKETS.where(
    Ticket.queue_id == bindparam("queue_id"),
    Ticket.day == bindparam("day"),
    Ticket.state.in_(OPEN),
).order_by(Ticket.seq)
_AHEAD = select(func.count()).where(
    Ticket.queue_id == bindparam("queue_id"),
    Ticket.day == bindparam("day"),
    Ticket.state == TicketState.WAITING,
    Ticket.seq < bindparam("seq"),
)
_LAST_CALLED = (
    select(Ticket.seq)
    .join(TicketEvent, TicketEvent.ticket_id == Ticket.id)
    .where(
        Ticket.queue_id == bindparam("queue_id"),
        TicketEvent.station_id == bindparam("station_id"),
        TicketEvent.day == bindparam("day"),
        TicketEvent.is_call,
    )
    .order_by(TicketEvent.id.desc())
    .limit(1)
)


def board(station: Station) -> Data:
    """Return what the hall's screen shows: the latest calls, and who waits in each queue."""
    at = clock.now()
    return {
        "station": station.code,
        "is_open": opening_of(station, at).is_open,
        "calls": [
            {
                "id": call.id,
                "number": call.ticket.number,
                "counter": call.counter.number if call.counter else None,
                "at": call.at.isoformat(),
            }
            for call in recent_calls(station)
        ],
        "queues": [
            {
                "letter": line.queue.letter,
                "name_zh": line.queue.name_zh,
                "name_en": line.queue.name_en,
                "is_open": line.queue.is_open,
                "waiting": line.waiting,
                "wait": asdict(line.wait) if line.wait else None,
            }
            for line in lines_of(station)
        ],
        "at": at.isoformat(),
    }


def ticket(token: str) -> tuple[Station, Data]:
    """Return a ticket's station and what its phone page shows; refuse an unknown one."""
    row = session.execute(_BY_TOKEN, {"token": token}).one_or_none()
    if row is None:
        raise NotFound("tickets.unknown", "We do not know this number. Take a new one.")
    queue = session.get_one(Queue, row.queue_id)
    ahead = None
    if row.state is TicketState.WAITING:
        before = {"queue_id": queue.id, "day": row.day, "seq": row.seq}
        ahead = session.scalar(_AHEAD, before)
    return queue.station, _ticket_data(row, ahead, _line(queue))


def snapshots(topics: set[str], is_watched: IsWatched) -> Iterator[Snapshot]:
    """Compute all topics that changed; a queue brings the tickets in it that are watched.

    What does not exist has no snapshot.
    """
    done: set[str] = set()
    for topic in sorted(topics, key=_order):
        kind, _, key = topic.partition(":")
        if topic not in done:
            with suppress(NotFound):
                for snapshot in _COMPUTE[kind](key, is_watched):
                    done.add(snapshot["topic"])
                    yield snapshot


def _order(topic: str) -> tuple[int, str]:
    """Screens first, queues with all their tickets next, then what is left."""
    kind = topic.partition(":")[0]
    return ("board", "desk", "queue", "ticket").index(kind), topic


def _board(code: str, _is_watched: IsWatched) -> Iterator[Snapshot]:
    station = get_station(code)
    version = version_of(station)
    yield Snapshot(topic=f"board:{code}", version=version, data=board(station))


def _desk(code: str, _is_watched: IsWatched) -> Iterator[Snapshot]:
    yield Snapshot(topic=f"desk:{code}", version=version_of(get_station(code)))


def _queue(key: str, is_watched: IsWatched) -> Iterator[Snapshot]:
    code, _, letter = key.partition(":")
    station = get_station(code)
    queue = get_queue(station, letter)
    version = version_of(station)
    line = _line(queue)
    rows = session.execute(_OPEN, {"queue_id": queue.id, "day": today_of(station)}).all()
    waiting = 0
    for row in rows:
        ahead = waiting if row.state is TicketState.WAITING else None
        waiting += ahead is not None
        if is_watched(topic := f"ticket:{row.token}"):
            yield Snapshot(topic=topic, version=version, data=_ticket_data(row, ahead, line))
    yield Snapshot(topic=f"queue:{key}", version=version, data=_queue_data(line, waiting))


def _ticket(token: str, _is_watched: IsWatched) -> Iterator[Snapshot]:
    queue = session.scalar(select(Queue).join(Ticket).where(Ticket.token == token))
    version = version_of(queue.station) if queue else 0
    _station, data = ticket(token)
    yield Snapshot(topic=f"ticket:{token}", version=version, data=data)


_COMPUTE = {"board": _board, "desk": _desk, "queue": _queue, "ticket": _ticket}


@dataclass(frozen=True)
class _Line:
    """What all tickets of a queue have in common at one moment."""

    queue: Queue
    staffing: Staffing
    last_called: str | None
    at: datetime


def _line(queue: Queue) -> _Line:
    last = session.scalar(
        _LAST_CALLED,
        {"queue_id": queue.id, "station_id": queue.station_id, "day": today_of(queue.station)},
    )
    staffing = staffing_of(queue.station).get(queue.id, IDLE)
    called = number(queue.letter, last) if last else None
    return _Line(queue, staffing, called, clock.now())


def _ticket_data(row: Row[Any], ahead: int | None, line: _Line) -> Data:
    queue = line.queue
    expected = None if ahead is None else wait(ahead, line.staffing, queue.usual_minutes)
    return {
        "number": number(queue.letter, row.seq),
        "token": row.token,
        "state": row.state.value,
        "queue": queue.letter,
        "queue_name_zh": queue.name_zh,
        "queue_name_en": queue.name_en,
        "service": row.service,
        "service_zh": row.name_zh,
        "service_en": row.name_en,
        "ahead": ahead,
        "wait": asdict(expected) if expected else None,
        "counter": row.counter,
        "issued_at": row.issued_at.isoformat(),
        "called_at": row.called_at.isoformat() if row.called_at else None,
        "calls": row.calls,
        "last_called": line.last_called,
        "url": f"/t/{row.token}",
        "at": line.at.isoformat(),
    }


def _queue_data(line: _Line, waiting: int) -> Data:
    queue = line.queue
    return {
        "station": queue.station.code,
        "letter": queue.letter,
        "name_zh": queue.name_zh,
        "name_en": queue.name_en,
        "is_open": queue.is_open,
        "waiting": waiting,
        "wait": asdict(wait(waiting, line.staffing, queue.usual_minutes)),
        "last_called": line.last_called,
        "at": line.at.isoformat(),
    }
