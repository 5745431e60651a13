"""Many services changed with one press: shown row by row first, then all or none."""

import re

import pytest
from flask.testing import FlaskClient

from kiosk.catalog.models import Service
from kiosk.catalog.queries import get_service
from kiosk.db import session, transaction
from kiosk.staff.models import AuditEntry
from kiosk.staff.permissions import Role
from kiosk.staff.queries import audit_of
from kiosk.tickets.actions import switch
from kiosk.tickets.models import BulkChange, Offer
from tests.cast import HOME, Cast
from tests.databases import on_sqlite
from tests.pages import post

LIST = "/admin/services"


def manager(cast: Cast) -> FlaskClient:
    return cast.browser("zhou", Role.MANAGER)


def collected(browser: FlaskClient, **fields: object) -> str:
    answer = post(browser, LIST, "/admin/changes", **fields)
    assert answer.status_code == 303, answer.text
    return answer.location.partition("?")[0]


def wished(browser: FlaskClient, address: str, **fields: object) -> str:
    answer = post(browser, address, f"{address}/wish", **fields)
    assert answer.status_code == 303, answer.text
    return browser.get(address).text


def press(browser: FlaskClient, address: str, page: str) -> int:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return post(browser, address, address, seen=found.group(1)).status_code


def offers(cast: Cast) -> list[Offer]:
    session.expire_all()
    return session.query(Offer).filter_by(station_id=cast.station.id).all()


def sums(page: str) -> dict[str, str]:
    found = re.findall(r'<div class="sum"><dt>([^<]*)</dt><dd>([\d,]+)</dd>', page)
    return {label.strip(): count for label, count in found}


@on_sqlite
def test_all_that_fit_are_changed_with_one_press(cast: Cast) -> None:
    browser = manager(cast)
    address = collected(browser, all="1", wish="hours")
    page = wished(browser, address, wish="hours", hours_1="9:00-11:30", ends_on="2026-12-31")
    assert sums(page) == {"有改动": "1,265"}
    assert page.count("<del>") == 100
    assert all(offer.spans is None for offer in offers(cast))
    assert press(browser, address, page) == 303
    assert all(offer.spans == [[1, 540, 690]] for offer in offers(cast))
    assert "改好了" in browser.get(address).text
    whole = audit_of(cast.station.id)
    assert [(entry.action, entry.subject[-5:]) for entry in whole] == [("services.hours", "+1260")]
    parts = session.query(AuditEntry).filter_by(part_of=whole[0].id)
    assert parts.count() == 1265
    assert parts.filter_by(subject="SB-0301").one().changes == {
        "spans": [[], [[1, 540, 690]]],
        "ends_on": [None, "2026-12-31"],
    }


@on_sqlite
def test_filters_say_which_all_are_meant(cast: Cast) -> None:
    browser = manager(cast)
    address = collected(browser, all="1", domain="party", codes=["SB-0301"])
    assert len(session.query(BulkChange).one().codes) == 198
    wished(browser, address, wish="off")


@on_sqlite
def test_what_stays_is_named_with_its_reason(cast: Cast) -> None:
    browser = manager(cast)
    with transaction():
        switch(cast.station, [get_service("SB-0301")], is_on=False)
        session.query(Offer).filter_by(service_id=get_service("SB-0302").id).delete()
    codes = ["SB-0301", "SB-0302", "SB-0303"]
    address = collected(browser, codes=codes, wish="off")
    page = browser.get(address).text
    assert sums(page) == {"有改动": "1", "不变：已经是这样": "1", "不变：在本站还没有队列": "1"}
    press(browser, address, page)
    assert session.query(AuditEntry).one().subject == "SB-0303"


def test_services_without_a_queue_get_one(cast: Cast) -> None:
    browser = manager(cast)
    with transaction():
        session.query(Offer).filter_by(service_id=get_service("SB-0302").id).delete()
    address = collected(browser, codes=["SB-0301", "SB-0302"])
    page = wished(browser, address, wish="queue", queue="E")
    assert press(browser, address, page) == 303
    answer = cast.post(f"{HOME}/tickets", {"service": "SB-0302"}, cast.kiosk_token)
    assert answer.get_json()["number"] == "E001"


@on_sqlite
def test_windows_must_serve_the_queue(cast: Cast) -> None:
    browser = manager(cast)
    address = collected(browser, codes=["SB-0301", "DJ-0101"])
    page = wished(browser, address, wish="counters", counters=["2", "3"])
    assert sums(page) == {"有改动": "1", "不变：这些窗口不办它的队列": "1"}
    assert "2、3 号窗口" in page


@on_sqlite
def test_another_queue_drops_the_windows_that_do_not_serve_it(cast: Cast) -> None:
    browser = manager(cast)
    for wish in ({"wish": "counters", "counters": ["2", "3"]}, {"wish": "queue", "queue": "E"}):
        address = collected(browser, codes=["SB-0301"])
        press(browser, address, wished(browser, address, **wish))
    [offer] = [offer for offer in offers(cast) if offer.counters]
    assert (offer.queue.letter, offer.counters) == ("E", [3])


@on_sqlite
def test_everyday_words_are_added_once_and_found(cast: Cast) -> None:
    browser = manager(cast)
    for _twice in range(2):
        address = collected(browser, codes=["SB-0301", "SB-0302"])
        page = wished(browser, address, wish="words", words="蓝卡，蓝卡, 小蓝本")
        press(browser, address, page)
    words = session.query(Service).filter_by(code="SB-0301").one().keywords
    assert words[-2:] == ["蓝卡", "小蓝本"]
    assert words.count("蓝卡") == 1
    found = cast.app.test_client().get(f"{HOME}/services?q=小蓝本").get_json()["items"]
    assert {line["code"] for line in found[:2]} == {"SB-0301", "SB-0302"}


def test_preview_that_is_no_longer_true_is_refused(cast: Cast) -> None:
    browser = manager(cast)
    address = collected(browser, codes=["SB-0301", "SB-0302"], wish="off")
    page = browser.get(address).text
    with transaction():
        switch(cast.station, [get_service("SB-0301")], is_on=False)
    assert press(browser, address, page) == 409
    assert [offer.is_on for offer in offers(cast)].count(False) == 1
    assert press(browser, address, browser.get(address).text) == 303


def test_second_press_is_refused(cast: Cast) -> None:
    browser = manager(cast)
    address = collected(browser, codes=["SB-0301"], wish="off")
    page = browser.get(address).text
    assert [press(browser, address, page), post(browser, LIST, address, seen="x").status_code] == [
        303,
        409,
    ]


@on_sqlite
@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"wish": "queue", "queue": "Z"}, "queue-error"),
        ({"wish": "hours", "hours_0": "early"}, "hours_0-error"),
        ({"wish": "hours", "starts_on": "2027-01-01", "ends_on": "2026-01-01"}, "ends_on-error"),
        ({"wish": "words", "words": " , "}, "words-error"),
    ],
)
def test_wrong_wish_is_refused_at_its_field(cast: Cast, fields: dict[str, str], where: str) -> None:
    browser = manager(cast)
    address = collected(browser, codes=["SB-0301"])
    answer = post(browser, address, f"{address}/wish", **fields)
    assert answer.status_code == 422
    assert f'id="{where}"' in answer.text


@on_sqlite
def test_change_of_another_station_is_unknown(cast: Cast) -> None:
    browser = manager(cast)
    address = collected(browser, codes=["SB-0301"], wish="off")
    with transaction():
        session.query(BulkChange).update({"station_id": cast.station.id + 1})
    assert browser.get(address).status_code == 404
