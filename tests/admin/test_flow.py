"""The flow of the day, the week's heat, and the forecast of lunch."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from kiosk import clock
from kiosk.actor import Actor
from kiosk.db import transaction
from kiosk.pickups import actions
from kiosk.pickups.actions import Unbooked
from kiosk.pickups.models import PickupKind
from tests.cast import Cast
from tests.kiosk.pickups.lobby import CODES, MEALS, book, dropped, point

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FLOW = "/admin/pickups/flow"
COURIER = Actor("courier", "visitor")


@pytest.fixture
def li(cast: Cast) -> FlaskClient:
    return cast.browser("li")


def came(at: datetime, meals: int) -> None:
    """Let so many meals come and be collected at a moment."""
    meal = Unbooked(PickupKind.MEAL, consents=True)
    with transaction():
        for _ in range(meals):
            item = actions.leave(point(MEALS), meal, codes=CODES, by=COURIER, at=at)
            actions.store(item, by=COURIER, at=at)
            actions.collect(item, by=COURIER, at=at + timedelta(minutes=6))


def test_empty_station_says_what_comes(li: FlaskClient) -> None:
    page = li.get(FLOW).text
    for words in ("今天还没有来件", "数据太少", "最近几周没有来件"):
        assert words in page


def test_today_counts_what_came_and_what_is_booked(cast: Cast, li: FlaskClient) -> None:
    # Half past ten: two come now, one is booked for 10:45.
    with cast.app.app_context():
        dropped(book(nth=0))
        dropped(book(nth=0))
        book(nth=1)
    page = li.get(FLOW).text
    assert "放进 2 件，取走 0 件" in page
    assert page.count('<rect class="chart-stored" x=') == 1
    assert page.count('<rect class="chart-coming" x=') == 2  # the key's and the one to come
    table = "".join(page.split("<tbody>")[1].split("</tbody>")[0].split())
    assert table == (
        '<tr><thscope="row">10:30</th><tdclass="is-figure">2</td><tdclass="is-figure">0</td>'
        '<tdclass="is-figure">0</td></tr>'
        '<tr><thscope="row">10:45</th><tdclass="is-figure">0</td><tdclass="is-figure">0</td>'
        '<tdclass="is-figure">1</td></tr>'
    )


def test_lunch_is_forecast_from_the_same_weekday(cast: Cast, li: FlaskClient) -> None:
    noon = clock.now().replace(hour=4, minute=0)
    with cast.app.app_context():
        came(noon - timedelta(days=7), 12)
        came(noon - timedelta(days=14), 18)
        came(noon - timedelta(days=13), 40)
    page = li.get(FLOW).text
    assert "预计 15 份，12:00 最多，一刻钟 15 份" in page
    assert "有件的 2 天" in page
    assert "天数少，只作参考" in page
    assert "名额够用" in page
    assert page.count('class="heat-5"') == 1


def test_short_slots_are_told(cast: Cast, li: FlaskClient) -> None:
    noon = clock.now().replace(hour=4, minute=0)
    with cast.app.app_context():
        for days in (7, 14):
            came(noon - timedelta(days=days), 60)
    page = li.get(FLOW).text
    assert "12:00 现在 52 个，建议放到 60 个" in page
