"""Clocks are set back, and summer ends where other stations are: nobody loses place or number."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine

from kiosk.db import transaction
from kiosk.staff.permissions import Role
from kiosk.tickets.commands import Lookout, sweep
from tests.cast import HOME, Cast

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
# In Berlin, 2:30 comes twice on this day: at half past midnight and an hour later in UTC.
FIRST, AGAIN = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))


def version(cast: Cast, topic: str) -> int:
    return int(cast.app.test_client().get(f"/api/v1/live/{topic}").get_json()["version"])


def snapshot(cast: Cast, token: str) -> dict[str, object]:
    found: dict[str, object] = cast.app.test_client().get(f"/api/v1/tickets/{token}").get_json()
    return found


def test_clock_that_is_set_back_in_the_middle_of_a_visit(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    lookout = Lookout()
    tokens = [cast.took()["token"] for _ in range(3)]
    cast.did("call-next")
    lookout.look(lambda: None)
    seen = version(cast, "board:raffles-city")
    clock.shift(-timedelta(hours=1))
    cast.did("recall")
    cast.did("start")
    assert cast.took()["number"] == "A004"
    assert version(cast, "board:raffles-city") > seen
    lookout.look(lambda: None)
    wait = snapshot(cast, tokens[2])["wait"]
    assert isinstance(wait, dict)
    assert 0 <= wait["low_minutes"] <= wait["high_minutes"] < 120
    boss = cast.browser("boss", Role.MANAGER)
    assert boss.get("/admin/").status_code == boss.get("/admin/accuracy").status_code == 200
    called = []
    while ticket := cast.did("call-next")["ticket"]:
        called.append(ticket["number"])
        cast.did("start")
        clock.shift(timedelta(minutes=3))
        cast.did("finish")
    assert sorted(called) == ["A002", "A003", "A004"]
    lookout.look(lambda: None)
    assert snapshot(cast, tokens[0])["state"] == "finished"


def test_day_in_which_an_hour_comes_twice(cast: Cast, clock: time_machine.Traveller) -> None:
    with transaction():
        cast.station.timezone = "Europe/Berlin"
    versions, numbers, tokens = [], [], []
    for moment in (FIRST - timedelta(hours=3), FIRST, AGAIN, AGAIN + timedelta(hours=21)):
        clock.move_to(moment)
        sweep()
        took = cast.took()
        numbers.append(took["number"])
        tokens.append(took["token"])
        versions.append(version(cast, "board:raffles-city"))
    assert numbers == ["A001", "A001", "A002", "A003"]
    assert all(before < after for before, after in pairwise(versions))
    assert cast.ticket(tokens[0]).state.value == "expired"
    assert cast.did("call-next")["ticket"]["token"] == tokens[1]
    assert cast.did("call-next")["ticket"]["token"] == tokens[2]
    clock.shift(timedelta(minutes=59))
    assert sweep() == 2
    assert cast.post(f"{HOME}/tickets", {"queue": "A"}, cast.kiosk_token).get_json()["number"] == (
        "A001"
    )
