"""Stock is taken: what is there, what is gone, what is too much; differences are set right."""

import pytest

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.pickups import actions
from kiosk.pickups.models import (
    Pickup,
    PickupCase,
    PickupKind,
    PickupState,
    StockCount,
    StockResult,
    StockTake,
    StoragePlace,
)
from kiosk.pickups.queries import counts_of, history_of, looks_of
from kiosk.refusal import Refusal
from tests.kiosk.pickups.lobby import CLERK, CODES, FLOOR, MEALS, again, book, dropped, point

S = PickupState


def begun(code: str = FLOOR) -> StockTake:
    with transaction():
        return actions.begin_take(point(code), by=CLERK, at=now())


def place_of(item: Pickup) -> StoragePlace:
    assert item.place is not None
    return item.place


def seen(take: StockTake, item: Pickup, *, is_there: bool) -> None:
    with transaction():
        actions.count(take, place_of(item), pickup=item, is_there=is_there, by=CLERK, at=now())


def rest_is_right(take: StockTake) -> None:
    with transaction():
        for look in looks_of(take):
            if not look.is_done:
                actions.count_whole(take, look.place, by=CLERK, at=now())


def extra(take: StockTake, place: StoragePlace, typed: str) -> StockCount:
    with transaction():
        return actions.note_extra(
            take, place, typed, PickupKind.PARCEL, codes=CODES, by=CLERK, at=now()
        )


def ended(take: StockTake) -> int:
    with transaction():
        return actions.end_take(take, by=CLERK, at=now())


def test_point_has_one_open_at_a_time() -> None:
    take = begun()
    assert begun().id == take.id
    rest_is_right(take)
    ended(take)
    assert begun().id != take.id


def test_what_is_gone_becomes_a_case() -> None:
    gone, there = dropped(book()), dropped(book())
    take = begun()
    seen(take, gone, is_there=False)
    with pytest.raises(Refusal, match=r"stock\.unseen"):
        ended(take)
    rest_is_right(take)
    assert ended(take) == 1
    assert (again(gone).state, again(there).state) == (S.CASE, S.STORED)
    assert session.query(PickupCase).one().pickup_id == gone.id
    results = {row.pickup_id: (row.result, row.outcome) for row in counts_of(take) if row.pickup_id}
    assert results == {
        gone.id: (StockResult.MISSING, "case"),
        there.id: (StockResult.FOUND, ""),
    }
    assert ended(take) == 0


def test_last_word_of_a_place_counts() -> None:
    item = dropped(book())
    take = begun()
    seen(take, item, is_there=False)
    seen(take, item, is_there=True)
    rest_is_right(take)
    assert ended(take) == 0
    assert again(item).state is S.STORED


def test_what_was_collected_meanwhile_is_no_case() -> None:
    item = dropped(book())
    take = begun()
    seen(take, item, is_there=False)
    with transaction():
        actions.collect(again(item), by=CLERK, at=now())
    rest_is_right(take)
    assert ended(take) == 0
    assert [row.outcome for row in counts_of(take) if row.pickup_id] == ["settled"]


def test_booked_item_that_lies_here_is_stored() -> None:
    booked = book()
    take = begun()
    row = extra(take, point().places[5], booked.tag.lower())
    assert (again(booked).state, row.outcome) == (S.STORED, "stored")
    assert place_of(again(booked)).point.code == FLOOR


def test_item_of_another_point_is_moved_here() -> None:
    booked = book()
    with transaction():
        item = actions.drop(booked, by=CLERK, at=now(), point=point(MEALS))
    take = begun()
    assert extra(take, point().places[5], item.tag).outcome == "moved"
    assert again(item).point.code == FLOOR
    with pytest.raises(Refusal, match=r"stock\.here"):
        extra(take, point().places[6], item.tag)


def test_nobody_s_item_is_kept_where_such_are_taken_without_a_consent() -> None:
    take = begun()
    row = extra(take, point().places[5], "蓝色袋子")
    kept = row.pickup
    assert kept is not None
    assert (kept.state, kept.is_booked, kept.consent, row.note) == (
        S.STORED,
        False,
        None,
        "蓝色袋子",
    )
    assert kept.point.takes_unbooked
    assert [event.verb for event in history_of(kept)] == ["assign", "store", "stock"]


def test_scanned_label_of_another_point_is_refused() -> None:
    take = begun()
    with pytest.raises(Refusal, match=r"stock\.elsewhere"), transaction():
        actions.count_whole(take, point(MEALS).places[0], by=CLERK, at=now())
