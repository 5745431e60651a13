"""Questions about tickets and what happened to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, bindparam, case, func, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload

from kiosk.db import session
from kiosk.refusal import NotFound
from kiosk.stations.models import CallingOrder, Counter, Station
from kiosk.tickets.models import (
    CALLED_OR_SERVING,
    IS_CALL,
    PARKED,
    WAITING,
    CounterQueue,
    Queue,
    Ticket,
    TicketEvent,
    TicketState,
)
from kiosk.tickets.queries.lines import today_of

SHOWN_CALLS = 12
REGRET = timedelta(minutes=1)
ENDS = ("finish", "go_on")
LASTING = ("undo", "recall", "add_service")  # what cannot be taken back
# In which order a counter calls who waits, beside the counter's queues and the station.
_RANK = case((Station.calling_order == CallingOrder.PREFERENCE, CounterQueue.rank), else_=0)
IN_ORDER = (_RANK, Ticket.due_at, Ticket.seq)
_AT_COUNTER = (
    select(Ticket)
    .where(Ticket.counter_id == bindparam("counter_id"), Ticket.state.in_(CALLED_OR_SERVING))
    .options(lazyload(Ticket.queue))
    .execution_options(populate_existing=True)
)


def get_ticket(token: str) -> Ticket:
    """Return a ticket by its token; refuse an unknown one."""
    ticket = session.scalar(
        select(Ticket)
        .where(Ticket.token == token)
        .options(joinedload(Ticket.service), joinedload(Ticket.counter))
    )
    if ticket is None:
        raise no_ticket()
    return ticket


def no_ticket() -> NotFound:
    """Return the refusal of a number that nobody knows."""
    return NotFound("tickets.unknown", "We do not know this number. Take a new one.")


def at_counter(counter: Counter) -> Ticket | None:
    """Return who is called to a counter or served there."""
    return session.scalar(_AT_COUNTER, {"counter_id": counter.id})


def waiting_at(counter: Counter) -> list[Ticket]:
    """Return who would be called to a counter, in the order of calling."""
    waiting = (
        select(Ticket)
        .join(CounterQueue, CounterQueue.queue_id == Ticket.queue_id)
        .join(Ticket.queue)
        .where(
            CounterQueue.counter_id == counter.id,
            Ticket.day == today_of(counter.station),
            Ticket.state == WAITING,
            Ticket.for_counter_id.is_(None) | (Ticket.for_counter_id == counter.id),
        )
        .join(Station, Station.id == Queue.station_id)
        .order_by(*IN_ORDER)
        .options(
            contains_eager(Ticket.queue),
            joinedload(Ticket.service),
            selectinload(Ticket.services),
        )
    )
    return list(session.scalars(waiting))


def recent_calls(station: Station, limit: int = SHOWN_CALLS) -> Sequence[TicketEvent]:
    """Return today's latest calls and recalls, newest first."""
    return session.scalars(
        select(TicketEvent)
        .where(
            TicketEvent.station_id == station.id,
            TicketEvent.day == today_of(station),
            IS_CALL,
        )
        .order_by(TicketEvent.id.desc())
        .limit(limit)
        .options(joinedload(TicketEvent.ticket), joinedload(TicketEvent.counter))
    ).all()


def calls_today(station: Station) -> int:
    """Return how many calls and recalls there were today."""
    calls = select(func.count()).where(
        TicketEvent.station_id == station.id, TicketEvent.day == today_of(station), IS_CALL
    )
    return session.scalar(calls) or 0


def people_at_counters(station: Station) -> dict[int, Ticket]:
    """Return who is called to a station's counters or served there, by the counter's id."""
    tickets = session.scalars(
        select(Ticket)
        .join(Counter, Counter.id == Ticket.counter_id)
        .where(Counter.station_id == station.id, Ticket.state.in_(CALLED_OR_SERVING))
    )
    return {ticket.counter_id: ticket for ticket in tickets if ticket.counter_id}


def missed_today(queues: Sequence[Queue]) -> Sequence[Ticket]:
    """Return who did not come when called today, the latest first."""
    if not queues:
        return []
    return session.scalars(
        select(Ticket)
        .where(
            Ticket.queue_id.in_([queue.id for queue in queues]),
            Ticket.day == today_of(queues[0].station),
            Ticket.state == TicketState.NO_SHOW,
        )
        .order_by(Ticket.ended_at.desc())
        .options(joinedload(Ticket.service), selectinload(Ticket.services))
    ).all()


def held_at(counter: Counter) -> Sequence[Ticket]:
    """Return who is parked in the queues that a counter serves, or at it; the earliest first."""
    served = select(CounterQueue.queue_id).where(CounterQueue.counter_id == counter.id)
    return session.scalars(
        select(Ticket)
        .where(
            Ticket.day == today_of(counter.station),
            Ticket.state == PARKED,
            Ticket.queue_id.in_(served) | (Ticket.counter_id == counter.id),
        )
        .order_by(Ticket.due_at, Ticket.seq)
        .options(joinedload(Ticket.service), joinedload(Ticket.counter))
    ).all()


def due_behind(ticket: Ticket, others: int) -> datetime | None:
    """Return the moment that places a ticket behind the next few in its queue; None if none wait.

    Those are whoever waits behind it, or, when it does not wait itself, the first in line.
    """
    is_behind = (
        tuple_(Ticket.due_at, Ticket.seq) > (ticket.due_at, ticket.seq)
        if ticket.state is TicketState.WAITING
        else Ticket.id != ticket.id
    )
    behind = session.scalars(
        select(Ticket.due_at)
        .where(
            Ticket.queue_id == ticket.queue_id,
            Ticket.day == ticket.day,
            Ticket.state == WAITING,
            is_behind,
        )
        .order_by(Ticket.due_at, Ticket.seq)
        .limit(others)
    ).all()
    return behind[-1] + timedelta(microseconds=1) if behind else None


def regretted(counter: Counter, actor: str, at: datetime) -> TicketEvent | None:
    """Return the last thing that somebody did at a counter, if it can still be taken back.

    That is for a minute, and as long as nothing happened to the ticket since.
    """
    event = session.scalar(
        select(TicketEvent)
        .where(*_lately(counter, at - REGRET), TicketEvent.actor == actor)
        .order_by(TicketEvent.id.desc())
        .limit(1)
    )
    if event is None or event.verb in LASTING or event.from_state is None:
        return None
    is_last = state_events(event.ticket)[-1].id == event.id
    return event if is_last and event.ticket.state is event.to_state else None


def _lately(counter: Counter, since: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what to ask for what happened at a counter to today's tickets since a moment."""
    return (
        TicketEvent.counter_id == counter.id,
        TicketEvent.at >= since,
        TicketEvent.day == today_of(counter.station),
    )


def state_events(ticket: Ticket) -> Sequence[TicketEvent]:
    """Return everything that happened to a ticket, in order, without where."""
    return session.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)
    ).all()


def events_of(ticket: Ticket) -> Sequence[TicketEvent]:
    """Return everything that happened to a ticket, in order."""
    return session.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id)
        .order_by(TicketEvent.id)
        .options(joinedload(TicketEvent.counter))
    ).all()


@dataclass(frozen=True)
class Finished:
    """How many visits a counter ended today, and the median minutes of one."""

    finished: int
    median_minutes: int | None


def finished_today(counter: Counter) -> Finished:
    """Return what a counter did today: visits that ended here, or went on to another window."""
    began: dict[int, datetime] = {}
    took: dict[int, float] = {}
    midnight = datetime.combine(
        today_of(counter.station), time(), ZoneInfo(counter.station.timezone)
    )
    asked = select(
        TicketEvent.ticket_id, TicketEvent.at, TicketEvent.verb, TicketEvent.to_state
    ).where(*_lately(counter, midnight))
    for event in session.execute(asked.order_by(TicketEvent.id)):
        if event.to_state is TicketState.SERVING and event.verb == "start":
            began[event.ticket_id] = event.at
        elif event.verb in ENDS and event.ticket_id in began:
            took[event.ticket_id] = (event.at - began[event.ticket_id]).total_seconds() / 60
        elif event.verb == "undo":
            took.pop(event.ticket_id, None)
    return Finished(len(took), round(median(took.values())) if took else None)


def oldest_waiting(station: Station) -> dict[int, datetime]:
    """Return since when the first in each queue waits, by the queue's id."""
    rows = session.execute(
        select(Ticket.queue_id, func.min(Ticket.issued_at))
        .join(Queue, Queue.id == Ticket.queue_id)
        .where(
            Queue.station_id == station.id,
            Ticket.day == today_of(station),
            Ticket.state == WAITING,
        )
        .group_by(Ticket.queue_id)
    )
    return dict(rows.all())
