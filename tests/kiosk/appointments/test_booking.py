"""A visitor books a time, moves it, gives it up, comes, or does not."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar, Event

from kiosk.appointments.commands import sweep
from kiosk.appointments.models import AppointmentEvent, SlotCount
from kiosk.db import session, transaction
from kiosk.stations.models import Closure
from kiosk.tickets.models import Offer, Ticket
from tests.cast import HOME, Cast
from tests.databases import on_sqlite

SERVICE = "SB-0301"  # queue B: half hours for two, Monday to Friday 9-12 and 13-17
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = "2026-11-23"


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def book(cast: Cast, at: str, token: str | None = None, **headers: str) -> Any:  # noqa: ANN401
    sent = cast.kiosk_token if token is None else token
    body = {"service": SERVICE, "at": at}
    return cast.post(f"{HOME}/appointments", body, sent, **headers)


def booked(cast: Cast, at: str = f"{MONDAY}T10:00") -> dict[str, Any]:
    answer = book(cast, at)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def told(cast: Cast, token: str, verb: str, body: object = None) -> tuple[int, dict[str, Any]]:
    session.remove()
    answer = cast.post(f"/api/v1/appointments/{token}/{verb}", body, cast.kiosk_token)
    return answer.status_code, answer.get_json()


def shown(cast: Cast, token: str) -> dict[str, Any]:
    session.remove()
    body: dict[str, Any] = cast.app.test_client().get(f"/api/v1/appointments/{token}").get_json()
    return body


def slots(cast: Cast, day: str) -> dict[str, int]:
    address = f"{HOME}/appointments/slots?service={SERVICE}&date={day}"
    found = cast.app.test_client().get(address).get_json()["slots"]
    return {slot["at"][11:16]: slot["left"] for slot in found}


def test_slots_and_the_days_that_have_any(cast: Cast) -> None:
    address = f"{HOME}/appointments/slots?service={SERVICE}"
    body = cast.app.test_client().get(address).get_json()
    assert body["date"] == "2026-11-20"
    assert body["slots"][0] == {
        "day": "2026-11-20",
        "minute": 660,
        "at": "2026-11-20T11:00:00+08:00",
        "ends": "2026-11-20T11:30:00+08:00",
        "left": 2,
        "capacity": 2,
    }
    assert [day["date"][8:] for day in body["days"]] == ["20", "23", "24", "25", "26"]
    assert slots(cast, "2026-11-21") == {}


@on_sqlite
def test_booking_answers_with_everything_a_visitor_needs(cast: Cast) -> None:
    body = booked(cast)
    assert (body["state"], body["at"]) == ("booked", f"{MONDAY}T10:00:00+08:00")
    assert body["url"] == f"http://localhost/b/{body['token']}"
    assert (body["queue"], body["service_zh"]) == ("B", "社会保障卡首次申领")
    assert body["check_in_from"][11:16] == "09:40"
    assert body["check_in_until"][11:16] == "10:15"
    assert slots(cast, MONDAY)["10:00"] == 1
    [event] = session.query(AppointmentEvent).all()
    assert (event.verb, event.to_state, event.role) == ("book", "booked", "device")


@on_sqlite
def test_day_and_minute_are_the_same_as_at(cast: Cast) -> None:
    sent = {"service": SERVICE, "day": MONDAY, "minute": 600}
    answer = cast.post(f"{HOME}/appointments", sent, cast.kiosk_token)
    assert answer.get_json()["at"] == f"{MONDAY}T10:00:00+08:00"


def test_full_slot_is_refused_and_names_the_next(cast: Cast) -> None:
    booked(cast)
    booked(cast)
    answer = book(cast, f"{MONDAY}T10:00")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "appointments.full")
    assert "11/23 10:30" in answer.get_json()["detail"]
    assert slots(cast, MONDAY)["10:00"] == 0


@pytest.mark.parametrize(
    "at",
    [
        f"{MONDAY}T10:10",
        f"{MONDAY}T12:00",
        "2026-11-20T10:00",
        "2026-11-21T10:00",
        "2027-11-22T10:00",
    ],
)
@on_sqlite
def test_what_is_no_slot_is_refused(cast: Cast, at: str) -> None:
    answer = book(cast, at)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "appointments.no_slot")


def test_closed_days_and_the_service_s_hours_are_respected(cast: Cast) -> None:
    with transaction():
        day = date.fromisoformat(MONDAY)
        session.add(Closure(station_id=cast.station.id, starts_on=day, ends_on=day))
        session.query(Offer).filter(Offer.station_id == cast.station.id).update(
            {"spans": [[1, 600, 660]]}
        )
    assert slots(cast, MONDAY) == {}
    assert slots(cast, "2026-11-24") == {"10:00": 2, "10:30": 2}
    assert book(cast, f"{MONDAY}T10:00").status_code == 409


def test_service_that_is_switched_off_has_no_times(cast: Cast) -> None:
    with transaction():
        session.query(Offer).filter(Offer.station_id == cast.station.id).update({"is_on": False})
    assert slots(cast, MONDAY) == {}
    assert book(cast, f"{MONDAY}T10:00").get_json()["code"] == "services.switched_off"


def test_same_key_books_once(cast: Cast) -> None:
    first = book(cast, f"{MONDAY}T10:00", Idempotency_Key="one")
    again = book(cast, f"{MONDAY}T10:00", Idempotency_Key="one")
    assert first.get_json() == again.get_json()
    assert slots(cast, MONDAY)["10:00"] == 1


def test_cancelling_gives_the_place_back_once(cast: Cast) -> None:
    token = booked(cast)["token"]
    for _ in range(2):
        status, body = told(cast, token, "cancel")
        assert (status, body["state"], body["revision"]) == (200, "cancelled", 1)
    assert slots(cast, MONDAY)["10:00"] == 2
    assert told(cast, token, "check-in")[1]["code"] == "appointments.cancelled"
    assert told(cast, token, "move", {"at": f"{MONDAY}T11:00"})[0] == 409


def test_moving_keeps_the_token_and_moves_the_place(cast: Cast) -> None:
    token = booked(cast)["token"]
    for at in ("2026-11-24T09:00", f"{MONDAY}T09:30"):
        status, body = told(cast, token, "move", {"at": at})
        assert (status, body["token"], body["at"][:16]) == (200, token, at)
    assert body["revision"] == 2
    assert told(cast, token, "move", {"at": f"{MONDAY}T09:30"})[1]["revision"] == 2
    taken = {(c.day.isoformat(), c.minute): c.taken for c in session.query(SlotCount)}
    assert taken == {(MONDAY, 600): 0, ("2026-11-24", 540): 0, (MONDAY, 570): 1}


def test_moving_to_a_full_slot_changes_nothing(cast: Cast) -> None:
    for _ in range(2):
        booked(cast, f"{MONDAY}T11:00")
    token = booked(cast)["token"]
    assert told(cast, token, "move", {"at": f"{MONDAY}T11:00"})[1]["code"] == "appointments.full"
    assert shown(cast, token)["at"][:16] == f"{MONDAY}T10:00"
    assert slots(cast, MONDAY)["10:00"] == 1


@on_sqlite
@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2026-11-20T10:31", "appointments.early"),
        ("2026-11-22T23:59", "appointments.early"),
        ("2026-11-23T09:39", "appointments.early"),
        ("2026-11-23T10:16", "appointments.too_late"),
        ("2026-11-24T00:01", "appointments.too_late"),
    ],
)
def test_who_comes_at_the_wrong_time_is_told_what_to_do(
    cast: Cast, clock: time_machine.Traveller, at: str, code: str
) -> None:
    token = booked(cast)["token"]
    clock.move_to(wall(at))
    status, body = told(cast, token, "check-in")
    assert (status, body["code"]) == (409, code)
    assert session.query(Ticket).count() == 0


def test_who_comes_in_time_stands_in_line_by_the_booked_time(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    token = booked(cast)["token"]
    clock.move_to(wall(f"{MONDAY}T09:41"))
    walked_in = cast.took("B")["token"]
    number = told(cast, token, "check-in")[1]["ticket"]
    clock.move_to(wall(f"{MONDAY}T10:01"))
    later = cast.took("B")["token"]
    assert number["number"] == "B002"
    called = [cast.did("call-next", 2)["ticket"]["token"] for _ in range(3)]
    assert called == [walked_in, number["token"], later]
    assert cast.ticket(number["token"]).due_at == wall(f"{MONDAY}T10:00")


def test_who_comes_late_stands_in_line_by_when_they_came(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    token = booked(cast)["token"]
    late = wall(f"{MONDAY}T10:15")
    clock.move_to(late)
    sweep()
    assert shown(cast, token)["state"] == "late"
    body = told(cast, token, "check-in")[1]
    assert body["state"] == "arrived"
    assert cast.ticket(body["ticket"]["token"]).due_at == late


def test_checking_in_twice_gives_the_same_number(cast: Cast, clock: time_machine.Traveller) -> None:
    token = booked(cast)["token"]
    clock.move_to(wall(f"{MONDAY}T09:40"))
    first, again = told(cast, token, "check-in")[1], told(cast, token, "check-in")[1]
    assert first["ticket"] == again["ticket"]
    assert session.query(Ticket).count() == 1
    assert told(cast, token, "cancel")[1]["code"] == "appointments.arrived"
    clock.shift(timedelta(hours=3))
    sweep()
    assert shown(cast, token)["state"] == "arrived"


def test_checking_in_needs_presence(cast: Cast, clock: time_machine.Traveller) -> None:
    token = booked(cast)["token"]
    clock.move_to(wall(f"{MONDAY}T09:50"))
    answer = cast.post(f"/api/v1/appointments/{token}/check-in")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "presence.missing")


def test_whoever_does_not_come_is_missed_also_over_midnight(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    token = booked(cast)["token"]
    clock.move_to(wall("2026-11-24T00:00"))
    assert sweep() == 1
    assert sweep() == 0
    assert shown(cast, token)["state"] == "missed"
    verbs = [event.verb for event in session.query(AppointmentEvent).order_by("id")]
    assert verbs == ["book", "missed"]


def phone_books(phone: FlaskClient, at: str) -> tuple[int, dict[str, Any]]:
    session.remove()
    sent = {"service": SERVICE, "at": at}
    answer = phone.post(f"{HOME}/appointments", json=sent)
    return answer.status_code, answer.get_json()


def test_a_phone_books_without_being_there_three_times_at_most(cast: Cast) -> None:
    phone = cast.app.test_client()
    made = [phone_books(phone, f"{MONDAY}T{hour}:00") for hour in ("09", "10", "11")]
    assert [status for status, _body in made] == [201, 201, 201]
    status, body = phone_books(phone, f"{MONDAY}T13:00")
    assert (status, body["code"]) == (409, "appointments.too_many")
    assert phone_books(cast.app.test_client(), f"{MONDAY}T13:00")[0] == 201
    told(cast, made[0][1]["token"], "cancel")
    assert phone_books(phone, f"{MONDAY}T13:00")[0] == 201


def test_three_misses_pause_a_phone_for_thirty_days(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    phone = cast.app.test_client()
    for hour in ("09", "10", "11"):
        phone_books(phone, f"{MONDAY}T{hour}:00")
    clock.move_to(wall(f"{MONDAY}T18:00"))
    assert sweep() == 3
    status, body = phone_books(phone, "2026-11-24T10:00")
    assert (status, body["code"]) == (409, "appointments.paused")
    assert "12" in body["detail"]
    assert phone_books(cast.app.test_client(), "2026-11-24T10:00")[0] == 201
    clock.move_to(wall("2026-12-23T11:01"))
    assert phone_books(phone, "2026-12-24T10:00")[0] == 201


def event_in(cast: Cast, token: str) -> tuple[Calendar, Event]:
    session.remove()
    answer = cast.app.test_client().get(f"/b/{token}.ics")
    assert answer.mimetype == "text/calendar"
    parsed = Calendar.from_ical(answer.data)
    assert isinstance(parsed, Calendar)
    [event] = parsed.walk("VEVENT")
    assert isinstance(event, Event)
    return parsed, event


@on_sqlite
def test_calendar_follows_moving_and_cancelling(cast: Cast) -> None:
    body = booked(cast)
    token = body["token"]
    whole, first = event_in(cast, token)
    assert (whole["METHOD"], first["STATUS"], first["SEQUENCE"]) == ("PUBLISH", "CONFIRMED", 0)
    assert first.decoded("dtstart") == wall(f"{MONDAY}T10:00")
    assert first.decoded("dtend") == wall(f"{MONDAY}T10:30")
    assert "社会保障卡首次申领" in str(first["SUMMARY"])
    assert body["url"] in str(first["DESCRIPTION"])
    told(cast, token, "move", {"at": f"{MONDAY}T11:00"})
    _, moved = event_in(cast, token)
    assert (moved["UID"], moved["SEQUENCE"]) == (first["UID"], 1)
    assert moved.decoded("dtstart") == wall(f"{MONDAY}T11:00")
    told(cast, token, "cancel")
    whole, gone = event_in(cast, token)
    assert (gone["UID"], gone["STATUS"], gone["SEQUENCE"]) == (first["UID"], "CANCELLED", 2)
    assert whole["METHOD"] == "PUBLISH"
