"""A courier brings something; it lies in one place until somebody collects it."""

from datetime import timedelta

import pytest
import time_machine

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.pickups import actions
from kiosk.pickups.actions import PointFull, Unbooked
from kiosk.pickups.models import (
    CaseKind,
    Climate,
    HygieneKind,
    Pickup,
    PickupKind,
    PickupNotice,
    PickupState,
    Stage,
    StoragePlace,
)
from kiosk.pickups.queries import (
    cells_of,
    due_before,
    expected_at,
    find_by_code,
    find_expected,
    find_pass,
    history_of,
    hygiene_of,
    late_items,
    rooms_of,
    to_carry,
    unclaimed,
)
from kiosk.refusal import Refusal
from tests.kiosk.pickups.lobby import (
    CLERK,
    CODES,
    COURIER,
    FLOOR,
    LOBBY,
    MEALS,
    VISITOR,
    again,
    book,
    dropped,
    point,
    station,
)


def held(code: str = FLOOR) -> int:
    session.expire_all()
    return sum(place.held for place in point(code).places)


def pass_time(clock: time_machine.Traveller, minutes: float) -> None:
    clock.shift(timedelta(minutes=minutes))
    for pickup_id in due_before(now(), 100):
        with transaction():
            actions.note_time(pickup_id, now())


def test_drop_gives_a_place_and_the_same_scan_the_same() -> None:
    mine = book()
    labels = []
    for _ in range(2):
        with transaction():
            assigned = actions.assign(again(mine), by=COURIER, at=now())
        labels.append(assigned.place.label if assigned.place else "")
    assert labels == ["3F-B2-01", "3F-B2-01"]
    for _ in range(2):
        with transaction():
            actions.store(again(mine), by=COURIER, at=now())
    assert (again(mine).state, held()) == (PickupState.STORED, 1)
    assert [event.verb for event in history_of(mine)] == ["book", "assign", "store"]


def test_places_by_kind_then_size_then_the_oldest_freed(clock: time_machine.Traveller) -> None:
    hot = dropped(book())
    cold = dropped(book(climate=Climate.COLD))
    box = dropped(book(code=FLOOR, kind=PickupKind.PARCEL))
    kinds = [item.place.climate for item in (hot, cold, box) if item.place]
    assert kinds == [Climate.HEATED, Climate.COLD, Climate.SHELF]
    meals = [hot, *(dropped(book()) for _ in range(5))]
    for freed in (meals[3], meals[1]):
        clock.shift(timedelta(minutes=1))
        with transaction():
            actions.collect(again(freed), by=VISITOR, at=now())
    following = [dropped(book()) for _ in range(2)]
    assert [item.place.number for item in following if item.place] == ["04", "02"]


def test_meal_goes_on_a_shelf_when_the_heated_places_are_taken() -> None:
    found = [dropped(book()) for _ in range(7)]
    assert found[-1].place
    assert found[-1].place.climate is Climate.SHELF


def test_full_point_names_others_and_can_be_replaced(clock: time_machine.Traveller) -> None:
    with transaction():
        for place in point().places:
            actions.switch_place(place, is_on=False)
    mine = book()
    with pytest.raises(PointFull) as refused:
        dropped(mine)
    assert [other.code for other in refused.value.elsewhere] == ["1F-A1", "1F-A2", "8F-C1"]
    with transaction():
        actions.drop(again(mine), by=COURIER, at=now(), point=point(MEALS))
    stored = again(mine)
    assert (stored.point.code, stored.goal.code) == (MEALS, FLOOR)
    assert [item.id for item in to_carry(station())] == [mine.id]
    with transaction():
        actions.switch_place(point().places[0], is_on=True)
        actions.move(again(mine), point(), by=CLERK, at=now())
    assert (held(MEALS), held(), to_carry(station())) == (0, 1, [])
    assert history_of(mine)[-1].reason == "1F-A1-01 → 3F-B2-01"


def test_courier_whose_phone_dies_leaves_a_trace_and_no_place(
    clock: time_machine.Traveller,
) -> None:
    mine = book()
    with transaction():
        actions.assign(again(mine), by=COURIER, at=now())
    pass_time(clock, 4)
    assert (again(mine).state, held()) == (PickupState.BOOKED, 0)
    assert history_of(mine)[-1].reason == "nobody confirmed"
    with pytest.raises(Refusal, match="place_gone"), transaction():
        actions.store(again(mine), by=COURIER, at=now())
    dropped(again(mine))


def test_drop_is_taken_back_for_half_a_minute(clock: time_machine.Traveller) -> None:
    mine = dropped(book())
    with transaction():
        actions.take_back(again(mine), by=COURIER, at=now())
    assert (again(mine).state, held()) == (PickupState.BOOKED, 0)
    dropped(again(mine))
    clock.shift(timedelta(seconds=31))
    with pytest.raises(Refusal, match="too_late_to_undo"), transaction():
        actions.take_back(again(mine), by=COURIER, at=now())


def test_unbooked_items_lie_where_the_point_takes_them(clock: time_machine.Traveller) -> None:
    def left(code: str, *, consents: bool = True) -> Pickup:
        with transaction():
            return actions.leave(
                point(code),
                Unbooked(PickupKind.PARCEL, consents, tail="8817"),
                codes=CODES,
                by=COURIER,
                at=now(),
            )

    with pytest.raises(Refusal, match="booked_only"):
        left(FLOOR)
    with pytest.raises(Refusal, match="no_consent"):
        left(LOBBY, consents=False)
    one = left(LOBBY)
    with transaction():
        actions.store(again(one), by=COURIER, at=now())
    assert [item.tail for item in unclaimed(station())] == ["8817"]
    other = left(LOBBY)
    pass_time(clock, 4)
    assert (again(other).state, held(LOBBY)) == (PickupState.ABANDONED, 1)


def test_courier_finds_bookings_by_code_and_tails() -> None:
    mine = book(tail="8817", order_tail="0042")
    later = book(40, tail="8817")
    for typed in (mine.tag, f" {mine.tag} ", "8817", "138 0000 8817", "0042"):
        assert [item.id for item in find_expected(station(), typed, now())] == [mine.id]
    assert find_expected(station(), later.tag, now())[0].id == later.id
    assert find_expected(station(), "9999", now()) == []
    assert [item.id for item in expected_at(station(), now(), point())] == [mine.id]


def test_code_collects_once() -> None:
    mine = dropped(book())
    code = CODES.secret(mine.token, mine.secret_round)

    def tried(digits: str) -> PickupState | None:
        session.expire_all()
        with transaction():
            found = actions.collect_by_code(
                station(), digits, codes=CODES, entry="device:1", by=VISITOR, at=now()
            )
        return found.pickup.state if found.pickup else None

    assert tried(f"{code[:3]} {code[3:]}") is PickupState.COLLECTED
    assert (tried(code), held()) == (None, 0)


def test_five_wrong_codes_lock_the_entry_for_five_minutes(clock: time_machine.Traveller) -> None:
    mine = dropped(book())
    code = CODES.secret(mine.token)
    wrong = "000000" if code != "000000" else "000001"

    def tried(digits: str, entry: str = "device:1") -> actions.Tried:
        with transaction():
            return actions.collect_by_code(
                station(), digits, codes=CODES, entry=entry, by=VISITOR, at=now()
            )

    assert [tried(wrong).left for _ in range(5)] == [4, 3, 2, 1, 0]
    with pytest.raises(Refusal, match="locked"):
        tried(code)
    assert tried(wrong, "device:2").left == 4
    clock.shift(timedelta(minutes=5, seconds=1))
    assert tried(code).pickup


def test_proxy_code_is_for_today_revocable_and_the_owner_hears(
    clock: time_machine.Traveller,
) -> None:
    with transaction():
        actions.change_rules(station(), notify_address="json://localhost/{contact}")
    mine = dropped(book(contact="me@example.com"))
    with transaction():
        first = actions.give_proxy(again(mine), codes=CODES, by=VISITOR, at=now())
        second = actions.give_proxy(again(mine), codes=CODES, by=VISITOR, at=now())
    assert find_by_code(station(), CODES, first) is None
    with transaction():
        actions.revoke_proxy(again(mine), by=VISITOR, at=now())
    assert find_by_code(station(), CODES, second) is None
    with transaction():
        third = actions.give_proxy(again(mine), codes=CODES, by=VISITOR, at=now())
    assert again(mine).proxy_until.isoformat() == "2026-11-20T16:00:00+00:00"  # type: ignore[union-attr]
    with transaction():
        actions.collect_by_code(
            station(), third, codes=CODES, entry="device:1", by=VISITOR, at=now()
        )
    assert history_of(mine)[-1].reason == "proxy"
    told = [notice.what for notice in session.query(PickupNotice).order_by(PickupNotice.id)]
    assert told == ["stored", "proxy_collected"]


def test_meal_grows_late_and_is_disposed_of_by_two(clock: time_machine.Traveller) -> None:
    mine = dropped(book())
    stages = []
    for minutes in (29, 2, 30, 60):
        pass_time(clock, minutes)
        stages.append(again(mine).stage)
    assert stages == [Stage.FRESH, Stage.REMINDED, Stage.RED, Stage.OVER]
    assert again(mine).due_at is None
    assert [item.id for item in late_items(station(), Stage.OVER)] == [mine.id]
    with pytest.raises(Refusal, match="second_person"), transaction():
        actions.dispose(again(mine), by=CLERK, at=now())
    with transaction():
        actions.dispose(again(mine), by=CLERK, at=now(), witness="member:2", record="soup")
    assert (again(mine).state, held()) == (PickupState.DISPOSED, 0)
    assert history_of(mine)[-1].reason == "member:2 · soup"


def test_parcel_waits_three_days_over_midnight(clock: time_machine.Traveller) -> None:
    mine = dropped(book(0, LOBBY, PickupKind.PARCEL))
    pass_time(clock, 24 * 60)
    assert [item.stage for item in late_items(station())] == [Stage.REMINDED]
    pass_time(clock, 2 * 24 * 60)
    assert [item.id for item in late_items(station(), Stage.OVER)] == [mine.id]
    with transaction():
        actions.give_back(again(mine), by=CLERK, at=now())
    assert again(mine).state is PickupState.RETURNED


def test_limits_are_the_station_s_own(clock: time_machine.Traveller) -> None:
    with transaction():
        actions.change_rules(station(), meal_remind=10, meal_red=20, meal_over=40)
    mine = dropped(book())
    pass_time(clock, 21)
    assert again(mine).stage == Stage.RED


def test_reports_open_a_case_that_ends(clock: time_machine.Traveller) -> None:
    gone, broken, swapped = (dropped(book()) for _ in range(3))
    with transaction():
        actions.collect(again(swapped), by=VISITOR, at=now())
        cases = [
            actions.report(again(item), kind, by=VISITOR, at=now())
            for item, kind in (
                (gone, CaseKind.MISSING),
                (broken, CaseKind.DAMAGED),
                (swapped, CaseKind.WRONG_TAKEN),
            )
        ]
    assert held() == 1
    with transaction():
        actions.put_back(cases[0], point(), by=CLERK, at=now())
        for case, end in ((1, PickupState.RETURNED), (2, PickupState.CASE)):
            actions.close_case(cases[case], end, by=CLERK, at=now(), reason="talked to them")
    states = [again(item).state for item in (gone, broken, swapped)]
    assert states == [PickupState.STORED, PickupState.RETURNED, PickupState.CASE]
    assert held() == 1
    assert again(swapped).ended_at is not None


def test_point_that_is_switched_off_gives_back_what_lies_in_it() -> None:
    inside, coming = dropped(book()), book()
    with transaction():
        actions.switch_point(point(), is_on=False)
    with pytest.raises(PointFull):
        dropped(again(coming))
    with transaction():
        actions.collect(again(inside), by=VISITOR, at=now())
    assert held() == 0


def test_personal_data_go_in_time_and_history_stays(clock: time_machine.Traveller) -> None:
    mine = dropped(book(tail="8817", order_tail="0042", contact="me@example.com", holder="me"))
    with transaction():
        actions.collect(mine, by=VISITOR, at=now())
    clock.shift(timedelta(days=6, hours=23))
    with transaction():
        assert actions.erase_due(now(), 100) == 0
    clock.shift(timedelta(hours=2))
    with transaction():
        assert actions.erase_due(now(), 100) == 1
    left = again(mine)
    assert (left.tail, left.order_tail, left.contact, left.holder) == (None, None, None, "me")
    clock.shift(timedelta(days=90))
    with transaction():
        actions.erase_due(now(), 100)
    assert again(mine).holder is None
    assert len(history_of(mine)) == 4


def test_rooms_and_cells_show_what_lies_where() -> None:
    mine = dropped(book())
    [cell] = [cell for cell in cells_of(point()) if cell.items]
    assert (cell.place.label, cell.items[0].id) == ("3F-B2-01", mine.id)
    assert {room.point.code: (room.free, room.held) for room in rooms_of(station())} == {
        "1F-A1": (20, 0),
        "1F-A2": (24, 0),
        "3F-B2": (23, 1),
        "8F-C1": (16, 0),
    }


def test_passes_hold_until_they_are_revoked(clock: time_machine.Traveller) -> None:
    with transaction():
        made, token = actions.give_pass(station(), "顺风（示例）", at=now())
    assert find_pass(station(), token, now())
    clock.shift(timedelta(days=200))
    assert find_pass(station(), token, now()) is None
    clock.shift(timedelta(days=-200))
    with transaction():
        actions.revoke_pass(made, at=now())
    assert find_pass(station(), token, now()) is None
    clock.shift(timedelta(days=31))
    with transaction():
        actions.erase_due(now(), 100)
    session.refresh(made)
    assert made.name == ""


def test_hygiene_is_counted_by_day() -> None:
    with transaction():
        actions.log_hygiene(point(), HygieneKind.CLEAN, by=CLERK, at=now())
    due = {
        (entry.point.code, entry.kind): (entry.done, entry.wanted)
        for entry in hygiene_of(station(), (now() + timedelta(hours=8)).date())
    }
    assert due[FLOOR, HygieneKind.CLEAN] == (1, 2)
    assert due[FLOOR, HygieneKind.DISINFECT] == (0, 1)


def test_one_worker_leads_until_it_is_silent(clock: time_machine.Traveller) -> None:
    def leads(name: str) -> bool:
        with transaction():
            return actions.lead(name, now())

    assert [leads(name) for name in ("one", "two", "one")] == [True, False, True]
    clock.shift(timedelta(minutes=2))
    assert [leads(name) for name in ("two", "one")] == [True, False]


def test_a_place_never_holds_more_than_it_may() -> None:
    with transaction():
        session.query(StoragePlace).filter(StoragePlace.point_id == point().id).update(
            {"is_on": False}
        )
        actions.add_places(point(), 1, climate=Climate.SHELF, at=now(), capacity=2)
    together = [dropped(book()) for _ in range(2)]
    assert len({item.place_id for item in together}) == 1
    with pytest.raises(PointFull):
        dropped(book())
