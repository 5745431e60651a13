"""A phone takes a number after it scanned the code on the kiosk's screen."""

from datetime import timedelta

import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kiosk.stations.presence import presence_code
from tests.cast import HOME, Cast
from tests.databases import on_sqlite
from tests.pages import post

pytestmark = on_sqlite


def code(cast: Cast) -> str:
    return presence_code(cast.app.config["SECRET_KEY"], "raffles-city")


def take(phone: FlaskClient) -> TestResponse:
    page = "/s/raffles-city/take"
    return post(phone, page, "/s/raffles-city/tickets", queue="A", key="k")


def test_phone_that_scanned_takes_a_number_and_follows_it(cast: Cast) -> None:
    phone = cast.browser()
    assert phone.get(f"/s/raffles-city/?at={code(cast)}").location == "/s/raffles-city/"
    answer = take(phone)
    assert answer.status_code == 303
    assert answer.location.startswith("/t/")
    assert "A001" in phone.get(answer.location).text


def test_reload_of_the_form_gives_the_same_number(cast: Cast) -> None:
    phone = cast.browser()
    phone.get(f"/s/raffles-city/?at={code(cast)}")
    assert take(phone).location == take(phone).location


def test_phone_that_did_not_scan_has_no_form_and_is_refused(cast: Cast) -> None:
    phone = cast.browser()
    assert "csrf_token" not in phone.get("/s/raffles-city/services/SB-0301").text
    answer = cast.post(f"{HOME}/tickets", {"queue": "A"})
    assert answer.get_json()["code"] == "presence.missing"


def test_code_is_stale_after_three_minutes(cast: Cast, clock: time_machine.Traveller) -> None:
    shown = code(cast)
    clock.shift(timedelta(minutes=3, seconds=2))
    answer = cast.browser().get(f"/s/raffles-city/?at={shown}")
    assert answer.location == "/s/raffles-city/?stale=1"
    program = cast.post(f"{HOME}/tickets", {"queue": "A"}, Presence_Code=shown)
    assert program.get_json()["code"] == "presence.missing"


def test_program_sends_the_code_in_a_header(cast: Cast) -> None:
    answer = cast.post(f"{HOME}/tickets", {"queue": "A"}, Presence_Code=code(cast))
    assert answer.status_code == 201


def test_code_of_one_station_opens_no_other(cast: Cast) -> None:
    answer = cast.post(
        "/api/v1/stations/jiangsu-road/tickets", {"queue": "A"}, Presence_Code=code(cast)
    )
    assert answer.get_json()["code"] == "presence.missing"


def test_presence_ends_after_half_an_hour(cast: Cast, clock: time_machine.Traveller) -> None:
    phone = cast.browser()
    phone.get(f"/s/raffles-city/?at={code(cast)}")
    page = phone.get("/s/raffles-city/take").text
    assert "csrf_token" in page
    clock.shift(timedelta(minutes=31))
    assert "csrf_token" not in phone.get("/s/raffles-city/take").text


def test_only_the_paired_kiosk_shows_the_code(cast: Cast) -> None:
    assert "<svg" in cast.kiosk_browser().get("/s/raffles-city/presence").text
    assert "<svg" not in cast.browser().get("/s/raffles-city/presence").text


def test_code_rotates(cast: Cast, clock: time_machine.Traveller) -> None:
    before = code(cast)
    clock.shift(timedelta(seconds=1))
    assert code(cast) != before
