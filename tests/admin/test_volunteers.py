"""The manager gives out shifts, sees who comes, and hands out the hours."""

from datetime import timedelta

import pytest
import time_machine

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.staff.permissions import Role
from kiosk.topics import snapshots
from kiosk.volunteers import actions
from kiosk.volunteers.models import News, Shift, ShiftSeries, SignUpState
from kiosk.volunteers.queries import get_shift
from tests.cast import Cast
from tests.kiosk.volunteers.people import (
    MANAGER,
    VISITOR,
    again,
    in_lobby,
    on_duty,
    shift,
    signed,
    station,
)
from tests.pages import post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

PAGE = "/admin/volunteers"
NEW = {"point": "3F-B2", "hours": "17:30-19:00", "places": 2}


def shifts_of(series: int | None) -> list[Shift]:
    session.remove()
    return session.query(Shift).filter_by(series_id=series).order_by(Shift.id).all()


def test_manager_adds_a_shift_once_and_weekly(cast: Cast) -> None:
    manager = cast.browser("zhou", Role.MANAGER)
    once = post(manager, PAGE, PAGE, **NEW, repeats="once", day="2026-11-21")
    weekly = post(manager, PAGE, PAGE, **NEW, repeats="weekly", weekdays=["0", "4"])
    assert (once.status_code, weekly.status_code) == (303, 303)
    assert [str(added.day) for added in shifts_of(None)] == ["2026-11-21"]
    series = session.query(ShiftSeries).order_by(ShiftSeries.id.desc()).first()
    assert series
    days = [added.day.strftime("%m-%d") for added in shifts_of(series.id)]
    assert days == ["11-20", "11-23", "11-27", "11-30"]
    page = manager.get(f"{PAGE}?from=2026-11-16&lang=en").text
    assert page.count("<b>17:30–19:00</b>") == 4
    assert post(manager, PAGE, f"{PAGE}/series/{series.id}/stop").status_code == 303
    assert all(not added.is_on for added in shifts_of(series.id))
    assert "called off" in manager.get(PAGE).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"repeats": "weekly", "weekdays": []},
        {"repeats": "once", "day": ""},
        {"repeats": "once", "day": "2026-11-19"},
        {"repeats": "once", "day": "2026-11-21", "hours": "11"},
    ],
)
def test_what_is_no_shift_is_refused_in_words(cast: Cast, wrong: dict[str, object]) -> None:
    manager = cast.browser("zhou", Role.MANAGER)
    answer = post(manager, PAGE, PAGE, **(NEW | wrong))
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert shifts_of(None) == []


def test_manager_changes_takes_off_and_calls_off(cast: Cast) -> None:
    there = shift(places=1)
    first, second = signed(there), signed(there)
    manager = cast.browser("zhou", Role.MANAGER)
    page = f"{PAGE}/{there.id}"
    assert 'value="11:00-13:00"' in manager.get(page).text
    changed = post(manager, page, page, point="8F-C1", hours="12:00-13:00", places=1)
    assert changed.status_code == 303
    assert again(first).news is News.CHANGED
    taken = post(manager, page, f"{page}/people/{first.id}/remove")
    assert taken.status_code == 303
    assert (again(first).news, again(second).state) == (News.REMOVED, SignUpState.SIGNED)
    off = post(manager, page, f"{page}/call-off", reason="消防演练")
    assert off.status_code == 303
    assert again(second).news is News.CALLED_OFF
    for lang, word in (("zh", "消防演练"), ("en", "Called off")):
        assert word in manager.get(f"{page}?lang={lang}").text
    wrong = post(manager, PAGE, f"{page}/people/{first.id + 99}/remove")
    assert wrong.status_code == 404


def test_fewer_places_than_people_are_refused(cast: Cast) -> None:
    there = shift(places=2)
    signed(there)
    signed(there)
    manager = cast.browser("zhou", Role.MANAGER)
    page = f"{PAGE}/{there.id}"
    answer = post(manager, page, page, point="3F-B2", hours="11:00-13:00", places=1)
    assert (answer.status_code, 'role="alert"' in answer.text) == (409, True)


def test_hours_are_listed_and_exported_without_formulas(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    there = shift()
    with transaction():
        who = actions.join(station(), at=now(), name="=1+1")
    named = signed(there, who)
    clock.shift(timedelta(minutes=30))
    nameless = on_duty(there)
    with transaction():
        actions.check_in(named, by=VISITOR, at=now())
    clock.shift(timedelta(minutes=90))
    with transaction():
        actions.check_out(named, by=MANAGER, at=now())
    clock.shift(timedelta(hours=2))
    with transaction():
        actions.note_time(now())
    manager = cast.browser("zhou", Role.MANAGER)
    page = manager.get(f"{PAGE}/hours?lang=en").text
    assert ("1 h 30 min" in page, "2 h 0 min" in page) == (True, True)
    lines = manager.get(f"{PAGE}/hours.csv?month=2026-11").text.splitlines()
    number = nameless.volunteer.id
    assert lines[1:] == [
        "2026-11-20,3F-B2,11:00,13:00,'=1+1,11:00,12:30,90,Done",
        f"2026-11-20,3F-B2,11:00,13:00,Volunteer {number},11:00,13:00,120,Done",
    ]
    assert "No duty" in manager.get(f"{PAGE}/hours?month=2026-10").text


def test_clerks_and_other_stations_have_no_say(cast: Cast) -> None:
    clerk = cast.browser("li")
    assert clerk.get(PAGE).status_code == 403
    assert PAGE not in clerk.get("/admin/").text


def test_pages_follow_what_volunteers_do(cast: Cast) -> None:
    there = shift().id
    manager = cast.browser("zhou", Role.MANAGER)
    for address in (PAGE, f"{PAGE}/{there}"):
        page = manager.get(address).text
        assert 'data-shifts="shifts:raffles-city"' in page
        assert f'hx-get="{address}"' in page

    def version() -> int:
        session.expire_all()
        [told] = snapshots({"shifts:raffles-city", "shifts:nowhere"}, lambda _topic: True)
        return told["version"]

    versions = [version()]
    for act in (lambda: signed(get_shift(station(), there)), lambda: shift(ahead=1)):
        act()
        versions.append(version())
    assert versions == sorted(set(versions))


def test_map_shows_who_is_on_duty_and_where(cast: Cast, clock: time_machine.Traveller) -> None:
    li = cast.browser("li")
    clock.shift(timedelta(minutes=30))
    duty = on_duty(shift(places=2))
    with transaction():
        actions.introduce(duty.volunteer, name="顾晴", contact=None)
    item = in_lobby("8F-C1")
    with transaction():
        actions.carry(again(duty), [item], at=now())
    page = li.get("/admin/pickups/live").text
    assert 'data-shifts="shifts:raffles-city"' in page
    assert [words in page for words in ("顾晴", "办了 1 件", "报名 1 / 2")] == [True] * 3
    eighth = page[page.index("8F</h3>") :]
    assert "顾晴" in eighth[: eighth.index("</ul>")]
    clock.shift(timedelta(hours=13))
    assert "顾晴" not in li.get("/admin/pickups/live").text
