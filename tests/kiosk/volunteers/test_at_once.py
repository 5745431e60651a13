"""Volunteers and the desk act at once: nobody waits for somebody who waits for them."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import time_machine
from flask import Flask

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.pickups import actions as pickups
from kiosk.pickups.models import Pickup, PickupState
from kiosk.pickups.queries import get_pickup
from kiosk.volunteers import actions
from kiosk.volunteers.actions import Times
from kiosk.volunteers.models import SignUp, SignUpState
from kiosk.volunteers.queries import find_duty, get_volunteer, sign_ups_of
from tests.kiosk.pickups.lobby import FLOOR, MEALS, book, point
from tests.kiosk.volunteers.people import (
    NOON,
    VISITOR,
    at_once,
    in_lobby,
    on_duty,
    shift,
    signed,
    volunteer,
)

S = SignUpState
EVENING = Times(17 * 60, 19 * 60)
PAIRS = 6
ITEMS = 6


def committed(app: Flask, act: Callable[[], object]) -> object:
    with app.app_context(), transaction():
        return act()


def states(token: str) -> list[SignUpState]:
    session.expire_all()
    return [entry.state for entry in sign_ups_of(get_volunteer(token))]


def test_those_who_move_up_into_each_other_s_shifts(app: Flask) -> None:
    """Each gives up the shift for which the other waits, and is told of the other's."""
    pairs: list[tuple[SignUp, SignUp]] = []
    for ahead in range(1, PAIRS + 1):
        noon, evening = (shift(1, times=times, ahead=ahead) for times in (NOON, EVENING))
        one, other = volunteer(), volunteer()
        pairs.append((signed(noon, one), signed(evening, other)))
        signed(noon, other)
        signed(evening, one)
    tokens = [[mine.volunteer.token for mine in pair] for pair in pairs]
    given_up = [(mine.volunteer.token, mine.id) for pair in pairs for mine in pair]
    session.remove()

    def give_up(nth: int) -> object:
        token, mine = given_up[nth]

        def act() -> object:
            [entry] = [entry for entry in sign_ups_of(get_volunteer(token)) if entry.id == mine]
            return actions.cancel(entry, by=VISITOR, at=now()).state

        return committed(app, act)

    assert at_once(give_up, len(given_up)) == [S.CANCELLED] * len(given_up)
    for theirs, others in tokens:
        assert states(theirs) == [S.CANCELLED, S.SIGNED]
        assert states(others) == [S.SIGNED, S.CANCELLED]


def test_batches_drops_and_cancelling(app: Flask, clock: time_machine.Traveller) -> None:
    """Two carry the same items up, one from either end, while others bring, cancel and collect."""
    clock.shift(timedelta(minutes=30))
    there = shift(places=2)
    duties = [on_duty(there).volunteer.token for _ in range(2)]
    lobby = [in_lobby().token for _ in range(ITEMS)]
    coming = [book(code=MEALS).token for _ in range(4)]
    session.remove()

    def carry(duty: str, tokens: list[str]) -> object:
        mine = find_duty(get_volunteer(duty), now())
        return actions.carry(mine, [get_pickup(each) for each in tokens], at=now())

    def do(verb: Callable[..., Pickup], token: str) -> object:
        return verb(get_pickup(token), by=VISITOR, at=now())

    acts: list[Callable[[], object]] = [
        partial(carry, duties[0], lobby),
        partial(carry, duties[1], lobby[::-1]),
        *(partial(do, pickups.drop, token) for token in coming[:2]),
        *(partial(do, pickups.cancel, token) for token in coming[2:]),
        partial(do, pickups.collect, lobby[2]),
        lambda: pickups.pause_point(point("8F-C1"), by=VISITOR, at=now()),
    ]
    at_once(lambda nth: committed(app, acts[nth]), len(acts))
    session.expire_all()
    lying = [item for item in map(get_pickup, lobby) if item.state is PickupState.STORED]
    assert {item.point.code for item in lying} == {FLOOR}
    assert len({item.place_id for item in lying}) == len(lying) == ITEMS - 1
