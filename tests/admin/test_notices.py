"""Notices beside the calls: put up, changed, ended; what backwards times are refused with."""

from datetime import timedelta

import time_machine

from kiosk.db import session, transaction
from kiosk.notices.actions import put_up
from kiosk.notices.models import Notice
from kiosk.stations.queries import get_station
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.hours import MORNING
from tests.pages import post

pytestmark = on_sqlite

PAGE = "/admin/notices"
SCREEN = "/s/raffles-city/screen.json"


def shown(cast: Cast) -> list[str]:
    return [notice["zh"] for notice in cast.browser().get(SCREEN).get_json()["notices"]]


def test_clerk_puts_up_a_notice_and_ends_it(cast: Cast) -> None:
    browser = cast.browser("li")
    assert post(browser, PAGE, PAGE, text_zh="三号窗口今天 11 点关", text_en="").status_code == 303
    assert shown(cast) == ["三号窗口今天 11 点关"]
    notice = session.query(Notice).one()
    assert (notice.starts_at, notice.ends_at) == (MORNING, None)
    assert post(browser, PAGE, f"{PAGE}/{notice.id}/end").status_code == 303
    assert shown(cast) == []
    assert "三号窗口今天 11 点关" in browser.get(PAGE).text


def test_times_are_the_station_s_own(cast: Cast, clock: time_machine.Traveller) -> None:
    browser = cast.browser("li")
    span = {"starts": "2026-11-20T12:30", "ends": "2026-11-20T13:30"}
    post(browser, PAGE, PAGE, text_zh="法律咨询", text_en="Legal advice", **span)
    notice = session.query(Notice).one()
    assert notice.starts_at.isoformat() == "2026-11-20T04:30:00+00:00"
    assert 'value="2026-11-20T12:30"' in browser.get(f"{PAGE}/{notice.id}").text
    assert notice.state(MORNING) == "later"
    clock.shift(timedelta(hours=2, minutes=5))
    assert shown(cast) == ["法律咨询"]
    clock.shift(timedelta(hours=1))
    assert shown(cast) == []


def test_notice_is_changed(cast: Cast) -> None:
    browser = cast.browser("li")
    post(browser, PAGE, PAGE, text_zh="旧")
    address = f"{PAGE}/{session.query(Notice).one().id}"
    assert post(browser, address, address, text_zh="新", text_en="New").status_code == 303
    assert shown(cast) == ["新"]


def test_backwards_times_are_refused_and_what_was_typed_stays(cast: Cast) -> None:
    browser = cast.browser("li")
    span = {"starts": "2026-11-20T13:30", "ends": "2026-11-20T12:30"}
    answer = post(browser, PAGE, PAGE, text_zh="法律咨询", **span)
    assert answer.status_code == 409
    assert "结束时间早于开始时间" in answer.text
    assert 'value="2026-11-20T13:30"' in answer.text
    assert session.query(Notice).count() == 0


def test_notice_of_another_station_is_not_found(cast: Cast) -> None:
    with transaction():
        notice = put_up(get_station("jiangsu-road"), "别站", "", MORNING, None)
    browser = cast.browser("li")
    assert browser.get(f"{PAGE}/{notice.id}").status_code == 404
    assert post(browser, PAGE, f"{PAGE}/{notice.id}/end").status_code == 404
    assert shown(cast) == []


def test_words_are_shown_as_words(cast: Cast) -> None:
    browser = cast.browser("li")
    post(browser, PAGE, PAGE, text_zh="<b onclick='x'>粗</b>")
    assert "<b onclick" not in browser.get(PAGE).text
    assert "<b onclick" not in browser.get("/s/raffles-city/board").text
