"""What the manager does from above: seat, move, pause, hear a call for help, end the day early."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kiosk.db import session, transaction
from kiosk.staff.models import Member
from kiosk.staff.permissions import Role
from kiosk.stations.models import Counter, DeskMessage
from tests.admin.test_desk import DESK, act, seated
from tests.cast import Cast
from tests.pages import form_token, post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def seats() -> dict[int, str]:
    session.expire_all()
    rows = session.query(Counter.number, Member.name).join(Member, Member.id == Counter.member_id)
    return dict(rows.all())


def seat(boss: FlaskClient, number: int, name: str) -> TestResponse:
    member = session.query(Member).filter_by(name=name).one().id if name else ""
    page = f"/admin/counters/{number}/now"
    return post(boss, page, f"/admin/counters/{number}/seat", member=member)


def test_manager_moves_somebody_and_empties_a_counter(cast: Cast) -> None:
    boss = cast.browser("boss", Role.MANAGER)
    seated(cast, "li", 1)
    assert seat(boss, 2, "li").status_code == 303
    assert seats() == {2: "li"}
    seat(boss, 2, "")
    assert seats() == {}


def test_nobody_is_moved_away_from_a_visitor(cast: Cast) -> None:
    cast.took()
    browser = seated(cast, "li", 1)
    act(browser, "call-next")
    boss = cast.browser("boss", Role.MANAGER)
    answer = seat(boss, 2, "li")
    assert answer.status_code == 409
    assert "A001" in answer.text
    assert seats() == {1: "li"}


def test_manager_pauses_a_counter_with_a_reason_and_lets_it_go_on(cast: Cast) -> None:
    boss = cast.browser("boss", Role.MANAGER)
    page, to = "/admin/counters/1/now", "/admin/counters/1/work"
    post(boss, page, to, pause="true", reason="消防演练")
    assert "消防演练" in boss.get("/admin/live").text
    post(boss, page, to, pause="false")
    assert not cast.counter().is_paused


def test_announcement_of_an_early_end_stands_on_the_screens(cast: Cast) -> None:
    boss = cast.browser("boss", Role.MANAGER)
    page = boss.get("/admin/today").text
    ends = re.search(r'name="ends" value="([^"]+)"', page)
    assert ends
    words = {"text_zh": "今天 16:00 停止取号", "text_en": ""}
    post(boss, "/admin/today", "/admin/notices", ends=ends[1], **words)
    screen = cast.app.test_client().get("/s/raffles-city/screen.json").get_json()
    assert [notice["zh"] for notice in screen["notices"]] == ["今天 16:00 停止取号"]


def test_manager_of_several_stations_works_at_one_of_them(cast: Cast) -> None:
    boss = cast.browser("boss", Role.ADMINISTRATOR)
    member = session.query(Member).filter_by(name="boss").one()
    with transaction():
        member.station_id = None
    choose = "/admin/station/choose"
    post(boss, "/admin/queues", choose, code="jiangsu-road")
    assert 'desk:jiangsu-road"' in boss.get("/admin/").text
    post(boss, "/admin/queues", choose, code="nowhere")
    assert 'desk:jiangsu-road"' in boss.get("/admin/").text
    clerk = seated(cast, "li", 1)
    post(clerk, "/admin/desk", choose, code="jiangsu-road")
    assert 'desk:raffles-city"' in clerk.get("/admin/").text


def test_call_for_help_stands_in_the_overview_until_somebody_comes(cast: Cast) -> None:
    clerk = seated(cast)
    post(clerk, DESK, f"{DESK}/messages")
    message = session.query(DeskMessage).one()
    boss = cast.browser("boss", Role.MANAGER)
    assert f'data-message="{message.id}"' in boss.get("/admin/live").text
    token = form_token(boss, "/admin/")
    read = f"{DESK}/messages/{message.id}/read"
    boss.post(read, data={"csrf_token": token}, headers={"HX-Request": "true"})
    assert "data-message" not in boss.get("/admin/live").text


def test_day_ends_early_with_what_can_still_be_served(cast: Cast) -> None:
    cast.took()
    boss = cast.browser("boss", Role.MANAGER)
    assert "1 人在等" in boss.get("/admin/today").text
    post(boss, "/admin/today", "/admin/today/close")
    assert cast.take().get_json()["code"] == "queues.stopped"
    post(boss, "/admin/today", "/admin/today/reopen")
    assert cast.take().status_code == 201
