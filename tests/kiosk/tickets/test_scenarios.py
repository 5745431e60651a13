"""What other queue systems get wrong, or are asked to get right: each as one short story."""

import socket
from collections import Counter as Tally
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from kiosk.catalog.queries import services_by_code
from kiosk.db import session, transaction
from kiosk.staff.permissions import Role
from kiosk.tickets.actions import switch
from kiosk.tickets.commands import sweep
from kiosk.tickets.history import events_of as log_of
from kiosk.tickets.queries import events_of, waiting_at
from tests.cast import HOME, Cast
from tests.kiosk.appointments.test_booking import MONDAY, booked, told, wall
from tests.pages import form_token
from tests.printers import ENOUGH, FakePrinter, pictures, print_now, set_up
from tests.printers import took as take_at

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def at(cast: Cast, verb: str, number: int = 1, **body: object) -> tuple[int, dict[str, Any]]:
    answer = cast.post(f"{HOME}/counters/{number}/{verb}", body or None, cast.clerk_token)
    return answer.status_code, answer.get_json()


def waiting(cast: Cast, number: int = 1) -> list[str]:
    return [ticket.number for ticket in waiting_at(cast.counter(number))]


def live(cast: Cast, topic: str) -> dict[str, Any]:
    answer = cast.app.test_client().get(f"/api/v1/live/{topic}")
    data: dict[str, Any] = answer.get_json()["data"]
    return data


def state(cast: Cast, token: str) -> str:
    return cast.ticket(token).state.value


def missed(cast: Cast) -> str:
    token: str = cast.took()["token"]
    at(cast, "call-next")
    at(cast, "no-show")
    return token


def test_01_new_tickets_are_counted_once(cast: Cast) -> None:
    assert waiting(cast) == []
    cast.took()
    cast.took()
    assert waiting(cast) == ["A001", "A002"]


def test_02_visit_with_two_services_is_one_unbroken_story(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    body = {"service": "DJ-0101"}
    token = cast.post(f"{HOME}/tickets", body, cast.kiosk_token).get_json()["token"]
    for verb in ("call-next", "start"):
        clock.shift(timedelta(minutes=1))
        assert at(cast, verb)[0] == 200
    assert at(cast, "services", service="DJ-0102")[0] == 200
    at(cast, "finish")
    events = events_of(cast.ticket(token))
    assert [event.verb for event in events] == ["issue", "call", "start", "add_service", "finish"]
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert waiting(cast) == []


def test_03_parked_before_it_began_and_finished_later(cast: Cast) -> None:
    token = cast.took()["token"]
    at(cast, "call-next")
    at(cast, "hold")
    at(cast, "call", ticket=token)
    at(cast, "start")
    assert at(cast, "finish")[0] == 200
    assert state(cast, token) == "finished"


def test_04_cancelled_at_once_or_after_waiting(cast: Cast, clock: time_machine.Traveller) -> None:
    for minutes in (0, 20):
        token = cast.took()["token"]
        clock.shift(timedelta(minutes=minutes))
        assert cast.post(f"/api/v1/tickets/{token}/cancel").get_json()["state"] == "cancelled"
    assert waiting(cast) == []


def test_05_service_is_added_once_while_it_is_served(cast: Cast) -> None:
    cast.post(f"{HOME}/tickets", {"service": "DJ-0101"}, cast.kiosk_token)
    at(cast, "call-next")
    at(cast, "start")
    assert at(cast, "services", service="DJ-0102")[1]["ticket"]["services"][-1] == "DJ-0102"
    assert at(cast, "services", service="DJ-0102")[1]["code"] == "tickets.carried"


def test_06_each_window_takes_its_own_queues(cast: Cast) -> None:
    cast.took("A")
    cast.took("B")
    assert at(cast, "call-next", 2)[1]["ticket"]["number"] == "B001"
    assert at(cast, "call-next", 1)[1]["ticket"]["number"] == "A001"


def test_07_nobody_waits_is_an_answer_and_changes_nothing(cast: Cast) -> None:
    before = live(cast, "board:raffles-city")["calls"]
    status, answer = at(cast, "call-next")
    assert (status, answer["state"], answer["ticket"]) == (200, "idle", None)
    assert live(cast, "board:raffles-city")["calls"] == before


def test_08_as_many_calls_as_the_queue_asks_for(cast: Cast) -> None:
    with transaction():
        cast.queue().calls_before_no_show = 3
    token = cast.took()["token"]
    at(cast, "call-next")
    for _ in range(2):
        assert at(cast, "no-show")[1]["code"] == "tickets.too_early"
        at(cast, "recall")
    assert at(cast, "no-show")[0] == 200
    assert state(cast, token) == "no_show"


def test_09_and_15_parked_is_passed_over_until_called_by_name(cast: Cast) -> None:
    parked, other = cast.took()["token"], cast.took()["token"]
    at(cast, "call-next")
    at(cast, "hold")
    assert at(cast, "call-next")[1]["ticket"]["token"] == other
    at(cast, "start")
    at(cast, "finish")
    assert at(cast, "call-next")[1]["ticket"] is None
    assert at(cast, "call", ticket=parked)[1]["ticket"]["token"] == parked


def test_10_sent_on_leaves_here_and_waits_there_with_its_number(cast: Cast) -> None:
    cast.took()
    at(cast, "call-next")
    assert at(cast, "transfer", queue="B")[1]["ticket"] is None
    assert waiting(cast, 1) == []
    assert waiting(cast, 2) == ["A001"]


def test_11_number_of_another_day_is_not_called(cast: Cast, clock: time_machine.Traveller) -> None:
    token = missed(cast)
    clock.shift(timedelta(days=1))
    assert at(cast, "call", ticket=token)[1]["code"] == "tickets.other_day"
    assert cast.post(f"/api/v1/tickets/{token}/rejoin").status_code == 409
    assert at(cast, "call-next")[1]["ticket"] is None


def test_12_window_holds_one_visitor(cast: Cast) -> None:
    first, second = cast.took()["token"], cast.took()["token"]
    at(cast, "call-next")
    at(cast, "start")
    at(cast, "call-next")
    assert (state(cast, first), state(cast, second)) == ("finished", "called")


def test_13_what_one_clerk_called_another_cannot_call(cast: Cast) -> None:
    token = cast.took("B")["token"]
    at(cast, "call-next", 2)
    assert at(cast, "call", 3, ticket=token)[1]["code"] == "tickets.wrong_state"
    assert cast.ticket(token).counter_id == cast.counter(2).id


def test_14_day_counts_who_came_and_who_did_not(cast: Cast, clock: time_machine.Traveller) -> None:
    """Of two who booked and two who walked in, one each comes; next day it is told the same."""
    appointments = [booked(cast, f"{MONDAY}T{time}")["token"] for time in ("10:00", "10:30")]
    clock.move_to(wall(f"{MONDAY}T10:15"))
    tokens = [told(cast, token, "check-in")[1]["ticket"]["token"] for token in appointments]
    tokens += [cast.took("B")["token"] for _ in range(2)]
    for came in (True, False) * 2:
        clock.shift(timedelta(minutes=5))
        at(cast, "call-next", 2)
        for verb in ("start", "finish") if came else ("no-show",):
            assert at(cast, verb, 2)[0] == 200
    clock.move_to(wall("2026-11-24T00:00"))
    assert sweep() == 0
    states = [state(cast, token) for token in tokens]
    assert sorted(states[:2]) == sorted(states[2:]) == ["finished", "no_show"]
    day = date.fromisoformat(MONDAY)
    told_of = Tally(event.name for event in log_of(cast.station, day, day))
    assert {name: told_of[name] for name in ("issue", "call", "finish", "no_show")} == {
        "issue": 4,
        "call": 4,
        "finish": 2,
        "no_show": 2,
    }
    page = cast.browser("boss", Role.MANAGER).get(f"/admin/appointments?day={MONDAY}").text
    assert page.count("已到") == 2


def test_16_shared_queue_is_called_from_each_of_its_windows(cast: Cast) -> None:
    first, second = cast.took("B")["token"], cast.took("B")["token"]
    assert at(cast, "call-next", 2)[1]["ticket"]["token"] == first
    assert at(cast, "call-next", 3)[1]["ticket"]["token"] == second


def test_17_recall_is_seen_by_board_and_phone(cast: Cast) -> None:
    token = cast.took()["token"]
    at(cast, "call-next")
    first = live(cast, "board:raffles-city")["calls"][0]
    at(cast, "recall")
    again = live(cast, "board:raffles-city")["calls"][0]
    assert (again["number"], again["id"] > first["id"]) == (first["number"], True)
    assert live(cast, f"ticket:{token}")["calls"] == 2


def test_18_change_of_one_ticket_leaves_the_others(cast: Cast) -> None:
    changed, other = cast.took("A")["token"], cast.took("B")["token"]
    before = cast.ticket(other)
    kept = {column.key: getattr(before, column.key) for column in before.__table__.columns}
    cast.post(f"/api/v1/tickets/{changed}/cancel")
    after = cast.ticket(other)
    assert kept == {key: getattr(after, key) for key in kept}


def test_19_ticket_exists_whatever_becomes_of_the_slip(cast: Cast, tmp_path: Path) -> None:
    """The printer is gone: number and code stay on the screen, it says so, and prints later."""
    config = replace(cast.app.extensions["config"], data_dir=tmp_path)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        device = set_up(cast, f"127.0.0.1:{nobody.getsockname()[1]}")
        kiosk = cast.kiosk_browser()
        token = take_at(cast, kiosk)
        print_now(cast, device, config)
    assert state(cast, token) == "waiting"
    page = f"/s/raffles-city/tickets/{token}"
    shown = kiosk.get(page).text
    assert "A001" in shown
    assert 'class="qr"' in shown
    assert 'data-state="failed"' in kiosk.get(f"{page}/slip").text
    with FakePrinter(ENOUGH) as printer:
        set_up(cast, printer.address)
        form = {"csrf_token": form_token(kiosk, "/s/raffles-city/take")}
        assert kiosk.post(f"{page}/slip", data=form).status_code == 303
        print_now(cast, device, config)
        printer.wait()
        assert len(pictures(printer.printed[0])) == 1
    assert 'data-state="printed"' in kiosk.get(f"{page}/slip").text
    assert waiting(cast) == ["A001"]


def test_20_same_key_twice_is_one_ticket(cast: Cast) -> None:
    answers = [cast.take(Idempotency_Key="tap").get_json() for _ in range(2)]
    assert answers[0]["token"] == answers[1]["token"]
    assert waiting(cast) == ["A001"]


def test_21_unknown_board_is_an_error_and_no_empty_board(cast: Cast) -> None:
    answer = cast.app.test_client().get("/api/v1/live/board:nowhere")
    assert answer.status_code == 404
    assert "data" not in answer.get_json()


def test_21_broken_database_is_an_error_and_no_empty_board(cast: Cast) -> None:
    """A board keeps what it shows for as long as nothing better comes."""
    cast.took()
    at(cast, "call-next")
    board = "board:raffles-city"
    before = live(cast, board)
    for there, back in (("ticket", "gone"), ("gone", "ticket")):
        with transaction():
            session.execute(text(f"ALTER TABLE {there} RENAME TO {back}"))
        answer = cast.app.test_client().get(f"/api/v1/live/{board}")
        if there == "ticket":
            assert (answer.status_code, answer.get_json()["code"]) == (503, "request.busy")
            assert "data" not in answer.get_json()
    after = live(cast, board)
    assert (after["calls"], after["queues"]) == (before["calls"], before["queues"])


def test_22_numbers_begin_anew_each_day(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.took()
    assert cast.took()["number"] == "A002"
    clock.shift(timedelta(days=1))
    assert cast.took()["number"] == "A001"


def test_23_no_number_past_the_quota_and_the_kiosk_says_so(cast: Cast) -> None:
    with transaction():
        cast.queue().daily_quota = 1
    cast.took()
    answers = [cast.take() for _ in range(3)]
    assert {answer.get_json()["code"] for answer in answers} == {"queues.full"}
    assert waiting(cast) == ["A001"]


def test_24_every_number_is_given_and_called_once(cast: Cast) -> None:
    """Side by side, from many programs: tests/load/test_numbers.py."""
    given = [cast.took("B")["number"] for _ in range(6)]
    called = [at(cast, "call-next", 2 + turn % 2)[1]["ticket"]["number"] for turn in range(6)]
    assert given == called == [f"B00{place}" for place in range(1, 7)]


def test_25_staff_calls_need_staff_and_screens_name_nobody(cast: Cast) -> None:
    assert cast.post(f"{HOME}/counters/1/call-next").status_code == 401
    assert cast.app.test_client().get("/api/v1/live/desk:raffles-city").status_code >= 400
    token = cast.took()["token"]
    assert not {"name", "phone", "holder", "priority"} & live(cast, f"ticket:{token}").keys()


def test_26_service_that_is_switched_off_is_refused_and_the_rest_work(cast: Cast) -> None:
    with transaction():
        switch(cast.station, services_by_code(["DJ-0101"]), is_on=False)
    answer = cast.post(f"{HOME}/tickets", {"service": "DJ-0101"}, cast.kiosk_token)
    assert answer.get_json()["code"] == "services.switched_off"
    assert cast.post(f"{HOME}/tickets", {"service": "DJ-0102"}, cast.kiosk_token).status_code == 201
