"""All verbs in any order: an item is in one place, a place holds no more than it may."""

from collections import Counter as Tally
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import time_machine
from hypothesis import strategies as some
from hypothesis.stateful import invariant, rule
from sqlalchemy import delete, select, update

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.pickups import actions
from kiosk.pickups.actions import Unbooked, Wish
from kiosk.pickups.models import (
    LIVE,
    OVER,
    CaseKind,
    Pickup,
    PickupCase,
    PickupCount,
    PickupEvent,
    PickupKind,
    PickupState,
    StoragePlace,
)
from kiosk.pickups.queries import due_before, plans_of
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.kiosk import machines
from tests.kiosk.pickups.lobby import CLERK, CODES, COURIER, LOBBY, VISITOR, point, slots, station

pytestmark = on_sqlite

S = PickupState
PICKED = some.integers(0, 9)
POINTS = some.sampled_from([LOBBY, "8F-C1"])
LIES = (S.ASSIGNED, S.STORED)
TAKES_A_SLOT = (S.OFFERED, S.BOOKED, S.ASSIGNED, S.STORED)
BY_VISITOR: dict[str, Callable[..., Pickup]] = {
    "cancel": actions.cancel,
    "accept": actions.accept,
    "collect": actions.collect,
}
BY_COURIER: dict[str, Callable[..., Pickup]] = {
    "assign": actions.assign,
    "store": actions.store,
    "release": actions.release,
    "take_back": actions.take_back,
}


class Lobby(machines.Machine):
    """Two points with two places each, on one morning."""

    STEP = timedelta(seconds=10)

    def __init__(self) -> None:
        super().__init__()
        with transaction():
            for table in (PickupEvent, PickupCase, Pickup, PickupCount):
                session.execute(delete(table))
            shelf = StoragePlace.number.in_(["01", "02"])
            session.execute(update(StoragePlace).values(held=0, is_on=shelf, capacity=1))
            for code in (LOBBY, "8F-C1"):
                for plan in plans_of(point(code)):
                    actions.change_plan(plan, 2)

    def item(self, picked: int) -> Pickup | None:
        session.expire_all()
        items = session.scalars(select(Pickup).order_by(Pickup.id)).all()
        return items[picked % len(items)] if items else None

    @rule(minutes=some.sampled_from([1, 12, 35, 100]))
    def time_passes(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))
        for pickup_id in due_before(now(), 100):
            with transaction():
                actions.note_time(pickup_id, now())

    @rule(code=POINTS, waits=some.booleans())
    def book(self, code: str, *, waits: bool) -> None:
        free = slots(code, PickupKind.PARCEL)
        if free:
            wish = Wish()
            self.do(actions.book, station(), free[0].id, wish, codes=CODES, by=VISITOR, waits=waits)

    @rule(verb=some.sampled_from(sorted(BY_COURIER)), picked=PICKED)
    def courier_does(self, verb: str, picked: int) -> None:
        if item := self.item(picked):
            self.do(BY_COURIER[verb], item, by=COURIER)

    @rule()
    def leave_unbooked(self) -> None:
        item = Unbooked(PickupKind.PARCEL, consents=True)
        self.do(actions.leave, point(LOBBY), item, codes=CODES, by=COURIER)

    @rule(code=POINTS, picked=PICKED)
    def carry(self, code: str, picked: int) -> None:
        if item := self.item(picked):
            self.do(actions.move, item, point(code), by=CLERK)

    @rule(verb=some.sampled_from(sorted(BY_VISITOR)), picked=PICKED)
    def visitor_does(self, verb: str, picked: int) -> None:
        if item := self.item(picked):
            self.do(BY_VISITOR[verb], item, by=VISITOR)

    @rule(picked=PICKED, kind=some.sampled_from(list(CaseKind)))
    def report(self, picked: int, kind: CaseKind) -> None:
        if item := self.item(picked):
            self.do(actions.report, item, kind, by=VISITOR)

    @rule(
        picked=PICKED,
        end=some.sampled_from([S.COLLECTED, S.RETURNED, S.DISPOSED, S.CASE, S.STORED]),
    )
    def end_case(self, picked: int, end: PickupState) -> None:
        cases = session.scalars(
            select(PickupCase).where(PickupCase.closed_at.is_(None)).order_by(PickupCase.id)
        ).all()
        if not cases:
            return
        case = cases[picked % len(cases)]
        if end is S.STORED:
            self.do(actions.put_back, case, point(LOBBY), by=CLERK)
        else:
            self.do(actions.close_case, case, end, by=CLERK, reason="looked")

    @rule(picked=PICKED)
    def remove(self, picked: int) -> None:
        if item := self.item(picked):
            self.do(actions.give_back, item, by=CLERK)

    @rule(code=POINTS)
    def switch(self, code: str) -> None:
        with transaction():
            here = point(code)
            actions.switch_point(here, is_on=not here.is_on)

    @invariant()
    def an_item_is_in_one_place_that_has_room(self) -> None:
        session.expire_all()
        items = session.scalars(select(Pickup)).all()
        held = Tally(item.place_id for item in items if item.place_id)
        for place in session.scalars(select(StoragePlace)):
            assert place.held == held[place.id] <= place.capacity
        for item in items:
            assert (item.place_id is not None) or item.state not in LIES
            assert item.place_id is None or item.state in (*LIES, S.CASE)
            if item.place is not None:
                assert item.place.point_id == item.point_id
            if item.state in LIVE:
                assert item.ended_at is None
            if item.state in OVER:
                assert item.ended_at is not None
                assert item.erases_at is not None
                assert item.secret_hash is None

    @invariant()
    def slots_hold_no_more_than_they_may(self) -> None:
        for count in session.scalars(select(PickupCount)):
            assert count.taken <= count.capacity
            standing = session.scalars(
                select(Pickup).where(
                    Pickup.goal_id == count.point_id,
                    Pickup.slot_day == count.day,
                    Pickup.slot_minute == count.minute,
                    Pickup.state.in_(TAKES_A_SLOT),
                )
            ).all()
            assert len(standing) <= count.taken

    @invariant()
    def events_tell_the_same_story(self) -> None:
        told: dict[int, list[PickupEvent]] = {}
        for event in session.scalars(select(PickupEvent).order_by(PickupEvent.id)):
            told.setdefault(event.pickup_id, []).append(event)
        for item in session.scalars(select(Pickup)):
            events = told[item.id]
            assert events[0].from_state is None
            assert events[-1].to_state is item.state
            assert events[-1].place_id == item.place_id
            for before, after in pairwise(events):
                assert before.at <= after.at
                assert after.from_state is before.to_state


def test_any_order_of_verbs(cast: Cast, clock: time_machine.Traveller) -> None:
    machines.run(Lobby, clock=clock)
