"""Which of a ticket's services are done, and in which queue the rest is done: step by step."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from kiosk import clock
from kiosk.catalog.models import Service
from kiosk.db import session
from kiosk.stations.models import Station
from kiosk.tickets.models import CounterQueue, Offer, Queue, Ticket, TicketService

_CARRIED = (
    select(Service, Offer, Queue, TicketService.done_at)
    .select_from(TicketService)
    .join(Service, Service.id == TicketService.service_id)
    .join(
        Offer,
        (Offer.service_id == Service.id) & (Offer.station_id == bindparam("station_id")),
    )
    .join(Queue, Queue.id == Offer.queue_id)
    .where(TicketService.ticket_id == bindparam("ticket_id"), Offer.is_on)
    .order_by(TicketService.rank)
)


@dataclass(frozen=True)
class Carried:
    """A service of a ticket that its station handles: in which queue, and when it was done."""

    service: Service
    offer: Offer
    queue: Queue
    done_at: datetime | None


@dataclass
class Step:
    """The services of a ticket that are done in one queue."""

    queue: Queue
    services: list[Service] = field(default_factory=list)
    is_done: bool = True


def carried(ticket_id: int, station_id: int) -> Sequence[Carried]:
    """Return a ticket's services that its station handles, in their order."""
    rows = session.execute(_CARRIED, {"ticket_id": ticket_id, "station_id": station_id})
    return [Carried(*row) for row in rows]


def steps_of(services: Iterable[Carried]) -> list[Step]:
    """Return where services are done, each queue once, in the order of the services."""
    steps: dict[int, Step] = {}
    for one in services:
        step = steps.setdefault(one.queue.id, Step(one.queue))
        step.services.append(one.service)
        step.is_done = step.is_done and one.done_at is not None
    return list(steps.values())


def steps_told(ticket_id: int, station_id: int) -> list[dict[str, Any]]:
    """Return the steps as JSON; nothing where one queue is enough."""
    steps = steps_of(carried(ticket_id, station_id))
    if len(steps) == 1:
        return []
    return [
        {
            "queue": step.queue.letter,
            "queue_name_zh": step.queue.name_zh,
            "queue_name_en": step.queue.name_en,
            "services": [service.code for service in step.services],
            "is_done": step.is_done,
        }
        for step in steps
    ]


def done_at_counter(ticket: Ticket, services: Iterable[Carried], counter_id: int) -> list[Carried]:
    """Return what is left of a ticket's services that one visit at a counter takes care of.

    That is the one the visitor was called for with all of its queue, and whatever else belongs to
    a queue that the counter serves.
    """
    served = set(
        session.scalars(select(CounterQueue.queue_id).where(CounterQueue.counter_id == counter_id))
    )
    left = [one for one in services if one.done_at is None]
    asked = {one.queue.id for one in left if one.service.id == ticket.service_id}
    here = served | asked | {ticket.queue_id}
    return [one for one in left if one.queue.id in here]


def next_of(
    station: Station, services: Iterable[Carried], done: Collection[Carried], at: datetime
) -> Carried | None:
    """Return the first service that is left once these are done, and that is handled now."""
    moment = clock.local(at, station.timezone)
    return next(
        (
            one
            for one in services
            if one.done_at is None and one not in done and one.offer.hours.hold(moment)
        ),
        None,
    )


def next_window(ticket: Ticket, at: datetime) -> Carried | None:
    """Return where somebody at a counter goes on when they are finished there, if anywhere."""
    if ticket.counter_id is None:
        return None
    station = ticket.queue.station
    if ticket.day != clock.day_at(at, station.timezone):
        return None
    services = carried(ticket.id, station.id)
    return next_of(station, services, done_at_counter(ticket, services, ticket.counter_id), at)
