"""The rota: laid down by the manager, told to clerks, heard by the forecast and the day's end."""

from datetime import timedelta

import pytest
import time_machine

from kiosk.db import session
from kiosk.rota.queries import differing_days, shifts_on
from kiosk.staff.models import Member
from kiosk.staff.permissions import Role
from kiosk.tickets.forecast.hall import Doing, Hall
from kiosk.tickets.forecast.plan import plan_of
from kiosk.tickets.history import station_file
from kiosk.tickets.queries import today_of
from tests.admin.test_desk import DESK, seated
from tests.admin.test_desk_verbs import press
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.hours import MORNING
from tests.pages import post

pytestmark = on_sqlite

ROTA = "/admin/rota"
FRIDAY = f"{ROTA}/1/4"
TODAY = f"{ROTA}/1/2026-11-20"


def laid(cast: Cast, page: str = FRIDAY, **line: object) -> int:
    """Save one shift with a manager's browser; returns the answer's status."""
    boss = getattr(cast, "boss", None) or cast.browser("boss", Role.MANAGER)
    cast.boss = boss  # type: ignore[attr-defined]
    fields = {"who": "", "hours": "9:00-17:00", "breaks": "12:00-13:00", **line}
    return post(boss, page, page, **fields).status_code


def li(cast: Cast) -> str:
    session.remove()
    return str(session.query(Member).filter_by(name="li").one().id)


def told(cast: Cast) -> list[tuple[int, int, int]]:
    session.remove()
    return [(s.counter, s.starts, s.ends) for s in shifts_on(cast.station, today_of(cast.station))]


def test_week_and_the_day_that_differs_and_back(cast: Cast) -> None:
    assert laid(cast, also=["0", "1"]) == 303
    assert [len(shifts_on(cast.station, day)) for day in range(7)] == [1, 1, 0, 0, 1, 0, 0]
    assert told(cast) == [(1, 540, 1020)]
    assert laid(cast, TODAY, hours="13:00-15:00", breaks="") == 303
    assert told(cast) == [(1, 780, 900)]
    assert laid(cast, TODAY, hours="") == 303
    assert told(cast) == []
    today = today_of(cast.station)
    assert differing_days(cast.station, today) == {today: [1]}
    post(cast.boss, ROTA, f"{TODAY}/drop")  # type: ignore[attr-defined]
    assert told(cast) == [(1, 540, 1020)]
    assert differing_days(cast.station, today) == {}


def test_pages_show_the_week_a_day_and_what_was_typed(cast: Cast) -> None:
    cast.browser("li")
    laid(cast, who=li(cast))
    boss = cast.boss  # type: ignore[attr-defined]
    assert "9:00–17:00" in boss.get(ROTA).text
    assert "Li" in boss.get(f"{ROTA}?day=2026-11-20").text
    assert 'value="12:00-13:00"' in boss.get(FRIDAY).text
    assert boss.get(f"{ROTA}/1/someday").status_code == 404
    assert cast.browser("wu").get(ROTA).status_code == 403


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"hours": "9"}, "9:00-12:00"),
        ({"breaks": "8:00-9:30"}, "8:00"),
        ({"who": "99999"}, "选别人"),
        ({"who": ["", ""], "hours": ["9:00-12:00", "11:00-13:00"], "breaks": ["", ""]}, "11:00"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    cast: Cast, fields: dict[str, object], words: str
) -> None:
    boss = cast.browser("boss", Role.MANAGER)
    sent = {"who": "", "hours": "9:00-17:00", "breaks": "", **fields}
    answer = post(boss, FRIDAY, FRIDAY, **sent)
    assert answer.status_code == 409
    assert words in answer.text
    assert told(cast) == []


def test_nobody_is_planned_at_two_counters_at_once(cast: Cast) -> None:
    cast.browser("li")
    laid(cast, who=li(cast))
    assert laid(cast, f"{ROTA}/2/4", who=li(cast), hours="16:00-18:00", breaks="") == 409
    assert laid(cast, f"{ROTA}/2/4", who=li(cast), hours="17:00-18:00", breaks="") == 303


def test_desk_tells_the_own_day_and_reminds_of_the_break(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    browser = seated(cast)
    laid(cast, who=li(cast))
    window = browser.get(f"{DESK}/window").text
    assert "12:00–13:00" in window
    assert "break-reminder" not in window
    assert 'data-look-at="2026-11-20T11:50:00+08:00"' in window
    clock.move_to(MORNING + timedelta(minutes=83))
    window = browser.get(f"{DESK}/window").text
    assert "7 分钟后休息" in window
    assert press(browser, "pause", reason="休息到 13:00").status_code == 200
    clock.move_to(MORNING + timedelta(minutes=95))
    window = browser.get(f"{DESK}/window").text
    assert "break-reminder" not in window
    assert "休息到 13:00" in window


def test_overview_says_who_should_be_where(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.browser("li")
    laid(cast, who=li(cast))
    boss = cast.boss  # type: ignore[attr-defined]
    assert "1 号窗口没有人" in boss.get("/admin/live").text
    clock.move_to(MORNING + timedelta(minutes=95))
    page = boss.get("/admin/live").text
    assert "1 号窗口没有人" not in page
    assert "休息到 13:00" in page


def test_rest_of_the_day_counts_who_is_planned(cast: Cast, clock: time_machine.Traveller) -> None:
    def reach() -> str:
        page = cast.boss.get("/admin/today").text  # type: ignore[attr-defined]
        return str(page.split("<tbody>")[1].split("</tr>")[0])

    laid(cast, hours="14:00-16:00", breaks="")
    assert '<td class="is-figure">120</td>' in reach()
    clock.move_to(MORNING + timedelta(hours=4, minutes=30))
    assert '<td class="is-figure">0</td>' in reach()
    seated(cast)
    assert '<td class="is-figure">60</td>' in reach()


def test_forecast_plays_the_rota_of_the_day(cast: Cast) -> None:
    assert station_file(cast.station)["rota"][0]["breaks"] == []
    laid(cast)
    laid(cast, f"{ROTA}/2/2026-11-20", hours="13:00-15:00", breaks="")
    laid(cast, f"{ROTA}/3/2026-11-20", hours="")
    plan = plan_of(station_file(cast.station))
    hall = Hall(plan)
    hall.begin(plan.day_of(int(MORNING.timestamp())))
    assert {n: [(s.start, s.end) for s in shifts] for n, shifts in hall.shifts.items()} == {
        1: [(9 * 3600, 17 * 3600)],
        2: [(13 * 3600, 15 * 3600)],
    }
    assert hall.windows[1].doing is Doing.CLOSED
    noon = int((MORNING + timedelta(minutes=90)).timestamp())
    assert hall.break_due(hall.windows[1], noon) == hall.shifts[1][0].breaks[0]
