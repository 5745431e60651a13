"""The rows that every visit writes; their statements are put into words once.

Composing a statement takes longer than the database needs for it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import lazyload
from sqlalchemy.sql.dml import Insert, ReturningInsert, ReturningUpdate

from kiosk.catalog.models import Service
from kiosk.db import Database, database, insert_into, session
from kiosk.stations.models import Counter
from kiosk.tickets.models import (
    LAST_NUMBER,
    WAITING,
    CounterQueue,
    Queue,
    QueueDay,
    Ticket,
    TicketEvent,
    TicketService,
    TicketState,
)

_TABLES = Ticket.metadata.tables
_DAY = _TABLES[QueueDay.__tablename__]
_TICKET = insert(_TABLES[Ticket.__tablename__]).returning(_TABLES[Ticket.__tablename__].c.id)
_EVENT = insert(_TABLES[TicketEvent.__tablename__])
_SERVICES = insert(_TABLES[TicketService.__tablename__])
_KEY = ["queue_id", "day"]
_FIRST_IN_LINE = (
    select(Ticket.id)
    .join(CounterQueue, CounterQueue.queue_id == Ticket.queue_id)
    .where(
        CounterQueue.counter_id == bindparam("to_counter"),
        Ticket.day == bindparam("on_day"),
        Ticket.state == WAITING,
    )
    .order_by(CounterQueue.rank, Ticket.seq)
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


def next_number(queue: Queue, day: date) -> int | None:
    """Count the queue's day one up and return the number, or None after the last one."""
    return session.connection().scalar(_count_up(database()), {"queue_id": queue.id, "day": day})


@cache
def _count_up(database: Database) -> ReturningInsert[int]:
    return (
        insert_into(_DAY, database)
        .values(queue_id=bindparam("queue_id"), day=bindparam("day"), issued=1, changes=1)
        .on_conflict_do_update(
            index_elements=_KEY,
            set_={"issued": _DAY.c.issued + 1, "changes": _DAY.c.changes + 1},
            where=_DAY.c.issued < LAST_NUMBER,
        )
        .returning(_DAY.c.issued)
    )


def touch(queue: Queue, day: date, *, called: int | None = None) -> None:
    """Count a change in the queue's day, and keep which number was called, if one was."""
    session.connection().execute(
        _touch(database()), {"queue_id": queue.id, "day": day, "called": called}
    )


@cache
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


def add_ticket(**values: object) -> int:
    """Write a new ticket and return its id."""
    ticket_id: int = session.connection().execute(_TICKET, values).scalar_one()
    return ticket_id


def add_services(ticket_id: int, services: Sequence[Service]) -> None:
    """Write down all the services that a bundle's ticket carries, in their order."""
    rows = [
        {"ticket_id": ticket_id, "service_id": service.id, "rank": rank}
        for rank, service in enumerate(services, 1)
    ]
    if rows:
        session.execute(_SERVICES, rows)


def add_event(**values: object) -> None:
    """Write down a change of a ticket."""
    session.connection().execute(_EVENT, values)


def claim_next(counter: Counter, day: date, at: datetime) -> Ticket | None:
    """Call the first in line to a counter by compare-and-set; return who that is, if anybody."""
    asked = {"to_counter": counter.id, "on_day": day, "now": at}
    return session.scalars(_CLAIM, asked).one_or_none()


def move(ticket: Ticket, before: TicketState, after: TicketState, **moments: datetime) -> bool:
    """Compare and set a ticket's state; tell whether it still was as it was seen."""
    statement = _move(tuple(moments), is_call=after is TicketState.CALLED)
    asked = {"its_id": ticket.id, "before": before, "after": after, **moments}
    return session.scalars(statement, asked).one_or_none() is not None


@cache
def _move(moments: tuple[str, ...], *, is_call: bool) -> ReturningUpdate[Ticket]:
    values: dict[str, object] = {name: bindparam(name) for name in moments}
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
