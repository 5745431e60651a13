"""A ticket's page on a phone: what a visitor may wish, what is refused, where they were sent."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from kiosk.clock import now
from kiosk.db import transaction
from kiosk.tickets import actions
from kiosk.tickets.models import MissedRule
from tests.cast import HOME, Cast
from tests.pages import post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def seen(cast: Cast, token: str) -> dict[str, Any]:
    """Return a ticket's snapshot as phones get it."""
    answer = cast.app.test_client().get(f"/api/v1/live/ticket:{token}")
    data: dict[str, Any] = answer.get_json()["data"]
    return data


def may(cast: Cast, token: str) -> tuple[bool, int, bool]:
    shown = seen(cast, token)
    return shown["may_postpone"], shown["postpones_left"], shown["may_rejoin"]


@pytest.fixture
def phone(cast: Cast) -> Iterator[FlaskClient]:
    with cast.browser() as browser:
        yield browser


def test_who_stands_last_has_nobody_to_let_by(cast: Cast, clock: time_machine.Traveller) -> None:
    first = cast.took()["token"]
    assert may(cast, first) == (False, 2, False)
    clock.shift(timedelta(seconds=1))
    cast.took()
    assert may(cast, first) == (True, 2, False)
    cast.post(f"/api/v1/tickets/{first}/postpone")
    assert may(cast, first) == (False, 1, False)


def test_missed_number_says_how_long_it_is_kept(cast: Cast, clock: time_machine.Traveller) -> None:
    token = cast.took()["token"]
    cast.did("call-next")
    cast.did("no-show")
    shown = seen(cast, token)
    assert shown["missed_rule"] == {"rule": "minutes", "limit": 30}
    assert (shown["may_rejoin"], shown["kept_until"][11:16]) == (True, "03:00")
    clock.shift(timedelta(minutes=31))
    assert seen(cast, token)["may_rejoin"] is False


def test_number_kept_for_so_many_calls(cast: Cast, clock: time_machine.Traveller) -> None:
    with transaction():
        cast.queue().missed_rule, cast.queue().missed_limit = MissedRule.CALLS, 1
    token = cast.took()["token"]
    cast.did("call-next")
    cast.did("no-show")
    kept = []
    for _ in range(2):
        clock.shift(timedelta(minutes=1))
        cast.took()
        cast.did("call-next")
        kept.append(seen(cast, token)["may_rejoin"])
    assert kept == [True, False]
    assert seen(cast, token)["kept_until"] is None


def test_refusal_stands_on_the_tickets_own_page(cast: Cast, phone: FlaskClient) -> None:
    page = f"/t/{cast.took()['token']}"
    answer = post(phone, page, f"{page}/postpone", key="k")
    assert (answer.status_code, answer.location) == (303, page)
    assert "后面没有人在等" in phone.get(page).text
    assert "后面没有人在等" not in phone.get(page).text
    post(phone, page, f"{page}/rejoin", key="k")
    assert 'data-kind="refused"' in phone.get(page).text


def test_missed_visitor_comes_back_by_the_button(cast: Cast, phone: FlaskClient) -> None:
    token = cast.took()["token"]
    cast.did("call-next")
    cast.did("no-show")
    assert post(phone, f"/t/{token}", f"/t/{token}/rejoin", key="k").status_code == 303
    assert seen(cast, token)["state"] == "waiting"


def test_parked_sent_on_and_ended_is_told_to_the_phone(cast: Cast) -> None:
    token = cast.took("B")["token"]
    cast.did("call-next", 2)
    cast.did("start", 2)
    cast.did("hold", 2)
    assert seen(cast, token)["state"] == "held"
    cast.post(f"{HOME}/counters/2/call", {"ticket": token}, cast.clerk_token)
    cast.post(f"{HOME}/counters/2/transfer", {"counter": 3}, cast.clerk_token)
    assert (seen(cast, token)["state"], seen(cast, token)["for_counter"]) == ("waiting", 3)
    assert 'data-sent="counter"' in cast.browser().get(f"/t/{token}").text
    cast.did("call-next", 3)
    cast.did("start", 3)
    cast.post(f"{HOME}/counters/3/finish", {"outcome": "incomplete"}, cast.clerk_token)
    assert seen(cast, token)["outcome"] == "incomplete"


@pytest.mark.parametrize(
    ("page", "wish"),
    [
        ("take", {"queue": "A", "priority": "1"}),
        ("services/DJ-0101", {"service": "DJ-0101", "priority": "elderly"}),
    ],
)
def test_kiosk_asks_kindly_who_needs_to_be_earlier(
    cast: Cast, page: str, wish: dict[str, str]
) -> None:
    kiosk = cast.kiosk_browser()
    home = "/s/raffles-city"
    shown = kiosk.get(f"{home}/{page}").text
    assert f'name="priority" value="{wish["priority"]}"' in shown
    assert "过号后保留 30 分钟" in shown
    answer = post(kiosk, f"{home}/{page}", f"{home}/tickets", key="k", **wish)
    token = answer.location.rpartition("/")[2]
    assert cast.ticket(token).priority is not None
    assert "过号后保留 30 分钟" in kiosk.get(answer.location).text


def test_kiosk_offers_no_number_after_an_early_close(cast: Cast) -> None:
    kiosk, home = cast.kiosk_browser(), "/s/raffles-city"
    with transaction():
        actions.close_early(cast.station, at=now())
    for page in ("take", "services/SB-0301"):
        shown = kiosk.get(f"{home}/{page}").text
        assert "今天不办" in shown
        assert '/tickets"' not in shown
    assert "我约好了，来签到" in kiosk.get(f"{home}/take").text
    board = kiosk.get("/api/v1/live/board:raffles-city").get_json()["data"]
    assert not any(queue["is_open"] for queue in board["queues"])
    line = kiosk.get("/api/v1/live/queue:raffles-city:A").get_json()["data"]
    assert not line["is_open"]


def test_phone_goes_on_in_the_language_of_the_kiosk(cast: Cast) -> None:
    kiosk, home = cast.kiosk_browser(), "/s/raffles-city"
    kiosk.get(f"{home}/?lang=en")
    taken = post(kiosk, f"{home}/take", f"{home}/tickets", key="k", queue="A").location
    scanned = re.search(r"address\">[^<]*/t/(\S+?\?lang=en)<", kiosk.get(taken).text)
    assert scanned
    phone = cast.app.test_client()
    shown = phone.get(f"/t/{scanned[1]}").text
    assert "Your number" in shown
    back = re.search(r'href="(/t/[^"]+lang=zh)" lang="zh-Hans"', shown)
    assert back
    assert "您的号" in phone.get(back[1]).text
