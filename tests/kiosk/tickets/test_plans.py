"""No question walks through the tickets of past years: the database finds each by an index."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from kiosk import clock
from kiosk.db import session, transaction
from kiosk.tickets import queries
from kiosk.tickets.commands import sweep
from kiosk.tickets.snapshots import snapshots
from tests.cast import HOME, Cast

# The indexes named here hold only the tickets that are open; all days before today are a walk too.
WALK = re.compile(
    r"SCAN (ticket|ticket_1|ticket_event|answered_request|counter_event)"
    r"(?!.* INDEX (uq_ticket_at_counter|ix_ticket_waiting|ix_ticket_held)$)\b"
    r"|ix_ticket_day \(queue_id=\? AND day<"
)


# PostgreSQL chooses by size and reads a small table whole, so its plans say nothing here.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@contextmanager
def _asked() -> Iterator[list[str]]:
    """Collect the statements that SQLite runs, with their values in them."""
    asked: list[str] = []
    connections: list[Any] = []

    def listen(connection: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401 - a driver's
        connection.set_trace_callback(asked.append)
        connections.append(connection)

    engine = session.get_bind()
    session.remove()
    event.listen(engine, "checkout", listen)
    try:
        yield asked
    finally:
        event.remove(engine, "checkout", listen)
        for connection in connections:
            connection.set_trace_callback(None)


def _walks(asked: list[str]) -> list[str]:
    session.rollback()
    connection = session.connection()
    found = []
    for statement in asked:
        if re.match("SELECT|INSERT|UPDATE|DELETE", statement):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
            if any(WALK.search(row.detail) for row in plan):
                found.append(statement)
    return found


def test_a_visit_finds_its_rows_by_index(cast: Cast) -> None:
    cast.kiosk_token, cast.clerk_token  # noqa: B018 - made before
    with _asked() as asked:
        for key in ("one", "two"):
            token = cast.take("A", Idempotency_Key=key).get_json()["token"]
        for verb in ("call-next", "recall", "start", "finish", "call-next", "no-show", "pause"):
            cast.did(verb)
        cast.post(f"/api/v1/tickets/{token}/cancel")
        cast.app.test_client().get(HOME)
    assert len(asked) > 50
    assert _walks(asked) == []


def test_screens_and_sweeping_find_their_rows_by_index(cast: Cast) -> None:
    token = cast.took("A")["token"]
    topics = {"board:raffles-city", "desk:raffles-city", "queue:raffles-city:A", f"ticket:{token}"}
    with _asked() as asked:
        list(snapshots(topics, topics.__contains__))
        sweep()
        counter = cast.counter()
        queries.finished_today(counter)
        queries.waiting_at(counter)
        queries.missed_today(queries.served_queues(counter))
        queries.people_at_counters(cast.station)
        queries.oldest_waiting(cast.station)
        queries.most_asked(cast.station, clock.now().date(), 8)
    assert len(asked) > 15
    assert _walks(asked) == []


def test_a_walk_would_be_noticed(cast: Cast) -> None:
    with transaction(), _asked() as asked:
        session.execute(text("SELECT * FROM ticket WHERE calls = 7"))
    assert len(_walks(asked)) == 1
