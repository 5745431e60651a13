"""The same key twice: one ticket, the same answer."""

from datetime import timedelta

import time_machine

from kiosk.db import session
from kiosk.idempotency import Answered
from kiosk.tickets.commands import sweep
from kiosk.tickets.models import Ticket
from tests.cast import HOME, Cast


def test_same_key_gives_the_same_ticket(cast: Cast) -> None:
    answers = [cast.take(Idempotency_Key="one") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.text for answer in answers}) == 1
    assert session.query(Ticket).count() == 1


def test_another_key_gives_another_ticket(cast: Cast) -> None:
    cast.take(Idempotency_Key="one")
    assert cast.take(Idempotency_Key="two").get_json()["number"] == "A002"


def test_same_key_for_another_question_is_refused(cast: Cast) -> None:
    cast.take("A", Idempotency_Key="one")
    answer = cast.take("B", Idempotency_Key="one")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency.reused")
    assert session.query(Ticket).count() == 1


def test_same_key_of_somebody_else_is_another_one(cast: Cast) -> None:
    cast.take(Idempotency_Key="one")
    answer = cast.post(f"{HOME}/tickets", {"queue": "A"}, cast.clerk_token, Idempotency_Key="one")
    assert answer.get_json()["number"] == "A002"


def test_refused_request_may_be_tried_again_under_its_key(cast: Cast) -> None:
    cast.did("pause")
    cast.took()
    assert cast.at_counter("call-next", Idempotency_Key="one").status_code == 409
    cast.did("resume")
    assert cast.at_counter("call-next", Idempotency_Key="one").status_code == 200


def test_same_key_at_the_counter_calls_once(cast: Cast) -> None:
    cast.took()
    cast.took()
    answers = [cast.at_counter("call-next", Idempotency_Key="one") for _ in range(2)]
    assert {answer.get_json()["ticket"]["number"] for answer in answers} == {"A001"}


def test_too_long_a_key_is_refused(cast: Cast) -> None:
    answer = cast.take(Idempotency_Key="x" * 201)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency.too_long")


def test_answers_are_forgotten_after_two_days(cast: Cast, clock: time_machine.Traveller) -> None:
    cast.take(Idempotency_Key="one")
    clock.shift(timedelta(days=2, seconds=1))
    sweep()
    assert session.query(Answered).count() == 0
