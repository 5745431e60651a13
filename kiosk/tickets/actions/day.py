"""What the day does to queues: it ends, and it may end early."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select, union_all

from kiosk import clock
from kiosk.actor import CLOCK
from kiosk.db import session
from kiosk.stations import actions as stations
from kiosk.stations.models import Counter, Station
from kiosk.tickets.actions.moves import EXPIRE, announce, apply, day_of, tell
from kiosk.tickets.actions.rows import stop, touch
from kiosk.tickets.models import CALLED_OR_SERVING, PARKED, WAITING, Queue, Ticket
from kiosk.tickets.queries import queues_of


def close_day(station: Station, *, at: datetime) -> int:
    """Expire what is left of the days before today; returns how many tickets that were.

    What counters wrote to each other on those days is forgotten too.
    Who is being served over midnight is served to the end.
    """
    today = clock.day_at(at, station.timezone)
    # Who is at a counter is found by the counter: only that index leaves out all who are gone.
    its_queues = select(Queue.id).where(Queue.station_id == station.id)
    its_counters = select(Counter.id).where(Counter.station_id == station.id)
    past = [
        select(Ticket.id).where(Ticket.day < today, is_open, is_here)
        for is_open, is_here in (
            (Ticket.state == WAITING, Ticket.queue_id.in_(its_queues)),
            (Ticket.state.in_(CALLED_OR_SERVING), Ticket.counter_id.in_(its_counters)),
            (Ticket.state == PARKED, Ticket.queue_id.in_(its_queues)),
        )
    ]
    left = session.scalars(
        select(Ticket)
        .where(Ticket.id.in_(union_all(*past)), Ticket.state.in_(EXPIRE.leaves))
        .order_by(Ticket.id)
        .with_for_update(of=Ticket, skip_locked=True)
    ).all()
    for ticket in left:
        apply(EXPIRE, ticket, by=CLOCK, at=at, ended_at=at)
    announce(*left, at=at)
    midnight = datetime.combine(today, time(), ZoneInfo(station.timezone))
    stations.forget_messages(station, midnight)
    return len(left)


def refresh(station: Station, *, at: datetime) -> None:
    """Make every screen of a station look again: its queues, counters or hours changed."""
    for queue in sorted(queues_of(station), key=lambda queue: queue.id):
        touch(queue, day_of(queue, at))
    tell(station)


def close_early(station: Station, *, at: datetime) -> None:
    """Give out no more numbers today; who waits already is served."""
    for queue in queues_of(station):
        stop(queue, day_of(queue, at), at)
    tell(station)


def reopen(station: Station, *, at: datetime) -> None:
    """Give out numbers again today."""
    for queue in queues_of(station):
        stop(queue, day_of(queue, at), None)
    tell(station)
