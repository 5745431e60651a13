"""How a ticket moves from one state to the next: compare and set, with one event row.

Every verb says which states it leaves and which it enters, and refuses in words otherwise.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from kiosk import clock
from kiosk.actor import Actor
from kiosk.live import changed
from kiosk.refusal import Refusal, say
from kiosk.stations.models import Station
from kiosk.stations.queries import Place
from kiosk.tickets.actions.rows import add_event, move, touch
from kiosk.tickets.models import Queue, Ticket, TicketState
from kiosk.tickets.queries import Line, queues_of


@dataclass(frozen=True)
class Verb:
    """A change of state: its name in events, where it may start, and where it leads."""

    name: str
    leaves: tuple[TicketState, ...]
    enters: TicketState
    refusal: str = ""


WAITING, CALLED, SERVING = TicketState.WAITING, TicketState.CALLED, TicketState.SERVING
HELD, MISSED = TicketState.HELD, TicketState.NO_SHOW

CALL = Verb(
    "call",
    (WAITING, HELD, MISSED),
    CALLED,
    say("This number cannot be called any more. Look at the list again."),
)
RECALL = Verb("recall", (CALLED,), CALLED, say("Only somebody who was called can be called again."))
START = Verb("start", (CALLED,), SERVING, say("Call somebody first, then start."))
FINISH = Verb(
    "finish",
    (SERVING,),
    TicketState.FINISHED,
    say("Nobody is being served here. Start first, then finish."),
)
GO_ON = Verb("go_on", (SERVING,), WAITING)
NO_SHOW = Verb(
    "no_show",
    (CALLED,),
    MISSED,
    say("Only somebody who was called and did not start can be missed."),
)
HOLD = Verb("hold", (CALLED, SERVING), HELD, say("Nobody is at this counter who could be parked."))
TRANSFER = Verb(
    "transfer", (CALLED, SERVING), WAITING, say("Nobody is at this counter who could be sent on.")
)
CANCEL = Verb(
    "cancel",
    (WAITING, CALLED, HELD),
    TicketState.CANCELLED,
    say("This number is in use or done already. Nothing is left to cancel."),
)
POSTPONE = Verb(
    "postpone", (WAITING,), WAITING, say("Only who is waiting can let others go first.")
)
REJOIN = Verb(
    "rejoin", (MISSED,), WAITING, say("Only a number that was missed can come back into the line.")
)
EXPIRE = Verb("expire", (WAITING, CALLED, HELD), TicketState.EXPIRED)


def apply(verb: Verb, ticket: Ticket, *, by: Actor, at: datetime, **values: object) -> None:
    """Compare and set: from the state that was seen to the verb's, with one event row."""
    before, counter_id = ticket.state, ticket.counter_id
    if before not in verb.leaves:
        raise Refusal("tickets.wrong_state", verb.refusal)
    set_state(ticket, before, verb.enters, **values)
    write_down(ticket, verb, before, by=by, at=at, counter_id=ticket.counter_id or counter_id)


def set_state(ticket: Ticket, before: TicketState, after: TicketState, **values: object) -> None:
    """Set a ticket's state and values, if it still is as it was seen.

    Of two numbers that one phone brings back to a queue at once, the later is refused.
    """
    try:
        is_moved = move(ticket, before, after, **values)
    except IntegrityError as error:
        if "holder" in str(error.orig):
            raise one_each() from error
        raise
    if not is_moved:
        raise Refusal(
            "tickets.changed", "Somebody was faster: this number just changed. Look again."
        )


def refuse_other_day(ticket: Ticket, at: datetime) -> None:
    """Refuse to bring a ticket of another day into today's line."""
    if ticket.day != day_of(ticket.queue, at):
        raise Refusal("tickets.other_day", "This number is of another day. Take a new one, please.")


def refuse_over_midnight(ticket: Ticket, at: datetime) -> None:
    """Refuse to let somebody of yesterday wait on: today has a number like theirs."""
    if ticket.day != day_of(ticket.queue, at):
        raise Refusal(
            "tickets.over_midnight",
            "%(number)s is yesterday's, and numbers began anew at midnight. Finish here; for"
            " anything else they take a new number.",
            number=ticket.number,
        )


def one_each() -> Refusal:
    """Return the refusal of a second open number for one phone in one queue."""
    return Refusal(
        "tickets.one_each",
        "This phone has a number in this queue already. One each, so that everybody gets a turn.",
    )


def write_down(
    ticket: Ticket,
    verb: Verb,
    before: TicketState | None,
    *,
    by: Actor,
    at: datetime,
    counter_id: int | None,
    reason: str = "",
) -> None:
    """Add the event row of a change that happened at a counter, or at none."""
    add_event(
        ticket_id=ticket.id,
        station_id=ticket.queue.station_id,
        day=ticket.day,
        at=at,
        verb=verb.name,
        queue_id=ticket.queue_id,
        is_call=verb in (CALL, RECALL),
        from_state=before,
        to_state=verb.enters,
        counter_id=counter_id,
        actor=by.name,
        role=by.role,
        reason=reason,
    )


def announce(*tickets: Ticket, at: datetime, also: Queue | None = None) -> None:
    """Count the change in each queue, always in the same order, and name who should hear.

    `also` is a queue that one of the tickets left.
    """
    queues = {ticket.queue for ticket in tickets} | ({also} if also else set())
    for queue in sorted(queues, key=lambda queue: queue.id):
        called = [
            ticket.seq
            for ticket in tickets
            if ticket.queue_id == queue.id == ticket.origin_id and ticket.state is CALLED
        ]
        touch(queue, day_of(queue, at), called=called[0] if called else None)
        tell(queue.station, queue)
    changed(*(f"ticket:{ticket.token}" for ticket in tickets))


def day_of(queue: Queue, at: datetime) -> date:
    """Return the day of a moment at a queue's station."""
    return clock.day_at(at, queue.station.timezone)


def tell(station: Station | Place, *queues: Queue | Line) -> None:
    """Name what shows a station's queues, or some of them."""
    changed(f"board:{station.code}", f"desk:{station.code}")
    changed(*(f"queue:{station.code}:{q.letter}" for q in queues or queues_of(station)))
