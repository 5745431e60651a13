"""The manager plans which times can be booked; staff see who is expected."""

import pytest
import time_machine

from kiosk.appointments.commands import sweep
from kiosk.appointments.models import SlotPlan
from kiosk.db import session
from kiosk.staff.permissions import Role
from tests.cast import Cast
from tests.kiosk.appointments.test_booking import MONDAY, booked, slots, told, wall
from tests.pages import post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

PLAN = "/admin/appointments/plan"
NEW = {"letter": "A", "hours": "9:00-11:00", "slot_minutes": 30, "capacity": 3}


def plans(cast: Cast, letter: str) -> list[SlotPlan]:
    session.remove()
    queue = cast.queue(letter)
    return session.query(SlotPlan).filter_by(queue_id=queue.id).order_by(SlotPlan.id).all()


def test_manager_adds_times(cast: Cast) -> None:
    manager = cast.browser("zhou", Role.MANAGER)
    assert post(manager, PLAN, PLAN, **NEW, weekdays=["0", "2"]).status_code == 303
    added = plans(cast, "A")
    assert [(plan.weekday, plan.opens, plan.closes) for plan in added] == [
        (0, 540, 660),
        (2, 540, 660),
    ]
    again = post(manager, PLAN, PLAN, **NEW, weekdays=["2"])
    assert again.status_code == 409
    assert len(plans(cast, "A")) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": []},
        {"hours": "9"},
        {"hours": "9:00-9:10"},
        {"hours": "9:00-10:00, 11:00-12:00"},
    ],
)
def test_what_is_no_plan_is_refused_in_words(cast: Cast, wrong: dict[str, object]) -> None:
    manager = cast.browser("zhou", Role.MANAGER)
    answer = post(manager, PLAN, PLAN, **({**NEW, "weekdays": ["1"]} | wrong))
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert plans(cast, "A") == []


def test_capacity_and_removal_leave_who_has_booked(cast: Cast) -> None:
    token = booked(cast)["token"]
    booked(cast)
    manager = cast.browser("zhou", Role.MANAGER)
    plan = next(p for p in plans(cast, "B") if (p.weekday, p.opens) == (0, 540)).id
    assert slots(cast, MONDAY)["10:00"] == 0
    assert post(manager, PLAN, f"{PLAN}/{plan}", capacity=1).status_code == 303
    assert (slots(cast, MONDAY)["10:00"], slots(cast, MONDAY)["10:30"]) == (0, 1)
    assert post(manager, PLAN, f"{PLAN}/{plan}", capacity=3).status_code == 303
    assert slots(cast, MONDAY)["10:00"] == 1
    assert post(manager, PLAN, f"{PLAN}/{plan}/remove").status_code == 303
    assert "10:00" not in slots(cast, MONDAY)
    assert told(cast, token, "cancel")[0] == 200


def test_staff_see_who_is_expected_came_and_did_not(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    tokens = [booked(cast, f"{MONDAY}T{time}")["token"] for time in ("09:30", "10:00", "10:30")]
    clock.move_to(wall(f"{MONDAY}T10:00"))
    sweep()
    number = told(cast, tokens[1], "check-in")[1]["ticket"]["number"]
    page = cast.browser("li").get("/admin/appointments").text
    for words in ("没来", "已到", number, "等到来"):
        assert words in page
    assert PLAN not in page
    assert "没有人预约" in cast.browser("wu").get("/admin/appointments?day=2026-11-30").text
