"""Ways in for who does not search: life events, letters, what is handled here, bundles."""

import re

import pytest

from kiosk.catalog.events import life_events
from kiosk.catalog.models import Category, Service
from kiosk.catalog.queries import get_bundle
from kiosk.catalog.search import search_bundles
from kiosk.db import session
from kiosk.staff.permissions import Role
from tests.cast import Cast
from tests.pages import post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

HALL = "/s/raffles-city/"
API = "/api/v1/stations/raffles-city/services"


def test_events_name_what_the_catalog_has(cast: Cast) -> None:
    services = {code for (code,) in session.query(Service.code)}
    categories = {code for (code,) in session.query(Category.code)}
    for event in life_events():
        assert set(event.services) <= services, event.code
        assert set(event.categories) <= categories, event.code
        assert all(map(get_bundle, event.bundles))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_event_shows_bundles_services_and_categories(cast: Cast, lang: str) -> None:
    page = cast.browser().get(f"{HALL}events/birth?lang={lang}").text
    assert re.findall(r"/bundles/(YJS-\d+)", page) == ["YJS-09"]
    assert re.findall(r'data-code="([^"]+)"', page)[0] == "HJ-0101"
    assert "/categories/WJ-01" in page
    assert ("出生登记" if lang == "zh" else "Registering a birth") in page


def test_unknown_event_is_refused(cast: Cast) -> None:
    assert cast.browser().get(f"{HALL}events/xyzzy").status_code == 404


def test_ways_in_are_two_touches_from_the_home(cast: Cast) -> None:
    browser = cast.browser()
    home = browser.get(HALL).text
    for way in ("events", "index", "bundles", "services"):
        assert f'href="{HALL}{way}"' in home or f'action="{HALL}{way}"' in home, way
    search = browser.get(f"{HALL}services").text
    assert f'href="{HALL}index?here=1"' in search
    events = browser.get(f"{HALL}events").text
    found = re.findall(r'/events/([a-z]+)"', events)
    assert found == [event.code for event in life_events()]


def test_letters_show_only_what_is_handled_here(cast: Cast) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    post(browser, "/admin/services", "/admin/services/switch", codes="QZ-0102", on="0")
    assert 'data-code="QZ-0102"' in browser.get(f"{HALL}index?letter=A").text
    here = browser.get(f"{HALL}index?letter=A&here=1").text
    assert 'data-code="QZ-0102"' not in here
    assert "letter=B&amp;here=1" in here


@pytest.mark.parametrize(
    ("question", "code"),
    [
        *(("新生儿", "YJS-09"), ("生孩子要办什么手续", "YJS-09"), ("怎么退休", "YJS-13")),
        *(("退休一件事", "YJS-13"), ("tuixiu", "YJS-13"), ("辞职了", "YJS-15")),
        *(("new job", "YJS-14"), ("公司注销", "YJS-08"), ("having a baby", "YJS-09")),
    ],
)
def test_bundle_is_found_by_what_people_say(cast: Cast, question: str, code: str) -> None:
    assert search_bundles(question)[0].code == code
    page = cast.browser().get(f"{HALL}services", query_string={"q": question}).text
    found = page.partition('id="found"')[2]
    assert f"/bundles/{code}" in found
    answer = cast.browser().get(API, query_string={"q": question}).get_json()
    assert answer["bundles"][0]["code"] == code


@pytest.mark.parametrize(
    "question", ["", "公司", "户口", "退休金", "身份证", "社保", "xyzzy", "😀"]
)
def test_bundle_does_not_stand_where_it_was_not_asked_for(cast: Cast, question: str) -> None:
    assert search_bundles(question) == []
