"""Visitors and couriers find their way on the pages."""

from datetime import timedelta
from html import unescape

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.pickups import actions
from kiosk.pickups.commands import sweep
from kiosk.pickups.models import Pickup, PickupKind, PickupSeries, PickupState
from kiosk.pickups.queries import find_expected, plans_of
from kiosk.stations.presence import presence_code
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.kiosk.pickups.lobby import (
    CODES,
    FLOOR,
    LOBBY,
    VISITOR,
    again,
    book,
    dropped,
    point,
    station,
)
from tests.pages import form_token

pytestmark = on_sqlite

HALL = "/s/raffles-city"
NOON = f"{FLOOR}.meal.20261120.1200"
TIMES = f"{HALL}/pickup/meal?point={FLOOR}"


def seen(browser: FlaskClient, path: str, status: int = 200) -> str:
    session.remove()
    answer = browser.get(path, follow_redirects=True)
    assert answer.status_code == status, answer.text
    return unescape(answer.text)


def sent(browser: FlaskClient, page: str, address: str, /, **form: str) -> tuple[int, str]:
    session.remove()
    form["csrf_token"] = form_token(browser, page)
    answer = browser.post(address, data=form)
    if answer.location:
        return answer.status_code, seen(browser, answer.location)
    return answer.status_code, unescape(answer.text)


def newest() -> Pickup:
    session.expire_all()
    return session.query(Pickup).order_by(Pickup.id.desc()).limit(1).one()


def courier(cast: Cast) -> FlaskClient:
    """Open a phone that scanned the poster of the third floor's shelf."""
    phone = cast.browser()
    seen(phone, f"{HALL}/drop?scan={point().scan}")
    return phone


def test_home_leads_to_pickups(cast: Cast) -> None:
    for browser in (cast.kiosk_browser(), cast.browser()):
        assert f"{HALL}/pickup" in seen(browser, f"{HALL}/")
        page = seen(browser, f"{HALL}/pickup")
        assert [f"{HALL}/{way}" in page for way in ("pickup/meal", "collect", "drop")] == [True] * 3


def test_home_without_points_says_nothing_of_them(cast: Cast) -> None:
    assert "jiangsu-road/pickup" not in seen(cast.browser(), "/s/jiangsu-road/")


def test_kiosk_books_once_consent_is_ticked(cast: Cast) -> None:
    kiosk = cast.kiosk_browser()
    status, page = sent(kiosk, TIMES, f"{HALL}/pickup", slot=NOON)
    assert (status, "先点同意" in page) == (409, True)
    status, page = sent(kiosk, TIMES, f"{HALL}/pickup", slot=NOON, consent="on", key="one")
    made = newest()
    assert status == 303
    assert made.tag in page
    assert CODES.secret(made.token, made.secret_round) in page


def test_phone_goes_on_in_the_language_of_the_kiosk(cast: Cast) -> None:
    kiosk = cast.kiosk_browser()
    seen(kiosk, f"{HALL}/?lang=en")
    _status, page = sent(kiosk, TIMES, f"{HALL}/pickup", slot=NOON, consent="on")
    scanned = f"/p/{newest().token}?lang=en"
    assert f"{scanned}<" in page
    assert "A place is booked" in seen(cast.browser(), scanned)


def test_kiosk_does_not_show_a_booking_that_is_over(cast: Cast) -> None:
    mine, kiosk = book(), cast.kiosk_browser()
    page = f"{HALL}/pickup/booked/{mine.token}"
    assert mine.tag in seen(kiosk, page)
    with transaction():
        actions.cancel(again(mine), by=VISITOR, at=now())
    over = seen(kiosk, page)
    assert [mine.tag in over, f"{HALL}/pickup/meal" in over] == [False, True]


def test_phone_books_when_it_is_there(cast: Cast) -> None:
    phone = cast.browser()
    assert "到站点来约" in seen(phone, TIMES)
    phone.get(f"{HALL}/?at={presence_code('test', 'raffles-city')}")
    status, page = sent(phone, TIMES, f"{HALL}/pickup", slot=NOON, consent="on")
    assert status == 303
    assert f'data-pickup="{newest().token}"' in page


def test_tomorrow_is_chosen_and_said(cast: Cast) -> None:
    kiosk = cast.kiosk_browser()
    today = seen(kiosk, TIMES)
    tomorrow = f"{HALL}/pickup/meal?point={FLOOR}&day=2026-11-21"
    assert tomorrow in today
    page = seen(kiosk, tomorrow)
    slot = f"{FLOOR}.meal.20261121.0000"
    assert ["<dt>明天</dt>" in page, f'value="{slot}"' in page, slot in today] == [
        True,
        True,
        False,
    ]
    booked = sent(kiosk, tomorrow, f"{HALL}/pickup", slot=slot, consent="on", key="one")[1]
    assert "11 月 21 日 0:00" in booked
    assert "11 月 21 日 0:00" in seen(cast.browser(), f"/p/{newest().token}")


def test_day_that_is_over_leads_to_tomorrow(cast: Cast) -> None:
    with transaction():
        for code in (FLOOR, "1F-A1", "8F-C1"):
            for plan in plans_of(point(code)):
                plan.opens, plan.closes = 0, 60
    page = seen(cast.kiosk_browser(), f"{HALL}/pickup/meal")
    assert ["今天没有时段了" in page, "day=2026-11-21" in page] == [True, True]


def test_full_slot_offers_others_and_the_list(cast: Cast) -> None:
    with transaction():
        for plan in plans_of(point()):
            actions.change_plan(plan, 1)
    book(6)
    kiosk = cast.kiosk_browser()
    status, page = sent(kiosk, TIMES, f"{HALL}/pickup", slot=NOON, consent="on")
    assert (status, "这些还空着" in page) == (409, True)
    assert "8F-C1.meal.20261120.1200" in page
    sent(kiosk, TIMES, f"{HALL}/pickup", slot=NOON, consent="on", wait="true")
    assert newest().state is PickupState.WAITING


def test_courier_needs_three_touches(cast: Cast) -> None:
    mine = book(tail="8817")
    phone = courier(cast)
    drop = f"{HALL}/drop"
    assert "8817" in seen(phone, drop)
    status, page = sent(phone, drop, drop, tag=mine.tag, point=FLOOR)
    assert (status, "3F-B2-01" in page, mine.token in page) == (303, True, False)
    here = f"{drop}/{mine.tag}"
    status, page = sent(phone, here, f"{here}/store")
    assert "放好了，已告诉收件人" in page
    assert again(mine).state is PickupState.STORED
    sent(phone, here, f"{here}/undo")
    assert again(mine).state is PickupState.BOOKED


def test_kiosk_lists_nobody_s_digits(cast: Cast) -> None:
    book(tail="8817")
    kiosk = cast.kiosk_browser()
    drop = f"{HALL}/drop"
    assert "8817" not in seen(kiosk, f"{drop}?point={FLOOR}")
    assert "3F-B2-01" in sent(kiosk, drop, drop, typed="8817", point=FLOOR)[1]


def test_courier_chooses_among_several(cast: Cast) -> None:
    first, second = book(tail="8817"), book(3, tail="8817")
    phone = courier(cast)
    drop = f"{HALL}/drop"
    status, page = sent(phone, drop, drop, typed="8817")
    assert (status, first.tag in page, second.tag in page) == (300, True, True)


def test_courier_brings_many_in_one_go(cast: Cast) -> None:
    items = [book(tail="8817"), book(tail="2046"), book()]
    phone, drop = courier(cast), f"{HALL}/drop"
    status, page = sent(phone, drop, drop, typed=f"8817 2046，{items[2].tag}")
    assert status == 303
    assert [f"3F-B2-0{place}" in page for place in (1, 2, 3)] == [True] * 3
    tags = ",".join(item.tag for item in items)
    many = f"{drop}/many?tags={tags}"
    assert "都放好了" in sent(phone, many, f"{drop}/many", tags=tags)[1]
    assert {again(item).state for item in items} == {PickupState.STORED}
    assert "没有这个号的预约" in sent(phone, drop, drop, typed="1111 2222")[1]


def test_courier_is_told_of_no_consent_and_of_full_points(cast: Cast) -> None:
    refused = book(consents=False)
    phone = courier(cast)
    drop = f"{HALL}/drop"
    status, page = sent(phone, drop, drop, typed=refused.tag)
    assert (status, "未同意，请联系收件人" in page) == (409, True)
    mine = book()
    with transaction():
        for place in point().places:
            actions.switch_place(place, is_on=False)
    status, page = sent(phone, drop, drop, typed=mine.tag)
    assert (status, "这些地方有空格" in page) == (409, True)
    assert "8F-C1-01" in sent(phone, drop, drop, tag=mine.tag, to="8F-C1")[1]


def test_courier_leaves_what_nobody_booked(cast: Cast) -> None:
    kiosk = cast.kiosk_browser()
    drop = f"{HALL}/drop"
    status, page = sent(kiosk, drop, drop, typed="1378", point=LOBBY)
    assert (status, "没约？这个存放点也收" in page) == (404, True)
    form = {"point": LOBBY, "kind": "parcel", "tail": "1378", "consent": "on"}
    assert "1F-A2-01" in sent(kiosk, drop, f"{drop}/leave", **form)[1]
    assert newest().tail == "1378"


def test_without_scan_or_pass_nobody_leaves_anything(cast: Cast) -> None:
    phone = cast.browser()
    assert "请扫存放点上的码" in seen(phone, f"{HALL}/drop")
    with transaction():
        _held, token = actions.give_pass(cast.station, "Rider", at=now())
    assert "点三下" in seen(phone, f"{HALL}/drop?courier={token}")


def test_six_digits_collect_at_the_kiosk(cast: Cast) -> None:
    mine = dropped(book())
    kiosk, here = cast.kiosk_browser(), f"{HALL}/collect"
    assert "再看一眼" in sent(kiosk, here, here, typed="000000")[1]
    code = CODES.secret(mine.token, mine.secret_round)
    assert "3F-B2-01" in sent(kiosk, here, here, typed=f"{code[:3]} {code[3:]}")[1]
    other = dropped(book())
    address = f"http://localhost/p/{other.token}?lang=en"
    assert "请取" in sent(kiosk, here, here, typed=address)[1]
    assert again(other).state is PickupState.COLLECTED


def test_phone_collects_only_at_a_point(cast: Cast) -> None:
    mine, phone = dropped(book()), cast.browser()
    here = f"{HALL}/collect"
    assert "请到存放点旁" in seen(phone, here)
    seen(phone, f"{here}?scan={point().scan}")
    assert "3F-B2-01" in sent(phone, here, here, typed=CODES.secret(mine.token))[1]


def test_owner_s_page_in_every_state(cast: Cast, clock: time_machine.Traveller) -> None:
    mine, phone = book(), cast.browser()
    here = f"/p/{mine.token}"
    code = CODES.secret(mine.token, mine.secret_round)
    assert [words in seen(phone, here) for words in ("约好了", mine.tag, code)] == [True] * 3
    sent(phone, here, f"{here}/details", tail="13800008817")
    assert again(mine).tail == "8817"
    sent(phone, here, f"{here}/details", order_tail="#0042")
    assert [item.id for item in find_expected(station(), "0042", now())] == [mine.id]
    dropped(again(mine))
    clock.shift(timedelta(minutes=12))
    assert [words in seen(phone, here) for words in ("3F-B2-01", "还热着")] == [True] * 2
    assert "代取码" in sent(phone, here, f"{here}/proxy")[1]
    clock.shift(timedelta(hours=2))
    with transaction():
        actions.note_time(mine.id, now())
    assert "请不要食用" in seen(phone, here)
    assert "您已取走" in sent(phone, here, f"{here}/collect")[1]
    page = sent(phone, here, f"{here}/report", what="wrong_taken")[1]
    assert ["我们在查" in page, mine.tag in page] == [True, True]
    lost = book()
    here = f"/p/{lost.token}"
    assert "预约已取消" in sent(phone, here, f"{here}/cancel")[1]
    assert "预约已取消" in sent(phone, here, f"{here}/cancel")[1]
    seen(phone, f"{here}?lang=en")


def test_parcel_s_page_names_the_days(cast: Cast) -> None:
    mine = dropped(book(0, LOBBY, PickupKind.PARCEL))
    page = seen(cast.browser(), f"/p/{mine.token}")
    assert mine.stored_at
    since = mine.stored_at + timedelta(hours=8)
    for days in (1, 2, 3):
        day = since + timedelta(days=days)
        assert f"<b>{day.month} 月 {day.day} 日 {since:%-H:%M}</b>" in page


def test_offer_is_taken_on_the_page(cast: Cast) -> None:
    with transaction():
        for plan in plans_of(point()):
            actions.change_plan(plan, 1)
    first, second, phone = book(), book(waits=True), cast.browser()
    here = f"/p/{second.token}"
    assert "候补名单" in seen(phone, here)
    with transaction():
        actions.cancel(again(first), by=VISITOR, at=now())
    assert "有名额了" in seen(phone, here)
    assert "约好了" in sent(phone, here, f"{here}/accept")[1]


def test_booking_repeats_from_its_page(cast: Cast, app: Flask) -> None:
    mine, phone = book(6), cast.browser()
    here = f"/p/{mine.token}"
    assert "不再重复" in sent(phone, here, f"{here}/repeat")[1]
    with app.app_context():
        assert sweep() > 0
    [series] = session.query(PickupSeries)
    there = f"/p/repeat/{series.token}"
    assert seen(phone, there).count("12:00") == 6
    sent(phone, there, f"{there}/stop")
    assert again(mine).state is PickupState.CANCELLED
