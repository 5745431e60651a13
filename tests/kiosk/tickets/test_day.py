"""The day changes at the station's midnight."""

from datetime import UTC, datetime, timedelta

import time_machine

from kiosk.db import session
from kiosk.tickets.commands import sweep
from kiosk.tickets.models import TicketEvent, TicketState
from tests.cast import HOME, Cast

BEFORE_MIDNIGHT = datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC)


def test_yesterday_s_waiting_and_called_tickets_expire(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    clock.move_to(BEFORE_MIDNIGHT)
    served, called, waiting = (cast.took()["token"] for _ in range(3))
    cast.did("call-next", 1)
    cast.did("start", 1)
    cast.did("call-next", 4)
    assert sweep() == 0
    clock.shift(timedelta(seconds=1))
    assert sweep() == 2
    states = [cast.ticket(token).state for token in (served, called, waiting)]
    assert states == [TicketState.SERVING, TicketState.EXPIRED, TicketState.EXPIRED]
    event = session.query(TicketEvent).filter_by(verb="expire").first()
    assert event is not None
    assert (event.actor, event.role) == ("clock", "clock")
    assert sweep() == 0


def test_who_is_served_over_midnight_is_finished(cast: Cast, clock: time_machine.Traveller) -> None:
    clock.move_to(BEFORE_MIDNIGHT)
    token = cast.took()["token"]
    cast.did("call-next")
    cast.did("start")
    clock.shift(timedelta(minutes=5))
    sweep()
    cast.did("finish")
    assert cast.ticket(token).state is TicketState.FINISHED


def test_yesterday_s_ticket_is_never_called_even_before_the_sweep(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    clock.move_to(BEFORE_MIDNIGHT)
    cast.took()
    clock.shift(timedelta(seconds=1))
    assert cast.did("call-next")["ticket"] is None


def test_versions_grow_over_midnight(cast: Cast, clock: time_machine.Traveller) -> None:
    clock.move_to(BEFORE_MIDNIGHT)
    for _ in range(5):
        cast.took()
    client = cast.app.test_client()
    before = client.get("/api/v1/live/board:raffles-city").get_json()["version"]
    clock.shift(timedelta(seconds=1))
    after = client.get("/api/v1/live/board:raffles-city").get_json()
    assert after["version"] > before
    assert [queue["waiting"] for queue in after["data"]["queues"]] == [0] * 5


def test_who_is_served_over_midnight_is_not_sent_on(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    """Today has a number like theirs: two of them in one hall would both come."""
    clock.move_to(BEFORE_MIDNIGHT)
    token = cast.took()["token"]
    cast.did("call-next")
    cast.did("start")
    clock.shift(timedelta(seconds=1))
    assert cast.took()["number"] == cast.ticket(token).number
    for verb, body in (("transfer", {"queue": "B"}), ("hold", None)):
        answer = cast.post(f"{HOME}/counters/1/{verb}", body, cast.clerk_token)
        assert answer.get_json()["code"] == "tickets.over_midnight"
    assert cast.did("finish")["ticket"] is None
    assert cast.ticket(token).state is TicketState.FINISHED
    assert cast.did("call-next")["ticket"]["token"] != token


def test_chained_visit_ends_at_the_window_where_midnight_finds_it(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    clock.move_to(BEFORE_MIDNIGHT)
    token = cast.took()["token"]
    cast.did("call-next")
    cast.did("start")
    cast.post(f"{HOME}/counters/1/services", {"service": "JZ-0201"}, cast.clerk_token)
    clock.shift(timedelta(seconds=1))
    cast.did("finish")
    assert cast.ticket(token).state is TicketState.FINISHED
