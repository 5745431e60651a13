"""Who booked has a place: what keeps walk-ins back does not keep them back."""

import time_machine

from kiosk.actor import Actor
from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.staff.permissions import Role
from kiosk.stations.models import Closure
from kiosk.tickets import actions
from kiosk.tickets.queries import get_ticket
from tests.admin.test_desk import DESK, act, seated
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.kiosk.appointments.test_booking import MONDAY, booked, shown, told, wall
from tests.pages import post


def test_quota_and_early_close_keep_only_walk_ins_back(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    tokens = [booked(cast)["token"] for _ in range(2)]
    clock.move_to(wall(f"{MONDAY}T09:50"))
    with transaction():
        cast.queue("B").daily_quota = 1
    cast.took("B")
    assert cast.take("B").get_json()["code"] == "queues.full"
    assert told(cast, tokens[0], "check-in")[1]["ticket"]["number"] == "B002"
    with transaction():
        actions.close_early(cast.station, at=now())
    assert cast.take("B").get_json()["code"] == "queues.stopped"
    assert told(cast, tokens[1], "check-in")[1]["ticket"]["number"] == "B003"


@on_sqlite
def test_closed_station_gives_no_number_to_anybody(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    token = booked(cast)["token"]
    clock.move_to(wall(f"{MONDAY}T09:50"))
    today = now().date()
    with transaction():
        session.add(Closure(station_id=cast.station.id, starts_on=today, ends_on=today))
    assert told(cast, token, "check-in")[1]["code"] == "tickets.closed"


@on_sqlite
def test_station_chooses_when_people_may_check_in(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    token = booked(cast)["token"]
    boss = cast.browser("boss", Role.MANAGER)
    plan, to = "/admin/appointments/plan", "/admin/appointments/check-in"
    assert post(boss, plan, to, early_minutes=500, late_minutes=0).status_code == 422
    assert post(boss, plan, to, early_minutes=60, late_minutes=0).status_code == 303
    assert shown(cast, token)["check_in_from"][11:16] == "09:00"
    assert "前 60 分钟到后 0 分钟" in cast.kiosk_browser().get("/s/raffles-city/check-in").text
    clock.move_to(wall(f"{MONDAY}T10:01"))
    assert told(cast, token, "check-in")[1]["code"] == "appointments.too_late"
    clock.move_to(wall(f"{MONDAY}T09:00"))
    assert told(cast, token, "check-in")[0] == 200


@on_sqlite
def test_desk_marks_who_booked(cast: Cast, clock: time_machine.Traveller) -> None:
    token = booked(cast)["token"]
    clock.move_to(wall(f"{MONDAY}T09:50"))
    told(cast, token, "check-in")
    walk_in = cast.took("B")["token"]
    clerk = seated(cast, number=2)
    assert ">预约</span>" in clerk.get(f"{DESK}/window").text
    with transaction():
        actions.cancel(get_ticket(walk_in), by=Actor("visitor", "visitor"), at=now())
    assert clerk.get(f"{DESK}/window").text.count("预约 10:00") == 1
    assert act(clerk, "call-next").text.count("预约 10:00") == 1
