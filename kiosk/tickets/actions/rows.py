"""The rows that every visit writes; their statements are put into words once.

Composing a statement takes longer than the database needs for it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, partial

from sqlalchemy import Date, bindparam, exists, func, insert, literal, select, update
from sqlalchemy.orm import lazyload
from sqlalchemy.sql.dml import Insert, ReturningInsert, ReturningUpdate

from kiosk.catalog.models import Service
from kiosk.db import Database, insert_into, session
from kiosk.prepared import Prepared
from kiosk.stations.hours import minute_of
from kiosk.stations.models import Closure, Counter, OpeningHours, Station
from kiosk.tickets.models import (
    HOLDS,
    LAST_NUMBER,
    ONE_EACH,
    WAITING,
    CounterQueue,
    Queue,
    QueueDay,
    Ticket,
    TicketEvent,
    TicketService,
    TicketState,
)
from kiosk.tickets.queries import IN_ORDER, Line

_TABLES = Ticket.metadata.tables
_DAY = _TABLES[QueueDay.__tablename__]
_QUEUE = _TABLES[Queue.__tablename__]
_TICKET = _TABLES[Ticket.__tablename__]
_EVENT = _TABLES[TicketEvent.__tablename__]
_ADD_TICKET = Prepared(
    lambda database: (
        insert_into(_TICKET, database)
        .on_conflict_do_nothing(index_elements=HOLDS, index_where=ONE_EACH)
        .returning(_TICKET.c.id)
    )
)
_ADD_EVENT = Prepared(lambda _database: insert(_EVENT))
_SERVICES = insert(_TABLES[TicketService.__tablename__])
_KEY = ["queue_id", "day"]
_FIRST_IN_LINE = (
    select(Ticket.id)
    .join(CounterQueue, CounterQueue.queue_id == Ticket.queue_id)
    .where(
        CounterQueue.counter_id == bindparam("to_counter"),
        Ticket.day == bindparam("on_day"),
        Ticket.state == WAITING,
        Ticket.for_counter_id.is_(None) | (Ticket.for_counter_id == bindparam("to_counter")),
    )
    .join(Queue, Queue.id == Ticket.queue_id)
    .join(Station, Station.id == Queue.station_id)
    .order_by(*IN_ORDER)
    .limit(1)
    .with_for_update(of=Ticket, skip_locked=True)
    .scalar_subquery()
)
_FRESH = {"populate_existing": True, "synchronize_session": False}
_CLAIM = (
    update(Ticket)
    .where(Ticket.id == _FIRST_IN_LINE, Ticket.state == WAITING)
    .values(
        state=TicketState.CALLED,
        counter_id=bindparam("to_counter"),
        called_at=bindparam("now"),
        calls=Ticket.calls + 1,
    )
    .returning(Ticket)
    .options(lazyload(Ticket.queue))
    .execution_options(**_FRESH)
)


def next_number(line: Line, moment: datetime, *, is_booked: bool = False) -> int | None:
    """Count the line's day one up and return the number.

    None where the station is closed at this moment on its wall clock, the queue is closed or
    stopped for the day, or its last number is given out: the statement that gives the number
    holds these rules. Who booked has a place already: no quota and no early close keeps it back.
    """
    asked = {
        "its_id": line.id,
        "day": moment.date(),
        "weekday": moment.weekday(),
        "minute": minute_of(moment),
    }
    rows = (_COUNT_BOOKED if is_booked else _COUNT_UP)(**asked)
    return rows[0].issued if rows else None


def _count_up(database: Database, *, is_booked: bool = False) -> ReturningInsert[int]:
    hours = OpeningHours.__table__.c
    doors_are_open = exists().where(
        hours.station_id == _QUEUE.c.station_id,
        hours.weekday == bindparam("weekday"),
        hours.opens <= bindparam("minute"),
        hours.closes > bindparam("minute"),
    )
    closures = Closure.__table__.c
    is_holiday = exists().where(
        closures.station_id == _QUEUE.c.station_id,
        closures.starts_on <= bindparam("day", type_=Date),
        closures.ends_on >= bindparam("day", type_=Date),
    )
    first = select(_QUEUE.c.id, bindparam("day", type_=Date), literal(1), literal(1)).where(
        _QUEUE.c.id == bindparam("its_id"), _QUEUE.c.is_open, doors_are_open, ~is_holiday
    )
    quota = select(func.coalesce(_QUEUE.c.daily_quota, LAST_NUMBER)).where(
        _QUEUE.c.id == bindparam("its_id")
    )
    return (
        insert_into(_DAY, database)
        .from_select(["queue_id", "day", "issued", "changes"], first)
        .on_conflict_do_update(
            index_elements=_KEY,
            set_={"issued": _DAY.c.issued + 1, "changes": _DAY.c.changes + 1},
            where=_DAY.c.issued < LAST_NUMBER
            if is_booked
            else (_DAY.c.issued < quota.scalar_subquery()) & _DAY.c.stopped_at.is_(None),
        )
        .returning(_DAY.c.issued)
    )


_COUNT_UP = Prepared(_count_up)
_COUNT_BOOKED = Prepared(partial(_count_up, is_booked=True))


def touch(queue: Queue, day: date, *, called: int | None = None) -> None:
    """Count a change in the queue's day, and keep which number was called, if one was."""
    _TOUCH(queue_id=queue.id, day=day, called=called)


def _touch(database: Database) -> Insert:
    statement = insert_into(_DAY, database)
    return statement.values(
        queue_id=bindparam("queue_id"),
        day=bindparam("day"),
        last_called=bindparam("called"),
        issued=0,
        changes=1,
    ).on_conflict_do_update(
        index_elements=_KEY,
        set_={
            "changes": _DAY.c.changes + 1,
            "last_called": func.coalesce(statement.excluded.last_called, _DAY.c.last_called),
        },
    )


_TOUCH = Prepared(_touch)


def add_ticket(line: Line, **values: object) -> int | None:
    """Write a new ticket and return its id; None where its holder has one in this queue."""
    where = {"queue_id": line.id, "origin_id": line.id, "letter": line.letter}
    rows = _ADD_TICKET(calls=0, postponed=0, rejoined=0, **where, **values)
    return rows[0].id if rows else None


def add_services(ticket_id: int, services: Sequence[Service], *, first: int = 1) -> None:
    """Write down all the services that a ticket carries, in their order."""
    rows = [
        {"ticket_id": ticket_id, "service_id": service.id, "rank": rank}
        for rank, service in enumerate(services, first)
    ]
    if rows:
        session.execute(_SERVICES, rows)


def add_event(
    *,
    is_call: bool = False,
    from_state: TicketState | None = None,
    counter_id: int | None = None,
    reason: str = "",
    **values: object,
) -> None:
    """Write down a change of a ticket."""
    _ADD_EVENT(
        is_call=is_call, from_state=from_state, counter_id=counter_id, reason=reason, **values
    )


def claim_next(counter: Counter, day: date, at: datetime) -> Ticket | None:
    """Call the first in line to a counter by compare-and-set; return who that is, if anybody."""
    asked = {"to_counter": counter.id, "on_day": day, "now": at}
    return session.scalars(_CLAIM, asked).one_or_none()


def move(ticket: Ticket, before: TicketState, after: TicketState, **values: object) -> bool:
    """Compare and set a ticket's state and values; tell whether it still was as it was seen.

    Who comes to be called was called once more, unless `values` say how often.
    """
    is_call = after is TicketState.CALLED and "calls" not in values
    statement = _move(tuple(values), is_call=is_call)
    asked = {"its_id": ticket.id, "before": before, "after": after, **values}
    return session.scalars(statement, asked).one_or_none() is not None


@cache
def _move(names: tuple[str, ...], *, is_call: bool) -> ReturningUpdate[Ticket]:
    values: dict[str, object] = {name: bindparam(name) for name in names}
    if is_call:
        values["calls"] = Ticket.calls + 1
    return (
        update(Ticket)
        .where(Ticket.id == bindparam("its_id"), Ticket.state == bindparam("before"))
        .values(state=bindparam("after"), **values)
        .returning(Ticket)
        .options(lazyload(Ticket.queue))
        .execution_options(**_FRESH)
    )


def stop(queue: Queue, day: date, at: datetime | None) -> None:
    """Give out no more numbers of a queue on a day, or give them out again."""
    touch(queue, day)
    session.execute(
        update(QueueDay)
        .where(QueueDay.queue_id == queue.id, QueueDay.day == day)
        .values(stopped_at=at)
    )
