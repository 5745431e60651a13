"""Numbers given out beside millions of old ones, and called while thousands wait.

Two stations run side by side, one of them with a past; requests go to them by turns, so that what
else the machine does troubles both alike.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from string import ascii_letters, digits

from sqlalchemy import Date, func, insert, literal, select

from kiosk import clock, db
from kiosk.db import Moment, session
from kiosk.stations.models import Counter, Station
from kiosk.tickets.models import LAST_NUMBER, Queue, Ticket, TicketEvent, TicketState
from tests.load.bench.load import Connection, rate
from tests.load.bench.stage import Stage, stage

_LETTERS = sorted(f"{ascii_letters}{digits}-_")
_PLACES = ["".join(pair) for pair in product(_LETTERS, repeat=2)]
OLD = 5_000_000
# Days before today on which nobody was here: forecasts learn from none of the old tickets.
QUIET_DAYS = 90
ASKED = 3_000
WARM_UP = 300
WAITING = 5_000
CLERKS = 8
SECONDS = 4


@dataclass(frozen=True)
class Slowness:
    """Milliseconds for one number, with a past and without."""

    p50: float
    p99: float
    bare_p50: float
    bare_p99: float


@contextmanager
def both() -> Iterator[tuple[Stage, Stage]]:
    """Set up a station with a past and one without, on SQLite."""
    with stage(furnish=fill) as old, stage() as new:
        yield old, new


def fill() -> None:
    """Write old tickets, each with its call, into every queue of every day, back from long ago."""
    queues = session.scalar(select(func.count()).select_from(Queue)) or 1
    days = -(-OLD // (queues * LAST_NUMBER))
    last = clock.now().date() - timedelta(days=QUIET_DAYS)
    for number in range(days):
        with db.transaction():
            # In the order of the alphabet, or pages would be written again and again.
            prefix = _PLACES[number * len(_PLACES) // days]
            day = last - timedelta(days=days - number)
            _fill_tickets(day, prefix)
            _fill_calls(day)


def _fill_tickets(day: date, prefix: str) -> None:
    at = datetime.combine(day, datetime.min.time(), UTC)
    numbers = select(literal(1).label("seq")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.seq + 1).where(numbers.c.seq < LAST_NUMBER))
    moment = literal(at, Moment)
    ticket = {
        Ticket.token: literal(prefix).concat(func.hex(func.randomblob(10))),
        Ticket.queue_id: Queue.id,
        Ticket.origin_id: Queue.id,
        Ticket.letter: Queue.letter,
        Ticket.day: literal(day, Date),
        Ticket.seq: numbers.c.seq,
        Ticket.due_at: moment,
        Ticket.state: literal(TicketState.FINISHED, Ticket.state.type),
        Ticket.counter_id: select(func.min(Counter.id)).scalar_subquery(),
        Ticket.calls: literal(1),
        Ticket.issued_at: moment,
        Ticket.called_at: moment,
        Ticket.started_at: moment,
        Ticket.ended_at: moment,
    }
    rows = select(*ticket.values()).select_from(Queue).join(numbers, literal(value=True))
    session.execute(insert(Ticket).from_select(list(ticket), rows, include_defaults=True))


def _fill_calls(day: date) -> None:
    event = {
        TicketEvent.ticket_id: Ticket.id,
        TicketEvent.station_id: Station.id,
        TicketEvent.day: Ticket.day,
        TicketEvent.at: Ticket.called_at,
        TicketEvent.verb: literal("call"),
        TicketEvent.queue_id: Ticket.queue_id,
        TicketEvent.is_call: literal(value=True),
        TicketEvent.from_state: literal(TicketState.WAITING, TicketEvent.from_state.type),
        TicketEvent.to_state: literal(TicketState.CALLED, TicketEvent.to_state.type),
        TicketEvent.actor: literal("clerk"),
        TicketEvent.role: literal("clerk"),
    }
    calls = (
        select(*event.values())
        .join_from(Ticket, Queue, Queue.id == Ticket.queue_id)
        .join(Station, Station.id == Queue.station_id)
        .where(Ticket.day == literal(day, Date))
    )
    session.execute(insert(TicketEvent).from_select(list(event), calls, include_defaults=True))


def issue_times(old: Stage, new: Stage) -> Slowness:
    """Give out numbers at both stations by turns, one at a time."""
    jobs = old.issues("past"), new.issues("past")
    times: tuple[list[float], list[float]] = ([], [])
    connections = [Connection(job.port) for job in jobs]
    for number in range(WARM_UP + ASKED):
        for job, connection, kept in zip(jobs, connections, times, strict=True):
            ask = job.ask(number)
            start = time.perf_counter()
            reply = connection.ask(ask)
            kept.append(1000 * (time.perf_counter() - start))
            if not job.is_done(reply):
                msg = f"{reply.status}: {reply.body[:200]!r}"
                raise RuntimeError(msg)
    for connection in connections:
        connection.close()
    past, bare = (sorted(kept[WARM_UP:]) for kept in times)
    half, most = ASKED // 2, ASKED * 99 // 100
    return Slowness(past[half], past[most], bare[half], bare[most])


def calls_a_second(stage: Stage) -> float:
    """Let eight clerks call the next one while 5,000 wait, after `issue_times`."""
    issues = stage.issues("crowd")
    connection = Connection(issues.port)
    for number in range(WARM_UP + ASKED, WAITING):
        connection.ask(issues.ask(number))
    connection.close()
    return rate(stage.calls(), CLERKS, SECONDS)
