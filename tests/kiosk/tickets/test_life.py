"""The whole life of a ticket: park, send on, let by, come back, take back."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.staff.permissions import Role
from kiosk.tickets import actions
from kiosk.tickets.models import MissedRule, Priority
from kiosk.tickets.queries import events_of, waiting_at
from tests.cast import HOME, Cast
from tests.databases import on_sqlite


def line(cast: Cast, number: int = 1) -> list[str]:
    session.expire_all()
    return [ticket.number for ticket in waiting_at(cast.counter(number))]


def verb(cast: Cast, word: str, body: object = None, number: int = 1) -> dict[str, Any]:
    answer = cast.post(f"{HOME}/counters/{number}/{word}", body, cast.clerk_token)
    assert answer.status_code == 200, answer.text
    kept: dict[str, Any] = answer.get_json()
    return kept


def refused(cast: Cast, word: str, body: object = None, number: int = 1) -> tuple[int, str]:
    answer = cast.post(f"{HOME}/counters/{number}/{word}", body, cast.clerk_token)
    return answer.status_code, answer.get_json().get("code", "")


def wish(cast: Cast, token: str, word: str) -> tuple[int, dict[str, Any]]:
    answer = cast.post(f"/api/v1/tickets/{token}/{word}")
    return answer.status_code, answer.get_json()


def verbs_of(cast: Cast, token: str) -> list[str]:
    return [event.verb for event in events_of(cast.ticket(token))]


def test_parked_ticket_is_never_called_by_accident_and_comes_back(cast: Cast) -> None:
    parked, other = cast.took()["token"], cast.took()["token"]
    cast.did("call-next")
    cast.did("start")
    assert verb(cast, "hold")["ticket"] is None
    assert cast.did("call-next")["ticket"]["token"] == other
    cast.did("start")
    assert cast.did("call-next")["ticket"] is None
    again = verb(cast, "call", {"ticket": parked})["ticket"]
    assert (again["number"], again["state"]) == ("A001", "called")
    assert verbs_of(cast, parked) == ["issue", "call", "start", "hold", "call"]


def test_transfer_keeps_number_and_seniority(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.took("B")
    clock.shift(timedelta(seconds=1))
    sent = cast.took("A")["token"]
    later = cast.took("B")["number"]
    cast.did("call-next", 1)
    cast.did("start", 1)
    assert verb(cast, "transfer", {"queue": "B"})["ticket"] is None
    assert line(cast, 2) == ["B001", "A001", later]
    cast.did("call-next", 2)
    assert cast.did("call-next", 2)["ticket"]["token"] == sent
    fresh = cast.took("A")["number"]
    assert fresh == "A002"


def test_transfer_to_a_counter_is_called_there_alone(cast: Cast) -> None:
    sent = cast.took("B")["token"]
    cast.did("call-next", 2)
    verb(cast, "transfer", {"counter": 3}, 2)
    assert cast.did("call-next", 2)["ticket"] is None
    assert cast.did("call-next", 3)["ticket"]["token"] == sent


@pytest.mark.parametrize("body", [{}, {"queue": "B", "counter": 3}, {"queue": "b?"}])
@on_sqlite
def test_transfer_wants_one_goal(cast: Cast, body: object) -> None:
    cast.took()
    cast.did("call-next")
    assert refused(cast, "transfer", body) == (422, "request.invalid")


@on_sqlite
def test_nobody_at_the_counter_cannot_be_parked_or_sent(cast: Cast) -> None:
    assert refused(cast, "hold") == (409, "tickets.wrong_state")
    assert refused(cast, "transfer", {"queue": "B"}) == (409, "tickets.wrong_state")
    assert refused(cast, "undo") == (409, "tickets.too_late")


def test_one_more_service_under_the_same_number(cast: Cast) -> None:
    answer = cast.post(f"{HOME}/tickets", {"service": "DJ-0101"}, cast.kiosk_token)
    token = answer.get_json()["token"]
    cast.did("call-next")
    carried = verb(cast, "services", {"service": "DJ-0102"})["ticket"]
    assert carried["services"] == ["DJ-0101", "DJ-0102"]
    assert refused(cast, "services", {"service": "DJ-0101"}) == (409, "tickets.carried")
    assert verbs_of(cast, token)[-1] == "add_service"


def stood_in_line(cast: Cast, clock: time_machine.Traveller, people: int) -> list[str]:
    """Let people take a number, a second apart; returns their tokens."""
    tokens = []
    for _ in range(people):
        tokens.append(cast.took()["token"])
        clock.shift(timedelta(seconds=1))
    return tokens


def test_visitor_lets_three_go_first_twice_and_no_more(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    tokens = stood_in_line(cast, clock, 8)
    assert wish(cast, tokens[0], "postpone")[0] == 200
    assert line(cast)[:5] == ["A002", "A003", "A004", "A001", "A005"]
    assert wish(cast, tokens[0], "postpone")[1]["ahead"] == 6
    assert wish(cast, tokens[0], "postpone")[1]["code"] == "tickets.postponed"
    assert wish(cast, tokens[7], "postpone")[1]["code"] == "tickets.last"


def test_missed_number_comes_back_behind_three(cast: Cast, clock: time_machine.Traveller) -> None:
    missed = stood_in_line(cast, clock, 5)[0]
    cast.did("call-next")
    cast.did("no-show")
    status, data = wish(cast, missed, "rejoin")
    assert (status, data["state"], data["ahead"]) == (200, "waiting", 3)
    assert line(cast) == ["A002", "A003", "A004", "A001", "A005"]


def test_missed_number_is_kept_as_the_rule_says(cast: Cast, clock: time_machine.Traveller) -> None:
    def miss() -> str:
        token: str = cast.took()["token"]
        cast.did("call-next")
        cast.did("no-show")
        return token

    token = miss()
    clock.shift(timedelta(minutes=31))
    assert wish(cast, token, "rejoin")[1]["code"] == "tickets.missed"
    with transaction():
        cast.queue().missed_rule, cast.queue().missed_limit = MissedRule.CALLS, 1
    token = miss()
    for _ in range(2):
        clock.shift(timedelta(minutes=1))
        cast.took()
        cast.did("call-next")
    assert wish(cast, token, "rejoin")[1]["code"] == "tickets.missed"
    with transaction():
        cast.queue().missed_rule = MissedRule.VOID
    cast.did("no-show")
    assert wish(cast, miss(), "rejoin")[1]["code"] == "tickets.missed"


def test_as_many_calls_as_the_queue_asks_for_before_a_no_show(cast: Cast) -> None:
    with transaction():
        cast.queue().calls_before_no_show = 2
    cast.took()
    cast.did("call-next")
    assert refused(cast, "no-show") == (409, "tickets.too_early")
    cast.did("recall")
    cast.did("no-show")


def test_undo_takes_back_each_verb(cast: Cast) -> None:
    token = cast.took("A")["token"]

    def back(word: str, body: object = None) -> tuple[str, int | None, int]:
        verb(cast, word, body)
        verb(cast, "undo")
        ticket = cast.ticket(token)
        return ticket.state.value, ticket.counter_id, ticket.calls

    assert back("call-next") == ("waiting", None, 0)
    cast.did("call-next")
    here = cast.ticket(token).counter_id
    assert back("no-show") == ("called", here, 1)
    assert back("hold") == ("called", here, 1)
    assert back("start") == ("called", here, 1)
    cast.did("start")
    began = cast.ticket(token).started_at
    assert back("finish") == ("serving", here, 1)
    assert back("transfer", {"queue": "B"}) == ("serving", here, 1)
    ticket = cast.ticket(token)
    assert (ticket.queue.letter, ticket.started_at) == ("A", began)


def test_undo_is_for_a_minute_and_for_what_oneself_did(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    cast.took()
    cast.did("call-next")
    stranger = cast.post(f"{HOME}/counters/1/undo", None, cast.staff_token(Role.MANAGER))
    assert stranger.get_json()["code"] == "tickets.too_late"
    clock.shift(timedelta(seconds=61))
    assert refused(cast, "undo") == (409, "tickets.too_late")


def test_undo_does_not_push_away_who_came_since(cast: Cast) -> None:
    first = cast.took()["token"]
    cast.did("call-next")
    cast.did("no-show")
    cast.took()
    cast.did("call-next")
    verb(cast, "undo")
    assert cast.ticket(first).state.value == "no_show"
    assert refused(cast, "undo") == (409, "tickets.too_late")


def test_priority_comes_a_quarter_of_an_hour_earlier_and_no_more(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    def take(**more: object) -> str:
        body = {"queue": "A", **more}
        number: str = cast.post(f"{HOME}/tickets", body, cast.kiosk_token).get_json()["number"]
        return number

    early = take()
    clock.shift(timedelta(minutes=10))
    recent = take()
    clock.shift(timedelta(minutes=10))
    elderly, plain = take(priority="elderly"), take(priority=True)
    assert line(cast) == [early, elderly, plain, recent]
    assert waiting_at(cast.counter())[1].priority is Priority.ELDERLY
    unknown = cast.post(f"{HOME}/tickets", {"queue": "A", "priority": "vip"}, cast.kiosk_token)
    assert unknown.status_code == 422


@on_sqlite
def test_why_somebody_has_priority_is_not_public(cast: Cast) -> None:
    body = {"queue": "A", "priority": "disabled"}
    token = cast.post(f"{HOME}/tickets", body, cast.kiosk_token).get_json()["token"]
    for topic in (f"ticket:{token}", "queue:raffles-city:A", "board:raffles-city"):
        answer = cast.app.test_client().get(f"/api/v1/live/{topic}")
        assert "disabled" not in answer.text
        assert "priority" not in answer.text


def test_daily_quota_is_kept_in_the_issuing_statement(cast: Cast) -> None:
    with transaction():
        cast.queue().daily_quota = 2
    cast.took()
    cast.took()
    assert cast.take().get_json()["code"] == "queues.full"


def test_closing_early_stops_numbers_and_serves_who_waits(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    waits = cast.took()["token"]
    with transaction():
        actions.close_early(cast.station, at=now())
    assert cast.take().get_json()["code"] == "queues.stopped"
    assert cast.take("B").get_json()["code"] == "queues.stopped"
    assert cast.did("call-next")["ticket"]["token"] == waits
    with transaction():
        actions.reopen(cast.station, at=now())
    cast.took()
