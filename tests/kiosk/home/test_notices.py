"""What a station tells everybody: on its home, and on a page that lists it all."""

from datetime import timedelta

from kiosk.clock import now
from kiosk.db import transaction
from kiosk.notices import actions
from tests.cast import Cast
from tests.databases import on_sqlite

pytestmark = on_sqlite
HOME = "/s/raffles-city/"
HOUR = timedelta(hours=1)


def put_up(cast: Cast, text_zh: str, text_en: str = "", starts: timedelta = -HOUR) -> None:
    with transaction():
        actions.put_up(cast.station, text_zh, text_en, now() + starts, now() + 5 * HOUR)


def test_home_shows_what_stands_now(cast: Cast) -> None:
    browser = cast.kiosk_browser()
    assert 'class="notice-strip"' not in browser.get(HOME).text
    put_up(cast, "三楼停水", "No water on the third floor")
    put_up(cast, "下午有讲座", starts=HOUR)
    page = browser.get(HOME).text
    assert page.count("data-notice=") == 2
    assert page.count('data-notice="shown"') == 1
    assert "情报站 1" in page  # the key of the bottom bar counts those that stand
    assert "No water" in browser.get(f"{HOME}?lang=en").text


def test_page_lists_what_stands_now_in_either_language(cast: Cast) -> None:
    browser = cast.browser()
    assert "现在没有通知" in browser.get(f"{HOME}notices").text
    put_up(cast, "三楼停水", "No water on the third floor")
    put_up(cast, "二楼直饮水检修")
    put_up(cast, "下午有讲座", starts=HOUR)
    page = browser.get(f"{HOME}notices").text
    assert "三楼停水" in page
    assert "下午有讲座" not in page
    english = browser.get(f"{HOME}notices?lang=en").text
    assert "No water on the third floor" in english
    assert '<span lang="zh-Hans">二楼直饮水检修</span>' in english
