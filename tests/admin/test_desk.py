"""The window: sit down, call, start, finish; nobody is called by accident."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kiosk.db import session
from kiosk.staff.models import Member
from kiosk.staff.permissions import Role
from kiosk.stations.models import Counter, CounterEvent
from kiosk.tickets.models import Ticket, TicketState
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.pages import form_token, post

DESK = "/admin/desk"


def seated(cast: Cast, name: str = "li", number: int = 1) -> FlaskClient:
    browser = cast.browser(name)
    assert post(browser, DESK, f"{DESK}/sit", number=number).status_code == 303
    return browser


def act(browser: FlaskClient, verb: str, current: str = "", key: str = "") -> TestResponse:
    token = form_token(browser, DESK)
    sent = {"csrf_token": token, "current": current, "key": key}
    return browser.post(f"{DESK}/{verb}", data=sent, headers={"HX-Request": "true"})


def states() -> list[tuple[str, str]]:
    session.expire_all()
    tickets = session.query(Ticket).order_by(Ticket.seq)
    return [(ticket.number, ticket.state.value) for ticket in tickets]


@on_sqlite
def test_clerk_without_a_counter_chooses_one(cast: Cast) -> None:
    browser = cast.browser("li")
    assert "/admin/desk/sit" in browser.get(DESK).text
    assert post(browser, DESK, f"{DESK}/sit", number=2).location == DESK
    assert session.query(Counter).filter(Counter.member_id.is_not(None)).one().number == 2


def test_two_clerks_never_sit_at_one_counter(cast: Cast) -> None:
    seated(cast, "li", 1)
    answer = post(cast.browser("wang"), DESK, f"{DESK}/sit", number=1)
    assert answer.status_code == 409
    assert session.query(CounterEvent).count() == 1


@on_sqlite
def test_standing_up_frees_the_counter(cast: Cast) -> None:
    browser = seated(cast, "li", 1)
    post(browser, DESK, f"{DESK}/stand")
    seated(cast, "wang", 1)
    events = session.query(CounterEvent).order_by(CounterEvent.id)
    assert [event.verb for event in events] == ["sit_down", "stand_up", "sit_down"]


@on_sqlite
def test_whole_visit_at_the_window(cast: Cast) -> None:
    token = cast.took()["token"]
    browser = seated(cast)
    assert "A001" in act(browser, "call-next").text
    act(browser, "recall", token)
    act(browser, "start", token)
    act(browser, "finish", token)
    assert states() == [("A001", "finished")]
    assert cast.ticket(token).calls == 2


def test_same_key_calls_once(cast: Cast) -> None:
    cast.took()
    cast.took()
    browser = seated(cast)
    for _ in range(2):
        act(browser, "call-next", key="one")
    assert states() == [("A001", "called"), ("A002", "waiting")]


def test_press_on_a_stale_page_changes_nothing(cast: Cast) -> None:
    cast.took()
    cast.took()
    browser = seated(cast)
    act(browser, "call-next", key="one")
    answer = act(browser, "call-next", current="", key="two")
    assert answer.status_code == 200
    assert states() == [("A001", "called"), ("A002", "waiting")]


@on_sqlite
def test_refusal_is_shown_in_words_and_the_window_stays(cast: Cast) -> None:
    token = cast.took()["token"]
    browser = seated(cast)
    act(browser, "call-next")
    answer = act(browser, "finish", token)
    assert answer.status_code == 200
    assert "A001" in answer.text
    answer = post(browser, DESK, f"{DESK}/finish", current=token, key="unscripted")
    assert (answer.status_code, "A001" in answer.text) == (409, True)
    assert cast.ticket(token).state is TicketState.CALLED


@on_sqlite
def test_paused_window_calls_nobody(cast: Cast) -> None:
    cast.took()
    browser = seated(cast)
    act(browser, "pause")
    act(browser, "call-next")
    assert states() == [("A001", "waiting")]
    act(browser, "resume")
    act(browser, "call-next")
    assert states() == [("A001", "called")]


@on_sqlite
def test_window_lists_people_in_the_order_of_calling(cast: Cast) -> None:
    for letter in "CBCB":
        cast.took(letter)
    page = seated(cast, number=2).get(f"{DESK}/window").text
    numbers = re.findall(r"\b[BC]00\d\b", page)
    assert list(dict.fromkeys(numbers)) == ["B001", "B002", "C001", "C002"]


@on_sqlite
def test_signing_out_leaves_the_counter(cast: Cast) -> None:
    browser = seated(cast)
    post(browser, "/admin/", "/admin/sign-out")
    assert session.query(Counter).filter(Counter.member_id.is_not(None)).count() == 0


@on_sqlite
def test_verb_without_a_counter_leads_to_the_choice(cast: Cast) -> None:
    cast.took()
    answer = act(cast.browser("li"), "call-next")
    assert answer.headers["HX-Redirect"] == DESK
    assert states() == [("A001", "waiting")]


@on_sqlite
def test_verb_of_a_page_without_script_leads_back_to_the_desk(cast: Cast) -> None:
    cast.took()
    browser = seated(cast)
    assert post(browser, DESK, f"{DESK}/call-next", current="", key="k").location == DESK
    refused = post(browser, DESK, f"{DESK}/finish", current="", key="l")
    assert "<html" in refused.text
    assert states() == [("A001", "called")]


@on_sqlite
def test_clerk_who_closed_the_browser_finds_the_visitor_again(cast: Cast) -> None:
    token = cast.took()["token"]
    browser = seated(cast)
    act(browser, "call-next")
    act(browser, "start", token)
    browser.delete_cookie("session")
    colleague = cast.browser("wang")
    assert "/admin/desk/sit" in colleague.get(DESK).text
    assert post(colleague, DESK, f"{DESK}/sit", number=1).status_code == 409
    assert states() == [("A001", "serving")]
    again = cast.app.test_client()
    member = session.query(Member).filter_by(name="li").one()
    with again.session_transaction() as kept:
        kept["member"] = (member.id, member.session_epoch)
    window = again.get(DESK).text
    assert f'data-current="{token}"' in window
    act(again, "finish", token)
    assert states() == [("A001", "finished")]


def test_manager_frees_the_visitor_of_a_clerk_who_is_gone(cast: Cast) -> None:
    token = cast.took()["token"]
    act(seated(cast), "call-next")
    boss = cast.browser("boss", Role.MANAGER)
    now = "/admin/counters/1/now"
    assert post(boss, now, "/admin/counters/1/seat", member="").status_code == 409
    assert post(boss, now, "/admin/counters/1/release").status_code == 303
    assert states() == [("A001", "held")]
    assert post(boss, now, "/admin/counters/1/release").status_code == 409
    assert post(boss, now, "/admin/counters/1/seat", member="").status_code == 303
    other = seated(cast, "wang", 4)
    assert token in other.get(f"{DESK}/people").text
