"""Programs book, drop, collect and cancel; who may not is told so."""

from typing import Any

import pytest
import time_machine
from flask import Flask

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.pickups import actions
from kiosk.pickups.commands import sweep
from kiosk.pickups.models import PickupEvent
from kiosk.pickups.queries import plans_of
from tests.cast import HOME, Cast
from tests.databases import on_sqlite
from tests.kiosk.pickups.lobby import FLOOR, point

pytestmark = on_sqlite

NOON = f"{FLOOR}.meal.20261120.1200"
WISH = {"kind": "meal", "slot": NOON, "point": FLOOR}
KEPT = ("token", "code", "point", "slot", "state", "url")


def get(app: Flask, path: str, **query: str) -> dict[str, Any]:
    session.remove()
    answer = app.test_client().get(path, query_string=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def booked(cast: Cast, **more: object) -> dict[str, Any]:
    answer = cast.post(f"{HOME}/pickups", {**WISH, **more}, cast.kiosk_token)
    assert answer.status_code == 201, answer.text
    return dict(answer.get_json())


def told(cast: Cast, token: str, verb: str, body: object = None, by: str = "") -> tuple[int, Any]:
    session.remove()
    answer = cast.post(f"/api/v1/pickups/{token}/{verb}", body, by)
    return answer.status_code, answer.get_json()


def test_slots_say_what_a_program_needs(app: Flask) -> None:
    items = get(app, f"{HOME}/pickups/slots", kind="meal", date="2026-11-20")["items"]
    [noon] = [item for item in items if item["id"] == NOON]
    assert noon == {
        "id": NOON,
        "kind": "meal",
        "point": FLOOR,
        "from": "2026-11-20T12:00:00+08:00",
        "to": "2026-11-20T12:15:00+08:00",
        "capacity": 20,
        "left": 20,
        "busy": 0,
    }
    assert {item["kind"] for item in get(app, f"{HOME}/pickups/slots")["items"]} == {
        "meal",
        "parcel",
    }


def test_booking_drop_and_collecting(cast: Cast) -> None:
    mine = booked(cast)
    assert [mine[name] for name in KEPT] == [
        mine["token"],
        mine["code"],
        FLOOR,
        NOON,
        "booked",
        f"http://localhost/p/{mine['token']}",
    ]
    assert len(mine["code"]) == 6
    status, place = told(cast, mine["token"], "drop", None, cast.kiosk_token)
    assert (status, place["state"], place["place"]) == (200, "stored", "3F-B2-01")
    assert "code" not in place
    status, got = told(cast, mine["token"], "collect", {"code": mine["code"]})
    assert (status, got["state"], got["code"]) == (200, "collected", None)
    assert told(cast, mine["token"], "cancel")[1]["code"] == "pickups.collected"


def test_drop_in_two_steps(cast: Cast) -> None:
    token = booked(cast)["token"]
    assert told(cast, token, "drop", {"confirm": False}, cast.kiosk_token)[1]["state"] == "assigned"
    assert told(cast, token, "drop", {}, cast.kiosk_token)[1]["state"] == "stored"


def test_full_slot_comes_with_alternatives(cast: Cast) -> None:
    with transaction():
        for plan in plans_of(point()):
            actions.change_plan(plan, 1)
    booked(cast)
    answer = cast.post(f"{HOME}/pickups", WISH, cast.kiosk_token)
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (409, "pickups.full")
    assert answer.content_type == "application/problem+json"
    assert [each["what"] for each in problem["alternatives"]] == [
        *["later"] * 3,
        *["elsewhere"] * 2,
        "waiting_list",
    ]
    free = problem["alternatives"][0]
    assert booked(cast, slot=free["id"], point=free["point"])["slot"] == free["id"]
    assert booked(cast, wait=True)["state"] == "waiting"


def test_same_key_books_once(cast: Cast) -> None:
    answers = [
        cast.post(f"{HOME}/pickups", WISH, cast.kiosk_token, Idempotency_Key="one").get_json()
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert session.query(PickupEvent).count() == 1


def test_visitor_has_to_be_there_to_book(cast: Cast) -> None:
    answer = cast.post(f"{HOME}/pickups", WISH)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "presence.missing")


def test_courier_has_to_be_at_the_point(cast: Cast) -> None:
    token = booked(cast)["token"]
    assert told(cast, token, "drop")[1]["code"] == "pickups.scan_first"
    assert told(cast, token, "drop", {"scan": "guessed"})[0] == 403
    with transaction():
        held, shown = actions.give_pass(cast.station, "Rider", at=now())
    assert told(cast, token, "drop", {"courier_pass": shown, "confirm": False})[0] == 200
    status, body = told(cast, token, "drop", {"scan": point().scan})
    assert (status, body["state"]) == (200, "stored")
    actors = [event.actor for event in session.query(PickupEvent).order_by(PickupEvent.id)]
    assert actors[1:] == [f"pass:{held.id}", f"point:{point().id}"]


def test_addressee_who_did_not_agree_is_named_to_the_courier(cast: Cast) -> None:
    token = booked(cast, consent=False)["token"]
    assert told(cast, token, "drop", None, cast.kiosk_token)[1]["code"] == "pickups.no_consent"
    assert told(cast, token, "consent", {"agrees": True})[1]["consents"] is True
    assert told(cast, token, "drop", None, cast.kiosk_token)[0] == 200


def test_wrong_codes_lock_and_are_counted(cast: Cast) -> None:
    mine, other = booked(cast), booked(cast)
    told(cast, mine["token"], "drop", None, cast.kiosk_token)
    answers = [told(cast, mine["token"], "collect", {"code": other["code"]}) for _ in range(6)]
    assert [status for status, _body in answers] == [403] * 4 + [429] * 2
    assert told(cast, mine["token"], "collect", {"code": mine["code"]})[0] == 429


def test_proxy_code_collects_and_can_be_ended(cast: Cast) -> None:
    token = booked(cast)["token"]
    told(cast, token, "drop", None, cast.kiosk_token)
    status, given = told(cast, token, "proxy")
    assert (status, given["until"][:16], given["pickup"]["has_proxy"]) == (
        200,
        "2026-11-20T16:00",
        True,
    )
    assert told(cast, token, "proxy", {"revoke": True})[1]["code"] is None
    assert told(cast, token, "collect", {"code": given["code"]})[0] == 403
    again = told(cast, token, "proxy")[1]["code"]
    assert told(cast, token, "collect", {"code": again})[1]["state"] == "collected"


def test_report_opens_a_case(cast: Cast) -> None:
    token = booked(cast)["token"]
    assert told(cast, token, "report", {"what": "missing"})[0] == 409
    told(cast, token, "drop", None, cast.kiosk_token)
    assert told(cast, token, "report", {"what": "missing"})[1]["state"] == "case"


def test_live_topics_hold_no_code(cast: Cast, app: Flask) -> None:
    mine = booked(cast, tail="8817", contact="me@example.com")
    before = get(app, f"/api/v1/live/pickup:{mine['token']}")
    told(cast, mine["token"], "drop", None, cast.kiosk_token)
    after = get(app, f"/api/v1/live/pickup:{mine['token']}")
    assert after["version"] > before["version"]
    assert after["data"]["place"] == "3F-B2-01"
    hall = get(app, "/api/v1/live/pickups:raffles-city")
    assert hall["data"]["stored"][0]["tag"] == mine["tag"]
    for text in (str(after), str(hall)):
        assert not [secret for secret in (mine["code"], "8817", "example") if secret in text]


@pytest.mark.parametrize(
    "body",
    [
        {**WISH, "kind": "parcel"},
        {**WISH, "point": "8F-C1"},
        {**WISH, "slot": "x"},
    ],
)
def test_wish_that_fits_no_slot_is_refused(cast: Cast, body: dict[str, str]) -> None:
    answer = cast.post(f"{HOME}/pickups", body, cast.kiosk_token)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "pickups.no_slot")


def test_sweep_is_seen_by_operators(cast: Cast, app: Flask, clock: time_machine.Traveller) -> None:
    token = booked(cast)["token"]
    told(cast, token, "drop", {"confirm": False}, cast.kiosk_token)
    assert get(app, "/readyz")["pickups"]["swept_seconds_ago"] is None
    clock.shift(200)
    with app.app_context():
        assert sweep() == 1
    assert get(app, f"/api/v1/pickups/{token}")["state"] == "booked"
    clock.shift(7)
    assert get(app, "/readyz")["pickups"]["swept_seconds_ago"] == 7
