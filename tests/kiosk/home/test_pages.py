"""The visitor's pages: open in both languages, refusing in words."""

from datetime import UTC, datetime

import pytest
import time_machine

from kiosk.db import session, transaction
from kiosk.tickets.models import Offer, Ticket
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.pages import form_token, post

HOME = "/s/raffles-city/"
PAGES = [
    "/",
    HOME,
    f"{HOME}domains/party",
    f"{HOME}categories/SB-03",
    f"{HOME}services",
    f"{HOME}services?q=社保&page=2",
    f"{HOME}services?q=xyzzy",
    f"{HOME}services/SB-0301",
    f"{HOME}take",
    f"{HOME}board",
    "/s/jiangsu-road/",
    "/pair",
    "/ui-kit",
]


# A page asks the same of the database in both languages.
@pytest.mark.parametrize(
    ("database", "lang"), [("sqlite", "en"), ("postgresql", "zh")], indirect=["database"]
)
def test_every_page_opens(cast: Cast, lang: str) -> None:
    for browser in (cast.browser(), cast.kiosk_browser()):
        for page in PAGES:
            mark = "&" if "?" in page else "?"
            assert browser.get(f"{page}{mark}lang={lang}").status_code == 200, page


@on_sqlite
def test_language_stays_until_the_visit_ends(cast: Cast) -> None:
    kiosk = cast.kiosk_browser()
    kiosk.get(f"{HOME}?lang=en")
    assert 'lang="en"' in kiosk.get(HOME).text
    post(kiosk, HOME, f"{HOME}end")
    assert 'lang="zh-Hans"' in kiosk.get(HOME).text
    assert 'data-face="kiosk"' in kiosk.get(HOME).text


@on_sqlite
@pytest.mark.parametrize(
    "page",
    [
        "/s/nowhere/",
        "/s/nowhere/board",
        f"{HOME}services/XX-0000",
        f"{HOME}categories/XX-00",
        f"{HOME}domains/nothing",
        f"{HOME}tickets/unknown",
        "/t/unknown",
        "/nothing",
    ],
)
def test_unknown_things_are_refused_in_words(cast: Cast, page: str) -> None:
    answer = cast.browser().get(page)
    assert answer.status_code == 404
    assert "<h1" in answer.text


@on_sqlite
def test_wrong_form_is_refused_in_words(cast: Cast) -> None:
    kiosk = cast.kiosk_browser()
    for fields in ({}, {"queue": "AA"}, {"queue": "A", "service": "SB-0301"}):
        answer = post(kiosk, f"{HOME}take", f"{HOME}tickets", **fields)
        assert answer.status_code == 422
    assert session.query(Ticket).count() == 0


@on_sqlite
def test_closed_station_shows_when_it_opens_and_takes_nobody(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 11, 20, 11, 0, tzinfo=UTC))  # Friday, 19:00 in Shanghai
    page = cast.browser().get("/s/jiangsu-road/").text
    assert "现在关门" in page
    assert "9:00" in page
    assert 'action="/s/jiangsu-road/tickets"' not in cast.browser().get("/s/jiangsu-road/take").text


@on_sqlite
def test_switched_off_service_has_no_button(cast: Cast) -> None:
    kiosk = cast.kiosk_browser()
    assert 'value="SB-0301"' in kiosk.get(f"{HOME}services/SB-0301").text
    with transaction():
        session.query(Offer).update({"is_on": False})
    page = kiosk.get(f"{HOME}services/SB-0301")
    assert page.status_code == 200
    assert 'value="SB-0301"' not in page.text


@on_sqlite
def test_kiosk_goes_to_the_number_and_phone_to_its_page(cast: Cast) -> None:
    taken = post(cast.kiosk_browser(), f"{HOME}take", f"{HOME}tickets", queue="A", key="k")
    assert taken.location.startswith(f"{HOME}tickets/")
    token = taken.location.rpartition("/")[2]
    page = cast.kiosk_browser().get(taken.location).text
    assert f"localhost/t/{token}" in page
    assert cast.browser().get(f"/s/jiangsu-road/tickets/{token}").status_code == 404


@on_sqlite
def test_phone_cancels(cast: Cast) -> None:
    token = cast.took()["token"]
    phone = cast.browser()
    sent = {"csrf_token": form_token(phone, f"/t/{token}")}
    assert phone.post(f"/t/{token}/cancel", data=sent).location == f"/t/{token}"
    assert cast.ticket(token).state == "cancelled"


@on_sqlite
def test_unknown_fields_of_a_service_are_said_to_be_unknown(cast: Cast) -> None:
    page = cast.browser().get(f"{HOME}services/SB-0202").text
    assert "到窗口问" in page


def test_most_asked_follows_what_is_asked(cast: Cast) -> None:
    for _ in range(3):
        cast.post("/api/v1/stations/raffles-city/tickets", {"service": "FL-0103"}, cast.kiosk_token)
    page = cast.browser().get(HOME).text
    assert page.index("services/FL-0103") < page.index("services/JZ-0202")
