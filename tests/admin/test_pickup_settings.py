"""The manager sets points, places, times, rules and passes; clerks only tick what they cleaned."""

import logging

import pytest
from flask.testing import FlaskClient

from kiosk.db import session
from kiosk.notices.models import Notice
from kiosk.pickups.commands import sweep
from kiosk.pickups.models import (
    CourierPass,
    HygieneCheck,
    PickupEvent,
    PickupNotice,
    PickupPlan,
    PickupRules,
    StoragePlace,
    StoragePoint,
)
from kiosk.staff.models import AuditEntry
from kiosk.staff.permissions import Role
from tests.cast import Cast
from tests.kiosk.pickups.lobby import FLOOR, book, dropped, slots
from tests.pages import post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

POINTS = "/admin/pickups/points"
RULES = "/admin/pickups/rules"
SECRET = "mailto://user:hunter2@mail.example"
NEW = {"code": "5f-a", "name_zh": "5 楼货架", "name_en": "5th floor shelf", "floor": 5}


@pytest.fixture
def zhou(cast: Cast) -> FlaskClient:
    return cast.browser("zhou", Role.MANAGER)


def limits(**changed: int) -> dict[str, int]:
    usual = {
        "meal_remind": 30,
        "meal_red": 60,
        "meal_over": 120,
        "meal_grace": 60,
        "parcel_remind": 24,
        "parcel_red": 48,
        "parcel_over": 72,
        "parcel_grace": 24,
        "offer_minutes": 10,
        "hold_seconds": 180,
        "most_a_day": 6,
        "no_shows": 3,
        "pause_days": 7,
        "keep_days": 7,
        "cleanings_a_day": 2,
        "disinfections_a_day": 1,
    }
    return usual | changed


def test_point_is_added_with_places_and_times(cast: Cast, zhou: FlaskClient) -> None:
    assert post(zhou, POINTS, POINTS, **NEW).location == f"{POINTS}/5F-A"
    here = f"{POINTS}/5F-A"
    post(zhou, here, f"{here}/places", count=3, climate="heated", size=1, capacity=2)
    post(zhou, here, f"{here}/places", count=1, climate="shelf", size=3, capacity=1)
    point = session.query(StoragePoint).filter_by(code="5F-A").one()
    assert [(p.label, p.climate, p.size, p.capacity) for p in point.places] == [
        ("5F-A-01", "heated", 1, 2),
        ("5F-A-02", "heated", 1, 2),
        ("5F-A-03", "heated", 1, 2),
        ("5F-A-04", "shelf", 3, 1),
    ]
    post(zhou, here, f"{here}/places/change", first=2, last=3, climate="cold", size=2)
    none = post(zhou, here, f"{here}/places/change", first=8, last=9, climate="cold", size=2)
    assert (none.status_code, 'role="alert"' in none.text) == (409, True)
    point = session.query(StoragePoint).filter_by(code="5F-A").one()
    assert [p.climate for p in point.places] == ["heated", "cold", "cold", "shelf"]
    times = {"kind": "meal", "hours": "11:00-13:00", "slot_minutes": 15, "capacity": 9}
    assert post(zhou, here, f"{here}/plans", **times, weekdays=["4", "5"]).status_code == 303
    again = post(zhou, here, f"{here}/plans", **times, weekdays=["5"])
    assert (again.status_code, 'role="alert"' in again.text) == (409, True)
    with cast.app.app_context():
        assert slots("5F-A")[0].capacity == 9
    again = post(zhou, POINTS, POINTS, **NEW)
    assert (again.status_code, "5 楼货架" in again.text) == (409, True)


def test_times_of_all_days_are_changed_as_one(cast: Cast, zhou: FlaskClient) -> None:
    here = f"{POINTS}/{FLOOR}"
    plan = session.query(PickupPlan).join(StoragePoint).filter_by(code=FLOOR).first()
    assert plan is not None
    key = plan.id
    shape = {"point_id": plan.point_id, "kind": plan.kind}
    post(zhou, here, f"{here}/plans/{key}", capacity=3)
    assert [one.capacity for one in session.query(PickupPlan).filter_by(**shape)] == [3] * 7
    post(zhou, here, f"{here}/plans/{key}/remove")
    assert session.query(PickupPlan).filter_by(**shape).count() == 0


def test_place_is_switched_off_and_on(zhou: FlaskClient) -> None:
    here = f"{POINTS}/{FLOOR}"
    place = session.query(StoragePlace).join(StoragePoint).filter_by(code=FLOOR).first()
    assert place is not None
    for sent, is_on in (("0", False), ("1", True)):
        post(zhou, here, f"{here}/places/{place.id}", is_on=sent)
        session.expire_all()
        assert session.get_one(StoragePlace, place.id).is_on is is_on


def test_pausing_a_point_tells_all_who_booked(cast: Cast, zhou: FlaskClient) -> None:
    post(zhou, RULES, "/admin/pickups/notify", address=SECRET)
    with cast.app.app_context():
        inside, coming = dropped(book(nth=1)).id, book(nth=2).id
    here = f"{POINTS}/{FLOOR}"
    assert "里面有 1 件，还有 1 个预约要来" in zhou.get(here).text
    answer = post(zhou, here, f"{here}/pause", tells_hall="on")
    assert "已告诉 2 件的主人" in answer.text
    told = session.query(PickupEvent).filter_by(verb="point_off").order_by(PickupEvent.id)
    assert [event.pickup_id for event in told] == [inside, coming]
    assert [(n.pickup_id) for n in session.query(PickupNotice).filter_by(what="point_off")] == [
        inside,
        coming,
    ]
    assert session.query(Notice).one().text_en == (
        "3rd floor meal shelf (sample) (3F-B2) is out of use. Please choose another point."
    )
    with cast.app.app_context():
        assert slots() == []
    post(zhou, here, f"{here}/resume")
    with cast.app.app_context():
        assert slots() != []


def test_new_code_makes_old_posters_worthless(zhou: FlaskClient) -> None:
    before = session.query(StoragePoint).filter_by(code=FLOOR).one().scan
    post(zhou, f"{POINTS}/{FLOOR}", f"{POINTS}/{FLOOR}/renew")
    session.expire_all()
    assert session.query(StoragePoint).filter_by(code=FLOOR).one().scan != before


def test_rules_are_kept_or_refused_in_words(zhou: FlaskClient) -> None:
    assert post(zhou, RULES, RULES, **limits(meal_remind=20, parcel_over=96)).status_code == 303
    rules = session.query(PickupRules).one()
    assert (rules.meal_remind, rules.parcel_over) == (20, 96 * 60)
    answer = post(zhou, RULES, RULES, **limits(meal_red=200))
    assert (answer.status_code, 'value="200"' in answer.text) == (409, True)


def test_notify_address_is_shown_to_nobody(
    zhou: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    post(zhou, RULES, "/admin/pickups/notify", address=SECRET)
    assert session.query(PickupRules).one().notify_address == SECRET
    page = zhou.get(RULES).text
    assert "用 mailto" in page
    wrong = post(zhou, RULES, "/admin/pickups/notify", address="hunter2 without a kind")
    assert wrong.status_code == 422
    kept = [entry.detail + entry.subject for entry in session.query(AuditEntry)]
    for text in (page, wrong.text, caplog.text, *kept):
        assert "hunter2" not in text
    post(zhou, RULES, "/admin/pickups/notify", address="")
    assert session.query(PickupRules).one().notify_address == ""


def test_pass_is_shown_once_and_ended(zhou: FlaskClient) -> None:
    page = post(zhou, RULES, "/admin/pickups/passes", name="顺丰，上午").text
    assert "courier_" in page
    assert "courier_" not in zhou.get(RULES).text
    held = session.query(CourierPass).one()
    post(zhou, RULES, f"/admin/pickups/passes/{held.id}/revoke")
    session.expire_all()
    assert session.query(CourierPass).one().revoked_at is not None


def test_clock_that_does_not_run_is_said(cast: Cast, zhou: FlaskClient) -> None:
    silent = zhou.get(RULES).text
    assert ["没有运行" in silent, "毫秒" in silent] == [True, False]
    assert "没有运行" in zhou.get("/admin/pickups/live").text
    with cast.app.app_context():
        sweep()
    runs = zhou.get(RULES).text
    assert ["没有运行" in runs, "毫秒" in runs] == [False, True]
    assert "没有运行" not in zhou.get("/admin/pickups/live").text


def test_cleaning_is_ticked_with_one_press(cast: Cast) -> None:
    li = cast.browser("li")
    page = "/admin/pickups/hygiene"
    for _ in range(2):
        post(li, page, f"{page}/{FLOOR}", kind="clean")
    assert [c.actor for c in session.query(HygieneCheck)] == ["member:2"] * 2
    text = li.get(page).text
    assert "做完了，2 / 2" in text
    assert "2 条" in text


def test_clerks_do_not_set_up(cast: Cast) -> None:
    li = cast.browser("li")
    assert POINTS not in li.get("/admin/pickups").text
    assert li.get(POINTS).status_code == 403
    assert li.get(RULES).status_code == 403
