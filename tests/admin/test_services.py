"""One service in the admin: facts, days, checks, history; the list by what is missing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kiosk.catalog.queries import find_service, get_service
from kiosk.db import session
from kiosk.staff.permissions import Role
from tests.cast import HOME, Cast
from tests.pages import post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

CODE = "JZ-0204"
PAGE = f"/admin/services/{CODE}/facts"
VISITOR = f"/s/raffles-city/services/{CODE}"
FACTS = {
    "name_zh": "租借充电宝",
    "name_en": "Borrow a power bank",
    "keywords": "充电宝，共享充电、充电宝",
    "audience": "个人",
    "item_type": "公共服务",
    "delivery": "station",
    "promised_days": "0",
    "fee": "no",
}


@pytest.fixture
def li(cast: Cast) -> FlaskClient:
    return cast.browser("li", Role.MANAGER)


def text_of(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def found(cast: Cast, words: str) -> list[str]:
    answer = cast.browser().get(f"{HOME}/services?q={words}").get_json()
    return [item["code"] for item in answer["items"]]


def change(browser: FlaskClient, **changed: str) -> TestResponse:
    return post(browser, PAGE, PAGE, **(FACTS | {"revision": "1"} | changed))


def test_changed_facts_are_found_and_written_down(cast: Cast, li: FlaskClient) -> None:
    assert change(li).status_code == 303
    service = get_service(CODE)
    assert service.keywords == ["充电宝", "共享充电"]
    assert (service.fee, service.legal_days) == (False, None)
    assert found(cast, "共享充电")[0] == CODE
    history = text_of(li.get(f"/admin/services/{CODE}/history"))
    assert "上海市居住证补领" in history
    assert "租借充电宝" in history


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name_en", " ", "缺英文名"),
        ("name_zh", "", "缺中文名"),
        ("legal_days", "ten", "ten 不是整数"),
        ("on_site_visits", "-1", "请填 0 或更大的数"),
        ("delivery", "post", "请从列表里选一个"),
        ("name_zh", "长" * 201, "最多 200 个字"),
    ],
)
def test_wrong_fact_is_refused_at_its_field(
    li: FlaskClient, field: str, value: str, words: str
) -> None:
    answer = change(li, **{field: value})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert f'aria-describedby="{field}-error"' in answer.text
    assert 'value="Borrow a power bank"' in answer.text or field == "name_en"
    assert get_service(CODE).revision == 1


def test_second_editor_of_facts_sees_both(li: FlaskClient) -> None:
    change(li)
    answer = change(li, name_zh="充电宝出借")
    assert answer.status_code == 409
    assert 'value="充电宝出借"' in answer.text
    assert "现在存的：租借充电宝" in text_of(answer)
    assert 'name="revision" value="2"' in answer.text
    assert change(li, revision="2", name_zh="充电宝出借").status_code == 303


def test_service_is_added_and_found_at_once(cast: Cast, li: FlaskClient) -> None:
    new = "/admin/services/new"
    assert "请选类别" in text_of(post(li, new, new, **FACTS))
    answer = post(li, new, new, category="BM-01", letter="E", **FACTS)
    code = answer.location.rpartition("/")[2]
    assert find_service(code) is not None
    assert found(cast, "共享充电")[0] == code
    body = {"service": code}
    assert cast.post(f"{HOME}/tickets", body, cast.kiosk_token).get_json()["number"] == "E001"
    again = post(li, new, new, category="BM-01", code=code, **FACTS)
    assert f"{code} 已经有了" in text_of(again)
    assert 'value="租借充电宝"' in again.text


def test_withdrawn_service_is_gone_for_visitors_and_comes_back(cast: Cast, li: FlaskClient) -> None:
    phone = cast.browser()
    assert phone.get(VISITOR).status_code == 200
    post(li, PAGE, f"/admin/services/{CODE}/times", do="withdraw")
    gone = phone.get(VISITOR)
    assert gone.status_code == 404
    assert "/services/JZ-0201" in gone.text
    assert phone.head(f"/api/v1/services/{CODE}").status_code == 404
    assert CODE not in found(cast, "居住证补领")
    assert CODE not in phone.get("/s/raffles-city/categories/JZ-02").text
    answer = cast.post(f"{HOME}/tickets", {"service": CODE}, cast.kiosk_token)
    assert answer.status_code == 404
    assert CODE in li.get("/admin/services?state=hidden").text
    post(li, PAGE, f"/admin/services/{CODE}/times", do="back")
    assert phone.get(VISITOR).status_code == 200
    assert CODE in found(cast, "居住证补领")


def test_days_take_effect_by_the_clock(cast: Cast, li: FlaskClient, clock: Any) -> None:  # noqa: ANN401
    days = {"starts_on": "2026-11-21", "ends_on": "2026-11-22"}
    post(li, PAGE, f"/admin/services/{CODE}/times", **days)
    seen = []
    for day in range(4):
        is_found = CODE in found(cast, "居住证补领") if day != 1 else True
        seen.append((cast.browser().get(VISITOR).status_code, is_found))
        clock.shift(timedelta(days=1))
    assert seen == [(404, False), (200, True), (200, True), (404, False)]


def test_an_end_before_the_start_is_refused(li: FlaskClient) -> None:
    days = {"starts_on": "2026-12-02", "ends_on": "2026-12-01"}
    answer = post(li, PAGE, f"/admin/services/{CODE}/times", **days)
    assert answer.status_code == 409
    assert "结束早于开始" in text_of(answer)
    assert 'value="2026-12-01"' in answer.text
    session.expire_all()
    assert get_service(CODE).starts_at is None


def test_check_is_one_press_for_one_or_many(li: FlaskClient) -> None:
    codes = [CODE, "JZ-0201"]
    stale = "/admin/services?check=stale&category=JZ-02"
    assert CODE in li.get(stale).text
    answer = post(li, "/admin/services", "/admin/services/check", codes=codes, next=stale)
    assert answer.location == stale
    session.expire_all()
    assert {str(get_service(code).checked_on) for code in codes} == {"2026-11-20"}
    assert CODE not in li.get(stale).text
    assert "2026-11-20 核对过" in text_of(li.get(PAGE))


def test_check_of_all_that_fit(li: FlaskClient) -> None:
    sent = {"codes": [CODE], "all": "1", "category": "JZ-02"}
    post(li, "/admin/services", "/admin/services/check", **sent)
    session.expire_all()
    assert get_service("JZ-0203").checked_on is not None
    assert get_service("BM-0101").checked_on is None


def test_list_is_sorted_by_what_is_missing(li: FlaskClient) -> None:
    page = li.get("/admin/services?category=JZ-02&sort=percent").text
    order = re.findall(r'id="row-([^"]+)"', page)
    percents = [int(figure) for figure in re.findall(r'aria-label="完整度: (\d+)%"', page)]
    assert len(order) == len(percents) > 3
    assert percents == sorted(percents)
    assert "JZ-0201" not in li.get("/admin/services?category=JZ-02&guide=missing").text


def test_pages_of_a_service_are_shut_to_clerks(cast: Cast) -> None:
    clerk = cast.browser("wang")
    assert clerk.get(PAGE).status_code == 403
