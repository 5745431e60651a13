"""What the overview draws: true of those who wait too, broken where too few were called."""

from datetime import datetime, timedelta

import time_machine

from admin.charts import Waits, sparkline, waits_by_issue
from kiosk.staff.permissions import Role
from kiosk.tickets.queries import Waited
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.hours import MORNING

ZONE = "Asia/Shanghai"


def after(minutes: float) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def waited(issued: float, called: float | None = None, left: float | None = None) -> Waited:
    return Waited(
        "A",
        after(issued),
        None if called is None else after(called),
        None if left is None else after(left),
    )


def drawn(ones: list[Waited], at: float = 60) -> Waits:
    waits = waits_by_issue(ones, ZONE, after(at))
    assert waits is not None
    return waits


def test_sparkline_is_the_longest_wait_of_each_quarter_and_of_now() -> None:
    points = sparkline([waited(0, 10), waited(2, 22), waited(40)], MORNING, after(50))
    assert points == [(0, 0), (0.3, 13), (0.6, 20), (0.9, 5), (1, 10)]
    assert sparkline([waited(0, left=4)], MORNING, after(16))[-1] == (1, 0)


def test_who_still_waits_or_left_counts_as_far_as_they_waited() -> None:
    called = [waited(0, minutes) for minutes in range(1, 11)]
    waits = drawn(called)
    assert (waits.half, waits.most, waits.called, waits.waiting) == (5, 9, 10, 0)
    waits = drawn([*called, waited(0), waited(0), waited(0, left=40)])
    assert (waits.half, waits.most, waits.waiting) == (7, None, 2)
    # Who came a moment ago says nothing yet, and nine in ten would hang on the last two.
    waits = drawn([*called, *[waited(59.5)] * 4])
    assert (waits.half, waits.most, waits.waiting) == (5, None, 4)


def test_nothing_is_drawn_before_the_first_call() -> None:
    assert waits_by_issue([waited(0), waited(0, left=3)], ZONE, after(9)) is None


def test_line_breaks_where_too_few_were_called() -> None:
    crowd = [waited(start, start + 6) for start in (0, 1, 2, 3, 40, 70, 71, 72, 73, 74)]
    waits = drawn(crowd, at=75)
    assert [len(run) for run in waits.runs("half")] == [1, 1]
    assert [one.called for one in waits.bins] == [4, 1, 5]
    assert waits.top >= 6


def test_quiet_day_has_wider_bins_and_a_long_one_fewer_hours() -> None:
    ones = [waited(start, start + 3) for start in range(0, 700, 100)]
    assert drawn(ones, at=700).bins[1].begins - drawn(ones, at=700).bins[0].begins == 60
    assert len(drawn(ones, at=700).hours) <= 7


@on_sqlite
def test_overview_draws_the_day(cast: Cast, clock: time_machine.Traveller) -> None:
    boss = cast.browser("boss", Role.MANAGER)
    page = boss.get("/admin/").text
    assert "今天还没叫过号" in page
    assert "还没有可以回看的预测" in page
    for _ in range(6):
        cast.took()
    for minutes in (4, 8, 12, 16, 20):
        clock.move_to(after(minutes))
        cast.did("call-next")
        cast.did("start")
        cast.did("finish")
    assert "今天还没叫过号" not in boss.get("/admin/live").text
    clock.move_to(after(22))
    page = boss.get("/admin/live").text
    assert "n = 5 人叫到，1 人在等" in page
    assert "一半人 ≤ 12 分" in page
    assert "今天最久等 22 分，现在最久 22 分" in page


@on_sqlite
def test_charts_are_drawn_once_a_minute(cast: Cast, clock: time_machine.Traveller) -> None:
    boss = cast.browser("boss", Role.MANAGER)
    boss.get("/admin/live")
    cast.took()
    assert "sparkline" not in boss.get("/admin/live").text
    clock.move_to(after(1))
    assert "sparkline" in boss.get("/admin/live").text
