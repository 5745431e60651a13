"""A visitor takes a number."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import time_machine

from kiosk.db import session, transaction
from kiosk.stations.models import Device
from kiosk.stations.queries import get_station
from kiosk.tickets.models import LAST_NUMBER, Offer, QueueDay, Ticket, TicketEvent
from kiosk.tickets.queries import today_of
from tests.cast import HOME, Cast
from tests.databases import on_sqlite


def test_first_ticket_says_number_place_and_wait(cast: Cast) -> None:
    body = cast.took()
    assert body["number"] == "A001"
    assert body["queue"] == "A"
    assert body["state"] == "waiting"
    assert body["ahead"] == 0
    assert body["wait"] == {"low_minutes": 0, "high_minutes": 10}
    assert body["url"] == f"http://localhost/t/{body['token']}"


def test_second_ticket_stands_behind_the_first(cast: Cast) -> None:
    cast.took()
    body = cast.took()
    assert (body["number"], body["ahead"]) == ("A002", 1)


def test_queues_count_apart(cast: Cast) -> None:
    assert [cast.took(letter)["number"] for letter in "ABAB"] == ["A001", "B001", "A002", "B002"]


def test_ticket_for_a_service_stands_in_its_queue(cast: Cast) -> None:
    answer = cast.post(f"{HOME}/tickets", {"service": "SB-0301"}, cast.kiosk_token)
    body = answer.get_json()
    assert (body["number"], body["service"], body["service_zh"]) == (
        "B001",
        "SB-0301",
        "社会保障卡首次申领",
    )


def test_issue_leaves_one_event(cast: Cast) -> None:
    body = cast.took()
    [event] = session.query(TicketEvent).all()
    device = session.query(Device).filter_by(name="kiosk").one()
    assert (event.verb, event.from_state, event.to_state) == ("issue", None, "waiting")
    assert (event.actor, event.role) == (f"device:{device.id}", "device")
    assert event.ticket_id == cast.ticket(body["token"]).id


def refused(cast: Cast, body: object, token: str | None = None) -> tuple[int, str]:
    sent = cast.kiosk_token if token is None else token
    answer = cast.post(f"{HOME}/tickets", body, sent)
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    assert session.query(Ticket).count() == 0
    return answer.status_code, problem["code"]


@on_sqlite
def test_unknown_service_is_refused(cast: Cast) -> None:
    assert refused(cast, {"service": "XX-9999"}) == (404, "services.unknown")


@on_sqlite
def test_unknown_queue_is_refused(cast: Cast) -> None:
    assert refused(cast, {"queue": "Z"}) == (404, "queues.unknown")


def test_switched_off_service_is_refused(cast: Cast) -> None:
    with transaction():
        session.query(Offer).filter_by(station_id=cast.station.id).update({"is_on": False})
    assert refused(cast, {"service": "SB-0301"}) == (409, "services.switched_off")


def test_service_without_a_queue_here_is_refused(cast: Cast) -> None:
    with transaction():
        session.query(Offer).filter_by(station_id=cast.station.id).delete()
    assert refused(cast, {"service": "SB-0301"}) == (409, "services.not_here")


def test_closed_queue_is_refused(cast: Cast) -> None:
    with transaction():
        cast.queue("A").is_open = False
    assert refused(cast, {"queue": "A"}) == (409, "queues.closed")


@on_sqlite
def test_visitor_without_presence_is_refused(cast: Cast) -> None:
    assert refused(cast, {"queue": "A"}, token="") == (403, "presence.missing")


@on_sqlite
def test_revoked_kiosk_is_refused(cast: Cast) -> None:
    token = cast.kiosk_token
    with transaction():
        session.query(Device).update({"revoked_at": datetime.now(UTC)})
    assert refused(cast, {"queue": "A"}, token) == (403, "presence.missing")


@on_sqlite
def test_kiosk_of_another_station_is_refused(cast: Cast) -> None:
    answer = cast.post("/api/v1/stations/jiangsu-road/tickets", {"queue": "A"}, cast.kiosk_token)
    assert answer.get_json()["code"] == "presence.missing"


@on_sqlite
def test_wrong_types_are_refused(cast: Cast) -> None:
    wrong: list[object] = [
        {},
        {"queue": 5},
        {"queue": "AA"},
        {"queue": ["A"]},
        {"service": {}},
        {"service": "SB-0301", "queue": "B"},
        {"queue": "A" * 10_000},
    ]
    assert {refused(cast, body) for body in wrong} == {(422, "request.invalid")}


@on_sqlite
def test_body_that_is_no_object_is_refused(cast: Cast) -> None:
    assert refused(cast, [1, 2]) == (400, "request.malformed")


@on_sqlite
def test_malformed_json_is_refused(cast: Cast) -> None:
    answer = cast.app.test_client().post(
        f"{HOME}/tickets",
        data="{not json",
        content_type="application/json",
        headers={"Authorization": f"Bearer {cast.kiosk_token}"},
    )
    assert (answer.status_code, answer.get_json()["code"]) == (400, "request.malformed")


@on_sqlite
def test_oversized_input_is_refused(cast: Cast) -> None:
    assert refused(cast, {"queue": "A", "x": "x" * 100_000}) == (
        413,
        "request.too_large",
    )


@on_sqlite
def test_oversized_input_without_a_length_is_refused(cast: Cast) -> None:
    answer = cast.app.test_client().post(
        f"{HOME}/tickets",
        input_stream=BytesIO(b'{"queue": "A"}' + b" " * 100_000),
        content_type="application/json",
        headers={"Authorization": f"Bearer {cast.kiosk_token}", "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert (answer.status_code, answer.get_json()["code"]) == (413, "request.too_large")


def test_closed_station_is_refused_and_says_when_it_opens(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 11, 21, 4, 0, tzinfo=UTC))  # a Saturday
    token = cast.staff_token(station=get_station("jiangsu-road"))
    answer = cast.post("/api/v1/stations/jiangsu-road/tickets", {"queue": "A"}, token)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "tickets.closed")
    shown = cast.app.test_client().get("/api/v1/stations/jiangsu-road").get_json()
    assert (shown["open"], shown["next_opens"]) == (False, "2026-11-23T09:00:00+08:00")


def test_last_number_of_the_day_is_the_last(cast: Cast) -> None:
    with transaction():
        session.add(
            QueueDay(
                queue_id=cast.queue().id,
                day=today_of(cast.station),
                issued=LAST_NUMBER - 1,
                changes=0,
            )
        )
    assert cast.took()["number"] == "A999"
    assert cast.take().get_json()["code"] == "queues.full"


def test_numbers_restart_at_the_station_s_midnight(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC))  # 23:59:59 in Shanghai
    assert [cast.took()["number"] for _ in range(2)] == ["A001", "A002"]
    clock.shift(timedelta(seconds=1))
    assert cast.took()["number"] == "A001"


def test_numbers_go_on_over_a_month_s_end_in_utc(cast: Cast, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 11, 30, 23, 59, tzinfo=UTC))  # 1 December, 7:59 in Shanghai
    cast.took()
    clock.shift(timedelta(minutes=2))
    assert cast.took()["number"] == "A002"
