"""A volunteer checks in, carries, hands over, and gets their hours; then nobody any more."""

from datetime import timedelta

import pytest
import time_machine

from kiosk.clock import day_at, now
from kiosk.db import session, transaction
from kiosk.pickups.actions import switch_place
from kiosk.pickups.models import Pickup, PickupState
from kiosk.pickups.queries import get_pickup, history_of, to_carry
from kiosk.refusal import Refusal
from kiosk.volunteers import actions
from kiosk.volunteers.actions.duty import Put
from kiosk.volunteers.models import SignUp, SignUpState
from kiosk.volunteers.queries import (
    batches_for,
    carried_by,
    find_duty,
    get_volunteer,
    hours_of,
)
from tests.kiosk.pickups.lobby import point
from tests.kiosk.volunteers.people import (
    CODES,
    VISITOR,
    again,
    in_lobby,
    on_duty,
    shift,
    signed,
    station,
)

pytestmark = pytest.mark.usefixtures("app")

S = SignUpState


def noon(clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(minutes=30))  # 11:00, when the shift begins


def fresh(item: Pickup) -> Pickup:
    session.expire_all()
    return get_pickup(item.token)


def carried(duty: SignUp, *items: Pickup) -> Put:
    with transaction():
        return actions.carry(duty, [fresh(item) for item in items], at=now())


def test_check_in_opens_twenty_minutes_before(clock: time_machine.Traveller) -> None:
    mine = signed(shift())
    clock.shift(timedelta(minutes=9))
    with pytest.raises(Refusal) as refused, transaction():
        actions.check_in(mine, by=VISITOR, at=now())
    assert (refused.value.code, refused.value.values["time"]) == ("shifts.early", "10:40")
    clock.shift(timedelta(minutes=1))
    for _ in range(2):
        with transaction():
            actions.check_in(again(mine), by=VISITOR, at=now())
    assert again(mine).checked_in_at == now()


def test_waiting_and_settled_places_are_not_checked_in() -> None:
    there = shift(places=1)
    signed(there)
    mine = signed(there)
    with pytest.raises(Refusal) as refused, transaction():
        actions.check_in(mine, by=VISITOR, at=now())
    assert refused.value.code == "shifts.still_waiting"


def test_hours_are_those_within_the_shift(clock: time_machine.Traveller) -> None:
    there = shift()
    clock.shift(timedelta(minutes=15))
    first, second, third = (signed(there) for _ in range(3))
    with transaction():
        actions.check_in(first, by=VISITOR, at=now())
    clock.shift(timedelta(minutes=45))  # 11:30
    with transaction():
        actions.check_in(second, by=VISITOR, at=now())
        actions.check_out(first, by=VISITOR, at=now())
        actions.check_out(first, by=VISITOR, at=now())
    clock.shift(timedelta(hours=3))
    with transaction():
        actions.note_time(now())
    assert [again(entry).state for entry in (first, second, third)] == [S.DONE, S.DONE, S.NO_SHOW]
    assert [again(entry).minutes for entry in (first, second, third)] == [30, 90, None]
    today = day_at(now(), station().timezone)
    lines = hours_of(station(), today, today + timedelta(days=1))
    assert [(line.shifts, line.minutes, line.no_shows) for line in lines] == [
        (1, 90, 0),
        (1, 30, 0),
        (0, 0, 1),
    ]


def test_batch_is_carried_to_its_floor_and_taken_back(clock: time_machine.Traveller) -> None:
    noon(clock)
    items = [in_lobby(), in_lobby("8F-C1"), in_lobby()]
    duty = on_duty(shift())
    batches = batches_for(duty)
    assert [(batch.point.code, len(batch.items)) for batch in batches] == [
        ("3F-B2", 2),
        ("8F-C1", 1),
    ]
    put = carried(duty, items[0], items[2])
    assert [item.place.label for item in put.items if item.place] == ["3F-B2-01", "3F-B2-02"]
    done = carried_by(duty)
    assert [(entry.before, entry.after) for entry in done] == [
        ("1F-A1-01", "3F-B2-01"),
        ("1F-A1-03", "3F-B2-02"),
    ]
    event = history_of(items[0])[-1]
    assert (event.verb, event.actor, event.role) == (
        "move",
        f"volunteer:{duty.volunteer.id}",
        "volunteer",
    )
    with transaction():
        actions.put_back(duty, done[-1], at=now())
    assert fresh(items[2]).point.code == "1F-A1"
    assert [entry.after for entry in carried_by(duty)] == ["3F-B2-01"]
    assert len(to_carry(station())) == 2


def test_full_floor_keeps_what_does_not_fit(clock: time_machine.Traveller) -> None:
    noon(clock)
    items = [in_lobby(), in_lobby()]
    duty = on_duty(shift())
    with transaction():
        for place in point().places[1:]:
            switch_place(place, is_on=False)
    put = carried(duty, *items)
    assert ([item.id for item in put.items], [item.id for item in put.left]) == (
        [items[0].id],
        [items[1].id],
    )
    with pytest.raises(Refusal) as refused:
        carried(duty, items[1])
    assert refused.value.code == "pickups.point_full"


def test_right_to_act_ends_with_the_shift(clock: time_machine.Traveller) -> None:
    noon(clock)
    item = in_lobby()
    waiting = signed(shift())
    with pytest.raises(Refusal) as refused:
        carried(waiting, item)
    assert refused.value.code == "shifts.off_duty"
    duty = on_duty(shift())
    clock.shift(timedelta(hours=2))  # 13:00, before the clock looked
    assert find_duty(duty.volunteer, now()) is None
    for act in (
        lambda: actions.carry(duty, [fresh(item)], at=now()),
        lambda: actions.hand_over(duty, "123456", codes=CODES, at=now()),
    ):
        with pytest.raises(Refusal) as refused, transaction():
            act()
        assert refused.value.code == "shifts.off_duty"


def test_handing_over_by_code_and_the_lock(clock: time_machine.Traveller) -> None:
    noon(clock)
    item = in_lobby()
    duty = on_duty(shift())
    digits = CODES.secret(item.token, item.secret_round)
    with transaction():
        tried = actions.hand_over(duty, digits, codes=CODES, at=now())
    assert tried.pickup is not None
    assert fresh(item).state is PickupState.COLLECTED
    wrong = "000000" if digits != "000000" else "111111"
    lefts = []
    for _ in range(5):
        with transaction():
            lefts.append(actions.hand_over(duty, wrong, codes=CODES, at=now()).left)
    assert lefts == [4, 3, 2, 1, 0]
    with pytest.raises(Refusal) as refused, transaction():
        actions.hand_over(duty, wrong, codes=CODES, at=now())
    assert refused.value.code == "pickups.locked"


def test_personal_data_go_in_time_and_hours_stay(clock: time_machine.Traveller) -> None:
    with transaction():
        who = actions.join(station(), at=now(), name="顾晴", contact="wx:gq")
    there = shift()
    signed(there, who)
    clock.shift(timedelta(days=29))

    def kept() -> tuple[str | None, str | None]:
        with transaction():
            actions.erase_due(now())
        session.expire_all()
        mine = get_volunteer(who.token)
        return mine.name, mine.contact

    assert kept() == ("顾晴", "wx:gq")
    clock.shift(timedelta(days=2))
    assert kept() == ("顾晴", None)
    clock.shift(timedelta(days=335))
    assert kept() == (None, None)


def test_who_wants_to_be_forgotten_is(clock: time_machine.Traveller) -> None:
    with transaction():
        who = actions.join(station(), at=now(), name="顾晴", contact="wx:gq")
    mine = signed(shift(), who)
    with transaction():
        actions.forget(who, by=VISITOR, at=now())
    assert again(mine).state is S.CANCELLED
    assert (again(mine).volunteer.name, again(mine).volunteer.contact) == (None, None)
