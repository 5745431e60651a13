"""All verbs in any order: an item is in one place, a place holds no more than it may.

Whatever lay here ends as collected, returned, disposed of or a case, and nothing is deleted.
"""

import secrets
from collections import Counter as Tally
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import time_machine
from hypothesis import strategies as some
from hypothesis.stateful import initialize, invariant, rule
from sqlalchemy import Exists, case, delete, exists, func, select, update

from kiosk.actor import Actor
from kiosk.clock import now
from kiosk.db import Model, session, transaction
from kiosk.pickups import actions
from kiosk.pickups.actions import Unbooked, Wish
from kiosk.pickups.models import (
    LIVE,
    OVER,
    CaseKind,
    Climate,
    CodeTries,
    Pickup,
    PickupCase,
    PickupCount,
    PickupEvent,
    PickupKind,
    PickupNotice,
    PickupSeries,
    PickupState,
    StockCount,
    StockTake,
    StoragePlace,
    StoragePoint,
)
from kiosk.pickups.queries import due_before, get_pickup, history_of, looks_of, plans_of
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.kiosk import machines
from tests.kiosk.pickups.lobby import CLERK, CODES, COURIER, LOBBY, VISITOR, point, slots, station

pytestmark = on_sqlite

S = PickupState
PICKED = some.integers(0, 9)
POINTS = some.sampled_from([LOBBY, "8F-C1"])
LIES = (S.ASSIGNED, S.STORED)
KEPT = (PickupEvent, PickupCase, StockCount, StockTake, Pickup, PickupSeries)
EMPTIED = (PickupNotice, CodeTries, *KEPT, PickupCount)
TAKES_A_SLOT = (S.OFFERED, S.BOOKED, S.ASSIGNED, S.STORED)


def elsewhere(item: Pickup) -> StoragePoint:
    return point("8F-C1" if item.point.code == LOBBY else LOBBY)


def carry(item: Pickup, **how: Any) -> Pickup:  # noqa: ANN401 - who and when
    return actions.move(item, elsewhere(item), **how)


def bring(item: Pickup, **how: Any) -> Pickup:  # noqa: ANN401 - who and when
    return actions.assign(item, point=elsewhere(item), **how)


ACTS: dict[str, tuple[Actor, Callable[..., object]]] = {
    "cancel": (VISITOR, actions.cancel),
    "accept": (VISITOR, actions.accept),
    "collect": (VISITOR, actions.collect),
    "agree": (VISITOR, partial(actions.agree, agrees=True)),
    "disagree": (VISITOR, partial(actions.agree, agrees=False)),
    "revoke_proxy": (VISITOR, actions.revoke_proxy),
    **{f"report {kind}": (VISITOR, partial(actions.report, kind=kind)) for kind in CaseKind},
    "assign": (COURIER, actions.assign),
    "assign elsewhere": (COURIER, bring),
    "store": (COURIER, actions.store),
    "release": (COURIER, actions.release),
    "take_back": (COURIER, actions.take_back),
    "carry": (CLERK, carry),
    "give_back": (CLERK, actions.give_back),
    "dispose": (CLERK, partial(actions.dispose, witness="Li")),
    "remind": (CLERK, actions.remind),
    "hand_unbooked": (CLERK, partial(actions.hand_unbooked, collector="staff")),
}


def held_by_a_case() -> Exists:
    """Return the condition that a damaged thing lies in a place, for somebody to look at."""
    return exists().where(Pickup.place_id == StoragePlace.id, Pickup.state == S.CASE)


class Lobby(machines.Machine):
    """Two points with two places each, on one morning."""

    STEP = timedelta(seconds=10)
    verbs: set[str]

    def __init__(self) -> None:
        super().__init__()
        with transaction():
            for table in EMPTIED:
                session.execute(delete(table))
            session.execute(delete(StoragePlace).where(StoragePlace.number.not_in(["01", "02"])))
            room = case((StoragePlace.number == "02", 2), else_=1)
            empty = {"held": 0, "capacity": room, "climate": Climate.SHELF}
            session.execute(update(StoragePlace).values(empty))
            for code in (LOBBY, "8F-C1"):
                for plan in plans_of(point(code)):
                    actions.change_plan(plan, 2)
        self.proxies: list[str] = []
        self.most: dict[type[Model], int] = {}

    def item(self, picked: int) -> Pickup | None:
        """Return one of those that lie here, every other time any one."""
        session.expire_all()
        items = session.scalars(select(Pickup).order_by(Pickup.id)).all()
        lying = [item for item in items if item.state in LIES]
        some_of_them = items if picked % 2 == 0 or not lying else lying
        return some_of_them[picked % len(some_of_them)] if some_of_them else None

    @initialize()
    def morning(self) -> None:
        """One thing lies where it should, one away from there, one that nobody booked."""
        for code, lies_at in ((LOBBY, LOBBY), ("8F-C1", LOBBY)):
            slot = slots(code, PickupKind.PARCEL)[1].id
            token = self.do(actions.book, station(), slot, Wish(), codes=CODES, by=VISITOR)
            assert token
            self.do(actions.drop, get_pickup(token), by=COURIER, point=point(lies_at))
        self.leave_unbooked()

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

    @rule()
    def leave_unbooked(self) -> None:
        item = Unbooked(PickupKind.PARCEL, consents=True)
        left = self.do(actions.leave, point(LOBBY), item, codes=CODES, by=COURIER)
        if left is not None:
            self.do(actions.store, left, by=COURIER)

    @rule(verb=some.sampled_from(sorted(ACTS)), picked=PICKED)
    def somebody_does(self, verb: str, picked: int) -> None:
        by, act = ACTS[verb]
        if item := self.item(picked):
            self.do(act, item, by=by)

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
        opened = cases[picked % len(cases)]
        if end is S.STORED:
            self.do(actions.put_back, opened, point(LOBBY), by=CLERK)
        else:
            self.do(actions.close_case, opened, end, by=CLERK, reason="looked")

    @rule(code=POINTS, is_short=some.booleans())
    def pause_and_perhaps_resume(self, code: str, *, is_short: bool) -> None:
        here = point(code)
        if here.is_on:
            self.do(actions.pause_point, here, by=CLERK)
        if is_short or not here.is_on:
            self.do(actions.resume_point, here, by=CLERK)

    @rule(picked=PICKED)
    def name_a_proxy(self, picked: int) -> None:
        if item := self.item(picked):
            given = self.do(actions.give_proxy, item, codes=CODES, by=VISITOR)
            self.proxies += [given] if given else []

    @rule(picked=PICKED, by_proxy=some.booleans())
    def collect_by_code(self, picked: int, *, by_proxy: bool) -> None:
        item = self.item(picked)
        if item is None:
            return
        own = CODES.secret(item.token, item.secret_round)
        code = self.proxies[picked % len(self.proxies)] if by_proxy and self.proxies else own
        how = {"codes": CODES, "entry": f"point:{picked}", "by": VISITOR}
        self.do(actions.collect_by_code, station(), code, **how)

    @rule(picked=PICKED)
    def repeat_or_stop(self, picked: int) -> None:
        """Book the same on two days of the week, book ahead, or stop all of that."""
        item = self.item(picked)
        if item is None or not item.is_booked:
            return
        series = session.scalar(select(PickupSeries).where(PickupSeries.id == item.series_id))
        if series is None:
            token = secrets.token_urlsafe(16)
            self.do(actions.repeat, item, "02", token=token)
        elif actions.due_series(now()):
            self.do(actions.book_ahead, series, codes=CODES)
        else:
            self.do(actions.stop_repeating, series, by=VISITOR)

    @rule(code=POINTS, gone=some.booleans(), picked=PICKED)
    def take_stock(self, code: str, *, gone: bool, picked: int) -> None:
        """Look into each place; one item may be gone, and one too much."""
        take = self.do(actions.begin_take, point(code), by=CLERK)
        if take is None or not (looks := looks_of(take)):
            return
        extra = self.item(picked)
        if extra is not None and not gone:
            how = {"codes": CODES, "by": CLERK}
            self.do(actions.note_extra, take, looks[0].place, extra.tag, extra.kind, **how)
        for look in looks_of(take):
            if look.items and gone:
                how = {"pickup": look.items[0], "is_there": False, "by": CLERK}
                self.do(actions.count, take, look.place, **how)
            else:
                self.do(actions.count_whole, take, look.place, by=CLERK)
        self.do(actions.end_take, take, by=CLERK)

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
    def nothing_is_deleted(self) -> None:
        for table in KEPT:
            count = session.scalar(select(func.count()).select_from(table)) or 0
            assert count >= self.most.get(table, 0)
            self.most[table] = count

    @invariant()
    def each_code_opens_one_item(self) -> None:
        items = session.scalars(select(Pickup)).all()
        marks = [mark for item in items for mark in (item.secret_hash, item.proxy_hash) if mark]
        assert len(marks) == len(set(marks))
        assert all(item.proxy_hash is None for item in items if item.state in OVER)

    def teardown(self) -> None:
        """Let days go by, and the staff see to what is left: everything comes to an end."""
        for _turn in range(4):
            self.clock.shift(timedelta(days=4))
            for pickup_id in due_before(now(), 500):
                with transaction():
                    actions.note_time(pickup_id, now())
        session.expire_all()
        for item in session.scalars(select(Pickup).where(Pickup.state == S.STORED)).all():
            self.do(actions.give_back, item, by=CLERK)
        session.expire_all()
        self.verbs |= set(session.scalars(select(PickupEvent.verb)))
        for item in session.scalars(select(Pickup)):
            assert item.state in (*OVER, S.CASE), item.state
            verbs = [event.verb for event in history_of(item)]
            if "store" in verbs and "take_back" not in verbs:
                assert item.state in (S.COLLECTED, S.RETURNED, S.DISPOSED, S.CASE)
        assert not any(session.scalars(select(StoragePlace.held).where(~held_by_a_case())))

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
    verbs: set[str] = set()
    machines.run(Lobby, clock=clock, verbs=verbs)
    assert {"move", "collect", "return", "report", "give_proxy", "point_off"} <= verbs
