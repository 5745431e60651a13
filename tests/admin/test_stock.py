"""Staff walk along a point with the list in hand, by clicks or with a scanner."""

import pytest
from flask.testing import FlaskClient

from kiosk.db import session
from kiosk.pickups.models import PickupCase, StockCount, StockTake
from tests.cast import Cast
from tests.kiosk.pickups.lobby import FLOOR, book, dropped, point
from tests.pages import form_token

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

STOCK = "/admin/pickups/stock"


@pytest.fixture
def li(cast: Cast) -> FlaskClient:
    return cast.browser("li")


def press(browser: FlaskClient, path: str, **fields: object) -> tuple[int, str]:
    token = form_token(browser, STOCK)
    answer = browser.post(f"{STOCK}{path}", data={"csrf_token": token, **fields})
    return answer.status_code, answer.text


def test_stock_is_taken_by_clicks_and_by_scanner(cast: Cast, li: FlaskClient) -> None:
    with cast.app.app_context():
        gone = dropped(book())
        there = dropped(book())
        places = [place.id for place in point().places]
        gone_id, gone_place, there_label = gone.id, gone.place_id, there.place and there.place.label
    assert press(li, "", point=FLOOR)[0] == 303
    take = session.query(StockTake).one().id
    page = li.get(f"{STOCK}/{take}").text
    assert f"还有 {len(places)} 格没看" in page
    assert press(li, f"/{take}/scan", label=str(there_label).lower())[0] == 303
    assert press(li, f"/{take}/count", place=gone_place, item=gone_id, result="missing")[0] == 303
    assert press(li, f"/{take}/scan", label="9Z-01")[0] == 404
    early = press(li, f"/{take}/end")
    assert (early[0], f"还有 {len(places) - 2} 格没看" in early[1]) == (409, True)
    for place in places[2:]:
        assert press(li, f"/{take}/count", place=place, result="right")[0] == 303
    assert press(li, f"/{take}/end")[0] == 303
    assert session.query(PickupCase).one().pickup_id == gone_id
    page = li.get(f"{STOCK}/{take}").text
    assert "已登记为问题件" in page
    assert 'name="label"' not in page
    assert session.query(StockCount).count() == len(places)


def test_something_too_much_is_set_right(cast: Cast, li: FlaskClient) -> None:
    with cast.app.app_context():
        tag = book().tag
        place = point().places[8].id
    press(li, "", point=FLOOR)
    take = session.query(StockTake).one().id
    assert press(li, f"/{take}/extra", place=place, typed=tag, kind="meal")[0] == 303
    assert "约过的，请放进 3F-B2-01" in li.get(f"{STOCK}/{take}").text
    assert li.get(f"{STOCK}/99").status_code == 404
