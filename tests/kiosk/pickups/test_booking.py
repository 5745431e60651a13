"""A visitor books, waits, gives up; slots hold as many as they may."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.pickups import actions
from kiosk.pickups.actions import Full, Wish
from kiosk.pickups.models import Climate, Pickup, PickupEvent, PickupKind, PickupState, Stage
from kiosk.pickups.queries import alternatives_to, bookings_of, due_before, plans_of
from kiosk.pickups.slots import busy, quietest, read_slot
from kiosk.refusal import Refusal
from kiosk.stations.models import Closure
from tests.kiosk.pickups.lobby import (
    CODES,
    LOBBY,
    VISITOR,
    again,
    book,
    dropped,
    point,
    slots,
    station,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def narrow(capacity: int) -> None:
    with transaction():
        for plan in plans_of(point()):
            actions.change_plan(plan, capacity)


def pass_time(minutes: float) -> None:
    at = now() + timedelta(minutes=minutes)
    for pickup_id in due_before(at, 100):
        with transaction():
            actions.note_time(pickup_id, at)


def test_sample_point_can_be_booked_at_any_hour() -> None:
    first = slots()[0]
    assert (str(first.id), first.left) == ("3F-B2.meal.20261120.1030", 20)
    assert first.ends_at - first.starts_at == timedelta(minutes=15)
    assert len(slots(LOBBY, PickupKind.PARCEL)) == 14


def test_booking_takes_one_place_and_writes_it_down() -> None:
    mine = book(tail="8817")
    assert (mine.state, mine.climate) == (PickupState.BOOKED, Climate.HEATED)
    assert slots()[2].left == 19
    [event] = session.query(PickupEvent).all()
    assert (event.verb, event.from_state, event.to_state) == ("book", None, "booked")
    assert mine.secret_hash == CODES.mark(mine.station_id, CODES.secret(mine.token))
    assert mine.due_at == slots()[2].ends_at + timedelta(minutes=60)


def test_full_slot_is_refused_and_alternatives_are_free() -> None:
    narrow(1)
    book()
    with pytest.raises(Full):
        book()
    found = alternatives_to(station(), slots()[2].id, now())
    assert [slot.id.minute for slot in found.later] == [675, 690, 705]
    assert [slot.id.point for slot in found.elsewhere] == ["1F-A1", "8F-C1"]


@pytest.mark.parametrize(
    "text",
    [
        "3F-B2.meal.20261120.1031",
        "3F-B2.meal.20261120.0900",
        "3F-B2.meal.20271120.1100",
        "1F-A2.meal.20261120.1100",
        "XX.meal.20261120.1100",
        "3F-B2.meal.20261320.1100",
        "nonsense",
    ],
)
def test_what_is_no_slot_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="no_slot"), transaction():
        actions.book(station(), read_slot(text), Wish(), codes=CODES, by=VISITOR, at=now())


def test_point_that_is_off_and_closed_days_have_no_slots() -> None:
    with transaction():
        actions.switch_point(point(), is_on=False)
    assert slots() == []
    with transaction():
        day = date(2026, 11, 20)
        session.add(Closure(station_id=station().id, starts_on=day, ends_on=day))
    assert slots(LOBBY, PickupKind.PARCEL) == []


def test_who_waits_is_offered_a_place_and_takes_it() -> None:
    narrow(1)
    first, second, third = book(), book(waits=True), book(waits=True)
    assert (second.state, third.state) == (PickupState.WAITING, PickupState.WAITING)
    for _ in range(2):
        with transaction():
            actions.cancel(again(first), by=VISITOR, at=now())
    assert again(second).state is PickupState.OFFERED
    assert slots()[2].left == 0
    for _ in range(2):
        with transaction():
            actions.accept(again(second), by=VISITOR, at=now())
    assert (again(second).state, again(third).state) == ("booked", "waiting")


def test_offer_that_nobody_takes_goes_to_the_next() -> None:
    narrow(1)
    first, second, third = book(), book(waits=True), book(waits=True)
    with transaction():
        actions.cancel(again(first), by=VISITOR, at=now())
    pass_time(11)
    assert (again(second).state, again(third).state) == ("lapsed", "offered")
    with pytest.raises(Refusal, match="no_offer"), transaction():
        actions.accept(again(second), by=VISITOR, at=now())
    pass_time(22)
    assert again(third).state is PickupState.LAPSED
    assert slots()[2].left == 1


def test_place_that_was_missed_is_found_by_the_clock() -> None:
    narrow(1)
    book()
    waiting = book(waits=True)
    narrow(2)
    pass_time(3)
    assert again(waiting).state is PickupState.OFFERED


def test_what_never_came_frees_the_slot_and_three_of_them_pause_booking(
    clock: time_machine.Traveller,
) -> None:
    mine = [book(nth, holder="me") for nth in range(3)]
    clock.shift(timedelta(hours=2))
    pass_time(0)
    assert {again(pickup).state for pickup in mine} == {PickupState.NO_SHOW}
    with pytest.raises(Refusal, match="paused"):
        book(holder="me")
    book(holder="somebody else")
    clock.shift(timedelta(days=7))
    book(holder="me")


def test_a_browser_books_so_many_a_day() -> None:
    for _ in range(6):
        book(holder="me")
    with pytest.raises(Refusal, match="too_many"):
        book(holder="me")


def test_consent_is_taken_back_until_it_comes() -> None:
    mine = book(consents=False)
    assert mine.consent is None
    with pytest.raises(Refusal, match="no_consent"):
        dropped(mine)
    with transaction():
        actions.agree(again(mine), agrees=True, by=VISITOR, at=now())
    dropped(again(mine))
    with pytest.raises(Refusal, match="here_already"), transaction():
        actions.agree(again(mine), agrees=False, by=VISITOR, at=now())


def test_booking_repeats_on_working_days_until_it_is_stopped(
    clock: time_machine.Traveller,
) -> None:
    first = book(6)
    with transaction():
        series = actions.repeat(first, "01234", token="lunch", at=now())
    for _ in range(2):
        for found in actions.due_series(now()):
            with transaction():
                actions.book_ahead(found, codes=CODES, at=now())
    days = [pickup.slot_day for pickup in bookings_of(series, now())]
    assert [str(day)[8:] for day in days] == ["20", "23", "24", "25", "26", "27"]
    clock.shift(timedelta(days=3))
    [found] = actions.due_series(now())
    with transaction():
        actions.book_ahead(found, codes=CODES, at=now())
        actions.stop_repeating(found, by=VISITOR, at=now())
    states = [pickup.state for pickup in session.query(Pickup)]
    assert states.count(PickupState.CANCELLED) == len(states)
    assert actions.due_series(now()) == []


def test_how_busy_a_slot_is() -> None:
    assert [busy(taken, 20) for taken in (0, 1, 7, 13, 19, 20, 25)] == [0, 1, 2, 2, 3, 4, 4]
    book(0)
    found = quietest(slots())
    assert found
    assert found.id.minute == 645


def test_stages_are_in_order() -> None:
    assert [stage.name for stage in Stage] == ["FRESH", "REMINDED", "RED", "OVER"]
    with pytest.raises(Refusal, match="stages"), transaction():
        actions.change_rules(station(), meal_remind=90)


def test_last_slot_of_the_day_and_midnight(clock: time_machine.Traveller) -> None:
    clock.move_to(wall("2026-11-20T23:59"))
    [last] = slots()
    assert (str(last.id), last.ends_at) == ("3F-B2.meal.20261120.2345", wall("2026-11-21T00:00"))
    mine = book(0)
    clock.move_to(wall("2026-11-21T00:00"))
    assert str(slots()[0].id) == "3F-B2.meal.20261121.0000"
    dropped(again(mine))
    pass_time(31)
    assert again(mine).stage == Stage.REMINDED
