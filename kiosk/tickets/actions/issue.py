"""A number is given out: the only way into a queue."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from kiosk import clock
from kiosk.actor import Actor
from kiosk.catalog.models import Service
from kiosk.db import session
from kiosk.refusal import Refusal
from kiosk.stations.hours import refuse_unhandled
from kiosk.stations.models import Station
from kiosk.stations.queries import Place, opening_of
from kiosk.tickets.actions.moves import one_each, tell
from kiosk.tickets.actions.rows import add_event, add_services, add_ticket, next_number
from kiosk.tickets.models import Offer, Priority, Queue, TicketState
from kiosk.tickets.queries import Line, is_stopped


def issue(
    station: Station | Place,
    line: Line,
    service: Service | None,
    *,
    by: Actor,
    at: datetime,
    together: Sequence[Service] = (),
    priority: Priority | None = None,
    holder: str | None = None,
    due_at: datetime | None = None,
) -> str:
    """Give out the next number of a line; returns the new ticket's token.

    `together`: a bundle's services, `holder`: the phone that takes it, `due_at`: an appointment's.
    """
    moment = clock.local(at, station.timezone)
    seq = next_number(line, moment, is_booked=due_at is not None)
    if seq is None:
        raise _no_number(station, line, at)
    head_start = timedelta(minutes=station.priority_minutes if priority else 0)
    token = secrets.token_urlsafe(16)
    ticket_id = add_ticket(
        line,
        token=token,
        day=moment.date(),
        seq=seq,
        due_at=(due_at or at) - head_start,
        priority=priority,
        service_id=service.id if service else None,
        state=TicketState.WAITING,
        issued_at=at,
        holder=holder,
    )
    if ticket_id is None:
        raise one_each()
    add_services(ticket_id, together)
    _write_down(ticket_id, station, line, by=by, at=at)
    return token


def _write_down(
    ticket_id: int, station: Station | Place, line: Line, *, by: Actor, at: datetime
) -> None:
    add_event(
        ticket_id=ticket_id,
        station_id=station.id,
        day=clock.day_at(at, station.timezone),
        at=at,
        verb="issue",
        queue_id=line.id,
        to_state=TicketState.WAITING,
        actor=by.name,
        role=by.role,
    )
    tell(station, line)


def _no_number(station: Station | Place, line: Line, at: datetime) -> Refusal:
    """Return the reason why a line gives out no number now."""
    if not opening_of(station, at).is_open:
        return Refusal("tickets.closed", "The station is closed now. Come back when it is open.")
    if is_stopped(line.id, clock.day_at(at, station.timezone)):
        return Refusal(
            "queues.stopped",
            "%(letter)s gives out no more numbers today, so that everybody who waits is served."
            " Come back tomorrow.",
            letter=line.letter,
        )
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


def switched_on(offer: Offer | None) -> Offer:
    """Return how a station handles a service; refuse one that it does not handle."""
    if offer is None:
        raise Refusal("services.not_here", "This station does not handle this. Ask at a counter.")
    if not offer.is_on:
        raise Refusal(
            "services.switched_off", "This is not handled here at the moment. Ask at a counter."
        )
    return offer


def line_for(station: Station | Place, service: Service, *, at: datetime) -> Line:
    """Return the line in which a station handles a service; refuse what it does not do now."""
    offer = switched_on(session.get(Offer, (station.id, service.id)))
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
