"""What a manager sets: a queue's rules, whom counters call first, holidays."""

from datetime import timedelta

import pytest

from kiosk import clock
from kiosk.staff.permissions import Role
from kiosk.stations.models import CallingOrder
from kiosk.stations.queries import closures_of
from kiosk.tickets.models import MissedRule
from tests.cast import Cast
from tests.pages import post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
RULES = "/admin/queues/A/rules"
STATION = "/admin/station"


def test_rules_of_a_queue_hold_at_once(cast: Cast) -> None:
    boss = cast.browser("boss", Role.MANAGER)
    rules = {"calls_before_no_show": 3, "missed_rule": "calls", "missed_limit": 5}
    assert post(boss, RULES, RULES, daily_quota=1, **rules).status_code == 303
    queue = cast.queue()
    assert (queue.calls_before_no_show, queue.missed_rule) == (3, MissedRule.CALLS)
    cast.took()
    assert cast.take().status_code == 409
    post(boss, RULES, RULES, daily_quota="", **rules)
    assert cast.take().status_code == 201


def test_order_of_calling_is_chosen(cast: Cast) -> None:
    boss = cast.browser("boss", Role.MANAGER)
    post(boss, STATION, f"{STATION}/calling", calling_order="oldest", priority_minutes=20)
    place = cast.station
    assert (place.calling_order, place.priority_minutes) == (CallingOrder.OLDEST, 20)


def test_holiday_shuts_the_doors_until_it_is_taken_back(cast: Cast) -> None:
    boss = cast.browser("boss", Role.MANAGER)
    today = clock.today(cast.station.timezone)
    days = {"starts_on": today, "ends_on": today, "reason_zh": "元旦"}
    post(boss, STATION, f"{STATION}/closures", **days)
    assert "元旦" in boss.get(STATION).text
    assert cast.take().get_json()["code"] == "tickets.closed"
    closure = closures_of(cast.station, today)[0].id
    post(boss, STATION, f"{STATION}/closures/{closure}/remove")
    assert cast.take().status_code == 201


def test_holiday_that_ends_before_it_begins_is_refused(cast: Cast) -> None:
    boss = cast.browser("boss", Role.MANAGER)
    today = clock.today(cast.station.timezone)
    days = {"starts_on": today, "ends_on": today - timedelta(days=1)}
    assert post(boss, STATION, f"{STATION}/closures", **days).status_code == 409
