"""Staff call, recall, start, finish and miss a ticket."""

import pytest

from kiosk.db import session, transaction
from kiosk.staff.permissions import Role
from kiosk.stations.queries import get_station
from kiosk.tickets.models import Ticket, TicketEvent, TicketState
from tests.cast import HOME, Cast
from tests.databases import on_sqlite


def verbs_of(cast: Cast, token: str) -> list[tuple[str, str]]:
    ticket = cast.ticket(token)
    events = session.query(TicketEvent).filter_by(ticket_id=ticket.id).order_by(TicketEvent.id)
    return [(event.verb, event.to_state.value) for event in events]


def test_call_next_calls_the_oldest(cast: Cast) -> None:
    first, _second = cast.took(), cast.took()
    body = cast.did("call-next")
    assert (body["counter"], body["state"]) == (1, "called")
    assert body["ticket"]["number"] == first["number"]
    assert body["ticket"]["counter"] == 1


def test_call_next_takes_the_preferred_queue_first(cast: Cast) -> None:
    cast.took("C")
    cast.took("B")
    assert [cast.did("call-next", 2)["ticket"]["number"] for _ in range(2)] == ["B001", "C001"]


def test_call_next_leaves_queues_of_others_alone(cast: Cast) -> None:
    cast.took("D")
    assert cast.did("call-next", 1) == {
        "counter": 1,
        "state": "idle",
        "queues": ["A", "E"],
        "ticket": None,
    }


def test_whole_visit_leaves_its_history(cast: Cast) -> None:
    token = cast.took()["token"]
    for verb in ("call-next", "recall", "start", "finish"):
        cast.did(verb)
    assert verbs_of(cast, token) == [
        ("issue", "waiting"),
        ("call", "called"),
        ("recall", "called"),
        ("start", "serving"),
        ("finish", "finished"),
    ]
    assert cast.ticket(token).calls == 2


def test_no_show_frees_the_counter(cast: Cast) -> None:
    token = cast.took()["token"]
    cast.did("call-next")
    assert cast.did("no-show")["state"] == "idle"
    assert cast.ticket(token).state is TicketState.NO_SHOW


def test_call_next_finishes_who_is_served(cast: Cast) -> None:
    first, second = cast.took(), cast.took()
    cast.did("call-next")
    cast.did("start")
    assert cast.did("call-next")["ticket"]["number"] == second["number"]
    assert cast.ticket(first["token"]).state is TicketState.FINISHED


def test_call_next_misses_who_did_not_come(cast: Cast) -> None:
    first, second = cast.took(), cast.took()
    cast.did("call-next")
    assert cast.did("call-next")["ticket"]["number"] == second["number"]
    assert cast.ticket(first["token"]).state is TicketState.NO_SHOW


@pytest.mark.parametrize(
    ("before", "verb"),
    [
        ([], "recall"),
        ([], "start"),
        ([], "finish"),
        ([], "no-show"),
        (["call-next"], "finish"),
        (["call-next", "start"], "start"),
        (["call-next", "start"], "recall"),
        (["call-next", "start"], "no-show"),
    ],
)
def test_verb_in_the_wrong_state_changes_nothing(cast: Cast, before: list[str], verb: str) -> None:
    token = cast.took()["token"]
    for earlier in before:
        cast.did(earlier)
    history = verbs_of(cast, token)
    answer = cast.at_counter(verb)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "tickets.wrong_state")
    assert verbs_of(cast, token) == history


def test_paused_counter_calls_nobody(cast: Cast) -> None:
    token = cast.took()["token"]
    assert cast.did("pause")["state"] == "paused"
    assert cast.at_counter("call-next").get_json()["code"] == "counters.paused"
    assert cast.ticket(token).state is TicketState.WAITING
    cast.did("resume")
    assert cast.did("call-next")["ticket"]["token"] == token


@on_sqlite
def test_unknown_counter_is_refused(cast: Cast) -> None:
    answer = cast.at_counter("call-next", 99)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "counters.unknown")


@on_sqlite
def test_staff_calls_need_staff(cast: Cast) -> None:
    path = f"{HOME}/counters/1/call-next"
    assert cast.post(path).status_code == 401
    assert cast.post(path, token=cast.kiosk_token).status_code == 401
    assert cast.post(path, token="staff_wrong").status_code == 401
    elsewhere = cast.staff_token(Role.MANAGER, get_station("jiangsu-road"))
    answer = cast.post(path, token=elsewhere)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "staff.forbidden")


def test_visitor_cancels_once_and_again(cast: Cast) -> None:
    token = cast.took()["token"]
    path = f"/api/v1/tickets/{token}/cancel"
    assert [cast.post(path).get_json()["state"] for _ in range(2)] == ["cancelled"] * 2
    assert verbs_of(cast, token) == [("issue", "waiting"), ("cancel", "cancelled")]
    assert cast.did("call-next")["ticket"] is None


def test_visitor_cancels_when_called_and_the_counter_is_free(cast: Cast) -> None:
    token = cast.took()["token"]
    cast.did("call-next")
    assert cast.post(f"/api/v1/tickets/{token}/cancel").status_code == 200
    assert cast.at_counter("start").get_json()["code"] == "tickets.wrong_state"


def test_visitor_cannot_cancel_what_is_served(cast: Cast) -> None:
    token = cast.took()["token"]
    cast.did("call-next")
    cast.did("start")
    answer = cast.post(f"/api/v1/tickets/{token}/cancel")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "tickets.wrong_state")


def test_database_holds_one_visitor_at_a_counter(cast: Cast) -> None:
    first, second = cast.took(), cast.took()
    cast.did("call-next")
    counter = cast.counter()
    with pytest.raises(Exception, match=r"(?i)unique"), transaction():
        session.query(Ticket).filter_by(token=second["token"]).update(
            {"state": TicketState.CALLED, "counter_id": counter.id}
        )
    assert cast.ticket(first["token"]).state is TicketState.CALLED
    assert cast.ticket(second["token"]).state is TicketState.WAITING
