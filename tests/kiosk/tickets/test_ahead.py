"""The rest of the day: who comes, how long they wait, and where one more counter helps."""

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from kiosk.clock import now
from kiosk.db import transaction
from kiosk.staff.permissions import Role
from kiosk.tickets import actions
from kiosk.tickets.commands import Lookout
from kiosk.tickets.forecast.ahead import FEW_DAYS, PROMISE_MINUTES, Ahead, Coming, Need, Prospect
from kiosk.tickets.forecast.forecaster import Forecaster
from kiosk.tickets.forecast.log import Event, read_log
from kiosk.tickets.forecast.plan import Plan, read_plan
from kiosk.tickets.outlook import DAY_FRESH, outlook
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.kiosk.tickets.halls import log_of
from tests.kiosk.tickets.laws import Laws

CROWDED = Laws(
    seed=4, days=FEW_DAYS + 2, per_hour=14, counters=(("A", "B"), ("B", "C"), ("C", "A"))
)
TEN = 10 * 3600


def at_ten(laws: Laws) -> tuple[Forecaster, list[Event]]:
    """Return what is known at ten on the last day, and what then happened."""
    plan: Plan = read_plan(json.dumps(laws.station()))
    events = list(read_log(io.StringIO(log_of(laws)), plan))
    today = plan.day_of(events[-1].time)
    known = Forecaster(plan)
    known.is_catching_up = True
    moment = today.midnight + TEN
    for event in events:
        if event.time < moment:
            known.see(event)
    known.known.visits.fit(today.ordinal)
    known.hall.now = moment
    return known, [event for event in events if event.time >= moment]


def expected(known: Forecaster) -> Ahead:
    found = [ahead for ahead in Prospect(known.hall, known.known).look() if ahead is not None]
    assert len(found) == 1
    return found[0]


@pytest.fixture(scope="module")
def crowded() -> tuple[Forecaster, list[Event], Ahead]:
    known, then = at_ten(CROWDED)
    return known, then, expected(known)


def test_who_comes_is_about_who_came(crowded: tuple[Forecaster, list[Event], Ahead]) -> None:
    _, then, ahead = crowded
    came = sum(event.name == "issue" for event in then)
    assert came / 1.4 < ahead.people < came * 1.4
    begins = [one.begins for one in ahead.bins]
    assert begins == sorted(begins)
    assert begins[0] == 10 * 60
    assert begins[-1] < ahead.ends == 16 * 60 + 30
    assert all(0 <= one.half <= one.most for one in ahead.bins)


def test_lunch_is_foreseen_to_be_worse_than_the_morning(
    crowded: tuple[Forecaster, list[Event], Ahead],
) -> None:
    _, _, ahead = crowded
    waits = {one.begins: one.most for one in ahead.bins}
    assert waits[13 * 60] > PROMISE_MINUTES > waits[10 * 60]


def test_one_more_counter_is_asked_for_where_it_helps(
    crowded: tuple[Forecaster, list[Event], Ahead],
) -> None:
    _, _, ahead = crowded
    assert ahead.needs
    for need in ahead.needs:
        assert need.without > PROMISE_MINUTES
        assert need.most < need.without
        assert need.ends - need.begins >= 60
    hours = {hour.begins: hour for hour in ahead.hours}
    assert hours[13 * 60].more >= 1
    assert hours[13 * 60].planned in (2, 3)
    assert sum(hour.people for hour in ahead.hours) == pytest.approx(ahead.people, abs=4)


def test_where_nobody_waits_nothing_is_asked_for() -> None:
    known, _ = at_ten(replace(CROWDED, per_hour=3, peak=1.0))
    ahead = expected(known)
    assert ahead.bins
    assert ahead.needs == ()


def test_same_hall_says_the_same(crowded: tuple[Forecaster, list[Event], Ahead]) -> None:
    known, _, ahead = crowded
    assert expected(known) == ahead


def test_few_days_say_nothing() -> None:
    known, _ = at_ten(replace(CROWDED, days=FEW_DAYS))
    assert expected(known) == Ahead(FEW_DAYS - 1)


@on_sqlite
def test_lookout_says_how_many_days_it_knows_and_when_it_is_over(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    lookout = Lookout()
    cast.took()
    lookout.look(lambda: None)
    ahead = outlook.ahead_of(cast.station.id, now())
    assert ahead == Ahead(0)
    clock.shift(timedelta(minutes=6))
    with transaction():
        actions.close_early(cast.station, at=now())
    lookout.look(lambda: None)
    closed = outlook.ahead_of(cast.station.id, now())
    assert closed is not None
    assert closed.is_over
    clock.shift(DAY_FRESH + timedelta(minutes=1))
    assert outlook.ahead_of(cast.station.id, now()) is None


@on_sqlite
def test_lookout_learns_the_days_and_looks_ahead_seldom(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    for _ in range(FEW_DAYS):
        cast.took()
        cast.did("call-next")
        cast.did("start")
        clock.shift(timedelta(minutes=5))
        cast.did("finish")
        clock.shift(timedelta(days=1) - timedelta(minutes=5))
    lookout = Lookout()
    cast.took()
    lookout.look(lambda: None)
    ahead = outlook.ahead_of(cast.station.id, now())
    assert ahead is not None
    assert (ahead.days, ahead.is_known) == (FEW_DAYS, True)
    clock.shift(timedelta(minutes=2))
    lookout.look(lambda: None)
    assert outlook.ahead_of(cast.station.id, now()) is ahead


def told(cast: Cast, ahead: Ahead) -> None:
    outlook.expect(cast.station.id, ahead, now())


LUNCH = Ahead(
    9,
    ends=17 * 60,
    bins=(Coming(630, 6, 4, 9), Coming(660, 12, 14, 31), Coming(690, 4, 6, 12)),
    needs=(Need("B", 630, 690, 2, 31, 14), Need("C", 780, 840, 1, 42, 19)),
    planned=((10, 3), (11, 2), (12, 3), (13, 3)),
)


def needs_in(page: str) -> list[str]:
    """Return what the overview says of each time when more counters are needed."""
    return page.partition('<ul class="needs">')[2].partition("</ul>")[0].split("<li>")[1:]


@on_sqlite
def test_overview_draws_what_is_expected_and_names_who_could_help(cast: Cast) -> None:
    boss = cast.browser("boss", Role.MANAGER)
    told(cast, LUNCH)
    page = boss.get("/admin/").text
    assert page.count("chart-band") == 1
    assert "到 17:00 预计还来 22 人；11:00 起最挤，一半人 ≤ 14 分，九成人 ≤ 31 分。" in page
    soon, later = needs_in(page)
    assert "现在到 11:30" in soon
    assert "社保医保多开 2 个窗口" in soon
    assert "九成人不开等 31 分，开了等 14 分" in soon
    assert "/admin/counters/2/now" in soon
    assert "13:00–14:00" in later
    assert "/admin/rota" in later
    assert "href" not in needs_in(cast.browser("li").get("/admin/").text)[0]


@on_sqlite
def test_overview_says_when_the_rota_is_enough(cast: Cast) -> None:
    told(cast, replace(LUNCH, needs=()))
    page = cast.browser("boss", Role.MANAGER).get("/admin/").text
    assert "按排班开就够" in page


@on_sqlite
def test_rest_of_the_day_says_how_many_counters_each_hour_needs(cast: Cast) -> None:
    boss = cast.browser("boss", Role.MANAGER)
    told(cast, LUNCH)
    rows = boss.get("/admin/today").text.partition("每小时要开几个窗口")[2]
    eleven = rows.partition("11:00")[2].partition("</tr>")[0]
    assert "31 分" in eleven
    assert "4（多 2 个）" in eleven
    assert "多 1 个" not in rows.partition("12:00")[2].partition("</tr>")[0]
    one = rows.partition("13:00")[2].partition("</tr>")[0]
    assert "至少 4（多 1 个）" in one


@on_sqlite
@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (None, "正在推算"),
        (Ahead(2), "现在有 2 天"),
        (Ahead(0, is_over=True), "今天不再发号"),
        (Ahead(9, ends=1020), "到 17:00 预计几乎没有人来"),
    ],
)
def test_overview_says_why_nothing_is_drawn(cast: Cast, ahead: Ahead | None, words: str) -> None:
    if ahead is not None:
        told(cast, ahead)
    page = cast.browser("boss", Role.MANAGER).get("/admin/").text
    assert words in page
    assert "chart-band" not in page
