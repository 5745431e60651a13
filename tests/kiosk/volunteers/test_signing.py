"""Somebody signs up for a shift, waits, gives it up, or hands it over."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.refusal import Refusal
from kiosk.volunteers import actions
from kiosk.volunteers.actions import Times
from kiosk.volunteers.models import News, SignUpState
from kiosk.volunteers.queries import (
    find_offer,
    get_shift,
    get_volunteer,
    history_of,
    open_shifts,
    place_in_line,
    sign_ups_at,
    waiting_at,
)
from tests.kiosk.pickups.lobby import LOBBY, point
from tests.kiosk.volunteers.people import (
    MANAGER,
    NOON,
    VISITOR,
    again,
    at_once,
    on_duty,
    seen,
    shift,
    signed,
    station,
    volunteer,
)

pytestmark = pytest.mark.usefixtures("app")

S = SignUpState


def states(shift_id: int) -> list[SignUpState]:
    session.expire_all()
    return [entry.state for entry in sign_ups_at(get_shift(station(), shift_id))]


def test_sample_shift_is_open_today_at_any_hour(clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(hours=13, minutes=20))  # 23:50
    assert [entry.is_sample for entry in open_shifts(station(), now())][:1] == [True]


def test_twenty_want_three_places_at_once(app: Flask) -> None:
    there = shift(places=3).id

    def sign_up(_nth: int) -> SignUpState:
        with app.app_context(), transaction():
            mine = actions.join(station(), at=now())
            entry = actions.sign_up(get_shift(station(), there), mine, by=VISITOR, at=now())
            return entry.state

    answers = at_once(sign_up, 20)
    assert (answers.count(S.SIGNED), answers.count(S.WAITING)) == (3, 17)
    session.expire_all()
    shift_now = get_shift(station(), there)
    assert (shift_now.taken, shift_now.left) == (3, 0)
    lines = [place_in_line(entry) for entry in waiting_at(shift_now)]
    assert lines == list(range(1, 18))


def test_the_first_in_line_moves_up_and_is_told() -> None:
    there = shift(places=1)
    first, second, third = (signed(there) for _ in range(3))
    assert [place_in_line(second), place_in_line(third)] == [1, 2]
    with transaction():
        actions.cancel(first, by=VISITOR, at=now())
    assert states(there.id) == [S.CANCELLED, S.SIGNED, S.WAITING]
    assert (again(second).news, again(third).news) == (News.MOVED_UP, None)
    assert (seen(there).taken, place_in_line(again(third))) == (1, 1)
    with transaction():
        actions.read_news(again(second), by=VISITOR, at=now())
    assert again(second).news is None
    verbs = [event.verb for event in history_of(there)]
    assert verbs == ["add", "sign_up", "wait", "wait", "cancel", "move_up", "read"]


def test_signing_up_twice_is_once_and_again_after_giving_up() -> None:
    there, who = shift(places=2), volunteer()
    mine = signed(there, who)
    assert signed(there, who).id == mine.id
    with transaction():
        actions.cancel(mine, by=VISITOR, at=now())
        actions.cancel(mine, by=VISITOR, at=now())
    assert seen(there).taken == 0
    assert signed(seen(there), get_volunteer(who.token)).id != mine.id
    assert seen(there).taken == 1


def test_two_shifts_at_the_same_time_are_refused() -> None:
    who = volunteer()
    signed(shift(), who)
    with pytest.raises(Refusal) as refused:
        signed(shift(code=LOBBY, times=Times(12 * 60, 14 * 60)), who)
    assert (refused.value.code, refused.value.values["time"]) == ("shifts.overlap", "11:00")
    signed(shift(code=LOBBY, times=Times(13 * 60, 14 * 60)), who)


def test_offered_place_goes_to_one_of_two(app: Flask) -> None:
    there = shift(places=1)
    mine = signed(there)
    with transaction():
        offered = actions.offer(mine, by=VISITOR, at=now()).offer
    assert offered
    takers = [volunteer().token for _ in range(2)]

    def take(nth: int) -> SignUpState:
        with app.app_context(), transaction():
            place = find_offer(offered)
            if place is None:
                return S.HANDED_OVER
            who = get_volunteer(takers[nth])
            return actions.sign_up(place.shift, who, by=VISITOR, at=now(), offered=place).state

    answers = at_once(take, 2)
    assert answers.count(S.SIGNED) == 1
    assert {str(answer) for answer in answers} <= {"signed", "handed_over", "shifts.offer_gone"}
    assert (states(there.id), seen(there).taken) == ([S.HANDED_OVER, S.SIGNED], 1)
    assert again(mine).news is News.TAKEN_OVER


def test_offered_place_goes_to_who_waits_or_comes_to_the_list() -> None:
    there = shift(places=1)
    first, second = signed(there), signed(there)
    with transaction():
        actions.offer(first, by=VISITOR, at=now())
    assert states(there.id) == [S.HANDED_OVER, S.SIGNED]
    assert again(second).news is News.MOVED_UP
    with transaction():
        actions.offer(again(second), by=VISITOR, at=now())
    assert again(second).state is S.SIGNED
    newcomer = signed(seen(there))
    assert (newcomer.state, again(second).state) == (S.SIGNED, S.HANDED_OVER)
    assert seen(there).taken == 1


def test_offer_can_be_withdrawn() -> None:
    mine = signed(shift(places=1))
    with transaction():
        actions.offer(mine, by=VISITOR, at=now())
        actions.keep(mine, by=VISITOR, at=now())
    assert again(mine).offer is None
    assert signed(mine.shift).state is S.WAITING


def test_manager_changes_a_shift_and_everybody_is_told() -> None:
    there = shift(places=1)
    first, second = signed(there), signed(there)
    with transaction():
        later = Times(12 * 60, 13 * 60)
        actions.change_shift(there, point(LOBBY), later, 2, by=MANAGER, at=now())
    assert (again(first).news, again(second).news) == (News.CHANGED, News.MOVED_UP)
    assert states(there.id) == [S.SIGNED, S.SIGNED]
    with pytest.raises(Refusal) as refused, transaction():
        actions.change_shift(seen(there), point(LOBBY), NOON, 1, by=MANAGER, at=now())
    assert refused.value.code == "shifts.fewer"


def test_called_off_shift_tells_everybody_and_takes_nobody() -> None:
    there = shift(places=1)
    mine = [signed(there), signed(there)]
    with transaction():
        actions.call_off(there, by=MANAGER, at=now(), reason="消防演练")
    assert states(there.id) == [S.CALLED_OFF, S.CALLED_OFF]
    assert [again(entry).news for entry in mine] == [News.CALLED_OFF] * 2
    with pytest.raises(Refusal) as refused:
        signed(seen(there))
    assert refused.value.code == "shifts.called_off"


def test_shift_with_somebody_on_duty_is_not_called_off(clock: time_machine.Traveller) -> None:
    there = shift()
    clock.shift(timedelta(minutes=30))
    on_duty(there)
    with pytest.raises(Refusal) as refused, transaction():
        actions.call_off(there, by=MANAGER, at=now())
    assert refused.value.code == "shifts.being_served"


def test_manager_takes_somebody_off() -> None:
    there = shift(places=1)
    first, second = signed(there), signed(there)
    with transaction():
        actions.remove(first, by=MANAGER, at=now(), reason="重复")
    assert (again(first).news, again(second).state) == (News.REMOVED, S.SIGNED)


def test_weekly_shifts_are_made_two_weeks_ahead_and_once(clock: time_machine.Traveller) -> None:
    with transaction():
        series = actions.add_series(point(), [0, 2, 4], NOON, 2, at=now())
        actions.make_ahead(now())

    def days() -> list[str]:
        session.expire_all()
        mine = [s for s in open_shifts(station(), now()) if s.series_id == series.id]
        return [entry.day.strftime("%m-%d") for entry in mine]

    fridays = ["11-20", "11-23", "11-25", "11-27", "11-30", "12-02"]
    assert days() == fridays
    clock.shift(timedelta(days=3))
    with transaction():
        actions.make_ahead(now())
    assert days() == [*fridays[1:], "12-04"]
    kept = next(s for s in open_shifts(station(), now()) if s.series_id == series.id)
    signed(kept)
    with transaction():
        actions.stop_series(series, by=MANAGER, at=now())
        actions.make_ahead(now() + timedelta(days=7))
    assert days() == ["11-23"]
