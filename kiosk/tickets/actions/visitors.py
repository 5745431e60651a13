"""What visitors do with their number: give it back, let others go first, come back."""

from datetime import datetime

from kiosk.actor import Actor
from kiosk.refusal import Refusal
from kiosk.tickets.actions.moves import (
    CANCEL,
    POSTPONE,
    REJOIN,
    announce,
    apply,
    one_each,
    refuse_other_day,
)
from kiosk.tickets.models import Ticket, TicketState
from kiosk.tickets.queries import MOST_POSTPONED, due_behind, find_held, may_rejoin

LET_BY = 3


def cancel(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Give a ticket back; its number is not used again today. Twice is the same as once."""
    if ticket.state is not TicketState.CANCELLED:
        apply(CANCEL, ticket, by=by, at=at, ended_at=at)
        announce(ticket, at=at)
    return ticket


def postpone(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Let the next three go first, at most twice; the number stays."""
    if ticket.postponed >= MOST_POSTPONED:
        raise Refusal(
            "tickets.postponed",
            "You let others go first %(times)s times already. Come when you are called, please.",
            times=MOST_POSTPONED,
        )
    due_at = due_behind(ticket, LET_BY)
    if due_at is None:
        raise Refusal("tickets.last", "Nobody waits behind you, so you need not let anybody by.")
    apply(POSTPONE, ticket, by=by, at=at, due_at=due_at, postponed=ticket.postponed + 1)
    announce(ticket, at=at)
    return ticket


def rejoin(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Come back into the line after having been missed, as the queue's rule allows."""
    if ticket.state is TicketState.NO_SHOW and not may_rejoin(ticket, at):
        raise Refusal("tickets.missed", "This number is no longer kept. Take a new one, please.")
    refuse_other_day(ticket, at)
    if ticket.holder and find_held(ticket.holder, ticket.origin_id, ticket.day):
        raise one_each()
    apply(
        REJOIN,
        ticket,
        by=by,
        at=at,
        due_at=due_behind(ticket, LET_BY) or at,
        rejoined=ticket.rejoined + 1,
        counter_id=None,
        calls=0,
        ended_at=None,
    )
    announce(ticket, at=at)
    return ticket
