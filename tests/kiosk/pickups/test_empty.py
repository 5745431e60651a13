"""A station without storage points, or with all of them out of use, says so everywhere."""

import pytest

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.pickups import actions
from kiosk.pickups.queries import points_of, to_carry
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.kiosk.pickups.lobby import CLERK, FLOOR, MEALS, book, point, station
from tests.kiosk.pickups.test_pages import HALL, seen, sent

pytestmark = on_sqlite

EMPTY = "/s/jiangsu-road"


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "没有存放点"), ("en", "stores no parcels or meals")]
)
def test_station_without_points(cast: Cast, lang: str, words: str) -> None:
    phone = cast.browser()
    for page in (f"{EMPTY}/pickup", f"{EMPTY}/drop"):
        assert words in seen(phone, f"{page}?lang={lang}")
    start = seen(phone, f"{EMPTY}/pickup")
    assert [f"{EMPTY}/{way}" in start for way in ("pickup/meal", "collect", "drop")] == [False] * 3


def test_all_points_out_of_use(cast: Cast) -> None:
    scan = point().scan
    with transaction():
        for each in points_of(station()):
            actions.pause_point(each, by=CLERK, at=now())
    session.remove()
    for browser in (cast.kiosk_browser(), cast.browser()):
        start = seen(browser, f"{HALL}/pickup")
        assert "都停用" in start
        ways = [f"{HALL}/{way}" in start for way in ("pickup/meal", "collect", "drop")]
        assert ways == [False, True, False]
        assert "都停用" in seen(browser, f"{HALL}/drop?scan={scan}")


def test_one_point_out_of_use(cast: Cast) -> None:
    """Its poster says so, and nobody carries anything there."""
    here, mine = point(), book()
    with transaction():
        actions.drop(mine, by=CLERK, at=now(), point=point(MEALS))
    coming = book()
    assert [item.id for item in to_carry(station())] == [mine.id]
    with transaction():
        actions.pause_point(here, by=CLERK, at=now())
    assert to_carry(station()) == []
    phone = cast.browser()
    page = seen(phone, f"{HALL}/drop?scan={here.scan}")
    assert [f"{FLOOR} 暂时停用" in page, coming.tag in page] == [True, True]
    drop = f"{HALL}/drop"
    status, page = sent(phone, drop, drop, tag=coming.tag, point=FLOOR)
    assert (status, f'value="{MEALS}"' in page) == (409, True)
