"""Somebody whose item came without a booking gets it, and nobody else does."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.pickups import actions
from kiosk.pickups.actions import Unbooked
from kiosk.pickups.models import Pickup, PickupKind, PickupState
from kiosk.pickups.queries import asked_for, history_of
from kiosk.refusal import Refusal
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.kiosk.pickups.lobby import (
    CODES,
    COURIER,
    MEALS,
    VISITOR,
    again,
    book,
    dropped,
    point,
    station,
)
from tests.kiosk.pickups.test_pages import HALL, seen, sent

pytestmark = on_sqlite

UNBOOKED = f"{HALL}/collect/unbooked"


def left(tail: str | None = "8848", order_tail: str | None = None) -> Pickup:
    item = Unbooked(PickupKind.MEAL, consents=True, tail=tail, order_tail=order_tail)
    with transaction():
        made = actions.leave(point(MEALS), item, codes=CODES, by=COURIER, at=now())
        return actions.store(made, by=COURIER, at=now())


def ask(tail: str, entry: str = "kiosk") -> actions.Asked:
    session.expire_all()
    with transaction():
        return actions.ask(station(), tail, entry=entry, by=VISITOR, at=now())


def phone_at_point(cast: Cast) -> FlaskClient:
    phone = cast.browser()
    seen(phone, f"{HALL}/collect?scan={point(MEALS).scan}")
    return phone


@pytest.mark.parametrize("is_kiosk", [True, False])
def test_way_from_the_first_page_to_the_number(cast: Cast, *, is_kiosk: bool) -> None:
    mine = left()
    browser = cast.kiosk_browser() if is_kiosk else phone_at_point(cast)
    assert UNBOOKED in seen(browser, f"{HALL}/collect")
    status, page = sent(browser, UNBOOKED, UNBOOKED, tail="8848", key="one")
    assert (status, mine.tag in page, point(MEALS).name_zh in page) == (200, True, True)
    place = again(mine).place
    assert place
    assert not any(secret in page for secret in (place.label, mine.token))
    assert again(mine).state is PickupState.STORED
    assert history_of(mine)[-1].verb == "ask"


def test_phone_elsewhere_asks_for_nothing(cast: Cast) -> None:
    left()
    phone = cast.browser()
    assert "货架旁或终端" in seen(phone, UNBOOKED)
    assert sent(phone, f"{HALL}/pickup/meal", UNBOOKED, tail="8848")[0] == 403


def test_digits_of_order_or_phone_but_never_of_a_booking() -> None:
    by_order, by_phone = left(None, "1234"), left("5678")
    dropped(book(tail="9999"))
    assert [item.id for item in ask("1234").items] == [by_order.id]
    assert [item.id for item in ask("5678").items] == [by_phone.id]
    assert ask("9999").items == []
    assert {item.id for item in asked_for(station(), now())} == {by_order.id, by_phone.id}


def test_guessing_is_counted_and_locks_no_six_digits(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    left()
    kiosk = cast.kiosk_browser()
    tries = [sent(kiosk, UNBOOKED, UNBOOKED, tail=f"000{n}", key=f"k{n}")[0] for n in range(5)]
    assert tries == [404, 404, 404, 404, 429]
    assert sent(kiosk, UNBOOKED, UNBOOKED, tail="8848", key="k6")[0] == 429
    assert sent(kiosk, f"{HALL}/collect", f"{HALL}/collect", typed="000000", key="k7")[0] == 403
    clock.shift(timedelta(minutes=6))
    assert sent(kiosk, UNBOOKED, UNBOOKED, tail="8848", key="k8")[0] == 200


def test_asking_is_forgotten_after_a_while(clock: time_machine.Traveller) -> None:
    left()
    ask("8848")
    clock.shift(timedelta(minutes=59))
    assert len(asked_for(station(), now())) == 1
    clock.shift(timedelta(minutes=2))
    assert asked_for(station(), now()) == []


def test_booked_items_are_handed_out_by_their_digits_only() -> None:
    mine = dropped(book())
    with pytest.raises(Refusal) as refused, transaction():
        actions.hand_unbooked(mine, by=VISITOR, at=now(), collector="volunteer")
    assert refused.value.code == "pickups.is_booked"
    theirs = left()
    with transaction():
        actions.hand_unbooked(theirs, by=VISITOR, at=now(), collector="volunteer")
    assert again(theirs).state is PickupState.COLLECTED
