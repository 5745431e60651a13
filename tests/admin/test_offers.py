"""What a station says of one service: queue, windows, hours; respected wherever it shows."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kiosk.db import session, transaction
from kiosk.staff.models import AuditEntry
from kiosk.staff.permissions import Role
from kiosk.stations import actions as stations
from kiosk.stations.queries import get_station
from kiosk.tickets.models import Offer
from tests.cast import HOME, Cast
from tests.pages import post

PAGE = "/admin/services/SB-0301/offer"
VISITORS = "/s/raffles-city/services/SB-0301"
# The tests' day is a Friday; these are Tuesday and Thursday mornings.
MORNINGS = {"hours_1": "9:00-11:30", "hours_3": "9:00-11:30"}
GIVEN = {"queue": "B", "is_on": "on"}

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def manager(cast: Cast, name: str = "zhou") -> FlaskClient:
    return cast.browser(name, Role.MANAGER)


def save(browser: FlaskClient, **fields: object) -> TestResponse:
    found = re.search(r'name="seen" value="(\w+)"', browser.get(PAGE).text)
    assert found
    return post(browser, PAGE, PAGE, **({"seen": found.group(1)} | GIVEN | fields))


def take(cast: Cast) -> TestResponse:
    return cast.post(f"{HOME}/tickets", {"service": "SB-0301"}, cast.kiosk_token)


def handled(cast: Cast) -> dict[str, Any]:
    items = cast.app.test_client().get(f"{HOME}/services?q=SB-0301").get_json()["items"]
    found: dict[str, Any] = items[0]["handled"]
    return found


def test_hours_are_shown_and_respected(cast: Cast, clock: time_machine.Traveller) -> None:
    browser = manager(cast)
    assert save(browser, counters=["2"], **MORNINGS).status_code == 303
    kiosk = cast.kiosk_browser().get(VISITORS).text
    assert "周二、周四 9:00–11:30" in re.sub(r"<[^>]+>", "", kiosk)
    assert "2 号窗口" in kiosk
    assert "这个时间不办" in kiosk
    assert 'name="service"' not in kiosk
    refused = take(cast)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "services.not_now")
    assert "11 月 24 日 9:00" in refused.get_json()["detail"]
    assert handled(cast) == {
        "now": False,
        "next": "2026-11-24T09:00:00+08:00",
        "hours": [
            {"weekday": day, "opens": "9:00", "closes": "11:30"} for day in (1, 3)
        ],
        "starts_on": None,
        "ends_on": None,
        "counters": [2],
    }  # fmt: skip
    clock.move_to(datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
    assert take(cast).status_code == 201
    assert handled(cast)["now"] is True
    assert 'name="service"' in cast.kiosk_browser().get(VISITORS).text


def test_lists_say_when_it_is_handled_next(cast: Cast) -> None:
    save(manager(cast), **MORNINGS)
    page = cast.browser().get("/s/raffles-city/services?q=SB-0301").text
    assert "周二（11 月 24 日）9:00 起" in page


def test_last_day_ends_it(cast: Cast) -> None:
    save(manager(cast), ends_on="2026-11-19")
    answer = take(cast)
    assert answer.get_json()["code"] == "services.ended"
    assert "本站暂时不办" in cast.kiosk_browser().get(VISITORS).text


def test_bundle_begins_with_what_is_handled_now(cast: Cast) -> None:
    browser = manager(cast)
    post(browser, "/admin/services", "/admin/services/switch", codes="HJ-0101", on="0")
    bundle = cast.app.test_client().get(f"{HOME}/bundles").get_json()["items"][0]
    first = next(line["code"] for line in bundle["services"] if line["is_on"])
    with transaction():
        for offer in session.query(Offer).filter_by(station_id=cast.station.id):
            offer.spans = [[1, 540, 690]]
    answer = cast.post(f"{HOME}/tickets", {"bundle": bundle["code"]}, cast.kiosk_token)
    assert (first, answer.get_json()["code"]) == (first, "services.not_now")


@pytest.mark.parametrize(
    ("fields", "where", "words"),
    [
        ({"queue": ""}, "queue-error", "选一个队列"),
        ({"counters": ["4"]}, "counters-error", "4 号窗口不办 B 队列"),
        (
            {"starts_on": "2026-12-02", "ends_on": "2026-12-01"},
            "ends_on-error",
            "最后一天早于第一天",
        ),
        ({"starts_on": "soon"}, "starts_on-error", "不是日期"),
        ({"hours_2": "9 to 5"}, "hours_2-error", "不像一段时间"),
        ({"hours_2": "11:00-9:00"}, "hours_2-error", "不像一段时间"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    cast: Cast, fields: dict[str, Any], where: str, words: str
) -> None:
    answer = save(manager(cast), **(MORNINGS | fields))
    assert answer.status_code == 422
    found = re.search(rf'id="{where}">([^<]*)<', answer.text)
    assert found
    assert words in found.group(1)
    assert 'value="9:00-11:30"' in answer.text
    assert session.query(AuditEntry).count() == 0


def test_hours_outside_the_doors_are_warned_of(cast: Cast) -> None:
    browser = manager(cast)
    with transaction():
        stations.set_hours(cast.station, [(1, 540, 1080)])
    assert save(browser, **MORNINGS).status_code == 303
    page = browser.get(PAGE).text
    assert "周四 9:00–11:30" in page
    assert "有一部分时间站点关门" in page


def test_other_counters_of_the_queue_are_warned_of(cast: Cast) -> None:
    browser = manager(cast)
    save(browser, counters=["2"])
    assert "3 号窗口也办 B 队列" in browser.get(PAGE).text


def test_change_leaves_what_was_and_what_is(cast: Cast) -> None:
    browser = manager(cast)
    save(browser, counters=["2"], **MORNINGS)
    save(browser, counters=["2"], **MORNINGS)
    [entry] = session.query(AuditEntry).all()
    assert (entry.action, entry.subject) == ("services.offer", "SB-0301")
    assert entry.changes == {
        "counters": [[], [2]],
        "spans": [[], [[1, 540, 690], [3, 540, 690]]],
    }
    assert "SB-0301" in browser.get("/admin/").text


def test_second_editor_is_told_and_loses_nothing(cast: Cast) -> None:
    first, second = manager(cast), manager(cast, "li")
    found = re.search(r'name="seen" value="(\w+)"', second.get(PAGE).text)
    assert found
    save(first, counters=["2"])
    answer = post(second, PAGE, PAGE, seen=found.group(1), **GIVEN, **MORNINGS)
    assert answer.status_code == 409
    assert "别人刚改过" in answer.text
    assert 'value="9:00-11:30"' in answer.text
    assert session.query(Offer).filter_by(counters=[2]).count() == 1


def test_other_station_stays_as_it_is(cast: Cast) -> None:
    save(manager(cast), **MORNINGS)
    other = get_station("jiangsu-road")
    assert session.query(Offer).filter(
        Offer.station_id == other.id, Offer.spans.is_not(None)
    ).count() == 0  # fmt: skip


def test_unknown_service_is_refused(cast: Cast) -> None:
    assert manager(cast).get("/admin/services/XX-9999/offer").status_code == 404
