"""Who waits sees their place in line; who booked sees that their point is out of use."""

from contextlib import suppress

import pytest

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.live import Pump, Snapshot
from kiosk.pickups import actions, snapshots
from kiosk.pickups.actions import Wish
from kiosk.pickups.queries import get_pickup
from kiosk.pickups.slots import SlotId
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.kiosk.pickups.lobby import CLERK, CODES, FLOOR, VISITOR, book, dropped, point, station
from tests.kiosk.pickups.test_pages import seen

pytestmark = on_sqlite


class Heard(Pump):
    """Keeps the topics that it is told of."""

    def wake(self, topics: set[str]) -> None:
        self.dirty |= topics


def last_one() -> tuple[SlotId, str]:
    """Book all that is left of a slot; returns it, and the token of the first booking."""
    mine = book()
    assert mine.slot_day
    assert mine.slot_minute is not None
    slot = SlotId(FLOOR, mine.kind.value, mine.slot_day, mine.slot_minute)
    with suppress(actions.Full):
        while True:
            stand(slot, waits=False)
    return slot, mine.token


def stand(slot: SlotId, *, waits: bool = True) -> str:
    with transaction():
        return actions.book(station(), slot, Wish(), codes=CODES, by=VISITOR, at=now(), waits=waits)


def cancel(token: str) -> None:
    with transaction():
        actions.cancel(get_pickup(token), by=VISITOR, at=now())


def live(token: str) -> Snapshot:
    session.expire_all()
    [snapshot] = snapshots.snapshots({f"pickup:{token}"}, lambda _topic: True)
    return snapshot


def test_place_in_line_is_shown_and_follows(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    slot, mine = last_one()
    waiting = first, second, third = [stand(slot) for _ in range(3)]
    assert [live(each)["data"]["ahead"] for each in (mine, *waiting)] == [None, 0, 1, 2]
    phone = cast.browser()
    assert "前面还有 2 人" in seen(phone, f"/p/{third}")
    assert "您排在第一位" in seen(phone, f"/p/{first}")
    kiosk = cast.kiosk_browser()
    assert "前面还有 1 人" in seen(kiosk, f"/s/raffles-city/pickup/booked/{second}")
    versions = [live(each)["version"] for each in waiting]
    monkeypatch.setattr("kiosk.live.pump", heard := Heard())
    cancel(mine)
    assert {f"pickup:{each}" for each in waiting} <= heard.dirty
    after = [live(each) for each in waiting]
    assert [each["data"]["ahead"] for each in after] == [None, 0, 1]
    assert all(new["version"] > old for new, old in zip(after, versions, strict=True))
    heard.dirty.clear()
    cancel(second)
    assert f"pickup:{third}" in heard.dirty
    assert live(third)["data"]["ahead"] == 0


@pytest.mark.parametrize(("lang", "words"), [("zh", "暂时停用"), ("en", "out of use")])
def test_page_says_that_its_point_is_out_of_use(cast: Cast, lang: str, words: str) -> None:
    stored, booked = dropped(book()).token, book().token
    phone = cast.browser()
    pages = [f"/p/{each}?lang={lang}" for each in (stored, booked)]
    assert not any(words in seen(phone, page) for page in pages)
    before = live(booked)
    with transaction():
        actions.pause_point(point(), by=CLERK, at=now())
    assert live(booked)["version"] > before["version"]
    assert not live(booked)["data"]["point_is_on"]
    there, coming = (seen(phone, page) for page in pages)
    assert words in there
    assert words in coming
    another = "/s/raffles-city/pickup/meal"
    assert (another in there, another in coming) == (False, True)
