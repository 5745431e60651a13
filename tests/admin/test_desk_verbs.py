"""The window's other verbs: park, send on, call out of turn, take back, add, pause."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kiosk.db import session
from kiosk.stations.models import CounterEvent, DeskMessage
from kiosk.tickets.models import Outcome, TicketState
from tests.admin.test_desk import DESK, act, seated, states
from tests.cast import HOME, Cast
from tests.pages import form_token, post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def press(browser: FlaskClient, verb: str, current: str = "", **fields: str) -> TestResponse:
    sent = {"csrf_token": form_token(browser, DESK), "current": current, **fields}
    answer = browser.post(f"{DESK}/{verb}", data=sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.text
    return answer


def write(browser: FlaskClient, to: str, text: str) -> TestResponse:
    sent = {"csrf_token": form_token(browser, DESK), "to": to, "text": text}
    return browser.post(f"{DESK}/messages", data=sent)


def called(cast: Cast, queue: str = "A") -> tuple[FlaskClient, str]:
    """Seat a clerk and call the only one who waits; returns the clerk's browser and the token."""
    token: str = cast.took(queue)["token"]
    browser = seated(cast)
    act(browser, "call-next")
    return browser, token


def test_parked_number_stands_in_the_list_and_is_called_from_there(cast: Cast) -> None:
    browser, token = called(cast)
    window = press(browser, "hold", token).text
    assert cast.ticket(token).state is TicketState.HELD
    assert f'value="{token}"' in window
    assert "A001" in press(browser, "call", ticket=token).text
    assert cast.ticket(token).state is TicketState.CALLED


def test_missed_and_later_numbers_are_found_and_called_out_of_turn(cast: Cast) -> None:
    browser, missed = called(cast)
    act(browser, "no-show", missed)
    first, later = cast.took()["token"], cast.took()["token"]
    found = browser.get(f"{DESK}/people").text
    assert all(f'value="{token}"' in found for token in (missed, first, later))
    press(browser, "call", ticket=later)
    assert states() == [("A001", "no_show"), ("A002", "waiting"), ("A003", "called")]


def test_list_of_a_stale_window_calls_nobody_else(cast: Cast) -> None:
    browser, here = called(cast)
    other = cast.took()["token"]
    press(browser, "call", ticket=other, key="stale")
    assert cast.ticket(here).state is TicketState.CALLED
    assert cast.ticket(other).state is TicketState.WAITING


def test_number_sent_to_a_counter_is_marked_there(cast: Cast) -> None:
    browser, token = called(cast)
    assert 'value="counter:2"' in browser.get(DESK).text
    press(browser, "transfer", token, to="counter:2")
    other = seated(cast, "wang", 2)
    assert "转到本窗口的" in other.get(f"{DESK}/window").text
    assert "由 1 号窗口转来" in act(other, "call-next").text


def test_transfer_refuses_an_unknown_goal_in_words(cast: Cast) -> None:
    browser, token = called(cast)
    assert "Z" in press(browser, "transfer", token, to="queue:Z").text
    assert cast.ticket(token).state is TicketState.CALLED


def test_undo_says_what_it_takes_back_and_does(cast: Cast) -> None:
    browser, token = called(cast)
    window = act(browser, "no-show", token).text
    assert "A001 已记为过号" in window
    again = press(browser, "undo").text
    assert cast.ticket(token).state is TicketState.CALLED
    assert "/admin/desk/undo" not in again


def test_visit_ends_with_an_outcome(cast: Cast) -> None:
    browser, token = called(cast)
    act(browser, "start", token)
    press(browser, "outcome", token, outcome="incomplete")
    assert cast.ticket(token).outcome is Outcome.INCOMPLETE


def test_service_is_found_and_added_once(cast: Cast) -> None:
    browser, token = called(cast)
    assert 'value="DJ-0101"' in browser.get(f"{DESK}/services?q=DJ-0101").text
    for key in ("one", "one"):
        window = press(browser, "services", token, service="DJ-0101", key=key).text
    assert [service.code for service in cast.ticket(token).services] == ["DJ-0101"]
    assert "DJ-0101" in window


def test_pause_keeps_its_reason_for_colleagues(cast: Cast) -> None:
    browser = seated(cast)
    press(browser, "pause", reason="午餐")
    assert [event.reason for event in session.query(CounterEvent)] == ["", "午餐"]
    assert "午餐" in seated(cast, "wang", 2).get(f"{DESK}/window").text


def test_priority_is_marked_for_staff_with_its_reason(cast: Cast) -> None:
    body = {"queue": "A", "priority": "elderly"}
    cast.post(f"{HOME}/tickets", body, cast.kiosk_token)
    browser = seated(cast)
    assert "优先：60 岁以上" in browser.get(f"{DESK}/window").text
    assert "优先：60 岁以上" in act(browser, "call-next").text


def test_window_shows_what_to_bring(cast: Cast) -> None:
    cast.post(f"{HOME}/tickets", {"service": "DJ-0101"}, cast.kiosk_token)
    browser = seated(cast)
    assert "/services/DJ-0101" in act(browser, "call-next").text


def test_line_to_a_colleague_stays_until_it_is_read(cast: Cast) -> None:
    li, wang = seated(cast), seated(cast, "wang", 2)
    write(li, "2", "请借一个印台")
    message = session.query(DeskMessage).one()
    assert "请借一个印台" in wang.get(f"{DESK}/window").text
    assert "请借一个印台" not in li.get(f"{DESK}/window").text
    post(wang, DESK, f"{DESK}/messages/{message.id}/read")
    assert "请借一个印台" not in wang.get(f"{DESK}/window").text


def test_line_without_words_or_goal_is_refused(cast: Cast) -> None:
    browser = seated(cast)
    assert write(browser, "2", " ").status_code == 409
    assert session.query(DeskMessage).count() == 0
