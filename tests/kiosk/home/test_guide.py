"""The pages of a guide, of a bundle, and of the checklist that goes along."""

import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from kiosk.catalog.bundles import bundles
from kiosk.catalog.models import GuideVersion, Service
from kiosk.catalog.queries import get_service
from kiosk.db import session, transaction
from kiosk.tickets.actions import switch
from kiosk.tickets.models import Offer
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.pages import post

pytestmark = on_sqlite

HOME = "/s/raffles-city/"
GUIDE = f"{HOME}services/JZ-0201"


def withdraw(code: str) -> None:
    """Take a service out of the catalog altogether."""
    with transaction():
        gone = get_service(code).id
        session.execute(delete(Offer).where(Offer.service_id == gone))
        session.execute(delete(GuideVersion).where(GuideVersion.service_id == gone))
        session.execute(delete(Service).where(Service.id == gone))


def heading(client: FlaskClient, path: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", client.get(path).text, re.DOTALL)
    assert found
    return found.group(1).strip()


def test_guide_names_what_to_bring(cast: Cast) -> None:
    page = cast.browser().get(GUIDE).text
    for words in ("居民身份证", "居住登记凭证", "劳动合同", "租房合同", "复印件 1 份"):
        assert words in page
    assert "带这 4 样材料" in page
    assert "示例，2026-11-22 整理" in page
    assert "《居住证暂行条例》" in page


def test_unknown_is_said_and_not_invented(cast: Cast) -> None:
    page = cast.browser().get(f"{HOME}services/SW-0101").text
    assert re.search(r"法定时限</dt><dd>\s*没有查到法律写明的天数，待核实", page)
    assert "还没有经部门核对" in page


def test_service_without_a_guide_is_as_before(cast: Cast) -> None:
    page = cast.browser().get(f"{HOME}services/BM-0228").text
    assert "guide-panel" not in page
    assert "ld+json" not in page
    assert "service-more" in page


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("materials", "带这 4 样材料"),
        ("steps", "符合这些就能办"),
        ("questions", "刚来上海能办吗？"),
        ("more", "法定时限"),
        ("nonsense", "带这 4 样材料"),
    ],
)
def test_kiosk_shows_one_part_at_a_time(cast: Cast, part: str, words: str) -> None:
    page = cast.kiosk_browser().get(f"{GUIDE}?part={part}").text
    assert words in page
    assert sum(text in page for text in ("带这 4 样材料", "符合这些就能办", "法定时限")) <= 1


def test_more_than_five_materials_have_pages(cast: Cast) -> None:
    kiosk = cast.kiosk_browser()
    first = kiosk.get(f"{HOME}services/SC-0201").text
    second = kiosk.get(f"{HOME}services/SC-0201?part=materials&page=2").text
    assert "第 1 页，共 2 页" in first
    assert (first.count('class="material"'), second.count('class="material"')) == (5, 1)
    assert '<ol class="material-list" start="6">' in second


def test_guide_is_linked_data_too(cast: Cast) -> None:
    page = cast.browser().get(f"{GUIDE}?lang=en").text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    linked = json.loads(found.group(1))
    assert (linked["@type"], linked["identifier"]) == ("GovernmentService", "JZ-0201")
    assert linked["availableChannel"]["processingTime"] == "P15D"
    assert linked["url"].endswith(GUIDE)


def test_codes_lead_to_the_checklist_in_the_page_s_language(cast: Cast) -> None:
    phone = cast.browser()
    assert heading(phone, "/c/raffles-city.JZ-0201") == "上海市居住证首次申领"
    assert heading(phone, "/c/raffles-city.YJS-09?lang=en") == "A child is born"


def test_checklist_can_be_ticked_and_keeps_nothing(cast: Cast) -> None:
    answer = cast.browser().get("/c/raffles-city.JZ-0201")
    assert answer.text.count("data-tick=") == 4
    assert "<form" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_checklist_on_a_kiosk_is_still_a_phone_s_page(cast: Cast) -> None:
    page = cast.kiosk_browser().get("/c/raffles-city.JZ-0201").text
    assert 'data-face="phone"' in page


@pytest.mark.parametrize(
    "token", ["x", "raffles-city", "nowhere.JZ-0201", "raffles-city.YJS-99", "raffles-city.", "."]
)
def test_checklist_that_does_not_exist_is_refused_in_words(cast: Cast, token: str) -> None:
    answer = cast.browser().get(f"/c/{token}")
    assert answer.status_code == 404
    assert "<h1" in answer.text


@pytest.mark.parametrize("path", [f"{HOME}services/JZ-0204", "/c/raffles-city.JZ-0204"])
def test_service_withdrawn_while_it_is_read_offers_the_nearest(cast: Cast, path: str) -> None:
    phone = cast.browser()
    assert phone.get(path).status_code == 200
    withdraw("JZ-0204")
    answer = phone.get(path)
    assert answer.status_code == 404
    assert "这件事这里不办了" in answer.text
    assert "上海市居住证补领" not in answer.text
    assert f"{HOME}services/JZ-0201" in answer.text


def test_number_for_a_withdrawn_service_shows_what_is_close(cast: Cast) -> None:
    kiosk = cast.kiosk_browser()
    withdraw("JZ-0204")
    answer = post(kiosk, GUIDE, f"{HOME}tickets", service="JZ-0204", key="one")
    assert answer.status_code == 303
    assert kiosk.get(answer.location).status_code == 404
    assert "这件事这里不办了" in kiosk.get(answer.location).text


def test_service_switched_off_offers_the_nearest(cast: Cast) -> None:
    with transaction():
        switch(cast.station, [get_service("JZ-0201")], is_on=False)
    page = cast.kiosk_browser().get(GUIDE).text
    assert 'name="service"' not in page
    assert f"{HOME}services/JZ-0202" in page


def test_every_bundle_has_a_page_and_a_checklist(cast: Cast) -> None:
    phone = cast.browser()
    for bundle in bundles():
        assert heading(phone, f"{HOME}bundles/{bundle.code}") == bundle.name_zh
        assert phone.get(f"/c/raffles-city.{bundle.code}").status_code == 200


def test_bundles_are_listed_by_pages_and_on_the_home_page(cast: Cast) -> None:
    kiosk = cast.kiosk_browser()
    found = []
    for page in (1, 2):
        found += re.findall(r"/bundles/(YJS-\d+)", kiosk.get(f"{HOME}bundles?page={page}").text)
    assert found == [bundle.code for bundle in bundles()]
    assert re.findall(r"/bundles/(YJS-\d+)", kiosk.get(HOME).text) == ["YJS-14", "YJS-09", "YJS-04"]


def test_unknown_bundle_is_refused(cast: Cast) -> None:
    assert cast.browser().get(f"{HOME}bundles/YJS-77").status_code == 404


def test_kiosk_gives_one_number_for_a_bundle(cast: Cast) -> None:
    kiosk = cast.kiosk_browser()
    answer = post(kiosk, f"{HOME}bundles/YJS-09", f"{HOME}tickets", bundle="YJS-09", key="one")
    assert answer.status_code == 303
    page = kiosk.get(answer.location).text
    assert "等，另有 5 项" in page
    assert cast.ticket(answer.location.rpartition("/")[2]).number == "C001"
