"""What visitors are told while the hall lives: computed aside, kept, and honest about its age."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import insert

from kiosk.actor import OPERATOR
from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.rota.actions import set_week
from kiosk.rota.shifts import Shift, Span
from kiosk.tickets import actions, foresight
from kiosk.tickets.commands import Lookout
from kiosk.tickets.forecast import Staffing, wait
from kiosk.tickets.models import Ticket, TicketEvent, TicketState
from kiosk.tickets.outlook import outlook
from kiosk.tickets.queries import Shares, accuracy_of, is_promise_kept, lines_of, shares_of
from tests.cast import Cast

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
AT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


def look(lookout: Lookout | None = None) -> int:
    """Look ahead; returns how often it gave way to others."""
    gave_way = []
    (lookout or Lookout()).look(lambda: gave_way.append(1))
    return len(gave_way)


def _ticket(cast: Cast, token: str) -> dict[str, object]:
    found: dict[str, object] = cast.app.test_client().get(f"/api/v1/tickets/{token}").get_json()
    return found


def _serve(cast: Cast, clock: time_machine.Traveller, visits: int = 6, minutes: int = 4) -> None:
    for _ in range(visits):
        cast.took()
    for _ in range(visits):
        for verb, seconds in (("call-next", 20), ("start", 60 * minutes), ("finish", 15)):
            cast.did(verb)
            clock.shift(timedelta(seconds=seconds))


def test_everybody_in_line_hears_the_forecast(cast: Cast, clock: time_machine.Traveller) -> None:
    _serve(cast, clock)
    tokens = [cast.took()["token"] for _ in range(4)]
    cast.did("call-next")
    cast.did("start")
    assert look() > 3
    told = outlook.of(cast.station.id, now())
    assert told is not None
    highs = [_ticket(cast, token)["wait"]["high_minutes"] for token in tokens[1:]]  # type: ignore[index]
    assert highs == sorted(highs)
    assert 0 < highs[0] < highs[-1] <= 60
    assert _ticket(cast, tokens[0])["wait"] is None
    line = next(line for line in lines_of(cast.station) if line.queue.letter == "A")
    newcomer = line.wait
    assert not line.is_promise
    assert newcomer is not None
    assert newcomer.high_minutes >= highs[-1]
    assert cast.took()["wait"] == vars(newcomer)


def test_what_was_forecast_is_kept_once(cast: Cast, clock: time_machine.Traveller) -> None:
    _serve(cast, clock, visits=3)
    tokens = [cast.took()["token"] for _ in range(3)]
    cast.did("call-next")
    lookout = Lookout()
    look(lookout)
    kept = [(cast.ticket(token).p50_seconds, cast.ticket(token).p80_seconds) for token in tokens]
    assert kept[0] == (None, None)
    assert all(p50 is not None and p80 is not None and p50 <= p80 for p50, p80 in kept[1:])
    clock.shift(timedelta(minutes=5))
    cast.did("start")
    look(lookout)
    after = [(cast.ticket(token).p50_seconds, cast.ticket(token).p80_seconds) for token in tokens]
    assert after == kept


def test_an_old_word_gives_way_to_the_rule(cast: Cast, clock: time_machine.Traveller) -> None:
    _serve(cast, clock, visits=2)
    cast.took()
    token = cast.took()["token"]
    cast.did("call-next")
    look()
    forecast = _ticket(cast, token)["wait"]
    clock.shift(timedelta(minutes=4))
    by_rule = _ticket(cast, token)["wait"]
    look()
    assert by_rule not in (None, forecast)
    assert _ticket(cast, token)["wait"] != by_rule


def test_a_hall_too_full_to_forecast_goes_by_the_head_of_the_line(
    cast: Cast, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foresight, "MOST_WAITING", 3)
    tokens = [cast.took()["token"] for _ in range(5)]
    usual = lines_of(cast.station)[0].queue.usual_minutes
    for minutes in (1, 90):
        clock.move_to(AT + timedelta(minutes=minutes), tick=False)
        look()
        a_visit = (usual + minutes / 5) / 2
        assert _ticket(cast, tokens[-1])["wait"] == vars(wait(4, Staffing(), a_visit))
        assert lines_of(cast.station)[0].wait == wait(5, Staffing(), a_visit)


def test_a_counter_that_opened_just_now_is_forecast_as_it_stands(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    _serve(cast, clock, visits=2)
    for _ in range(3):
        cast.took("D")
    lookout = Lookout()
    look(lookout)
    cast.did("call-next", 4)
    cast.did("start", 4)
    clock.shift(timedelta(seconds=20))
    look(lookout)
    told = outlook.of(cast.station.id, now())
    assert told is not None
    assert 0 < told.queues[cast.queue("D").id].high_minutes < 10 * 60


def test_a_quiet_hall_is_left_alone(cast: Cast) -> None:
    lookout = Lookout()
    assert look(lookout) > 0
    assert look(lookout) == 0
    cast.took()
    assert look(lookout) > 0


def test_it_knows_priority_pauses_and_seats(cast: Cast, clock: time_machine.Traveller) -> None:
    _serve(cast, clock, visits=2)
    cast.took()
    with transaction():
        actions.pause(cast.counter(), by=OPERATOR, at=now())
    look()
    told = outlook.of(cast.station.id, now())
    assert told is not None
    assert told.tickets == {}


def _past(cast: Cast, day: datetime, waits: list[int]) -> None:
    """Write down tickets of a past day for whom 10 minutes, at most 15, were forecast."""
    queue = cast.queue()
    ids = range(10_000 + day.day * 1000, 10_000 + day.day * 1000 + len(waits))
    ticket = {
        "queue_id": queue.id,
        "origin_id": queue.id,
        "letter": "A",
        "day": day.date(),
        "due_at": day,
        "issued_at": day,
        "state": TicketState.FINISHED,
        "p50_seconds": 600,
        "p80_seconds": 900,
    }
    call = {
        "station_id": queue.station_id,
        "day": day.date(),
        "verb": "call",
        "is_call": True,
        "to_state": TicketState.CALLED,
        "actor": "x",
        "role": "clerk",
    }
    tickets = [{**ticket, "id": n, "token": f"past-{n}", "seq": 1 + n % 1000} for n in ids]
    calls = [
        {**call, "ticket_id": n, "at": day + timedelta(minutes=wait)}
        for n, wait in zip(ids, waits, strict=True)
    ]
    with transaction():
        session.execute(insert(Ticket), tickets)
        session.execute(insert(TicketEvent), calls)


def test_a_promise_needs_enough_people_and_enough_in_time(cast: Cast) -> None:
    today = AT.date()
    _past(cast, AT - timedelta(days=2), [12] * 150)
    assert not is_promise_kept(cast.station, today)
    _past(cast, AT - timedelta(days=1), [12] * 50)
    assert is_promise_kept(cast.station, today)
    _past(cast, AT - timedelta(days=3), [20] * 100)
    assert not is_promise_kept(cast.station, today)


def test_accuracy_by_queue_and_week(cast: Cast) -> None:
    _past(cast, AT - timedelta(days=1), [8, 12, 20, 0])
    _past(cast, AT - timedelta(days=8), [10])
    found = accuracy_of(cast.station, AT.date() - timedelta(days=30), AT.date())
    assert [(letter, week.isoformat()) for letter, week in found] == [
        ("", "2026-11-09"),
        ("", "2026-11-16"),
        ("A", "2026-11-09"),
        ("A", "2026-11-16"),
    ]
    week = found["A", (AT - timedelta(days=4)).date()]
    assert (week.count, round(week.error, 1), round(week.bias, 1), round(week.kept, 2)) == (
        3,
        4.7,
        -3.3,
        0.67,
    )
    shares = Shares(sooner=1, within=1, later=1)
    assert shares_of(cast.station, AT.date() - timedelta(days=6), AT.date()) == {
        "A": shares,
        "": shares,
    }


def test_break_of_the_rota_is_waited_for(cast: Cast, clock: time_machine.Traveller) -> None:
    _serve(cast, clock)
    token = [cast.took()["token"] for _ in range(4)][-1]
    cast.did("call-next")
    cast.did("start")

    def longest() -> int:
        outlook.forget()
        look()
        told = outlook.of(cast.station.id, now())
        assert told is not None
        return told.tickets[cast.ticket(token).id].wait.high_minutes

    before = longest()
    with transaction():
        worked = [Shift(1, None, 0, 24 * 60, (Span(11 * 60 + 2, 11 * 60 + 42),))]
        set_week(cast.counter(1), [4], worked)
    assert longest() >= before + 20
