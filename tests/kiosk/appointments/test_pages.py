"""The pages of an appointment, on the kiosk and on a phone, in both languages."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from kiosk.appointments.queries import get_appointment
from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.stations.models import Station
from kiosk.stations.presence import presence_code
from tests.cast import Cast
from tests.kiosk.appointments.test_booking import MONDAY, SERVICE, booked, shown, wall
from tests.pages import form_token, post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

S = "/s/raffles-city"
TIMES = f"{S}/services/{SERVICE}/times"


def present(cast: Cast, phone: FlaskClient) -> str:
    """Scan the kiosk's code; returns where that leads."""
    code = presence_code("test", "raffles-city")
    return phone.get(f"{S}/?at={code}").location


def test_service_leads_to_its_times(cast: Cast) -> None:
    for browser in (cast.kiosk_browser(), cast.browser()):
        page = browser.get(f"{S}/services/{SERVICE}").text
        assert TIMES in page
        assert "11:00" in page
    assert "times" not in cast.browser().get(f"{S}/services/DJ-0101").text


def test_kiosk_books_and_shows_the_code(cast: Cast) -> None:
    kiosk = cast.kiosk_browser()
    answer = post(kiosk, TIMES, f"{S}/appointments", service=SERVICE, at=f"{MONDAY}T10:00")
    assert answer.status_code == 303
    for lang, word in (("zh", "约好了"), ("en", "Your time is booked")):
        page = kiosk.get(f"{answer.location}?lang={lang}").text
        assert word in page
        assert "10:00" in page
        assert 'class="qr"' in page


def test_phone_books_moves_and_cancels(cast: Cast) -> None:
    phone = cast.browser()
    answer = post(phone, TIMES, f"{S}/appointments", service=SERVICE, at=f"{MONDAY}T10:00")
    mine = answer.location
    assert mine.startswith("/b/")
    moved = post(phone, mine, f"{mine}/move", at="2026-11-24T09:30")
    assert (moved.status_code, moved.location) == (303, mine)
    assert "9:30" in phone.get(mine).text
    assert post(phone, mine, f"{mine}/cancel").status_code == 303
    assert 'data-state="cancelled"' in phone.get(mine).text


def test_full_time_shows_the_others_again(cast: Cast) -> None:
    booked(cast)
    booked(cast)
    phone = cast.browser()
    answer = post(phone, TIMES, f"{S}/appointments", service=SERVICE, at=f"{MONDAY}T10:00")
    assert answer.status_code == 409
    assert "11/23 10:30" in answer.text
    assert f"{MONDAY}T11:00" in answer.text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("minutes", "state"), [(-60, "booked"), (-20, "now"), (1, "late"), (16, "missed")]
)
def test_page_says_what_can_be_done_by_now(
    cast: Cast, clock: time_machine.Traveller, lang: str, minutes: int, state: str
) -> None:
    token = booked(cast)["token"]
    clock.move_to(wall(f"{MONDAY}T10:00") + timedelta(minutes=minutes))
    page = cast.browser().get(f"/b/{token}?lang={lang}").text
    assert f'data-state="{state}"' in page


def test_scanning_the_kiosk_leads_to_the_page_where_one_checks_in(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    token = booked(cast)["token"]
    phone = cast.browser()
    phone.get(f"/b/{token}")
    assert present(cast, phone) == f"{S}/"
    clock.move_to(wall(f"{MONDAY}T09:45"))
    phone.get(f"/b/{token}")
    assert present(cast, phone) == f"/b/{token}"
    answer = post(phone, f"/b/{token}", f"/b/{token}/check-in")
    assert answer.location == f"/t/{shown(cast, token)['ticket']['token']}"


def test_checking_in_from_afar_says_what_to_do(cast: Cast, clock: time_machine.Traveller) -> None:
    token = booked(cast)["token"]
    clock.move_to(wall(f"{MONDAY}T09:45"))
    phone = cast.browser()
    answer = post(phone, f"/b/{token}", f"/b/{token}/check-in")
    assert answer.status_code == 403
    assert "扫" in answer.text


def test_kiosk_s_reader_checks_in(cast: Cast, clock: time_machine.Traveller) -> None:
    body = booked(cast)
    kiosk = cast.kiosk_browser()
    page = f"{S}/check-in"
    assert post(kiosk, page, page, code=body["url"]).status_code == 409
    assert post(kiosk, page, page, code="hello").status_code == 404
    clock.move_to(now() + timedelta(days=2, hours=23, minutes=20))
    answer = post(kiosk, page, page, code=f"{body['url']}?lang=en")
    assert answer.location == f"{S}/tickets/{shown(cast, body['token'])['ticket']['token']}"


def test_kiosk_of_another_station_checks_nobody_in(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    body = booked(cast)
    clock.move_to(wall(f"{MONDAY}T09:50"))
    with transaction():
        other = session.query(Station).filter_by(code="jiangsu-road").one()
        get_appointment(body["token"]).station_id = other.id
    kiosk = cast.kiosk_browser()
    assert post(kiosk, f"{S}/check-in", f"{S}/check-in", code=body["url"]).status_code == 403


def test_nothing_can_be_booked_where_no_times_are_planned(cast: Cast) -> None:
    page = cast.browser().get(f"{S}/services/DJ-0101/times")
    assert page.status_code == 200
    assert form_token(cast.browser(), "/admin/sign-in")
    assert 'name="at"' not in page.text
