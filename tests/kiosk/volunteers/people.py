"""Volunteers of the sample station, and the shifts that a manager gives out there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from kiosk.actor import Actor
from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.pickups import actions as pickups
from kiosk.pickups.models import Pickup
from kiosk.refusal import Refusal
from kiosk.volunteers import actions
from kiosk.volunteers.actions import Times
from kiosk.volunteers.models import Shift, SignUp, Volunteer
from kiosk.volunteers.queries import get_shift, get_sign_up
from tests.kiosk.pickups.lobby import CODES, FLOOR, book, point, station

VISITOR = Actor("visitor", "visitor")
MANAGER = Actor("member:1", "manager")
NOON = Times(11 * 60, 13 * 60)

__all__ = ["CODES", "FLOOR", "MANAGER", "NOON", "VISITOR", "Shift", "SignUp", "station"]


def shift(places: int = 3, code: str = FLOOR, times: Times = NOON, ahead: int = 0) -> Shift:
    """Add a shift today or some days ahead."""
    day = (now() + timedelta(hours=8, days=ahead)).date()
    with transaction():
        return actions.add_shift(point(code), day, times, places, by=MANAGER, at=now())


def volunteer(name: str | None = None) -> Volunteer:
    with transaction():
        return actions.join(station(), at=now(), name=name)


def signed(there: Shift, who: Volunteer | None = None, offered: SignUp | None = None) -> SignUp:
    with transaction():
        mine = who or actions.join(station(), at=now())
        return actions.sign_up(there, mine, by=VISITOR, at=now(), offered=offered)


def again(mine: SignUp) -> SignUp:
    session.expire_all()
    return get_sign_up(mine.volunteer, mine.id)


def seen(there: Shift) -> Shift:
    session.expire_all()
    return get_shift(station(), there.id)


def on_duty(there: Shift) -> SignUp:
    mine = signed(there)
    with transaction():
        return actions.check_in(mine, by=VISITOR, at=now())


def in_lobby(code: str = FLOOR) -> Pickup:
    """Have a meal lie in the lobby that is wanted on a floor."""
    mine = book(code=code)
    with transaction():
        return pickups.drop(mine, by=VISITOR, at=now(), point=point("1F-A1"))


def at_once(act: Callable[[int], object], count: int) -> list[object]:
    """Act so many times in threads of their own; a refusal's code is an answer too."""
    gate = Barrier(count)

    def start(nth: int) -> object:
        gate.wait()
        try:
            return act(nth)
        except Refusal as refusal:
            return refusal.code
        finally:
            session.remove()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(start, range(count)))
