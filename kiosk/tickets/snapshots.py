"""What screens and phones show of queues and tickets: public, without personal data.

The version is read before the data: the data may be newer than its version says, never older,
so that the next change is always newer than what a page has.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from kiosk import clock
from kiosk.catalog.models import Service
from kiosk.db import session
from kiosk.live import Snapshot
from kiosk.prepared import Prepared
from kiosk.refusal import NotFound
from kiosk.stations.models import Counter, Station
from kiosk.stations.queries import get_station, opening_of
from kiosk.tickets.forecast import Staffing, Wait, wait
from kiosk.tickets.models import (
    OPEN,
    WAITING,
    MissedRule,
    Queue,
    QueueDay,
    Ticket,
    TicketService,
    TicketState,
    number,
)
from kiosk.tickets.outlook import Expected, Told, outlook
from kiosk.tickets.queries import (
    BUSY,
    COUNTERS,
    MOST_POSTPONED,
    Missed,
    QueueHead,
    get_queue,
    head_of,
    is_stopped,
    lines_of,
    no_ticket,
    recent_calls,
    steps_told,
    today_of,
    version_of,
    wait_in,
)

PUBLIC_KINDS = {"board", "queue", "ticket"}

Data = dict[str, Any]
IsWatched = Callable[[str], bool]

_SENT_TO = aliased(Counter)

_ITS_OWN = (
    Ticket.id,
    Ticket.token,
    Ticket.seq,
    Ticket.letter.label("its_letter"),
    Ticket.state,
    Ticket.issued_at,
    Ticket.called_at,
    Ticket.ended_at,
    Ticket.calls,
    Ticket.postponed,
    Ticket.rejoined,
    Ticket.outcome,
    _SENT_TO.number.label("for_counter"),
    Counter.number.label("counter"),
    Service.code.label("service"),
    Service.name_zh.label("service_zh"),
    Service.name_en.label("service_en"),
    select(TicketService.ticket_id)
    .where(TicketService.ticket_id == Ticket.id)
    .exists()
    .label("is_bundle"),
)


def _tickets(*further: ColumnElement[Any] | InstrumentedAttribute[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_ITS_OWN, *further)
        .select_from(Ticket)
        .join(Queue, Queue.id == Ticket.queue_id)
        .outerjoin(Counter, Counter.id == Ticket.counter_id)
        .outerjoin(_SENT_TO, _SENT_TO.id == Ticket.for_counter_id)
        .outerjoin(Service, Service.id == Ticket.service_id)
    )


# Whose page changes with what happens in the queue; a missed number is kept for so many calls.
_IN_QUEUE = Prepared(
    lambda _database: (
        _tickets()
        .where(
            Ticket.queue_id == bindparam("queue_id"),
            Ticket.day == bindparam("day"),
            or_(*(Ticket.state == state for state in (*OPEN, TicketState.NO_SHOW))),
        )
        .order_by(Ticket.due_at, Ticket.seq)
    )
)
_OTHER = aliased(Ticket)
_OTHERS = (
    _OTHER.queue_id == Ticket.queue_id,
    _OTHER.day == Ticket.day,
    _OTHER.state == WAITING,
)
_THEIR_PLACE, _ITS_PLACE = tuple_(_OTHER.due_at, _OTHER.seq), tuple_(Ticket.due_at, Ticket.seq)
_AHEAD = select(func.count()).where(*_OTHERS, _THEIR_PLACE < _ITS_PLACE).scalar_subquery()
_BEHIND = select(_OTHER.id).where(*_OTHERS, _THEIR_PLACE > _ITS_PLACE).exists()
_BY_TOKEN = Prepared(
    lambda _database: (
        _tickets(
            Queue.station_id,
            Queue.id.label("queue_id"),
            Ticket.day,
            Queue.letter,
            Queue.name_zh,
            Queue.name_en,
            Queue.usual_minutes,
            Queue.missed_rule,
            Queue.missed_limit,
            _AHEAD.label("ahead"),
            _BEHIND.label("behind"),
            COUNTERS.label("counters"),
            BUSY.label("busy"),
            QueueDay.last_called,
        )
        .join(QueueDay, (QueueDay.queue_id == Ticket.queue_id) & (QueueDay.day == Ticket.day))
        .where(Ticket.token == bindparam("token"))
    )
)
_CARRIED = (
    select(Service.code)
    .join(TicketService, TicketService.service_id == Service.id)
    .where(TicketService.ticket_id == bindparam("ticket_id"))
    .order_by(TicketService.rank)
)
_QUEUE_OF = select(Queue).join(Ticket.queue).where(Ticket.token == bindparam("token"))


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
                "is_open": line.is_open,
                "waiting": line.waiting,
                "wait": asdict(line.wait) if line.wait else None,
                "is_promise": line.is_promise,
            }
            for line in lines_of(station)
        ],
        "screen": station.screen_changes,
        "at": at.isoformat(),
    }


def ticket(token: str) -> tuple[int, Data]:
    """Return the id of a ticket's station, and what its phone page shows; refuse an unknown one."""
    rows = _BY_TOKEN(token=token)
    if not rows:
        raise no_ticket()
    row = rows[0]
    place = Place(row.ahead, row.behind) if row.state is TicketState.WAITING else None
    head = QueueHead(Staffing(row.counters, row.busy), row.last_called)
    hall = Hall.seen(row.station_id, row.queue_id, row.day, row, head)
    return row.station_id, _ticket_data(row, place, hall)


def snapshots(topics: set[str], is_watched: IsWatched) -> Iterator[Snapshot]:
    """Compute what changed and is watched; a queue brings the tickets in it.

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


def _board(code: str, is_watched: IsWatched) -> Iterator[Snapshot]:
    if is_watched(topic := f"board:{code}"):
        station = get_station(code)
        version = version_of(station)
        yield Snapshot(topic=topic, version=version, data=board(station))


def _desk(code: str, is_watched: IsWatched) -> Iterator[Snapshot]:
    if is_watched(topic := f"desk:{code}"):
        yield Snapshot(topic=topic, version=version_of(get_station(code)))


def _queue(key: str, is_watched: IsWatched) -> Iterator[Snapshot]:
    if not is_watched(f"queue:{key}") and not is_watched("ticket:"):
        return
    code, _, letter = key.partition(":")
    station = get_station(code)
    queue, day = get_queue(station, letter), today_of(station)
    version = version_of(station)
    rows = _IN_QUEUE(queue_id=queue.id, day=day)
    watched = [row for row in rows if is_watched(f"ticket:{row.token}")]
    if not watched and not is_watched(f"queue:{key}"):
        return
    head = head_of(queue)
    in_line = [row.id for row in rows if row.state is TicketState.WAITING]
    waiting, last = len(in_line), in_line[-1:]
    places = {row_id: Place(ahead, [row_id] != last) for ahead, row_id in enumerate(in_line)}
    hall = Hall.seen(station.id, queue.id, day, queue, head)
    for row in watched:
        data = _ticket_data(row, places.get(row.id), hall)
        yield Snapshot(topic=f"ticket:{row.token}", version=version, data=data)
    if is_watched(topic := f"queue:{key}"):
        data = _queue_data(queue, waiting, head, hall.at)
        yield Snapshot(topic=topic, version=version, data=data)


def _ticket(token: str, is_watched: IsWatched) -> Iterator[Snapshot]:
    if is_watched(topic := f"ticket:{token}"):
        queue = session.scalar(_QUEUE_OF, {"token": token})
        version = version_of(queue.station) if queue else 0
        _station, data = ticket(token)
        yield Snapshot(topic=topic, version=version, data=data)


_COMPUTE = {"board": _board, "desk": _desk, "queue": _queue, "ticket": _ticket}


class Place(NamedTuple):
    """Where somebody stands in line: how many are ahead, and whether anybody is behind."""

    ahead: int
    has_others_behind: bool


@dataclass(frozen=True)
class Hall:
    """What all tickets of a queue have in common on a day: found once for all of them."""

    station_id: int
    queue_id: int
    day: date
    at: datetime
    usual_minutes: float
    head: QueueHead
    told: Told | None
    missed_rule: MissedRule
    missed_limit: int
    said: Data

    @classmethod
    def seen(
        cls,
        station_id: int,
        queue_id: int,
        day: date,
        queue: Any,  # noqa: ANN401
        head: QueueHead,
    ) -> Self:
        """Look at a queue now; a row with the queue's columns does for the queue."""
        at = clock.now()
        rule, limit = queue.missed_rule, queue.missed_limit
        said = {
            "queue": queue.letter,
            "queue_name_zh": queue.name_zh,
            "queue_name_en": queue.name_en,
            "last_called": number(queue.letter, head.last_called) if head.last_called else None,
            "missed_rule": {"rule": rule.value, "limit": limit},
            "at": at.isoformat(),
        }
        told = outlook.of(station_id, at)
        usual = told.minutes.get(queue_id, queue.usual_minutes) if told else queue.usual_minutes
        return cls(station_id, queue_id, day, at, usual, head, told, rule, limit, said)

    def expected(self, ticket_id: int) -> Expected | None:
        """Return what somebody in line was told to expect, if they were."""
        return self.told.tickets.get(ticket_id) if self.told else None

    @property
    def is_promise(self) -> bool:
        """Tell whether what is told here comes true as often as is said."""
        return bool(self.told and self.told.is_promise and self.queue_id in self.told.queues)

    def wait(self, ticket_id: int, ahead: int) -> Wait:
        """Return what somebody in line is to expect: as forecast, or else by the rule."""
        if expected := self.expected(ticket_id):
            return expected.wait
        if self.told and self.queue_id in self.told.queues:
            return self.told.queues[self.queue_id]
        return wait(ahead, self.head.staffing, self.usual_minutes)


def _ticket_data(row: Any, place: Place | None, hall: Hall) -> Data:  # noqa: ANN401 - a named tuple
    return {
        "number": number(row.its_letter, row.seq),
        "token": row.token,
        "state": row.state,
        "service": row.service,
        "service_zh": row.service_zh,
        "service_en": row.service_en,
        "services": _services(row),
        **_expectation(row, place, hall),
        "steps": steps_told(row.id, hall.station_id) if row.is_bundle else [],
        "counter": row.counter,
        "for_counter": row.for_counter,
        "issued_at": row.issued_at.isoformat(),
        "called_at": row.called_at.isoformat() if row.called_at else None,
        "calls": row.calls,
        **_wishes(row, place, hall),
        "outcome": row.outcome,
        "url": f"/t/{row.token}",
        **hall.said,
    }


def _expectation(row: Any, place: Place | None, hall: Hall) -> Data:  # noqa: ANN401
    if place is None:
        return {"ahead": None, "wait": None, "is_promise": False, "reason": None}
    expected = hall.expected(row.id)
    return {
        "ahead": place.ahead,
        "wait": {**vars(hall.wait(row.id, place.ahead))},
        "is_promise": hall.is_promise,
        "reason": expected.reason if expected else None,
    }


def _wishes(row: Any, place: Place | None, hall: Hall) -> Data:  # noqa: ANN401
    """Return what the visitor may still do, and how long a missed number is kept."""
    left = max(MOST_POSTPONED - row.postponed, 0)
    may_postpone = place is not None and place.has_others_behind and left > 0
    may_rejoin, kept_until = False, None
    if row.state is TicketState.NO_SHOW:
        rule, limit = hall.missed_rule, hall.missed_limit
        missed = Missed(hall.queue_id, hall.day, row.ended_at, row.rejoined, rule, limit)
        may_rejoin, kept_until = missed.may_rejoin(hall.at), missed.kept_until
    return {
        "may_postpone": may_postpone,
        "postpones_left": left,
        "may_rejoin": may_rejoin,
        "kept_until": kept_until.isoformat() if kept_until else None,
    }


def _services(row: Any) -> list[str]:  # noqa: ANN401
    if row.is_bundle:
        return list(session.scalars(_CARRIED, {"ticket_id": row.id}))
    return [row.service] if row.service else []


def _queue_data(queue: Queue, waiting: int, head: QueueHead, at: datetime) -> Data:
    return {
        "station": queue.station.code,
        "letter": queue.letter,
        "name_zh": queue.name_zh,
        "name_en": queue.name_en,
        "is_open": queue.is_open and not is_stopped(queue.id, today_of(queue.station)),
        "waiting": waiting,
        "wait": asdict(wait_in(queue, waiting, head.staffing)),
        "last_called": number(queue.letter, head.last_called) if head.last_called else None,
        "at": at.isoformat(),
    }
