"""Who could take too many numbers: a phone, a code on a wall, a child at the kiosk."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from kiosk.access import CODE_PACE, KIOSK_PACE
from kiosk.actor import Actor
from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.stations.presence import presence_code
from kiosk.tickets import actions
from kiosk.tickets.models import Ticket
from kiosk.tickets.queries import get_ticket
from tests.cast import HOME, Cast
from tests.pages import form_token
from tests.servers import PATIENCE_SECONDS

TAKE = "/s/raffles-city/take"
TICKETS = "/s/raffles-city/tickets"


def code(cast: Cast) -> str:
    return presence_code(cast.app.config["SECRET_KEY"], "raffles-city")


def phone(cast: Cast) -> FlaskClient:
    browser = cast.browser()
    browser.get(f"/s/raffles-city/?at={code(cast)}")
    return browser


def take(browser: FlaskClient, queue: str = "A") -> TestResponse:
    fields = {"csrf_token": form_token(browser, TAKE), "queue": queue, "key": ""}
    return browser.post(TICKETS, data=fields)


def test_second_number_of_a_phone_is_the_first_one_again(cast: Cast) -> None:
    browser = phone(cast)
    first = take(browser).location
    assert take(browser).location == first
    assert "您在这个队列已经有号了" in browser.get(first).text
    assert "B001" in browser.get(take(browser, "B").location).text
    assert take(phone(cast)).location != first
    assert cast.ticket(first.removeprefix("/t/")).number == "A001"
    assert session.scalar(select(func.count(Ticket.id))) == 3


def test_phone_takes_anew_when_its_number_is_over(cast: Cast) -> None:
    browser = phone(cast)
    first = take(browser).location
    browser.post(f"{first}/cancel", data={"csrf_token": form_token(browser, first)})
    assert take(browser).location != first


def test_who_took_a_new_number_does_not_bring_back_the_missed_one(cast: Cast) -> None:
    browser = phone(cast)
    missed = take(browser).location.removeprefix("/t/")
    cast.did("call-next")
    cast.did("no-show")
    take(browser)
    answer = cast.post(f"/api/v1/tickets/{missed}/rejoin")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "tickets.one_each")
    again = cast.post(f"{HOME}/counters/1/call", {"ticket": missed}, cast.clerk_token)
    assert again.get_json()["ticket"]["token"] == missed


def twice_missed(cast: Cast) -> list[str]:
    """Let one phone miss two numbers of a queue, one after the other; return their tokens."""
    browser, tokens = phone(cast), []
    for _ in range(2):
        tokens.append(take(browser).location.removeprefix("/t/"))
        cast.did("call-next")
        cast.did("no-show")
    return tokens


def test_of_two_missed_numbers_a_phone_brings_one_back(cast: Cast) -> None:
    answers = [cast.post(f"/api/v1/tickets/{token}/rejoin") for token in twice_missed(cast)]
    assert [answer.status_code for answer in answers] == [200, 409]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_both_at_once_is_no_error(cast: Cast) -> None:
    """The second waits for the first to commit, and only then hears of it."""
    first, second = twice_missed(cast)
    with ThreadPoolExecutor(1) as side:
        with transaction():
            actions.rejoin(get_ticket(first), by=Actor("visitor", "visitor"), at=now())
            later = side.submit(cast.post, f"/api/v1/tickets/{second}/rejoin")
            while not session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                assert not later.done()
        answer = later.result(timeout=PATIENCE_SECONDS)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "tickets.one_each")


def test_number_sent_to_another_queue_meets_the_phones_number_there(cast: Cast) -> None:
    browser = phone(cast)
    take(browser)
    take(browser, "B")
    cast.did("call-next")
    sent = cast.post(f"{HOME}/counters/1/transfer", {"queue": "B"}, cast.clerk_token)
    assert sent.status_code == 200


def test_kiosks_and_programs_hold_nothing(cast: Cast) -> None:
    kiosk = cast.kiosk_browser()
    assert take(kiosk).location != take(kiosk).location
    assert session.scalar(select(func.count(Ticket.holder))) == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_kiosks_page_gives_so_many_a_minute_and_its_token_more(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    kiosk = cast.kiosk_browser()
    fields = {"csrf_token": form_token(kiosk, TAKE), "queue": "A", "key": ""}
    given = [kiosk.post(TICKETS, data=fields).status_code for _ in range(KIOSK_PACE.amount + 1)]
    assert given == [303] * KIOSK_PACE.amount + [429]
    assert "tickets.too_many" in kiosk.post(TICKETS, data=fields).text
    cast.took()
    clock.shift(timedelta(minutes=1))
    assert kiosk.post(TICKETS, data=fields).status_code == 303


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_one_code_gives_so_many_numbers(cast: Cast, clock: time_machine.Traveller) -> None:
    scanned = code(cast)
    codes = [
        cast.post(f"{HOME}/tickets", {"queue": "A"}, Presence_Code=scanned).status_code
        for _ in range(CODE_PACE.amount + 1)
    ]
    assert codes == [201] * CODE_PACE.amount + [429]
    refused = cast.post(f"{HOME}/tickets", {"queue": "A"}, Presence_Code=scanned)
    assert refused.get_json()["code"] == "tickets.too_many"
    browser = cast.browser()
    browser.get(f"/s/raffles-city/?at={scanned}")
    assert take(browser).status_code == 429
    clock.shift(timedelta(seconds=1))
    assert take(phone(cast)).status_code == 303
