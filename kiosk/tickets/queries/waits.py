"""How long people waited on one day: until their first call, or so far."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select

from kiosk.db import session
from kiosk.stations.models import Station
from kiosk.tickets.models import IS_CALL, Queue, Ticket, TicketEvent, TicketState


class Waited(NamedTuple):
    """A wait that began at `issued_at`; it ended with the first call, or uncalled at `left_at`."""

    letter: str
    issued_at: datetime
    called_at: datetime | None
    left_at: datetime | None

    @property
    def ended_at(self) -> datetime | None:
        """When the wait was over; None for who still waits."""
        return self.called_at or self.left_at


def waits_on(station: Station, day: date) -> list[Waited]:
    """Return everybody who took a number on a day, by the queue where they are now."""
    calls = (
        select(TicketEvent.ticket_id, func.min(TicketEvent.at).label("at"))
        .where(TicketEvent.station_id == station.id, TicketEvent.day == day, IS_CALL)
        .group_by(TicketEvent.ticket_id)
        .subquery()
    )
    rows = session.execute(
        select(Queue.letter, Ticket.issued_at, Ticket.state, Ticket.ended_at, calls.c.at)
        .join(Queue, Queue.id == Ticket.queue_id)
        .outerjoin(calls, calls.c.ticket_id == Ticket.id)
        .where(Queue.station_id == station.id, Ticket.day == day)
        .order_by(Ticket.issued_at)
    )
    return [
        Waited(letter, issued_at, called_at, None if state is TicketState.WAITING else ended_at)
        for letter, issued_at, state, ended_at, called_at in rows
    ]
