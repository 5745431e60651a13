"""Staff see what lies where, hand it over, and see to what lies too long."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from kiosk import clock
from kiosk.access import secret_key
from kiosk.actor import Actor
from kiosk.db import session, transaction
from kiosk.pickups import actions
from kiosk.pickups.codes import Codes
from kiosk.pickups.models import Pickup, PickupCase, PickupState
from kiosk.pickups.queries import get_item, history_of
from tests.cast import Cast
from tests.kiosk.pickups.lobby import FLOOR, book, dropped, station
from tests.pages import form_token

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

MAP = "/admin/pickups"


@pytest.fixture
def li(cast: Cast) -> FlaskClient:
    return cast.browser("li")


def stored(cast: Cast, minutes: int = 0, tail: str | None = None) -> int:
    """Store a meal that lies for so many minutes already; returns its id."""
    with cast.app.app_context():
        item = dropped(book(tail=tail), clock.now() - timedelta(minutes=minutes))
        if minutes:
            with transaction():
                actions.note_time(item.id, clock.now())
        return item.id


def now(cast: Cast, item: int) -> Pickup:
    session.remove()
    with cast.app.app_context():
        return get_item(station(), item)


def press(browser: FlaskClient, path: str, **fields: object) -> str:
    """Press a button of the map; returns where it leads, or the refusal's page."""
    token = form_token(browser, MAP)
    answer = browser.post(f"{MAP}/{path}".rstrip("/"), data={"csrf_token": token, **fields})
    return answer.location if answer.status_code == 303 else answer.text


def test_map_shows_each_place_by_its_state(cast: Cast, li: FlaskClient) -> None:
    stored(cast)
    stored(cast, minutes=61)
    with cast.app.app_context():
        book(code=FLOOR)
    page = li.get(MAP).text
    assert page.count('data-look="fresh" data-kind="meal" aria-label') == 1
    assert page.count('data-look="red" data-kind="meal" aria-label') == 1
    assert "存着 2 件，今天约了还没到 1 件" in page
    assert "1 小时" in page
    live = li.get(f"{MAP}/live").text
    assert live.lstrip().startswith("<div")
    assert 'data-topic="pickups:raffles-city"' in live


def test_chosen_place_shows_its_item_and_history(cast: Cast, li: FlaskClient) -> None:
    item = now(cast, stored(cast))
    card = li.get(f"{MAP}/card?place={item.place_id}").text
    assert item.tag in card
    assert "放好" in card
    assert item.token not in li.get(f"{MAP}?place={item.place_id}").text
    assert "点一个格口" in li.get(f"{MAP}/card?place=x").text


def test_six_digits_hand_over_and_wrong_ones_lock(cast: Cast, li: FlaskClient) -> None:
    with cast.app.app_context():
        kept = dropped(book())
        codes = Codes(secret_key())
        with transaction():
            kept.secret_hash = codes.mark(station().id, codes.secret(kept.token, 0))
        digits, item = codes.secret(kept.token, 0), kept.id
    page = press(li, "", code=digits)
    assert "交给本人了" in page
    assert "3F-B2-" in page
    assert now(cast, item).state is PickupState.COLLECTED
    wrong = [press(li, "", code="000000") for _ in range(6)]
    assert 'role="alert"' in wrong[0]
    assert "5 分钟" in wrong[5]


def test_hand_over_without_a_code_says_why(cast: Cast, li: FlaskClient) -> None:
    item = stored(cast)
    assert 'role="alert"' in press(li, f"items/{item}/hand-over", reason="")
    assert now(cast, item).state is PickupState.STORED
    to = press(li, f"items/{item}/hand-over", reason="看过工牌", back="map")
    assert "done=collect" in to
    assert now(cast, item).state is PickupState.COLLECTED
    with cast.app.app_context():
        last = history_of(get_item(station(), item))[-1]
        assert (last.verb, last.reason, last.role) == ("collect", "看过工牌", "clerk")
    assert "交给本人了" in li.get(to).text


def test_carrying_reminding_and_returning(cast: Cast, li: FlaskClient) -> None:
    item = stored(cast)
    press(li, f"items/{item}/move", point="1F-A1")
    assert now(cast, item).point.code == "1F-A1"
    assert "done=remind" in press(li, f"items/{item}/remind", back="rows")
    press(li, f"items/{item}/give-back", reason="商家取回")
    assert now(cast, item).state is PickupState.RETURNED


def test_meal_is_disposed_of_by_two_or_with_a_record(cast: Cast, li: FlaskClient) -> None:
    item = stored(cast, minutes=121)
    assert 'role="alert"' in press(li, f"items/{item}/dispose")
    press(li, f"items/{item}/dispose", witness="王芳")
    assert now(cast, item).state is PickupState.DISPOSED


def test_place_that_no_courier_confirmed(cast: Cast, li: FlaskClient) -> None:
    courier = Actor("courier", "visitor")
    with cast.app.app_context():
        booked = book()
        with transaction():
            item = actions.assign(booked, by=courier, at=clock.now()).id
    assert 'data-look="assigned"' in li.get(MAP).text
    press(li, f"items/{item}/release")
    assert now(cast, item).state is PickupState.BOOKED


def test_case_is_opened_listed_and_closed(cast: Cast, li: FlaskClient) -> None:
    item = stored(cast)
    press(li, f"items/{item}/report", what="missing", reason="格口是空的")
    case = session.query(PickupCase).one().id
    assert "不见了" in li.get(f"{MAP}/cases").text
    assert "格口是空的" in li.get(f"{MAP}/cases/{case}").text
    assert 'role="alert"' in press(li, f"cases/{case}/close", outcome="returned")
    assert "done=close_case" in press(li, f"cases/{case}/close", outcome="returned", reason="退了")
    assert now(cast, item).state is PickupState.RETURNED


def test_found_item_is_put_back(cast: Cast, li: FlaskClient) -> None:
    item = stored(cast)
    press(li, f"items/{item}/report", what="missing")
    case = session.query(PickupCase).one().id
    press(li, f"cases/{case}/put-back", point="1F-A1")
    found = now(cast, item)
    assert (found.state, found.point.code) == (PickupState.STORED, "1F-A1")


def test_lists_find_by_code_tail_and_place(cast: Cast, li: FlaskClient) -> None:
    item = now(cast, stored(cast, minutes=31, tail="6688"))
    for asked in (item.tag.lower(), "6688", "3f-b2-" + (item.place.number if item.place else "")):
        page = li.get(f"{MAP}/lists?q={asked}").text
        assert page.split('id="found"')[1].split("</section>")[0].count(f">{item.tag}<") == 1, asked
    assert item.tag in page.split('id="meals"')[1].split("</section>")[0]
    assert "没有这个预约码" in li.get(f"{MAP}/lists?q=ZZZZ").text


def test_overview_names_what_is_overdue(cast: Cast, li: FlaskClient) -> None:
    stored(cast, minutes=31)
    assert "放太久了" not in li.get("/admin/").text
    stored(cast, minutes=61)
    page = li.get("/admin/").text
    assert "1 件放太久了" in page
    assert 'href="/admin/pickups"' in page


def test_items_of_another_station_are_unknown(cast: Cast, li: FlaskClient) -> None:
    assert li.get(f"{MAP}/items/99").status_code == 404
    assert li.get(f"{MAP}/cases/99").status_code == 404
