"""What happens at a counter: call, serve, park, send on, and take back what was a mistake."""

from datetime import datetime

from kiosk import clock
from kiosk.actor import Actor
from kiosk.catalog.models import Service
from kiosk.db import session
from kiosk.refusal import Refusal
from kiosk.stations import actions as stations
from kiosk.stations.models import Counter
from kiosk.tickets.actions.chain import leave_served, unmark
from kiosk.tickets.actions.moves import (
    CALL,
    FINISH,
    GO_ON,
    HOLD,
    NO_SHOW,
    RECALL,
    START,
    TRANSFER,
    Verb,
    announce,
    apply,
    day_of,
    refuse_other_day,
    refuse_over_midnight,
    set_state,
    write_down,
)
from kiosk.tickets.actions.rows import add_services, claim_next
from kiosk.tickets.models import OPEN, Outcome, Queue, Ticket, TicketEvent, TicketState
from kiosk.tickets.queries import at_counter, find_held, regretted, served_queues, state_events

UNDO = Verb("undo", (), TicketState.WAITING)


def call_next(counter: Counter, *, by: Actor, at: datetime) -> Ticket | None:
    """Call the first in line to a counter, or return None when nobody waits.

    Whoever is still at the counter leaves it: finished if they were being served, as a no-show
    if they were only called. Of two counters that reach for one ticket, the later gets the next.
    """
    _ready(counter)
    left, where = _leave(counter, by=by, at=at)
    day = clock.day_at(at, counter.station.timezone)
    ticket = claim_next(counter, day, at)
    if ticket is not None:
        write_down(ticket, CALL, TicketState.WAITING, by=by, at=at, counter_id=counter.id)
    announce(*filter(None, (left, ticket)), at=at, also=where)
    return ticket


def call(counter: Counter, ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Call this one to a counter: out of turn, parked before, or missed and back again."""
    _ready(counter)
    if ticket.queue.station_id != counter.station_id:
        raise Refusal("tickets.elsewhere", "This number belongs to another station.")
    refuse_other_day(ticket, at)
    left, where = _leave(counter, by=by, at=at)
    apply(
        CALL,
        ticket,
        by=by,
        at=at,
        counter_id=counter.id,
        called_at=at,
        started_at=None,
        ended_at=None,
        holder=_still_holds(ticket),
    )
    announce(*filter(None, (left, ticket)), at=at, also=where)
    return ticket


def _still_holds(ticket: Ticket) -> str | None:
    """Return who holds a ticket that comes back: nobody, if the phone took another meanwhile."""
    if ticket.holder is None or ticket.state in OPEN:
        return ticket.holder
    return None if find_held(ticket.holder, ticket.origin_id, ticket.day) else ticket.holder


def _ready(counter: Counter) -> None:
    stations.lock(counter)
    if counter.is_paused:
        raise Refusal(
            "counters.paused",
            "Counter %(number)s is paused. Resume first, then call.",
            number=counter.number,
        )


def _leave(counter: Counter, *, by: Actor, at: datetime) -> tuple[Ticket | None, Queue | None]:
    """Let whoever is still at a counter leave it; returns who that was, of which queue."""
    left = at_counter(counter)
    queue = left.queue if left is not None else None
    if left is not None and left.state is TicketState.SERVING:
        leave_served(left, by=by, at=at)
    elif left is not None:
        apply(NO_SHOW, left, by=by, at=at, ended_at=at)
    return left, queue


def recall(counter: Counter, *, by: Actor, at: datetime) -> Ticket:
    """Call the ticket at the counter once more."""
    return _at_counter(counter, RECALL, by=by, at=at, called_at=at)


def start(counter: Counter, *, by: Actor, at: datetime) -> Ticket:
    """Begin to serve the ticket that was called to the counter."""
    return _at_counter(counter, START, by=by, at=at, started_at=at)


def finish(counter: Counter, *, by: Actor, at: datetime, outcome: Outcome | None = None) -> Ticket:
    """End the visit at the counter; without an outcome, what is left goes on elsewhere."""
    ticket = _visitor(counter, FINISH)
    left = ticket.queue
    leave_served(ticket, by=by, at=at, outcome=outcome)
    announce(ticket, at=at, also=left)
    return ticket


def no_show(counter: Counter, *, by: Actor, at: datetime) -> Ticket:
    """Note that nobody came to the counter, after as many calls as the queue asks for."""
    ticket = at_counter(counter)
    if ticket is not None and ticket.calls < ticket.queue.calls_before_no_show:
        raise Refusal(
            "tickets.too_early",
            "Call again first: nobody came is noted after call %(times)s.",
            times=ticket.queue.calls_before_no_show,
        )
    return _at_counter(counter, NO_SHOW, by=by, at=at, ended_at=at)


def hold(counter: Counter, *, by: Actor, at: datetime) -> Ticket:
    """Park the ticket at the counter: it keeps its place, and nobody calls it by accident."""
    refuse_over_midnight(_visitor(counter, HOLD), at)
    return _at_counter(counter, HOLD, by=by, at=at)


def release(counter: Counter, *, by: Actor, at: datetime) -> Ticket:
    """Let the visitor leave a counter whose clerk is gone: parked, for any counter to call.

    Over midnight nobody can call them any more; then the visit is over.
    """
    ticket = _visitor(counter, HOLD)
    if ticket.day == day_of(ticket.queue, at):
        apply(HOLD, ticket, by=by, at=at)
    else:
        apply(FINISH, ticket, by=by, at=at, ended_at=at)
    announce(ticket, at=at)
    return ticket


def transfer(
    counter: Counter,
    *,
    by: Actor,
    at: datetime,
    queue: Queue | None = None,
    to: Counter | None = None,
) -> Ticket:
    """Send the visitor on, to another queue or to one counter; number and seniority stay."""
    ticket = _visitor(counter, TRANSFER)
    refuse_over_midnight(ticket, at)
    left = ticket.queue
    if to is not None:
        queue = _queue_at(to, ticket)
    apply(
        TRANSFER,
        ticket,
        by=by,
        at=at,
        queue_id=(queue or left).id,
        for_counter_id=to.id if to else None,
        counter_id=None,
        called_at=None,
        started_at=None,
        calls=0,
    )
    announce(ticket, at=at, also=left)
    return ticket


def _queue_at(to: Counter, ticket: Ticket) -> Queue:
    """Return in which of a counter's queues somebody waits who is sent there."""
    served = served_queues(to)
    if not served or not to.is_active:
        raise Refusal(
            "counters.closed",
            "Counter %(number)s serves nobody. Choose another one.",
            number=to.number,
        )
    return next((queue for queue in served if queue.id == ticket.queue_id), served[0])


def add_service(counter: Counter, service: Service, *, by: Actor, at: datetime) -> Ticket:
    """Do one more service under the same number."""
    ticket = _visitor(counter, START)
    first = [ticket.service] if ticket.service and not ticket.services else []
    if service in (*first, *ticket.services):
        raise Refusal("tickets.carried", "This number carries that service already.")
    add_services(ticket.id, [*first, service], first=len(ticket.services) + 1)
    session.expire(ticket, ["services"])
    write_down(
        ticket,
        Verb("add_service", (), ticket.state),
        ticket.state,
        by=by,
        at=at,
        counter_id=counter.id,
        reason=service.code,
    )
    announce(ticket, at=at)
    return ticket


def undo(counter: Counter, *, by: Actor, at: datetime) -> Ticket:
    """Take back the last thing that this actor did at a counter within the last minute."""
    stations.lock(counter)
    event = regretted(counter, by.name, at)
    if event is None:
        raise Refusal("tickets.too_late", "There is nothing to take back from the last minute.")
    ticket = event.ticket
    here = at_counter(counter)
    if here is not None and here.id != ticket.id:
        raise Refusal("tickets.busy_counter", "Somebody else is at this counter already.")
    left = ticket.queue
    before = event.from_state or TicketState.WAITING
    if event.from_state is TicketState.SERVING:
        unmark(ticket, event)
    set_state(ticket, event.to_state, before, **_as_before(ticket, event, counter))
    write_down(
        ticket,
        Verb("undo", (), before),
        event.to_state,
        by=by,
        at=at,
        counter_id=counter.id,
    )
    announce(ticket, at=at, also=left)
    return ticket


def _as_before(ticket: Ticket, event: TicketEvent, counter: Counter) -> dict[str, object]:
    """Return a ticket's values as they were before an event."""
    past = [other for other in state_events(ticket) if other.id < event.id]
    began = [other.at for other in past if other.verb == START.name]
    called = [other.at for other in past if other.is_call]
    was_here = event.from_state in (TicketState.CALLED, TicketState.SERVING)
    return {
        "queue_id": past[-1].queue_id or ticket.origin_id,
        "service_id": _service_before(ticket, event),
        "called_at": called[-1] if called else None,
        "for_counter_id": None,
        "counter_id": counter.id if was_here else None,
        "started_at": began[-1] if began and event.from_state is TicketState.SERVING else None,
        "ended_at": past[-1].at if event.from_state is TicketState.NO_SHOW else None,
        "outcome": None,
        "holder": _still_holds(ticket),
        "calls": max(ticket.calls - 1, 0) if event.is_call else max(ticket.calls, int(was_here)),
    }


def _service_before(ticket: Ticket, event: TicketEvent) -> int | None:
    """Return for which of its services a ticket was at the counter before an event."""
    if event.verb != GO_ON.name:
        return ticket.service_id
    code = event.reason.partition(" ")[0]
    return next((service.id for service in ticket.services if service.code == code), None)


def _visitor(counter: Counter, verb: Verb) -> Ticket:
    stations.lock(counter)
    ticket = at_counter(counter)
    if ticket is None:
        raise Refusal("tickets.wrong_state", verb.refusal)
    return ticket


def _at_counter(
    counter: Counter, verb: Verb, *, by: Actor, at: datetime, **values: object
) -> Ticket:
    ticket = _visitor(counter, verb)
    apply(verb, ticket, by=by, at=at, **values)
    announce(ticket, at=at)
    return ticket
