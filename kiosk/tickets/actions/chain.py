"""A ticket of several services goes from window to window, with its number and its seniority."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update

from kiosk.actor import Actor
from kiosk.db import session
from kiosk.tickets.actions.moves import FINISH, GO_ON, apply, day_of, set_state, write_down
from kiosk.tickets.models import Outcome, Ticket, TicketEvent, TicketService, TicketState
from kiosk.tickets.queries import Carried, carried, done_at_counter, next_of


def leave_served(
    ticket: Ticket, *, by: Actor, at: datetime, outcome: Outcome | None = None
) -> None:
    """End the visit at a counter: go on to the next window where a service is left to do there.

    With an `outcome` the whole visit ends, whatever is left, and so it does over midnight.
    """
    is_several = ticket.state is TicketState.SERVING and bool(ticket.services)
    if not is_several or outcome is not None or ticket.counter_id is None:
        apply(FINISH, ticket, by=by, at=at, ended_at=at, outcome=outcome)
        return
    station = ticket.queue.station
    services = carried(ticket.id, station.id)
    done = done_at_counter(ticket, services, ticket.counter_id)
    following = next_of(station, services, done, at)
    _mark(ticket, (one.service.id for one in done), at)
    if following is None or ticket.day != day_of(ticket.queue, at):
        apply(FINISH, ticket, by=by, at=at, ended_at=at)
        return
    _go_on(ticket, following, by=by, at=at)


def _go_on(ticket: Ticket, following: Carried, *, by: Actor, at: datetime) -> None:
    """Let a ticket wait for its next service; the event names this service and the next."""
    counter_id = ticket.counter_id
    reason = f"{ticket.service.code if ticket.service else ''} {following.service.code}"
    set_state(
        ticket,
        TicketState.SERVING,
        TicketState.WAITING,
        queue_id=following.queue.id,
        service_id=following.service.id,
        for_counter_id=None,
        counter_id=None,
        called_at=None,
        started_at=None,
        calls=0,
    )
    write_down(
        ticket, GO_ON, TicketState.SERVING, by=by, at=at, counter_id=counter_id, reason=reason
    )


def unmark(ticket: Ticket, event: TicketEvent) -> None:
    """Take back that services were done when a visit at a counter ended."""
    session.execute(
        update(TicketService)
        .where(TicketService.ticket_id == ticket.id, TicketService.done_at == event.at)
        .values(done_at=None)
        .execution_options(synchronize_session=False)
    )


def _mark(ticket: Ticket, services: Iterable[int], at: datetime) -> None:
    session.execute(
        update(TicketService)
        .where(TicketService.ticket_id == ticket.id, TicketService.service_id.in_(list(services)))
        .values(done_at=at)
        .execution_options(synchronize_session=False)
    )
