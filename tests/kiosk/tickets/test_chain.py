"""One ticket with services of several queues goes from window to window."""

from datetime import timedelta
from typing import Any

import time_machine

from kiosk import clock
from kiosk.actor import Actor
from kiosk.catalog.queries import services_by_code
from kiosk.db import session, transaction
from kiosk.tickets import actions
from kiosk.tickets.history import events_of as log_of
from kiosk.tickets.models import Offer, TicketService
from kiosk.tickets.queries import (
    Finished,
    Line,
    events_of,
    finished_today,
    today_of,
    waiting_at,
)
from kiosk.tickets.snapshots import snapshots
from tests.admin.test_desk import act, seated
from tests.cast import HOME, Cast
from tests.databases import on_sqlite
from tests.kiosk.tickets.test_scenarios import at, live, state

PARTY, INSURANCE, RESIDENCE = CODES = ["DJ-0101", "SB-0301", "JZ-0201"]


def took(cast: Cast, codes: list[str] = CODES, holder: str | None = None) -> str:
    """Take one number for these services, in the first one's queue."""
    services = services_by_code(codes)
    offer = session.get_one(Offer, (cast.station.id, services[0].id))
    line = Line(offer.queue.id, offer.queue.letter)
    with transaction():
        return actions.issue(
            cast.station,
            line,
            services[0],
            together=services,
            holder=holder,
            by=Actor("visitor", "visitor"),
            at=clock.now(),
        )


def served(cast: Cast, number: int = 1) -> dict[str, Any]:
    at(cast, "call-next", number)
    at(cast, "start", number)
    return at(cast, "finish", number)[1]


def steps(cast: Cast, token: str) -> list[tuple[str, bool]]:
    return [(step["queue"], step["is_done"]) for step in live(cast, f"ticket:{token}")["steps"]]


def test_it_goes_on_with_number_and_seniority(cast: Cast, clock: time_machine.Traveller) -> None:
    token = took(cast)
    clock.shift(timedelta(minutes=5))
    cast.took("B")
    assert steps(cast, token) == [("A", False), ("B", False), ("C", False)]
    assert served(cast)["ticket"] is None
    told = live(cast, f"ticket:{token}")
    assert (told["state"], told["queue"], told["service"]) == ("waiting", "B", INSURANCE)
    assert (told["number"], told["ahead"], told["counter"]) == ("A001", 0, None)
    assert steps(cast, token) == [("A", True), ("B", False), ("C", False)]
    assert [row.number for row in waiting_at(cast.counter(2))] == ["A001", "B001"]


def test_every_page_of_the_queue_hears_of_the_steps(cast: Cast) -> None:
    token = took(cast)
    served(cast)
    session.expire_all()
    sent = list(snapshots({"queue:raffles-city:B"}, lambda _topic: True))
    [page] = [one for one in sent if one["topic"] == f"ticket:{token}"]
    assert [step["is_done"] for step in page["data"]["steps"]] == [True, False, False]


def test_window_of_several_queues_does_all_that_is_its_own(cast: Cast) -> None:
    token = took(cast)
    served(cast)
    assert at(cast, "call-next", 2)[1]["ticket"]["token"] == token
    at(cast, "start", 2)
    at(cast, "finish", 2)
    assert state(cast, token) == "finished"
    assert {done for _, done in steps(cast, token)} == {True}
    events = events_of(cast.ticket(token))
    assert [event.verb for event in events] == [
        "issue",
        *("call", "start", "go_on"),
        *("call", "start", "finish"),
    ]
    assert events[3].reason == f"{PARTY} {INSURANCE}"


@on_sqlite
def test_call_next_lets_it_go_on_too(cast: Cast) -> None:
    token = took(cast)
    at(cast, "call-next")
    at(cast, "start")
    cast.took("A")
    assert at(cast, "call-next")[1]["ticket"]["number"] == "A002"
    assert live(cast, f"ticket:{token}")["queue"] == "B"


def test_each_window_counts_its_own_visit(cast: Cast, clock: time_machine.Traveller) -> None:
    took(cast)
    for number, minutes in ((1, 4), (2, 8)):
        at(cast, "call-next", number)
        at(cast, "start", number)
        clock.shift(timedelta(minutes=minutes))
        at(cast, "finish", number)
        session.expire_all()
        assert finished_today(cast.counter(number)) == Finished(1, minutes)
    at(cast, "undo", 2)
    session.expire_all()
    assert finished_today(cast.counter(2)) == Finished(0, None)
    assert finished_today(cast.counter(1)) == Finished(1, 4)


def test_undo_brings_it_back_to_the_window_with_what_was_open(cast: Cast) -> None:
    token = took(cast)
    served(cast)
    undone = at(cast, "undo")[1]["ticket"]
    assert (undone["token"], undone["state"], undone["queue"]) == (token, "serving", "A")
    assert (undone["service"], undone["counter"]) == (PARTY, 1)
    assert undone["called_at"] is not None
    assert steps(cast, token) == [("A", False), ("B", False), ("C", False)]
    at(cast, "finish")
    assert steps(cast, token)[0] == ("A", True)


def test_undo_of_the_last_window_opens_its_services_again(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    token = took(cast)
    served(cast)
    clock.shift(timedelta(minutes=5))
    served(cast, 2)
    at(cast, "undo", 2)
    assert steps(cast, token) == [("A", True), ("B", False), ("C", False)]
    assert live(cast, f"ticket:{token}")["service"] == INSURANCE


@on_sqlite
def test_outcome_ends_the_whole_visit(cast: Cast) -> None:
    token = took(cast)
    at(cast, "call-next")
    at(cast, "start")
    at(cast, "finish", outcome="incomplete")
    assert state(cast, token) == "finished"
    assert steps(cast, token)[1] == ("B", False)


def test_service_that_is_not_handled_now_is_passed_over(cast: Cast) -> None:
    with transaction():
        actions.switch(cast.station, services_by_code([INSURANCE]), is_on=False)
    token = took(cast)
    served(cast)
    assert live(cast, f"ticket:{token}")["queue"] == "C"


def test_service_added_at_the_window_may_belong_to_another(cast: Cast) -> None:
    token = cast.took("A")["token"]
    at(cast, "call-next")
    at(cast, "start")
    at(cast, "services", service=RESIDENCE)
    at(cast, "finish")
    assert live(cast, f"ticket:{token}")["queue"] == "C"
    served(cast, 3)
    assert state(cast, token) == "finished"


@on_sqlite
def test_bundle_s_one_ticket_goes_on_where_its_services_are(cast: Cast) -> None:
    body = cast.post(f"{HOME}/tickets", {"bundle": "YJS-09"}, cast.kiosk_token).get_json()
    second = services_by_code(body["services"])[-1]
    with transaction():
        session.get_one(Offer, (cast.station.id, second.id)).queue_id = cast.queue("D").id
    letters = [step["queue"] for step in live(cast, f"ticket:{body['token']}")["steps"]]
    assert (letters[0], letters[-1]) == (body["queue"], "D")


@on_sqlite
def test_clerk_and_visitor_see_what_comes_next(cast: Cast) -> None:
    token = took(cast)
    clerk = seated(cast)
    act(clerk, "call-next")
    assert "接着：B 社保医保" in act(clerk, "start", token).text
    assert "A001 已转去下一个窗口" in act(clerk, "finish", token).text
    assert act(seated(cast, "wang", 2), "call-next").text.count("已办好") == 1
    page = cast.app.test_client().get(f"/t/{token}").text
    assert [part.split('"')[0] for part in page.split('data-step="')[1:]] == ["A", "B", "C"]
    assert [part.split('"')[0] for part in page.split('data-is="')[1:]] == ["done", "now", "next"]


@on_sqlite
def test_log_tells_each_window_s_service(cast: Cast) -> None:
    took(cast)
    served(cast)
    served(cast, 2)
    today = today_of(cast.station)
    told = [(e.name, e.queue, e.service) for e in log_of(cast.station, today, today) if e.queue]
    assert [row for row in told if row[2]] == [
        ("issue", "A", PARTY),
        ("transfer", "B", INSURANCE),
    ]
    session.expire_all()
    assert all(row.done_at for row in session.query(TicketService))
