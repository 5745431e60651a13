"""The station's own log, in the format that the back-test reads."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import time_machine
from flask import Flask

from kiosk.actor import OPERATOR
from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.staff.models import Member
from kiosk.tickets import actions
from kiosk.tickets.commands import sweep
from kiosk.tickets.forecast.backtest import replay
from kiosk.tickets.forecast.log import read_log
from kiosk.tickets.forecast.plan import read_plan
from kiosk.tickets.history import DayLog, events_of
from tests.cast import Cast
from tests.databases import on_sqlite

DAY = "2026-11-20"
BEFORE_MIDNIGHT = datetime(2026, 11, 20, 15, 59, 50, tzinfo=UTC)


def _written(app: Flask, *arguments: str) -> str:
    done = app.test_cli_runner().invoke(args=["tickets", *arguments, "--station", "raffles-city"])
    assert done.exit_code == 0, done.output
    return done.output


def _log(app: Flask, first: str = DAY, last: str = DAY) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_written(app, "log", "--from", first, "--to", last))))


def _work(cast: Cast, clock: time_machine.Traveller) -> None:
    """Let one be served, one miss the call, one cancel, one wait."""
    for _ in range(3):
        cast.took()
    given_up = cast.took()["token"]
    for verb in ("call-next", "start", "finish", "call-next", "recall", "no-show", "pause"):
        clock.shift(timedelta(seconds=30))
        cast.did(verb)
    cast.post(f"/api/v1/tickets/{given_up}/cancel", None, cast.kiosk_token)


def test_the_day_in_order(app: Flask, cast: Cast, clock: time_machine.Traveller) -> None:
    _work(cast, clock)
    rows = _log(app)
    assert [(row["event"], row["ticket"][-4:], row["counter"]) for row in rows] == [
        ("issue", "A001", ""),
        ("issue", "A002", ""),
        ("issue", "A003", ""),
        ("issue", "A004", ""),
        ("counter_open", "", "1"),
        ("call", "A001", "1"),
        ("start", "A001", "1"),
        ("finish", "A001", "1"),
        ("call", "A002", "1"),
        ("recall", "A002", "1"),
        ("no_show", "A002", "1"),
        ("cancel", "A004", ""),
        ("counter_pause", "", "1"),
        ("counter_close", "", "1"),
    ]
    assert rows[0]["at"] == "2026-11-20T10:30:00+08:00"
    assert rows[0]["ticket"] == "2026-11-20/A001"
    assert rows[4]["queue"].split("|")[0] == "A"


def test_who_comes_back_is_another_ticket(
    app: Flask, cast: Cast, clock: time_machine.Traveller
) -> None:
    token = cast.took()["token"]
    for verb in ("call-next", "hold"):
        clock.shift(timedelta(seconds=30))
        cast.did(verb)
    clock.shift(timedelta(seconds=30))
    with transaction():
        actions.call(cast.counter(), cast.ticket(token), by=OPERATOR, at=now())
        actions.start(cast.counter(), by=OPERATOR, at=now())
    clock.shift(timedelta(seconds=30))
    with transaction():
        actions.transfer(cast.counter(), by=OPERATOR, at=now(), queue=cast.queue("B"))
    rows = [row for row in _log(app) if row["ticket"]]
    assert [(row["event"], row["ticket"][11:], row["queue"]) for row in rows] == [
        ("issue", "A001", "A"),
        ("call", "A001", ""),
        ("no_show", "A001", ""),
        ("issue", "A001~2", "A"),
        ("call", "A001~2", ""),
        ("start", "A001~2", ""),
        ("transfer", "A001~2", "B"),
    ]


@on_sqlite
def test_seats_open_and_close_counters(app: Flask, cast: Cast) -> None:
    cast.browser("ann")
    counter, ann = cast.counter(2), session.query(Member).filter_by(name="ann").one()
    with transaction():
        actions.sit_down(counter, ann.id, by=OPERATOR, at=now())
    with transaction():
        actions.stand_up(ann.id, by=OPERATOR, at=now())
    assert [(row["event"], row["counter"]) for row in _log(app)] == [
        ("counter_open", "2"),
        ("counter_close", "2"),
    ]


def test_what_is_left_at_midnight_ends_with_its_day(
    app: Flask, cast: Cast, clock: time_machine.Traveller
) -> None:
    clock.move_to(BEFORE_MIDNIGHT)
    for _ in range(3):
        cast.took()
    cast.did("call-next")
    cast.did("start")
    cast.did("call-next", 4)
    clock.shift(timedelta(minutes=2))
    sweep()
    cast.did("finish")
    ends = [(row["at"][11:19], row["event"], row["ticket"][-4:]) for row in _log(app)[-5:]]
    assert ends == [
        ("23:59:59", "no_show", "A002"),
        ("23:59:59", "cancel", "A003"),
        ("23:59:59", "finish", "A001"),
        ("23:59:59", "counter_close", ""),
        ("23:59:59", "counter_close", ""),
    ]
    assert _log(app, "2026-11-21", "2026-11-21") == []


@on_sqlite
def test_the_back_test_reads_it(app: Flask, cast: Cast, clock: time_machine.Traveller) -> None:
    _work(cast, clock)
    plan = read_plan(_written(app, "station"))
    lines = _written(app, "log", "--from", DAY, "--to", DAY)
    forecasts = list(replay(plan, read_log(io.StringIO(lines), plan)))
    assert [one.ticket[-4:] for one in forecasts] == ["A001", "A002", "A003", "A004"]
    assert json.loads(_written(app, "station"))["rules"]["order"] == "preference"


@on_sqlite
def test_an_unknown_station_is_refused(app: Flask) -> None:
    days = ["--from", DAY, "--to", DAY]
    for words in (["station"], ["log", *days]):
        done = app.test_cli_runner().invoke(args=["tickets", *words, "--station", "nowhere"])
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr == "Error: There is no station nowhere.\n"


@on_sqlite
def test_a_day_read_in_parts_is_the_day(
    app: Flask, cast: Cast, clock: time_machine.Traveller
) -> None:
    log = DayLog(cast.station, date.fromisoformat(DAY))
    parts = list(log.news())
    assert parts == []
    for _ in range(2):
        _work(cast, clock)
        clock.shift(timedelta(seconds=30))
        parts += log.news()
        cast.did("resume")
    parts += [*log.news(), *log.news(), *log.close()]
    assert [event.name for event in parts].count("issue") == 8
    assert parts == list(events_of(cast.station, log.day, log.day))
