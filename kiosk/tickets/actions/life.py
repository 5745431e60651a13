"""What happens to tickets: each verb is one compare-and-set and one event row.

`at` is the moment, `by` is who acts. Every verb refuses in words what cannot be done now.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, union_all

from kiosk import clock
from kiosk.actor import CLOCK, Actor
from kiosk.catalog.models import Service
from kiosk.db import session
from kiosk.live import changed
from kiosk.refusal import Refusal
from kiosk.stations import actions as stations
from kiosk.stations.hours import refuse_unhandled
from kiosk.stations.models import Counter, Station
from kiosk.stations.queries import Place, opening_of
from kiosk.tickets.actions.rows import (
    add_event,
    add_services,
    add_ticket,
    claim_next,
    move,
    next_number,
    touch,
)
from kiosk.tickets.models import (
    CALLED_OR_SERVING,
    WAITING,
    Offer,
    Queue,
    Ticket,
    TicketState,
)
from kiosk.tickets.queries import Line, at_counter, queues_of


def issue(
    station: Station | Place,
    line: Line,
    service: Service | None,
    *,
    by: Actor,
    at: datetime,
    together: Sequence[Service] = (),
) -> str:
    """Give out the next number of a line; returns the new ticket's token.

    `together` are all the services of a bundle that this one ticket carries.
    """
    moment = clock.local(at, station.timezone)
    seq = next_number(line, moment)
    if seq is None:
        raise _no_number(station, line, at)
    token = secrets.token_urlsafe(16)
    ticket_id = add_ticket(
        token=token,
        queue_id=line.id,
        day=moment.date(),
        seq=seq,
        service_id=service.id if service else None,
        state=TicketState.WAITING,
        issued_at=at,
    )
    add_services(ticket_id, together)
    add_event(
        ticket_id=ticket_id,
        station_id=station.id,
        day=moment.date(),
        at=at,
        verb="issue",
        to_state=TicketState.WAITING,
        actor=by.name,
        role=by.role,
    )
    _tell(station, line)
    return token


def _no_number(station: Station | Place, line: Line, at: datetime) -> Refusal:
    """Return the reason why a line gives out no number now."""
    if not opening_of(station, at).is_open:
        return Refusal("tickets.closed", "The station is closed now. Come back when it is open.")
    if not session.get_one(Queue, line.id).is_open:
        return Refusal(
            "queues.closed",
            "%(letter)s is not served today. Ask at a counter.",
            letter=line.letter,
        )
    return Refusal(
        "queues.full",
        "%(letter)s has no numbers left today. Come back tomorrow or ask at a counter.",
        letter=line.letter,
    )


def line_for(station: Station | Place, service: Service, *, at: datetime) -> Line:
    """Return the line in which a station handles a service; refuse what it does not do now."""
    offer = session.get(Offer, (station.id, service.id))
    if offer is None:
        raise Refusal("services.not_here", "This station does not handle this. Ask at a counter.")
    if not offer.is_on:
        raise Refusal(
            "services.switched_off", "This is not handled here at the moment. Ask at a counter."
        )
    refuse_unhandled(offer.hours, clock.local(at, station.timezone))
    return Line(offer.queue.id, offer.queue.letter)


def first_of(
    station: Station | Place, services: Sequence[Service], *, at: datetime
) -> tuple[Line, Service]:
    """Return where a bundle begins: the first of its services that a station handles now."""
    moment = clock.local(at, station.timezone)
    later = None
    for service in services:
        offer = session.get(Offer, (station.id, service.id))
        if offer is not None and offer.is_on:
            if offer.hours.hold(moment):
                return Line(offer.queue.id, offer.queue.letter), service
            later = later or offer
    if later is not None:
        refuse_unhandled(later.hours, moment)
    raise Refusal(
        "bundles.not_here", "This station handles nothing of this bundle. Ask at a counter."
    )


def call_next(counter: Counter, *, by: Actor, at: datetime) -> Ticket | None:
    """Call the first in line to a counter, or return None when nobody waits.

    Whoever is still at the counter leaves it: finished if they were being served, as a no-show
    if they were only called. Of two counters that reach for one ticket, the later gets the next.
    """
    stations.lock(counter)
    if counter.is_paused:
        raise Refusal(
            "counters.paused",
            "Counter %(number)s is paused. Resume first, then call.",
            number=counter.number,
        )
    left = at_counter(counter)
    if left is not None:
        verb = FINISH if left.state is TicketState.SERVING else NO_SHOW
        _move(left, verb, by=by, at=at, ended_at=at)
    day = clock.local(at, counter.station.timezone).date()
    ticket = claim_next(counter, day, at)
    if ticket is not None:
        _write_down(ticket, CALL, TicketState.WAITING, by=by, at=at)
    _announce(*filter(None, (left, ticket)), at=at)
    return ticket


def recall(counter: Counter, *, by: Actor, at: datetime) -> Ticket:
    """Call the ticket at the counter once more."""
    return _at_counter(counter, RECALL, by=by, at=at, called_at=at)


def start(counter: Counter, *, by: Actor, at: datetime) -> Ticket:
    """Begin to serve the ticket that was called to the counter."""
    return _at_counter(counter, START, by=by, at=at, started_at=at)


def finish(counter: Counter, *, by: Actor, at: datetime) -> Ticket:
    """End the visit at the counter."""
    return _at_counter(counter, FINISH, by=by, at=at, ended_at=at)


def no_show(counter: Counter, *, by: Actor, at: datetime) -> Ticket:
    """Note that nobody came to the counter."""
    return _at_counter(counter, NO_SHOW, by=by, at=at, ended_at=at)


def cancel(ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Give a ticket back; its number is not used again today. Twice is the same as once."""
    if ticket.state is not TicketState.CANCELLED:
        _move(ticket, CANCEL, by=by, at=at, ended_at=at)
        _announce(ticket, at=at)
    return ticket


def sit_down(counter: Counter, member_id: int, *, by: Actor, at: datetime) -> None:
    """Take a counter, and leave the one taken before: waits are shorter where somebody works."""
    if counter.member_id != member_id:
        stand_up(member_id, by=by, at=at)
        stations.sit_down(counter, member_id, by=by, at=at)
        refresh(counter.station, at=at)


def stand_up(member_id: int, *, by: Actor, at: datetime) -> None:
    """Leave the counter, wherever it is."""
    left = stations.stand_up(member_id, by=by, at=at)
    if left is not None:
        refresh(left.station, at=at)


def pause(counter: Counter, *, by: Actor, at: datetime) -> None:
    """Call nobody to the counter until it goes on."""
    stations.pause(counter, by=by, at=at)
    refresh(counter.station, at=at)


def resume(counter: Counter, *, by: Actor, at: datetime) -> None:
    """Go on calling to the counter."""
    stations.resume(counter, by=by, at=at)
    refresh(counter.station, at=at)


def close_day(station: Station, *, at: datetime) -> int:
    """Expire what is left of the days before today; returns how many tickets that were.

    Who is being served over midnight is served to the end.
    """
    today = clock.local(at, station.timezone).date()
    past = [
        select(Ticket.id)
        .join(Queue, Queue.id == Ticket.queue_id)
        .where(Queue.station_id == station.id, Ticket.day < today, is_open)
        for is_open in (Ticket.state == WAITING, Ticket.state.in_(CALLED_OR_SERVING))
    ]
    left = session.scalars(
        select(Ticket)
        .where(Ticket.id.in_(union_all(*past)), Ticket.state.in_(EXPIRE.leaves))
        .order_by(Ticket.id)
        .with_for_update(of=Ticket, skip_locked=True)
    ).all()
    for ticket in left:
        _move(ticket, EXPIRE, by=CLOCK, at=at, ended_at=at)
    _announce(*left, at=at)
    return len(left)


def refresh(station: Station, *, at: datetime) -> None:
    """Make every screen of a station look again: its queues, counters or hours changed."""
    for queue in sorted(queues_of(station), key=lambda queue: queue.id):
        touch(queue, _day_of(queue, at))
    _tell(station)


@dataclass(frozen=True)
class Verb:
    """A change of state: its name in events, where it may start, and where it leads."""

    name: str
    leaves: tuple[TicketState, ...]
    enters: TicketState
    refusal: str


CALL = Verb("call", (TicketState.WAITING,), TicketState.CALLED, "")
RECALL = Verb(
    "recall",
    (TicketState.CALLED,),
    TicketState.CALLED,
    "Only somebody who was called can be called again.",
)
START = Verb(
    "start",
    (TicketState.CALLED,),
    TicketState.SERVING,
    "Call somebody first, then start.",
)
FINISH = Verb(
    "finish",
    (TicketState.SERVING,),
    TicketState.FINISHED,
    "Nobody is being served here. Start first, then finish.",
)
NO_SHOW = Verb(
    "no_show",
    (TicketState.CALLED,),
    TicketState.NO_SHOW,
    "Only somebody who was called and did not start can be missed.",
)
CANCEL = Verb(
    "cancel",
    (TicketState.WAITING, TicketState.CALLED),
    TicketState.CANCELLED,
    "This number is in use or done already. Nothing is left to cancel.",
)
EXPIRE = Verb("expire", (TicketState.WAITING, TicketState.CALLED), TicketState.EXPIRED, "")


def _at_counter(
    counter: Counter, verb: Verb, *, by: Actor, at: datetime, **moments: datetime
) -> Ticket:
    stations.lock(counter)
    ticket = at_counter(counter)
    if ticket is None:
        raise Refusal("tickets.wrong_state", verb.refusal)
    _move(ticket, verb, by=by, at=at, **moments)
    _announce(ticket, at=at)
    return ticket


def _move(ticket: Ticket, verb: Verb, *, by: Actor, at: datetime, **moments: datetime) -> None:
    """Compare and set: from the state that was seen to the verb's, with one event row."""
    before = ticket.state
    if before not in verb.leaves:
        raise Refusal("tickets.wrong_state", verb.refusal)
    if not move(ticket, before, verb.enters, **moments):
        raise Refusal(
            "tickets.changed", "Somebody was faster: this number just changed. Look again."
        )
    _write_down(ticket, verb, before, by=by, at=at)


def _write_down(
    ticket: Ticket, verb: Verb, before: TicketState | None, *, by: Actor, at: datetime
) -> None:
    add_event(
        ticket_id=ticket.id,
        station_id=ticket.queue.station_id,
        day=ticket.day,
        at=at,
        verb=verb.name,
        is_call=verb in (CALL, RECALL),
        from_state=before,
        to_state=verb.enters,
        counter_id=ticket.counter_id,
        actor=by.name,
        role=by.role,
    )


def _announce(*tickets: Ticket, at: datetime) -> None:
    """Count the change in each queue, always in the same order, and name who should hear."""
    for queue in sorted({ticket.queue for ticket in tickets}, key=lambda queue: queue.id):
        of_queue = [ticket for ticket in tickets if ticket.queue_id == queue.id]
        called = [ticket.seq for ticket in of_queue if ticket.state is TicketState.CALLED]
        touch(queue, _day_of(queue, at), called=called[0] if called else None)
        _tell(queue.station, queue)
    changed(*(f"ticket:{ticket.token}" for ticket in tickets))


def _day_of(queue: Queue, at: datetime) -> date:
    return clock.local(at, queue.station.timezone).date()


def _tell(station: Station | Place, *queues: Queue | Line) -> None:
    changed(f"board:{station.code}", f"desk:{station.code}")
    changed(*(f"queue:{station.code}:{q.letter}" for q in queues or queues_of(station)))
