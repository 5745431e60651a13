"""What the manager does from above: seat, move, pause, hear a call for help, end the day early."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kiosk.db import session
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
