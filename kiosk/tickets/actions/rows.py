"""The rows that every visit writes; their statements are put into words once.

Composing a statement takes longer than the database needs for it.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache

from sqlalchemy import bindparam, func, insert
from sqlalchemy.sql.dml import Insert, ReturningInsert

from kiosk.catalog.models import Service
from kiosk.db import Database, database, insert_into, session
from kiosk.tickets.models import LAST_NUMBER, Queue, QueueDay, Ticket, TicketEvent, TicketService

_TABLES = Ticket.metadata.tables
_DAY = _TABLES[QueueDay.__tablename__]
_TICKET = insert(_TABLES[Ticket.__tablename__]).returning(_TABLES[Ticket.__tablename__].c.id)
_EVENT = insert(_TABLES[TicketEvent.__tablename__])
_SERVICES = insert(_TABLES[TicketService.__tablename__])
_KEY = ["queue_id", "day"]


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
