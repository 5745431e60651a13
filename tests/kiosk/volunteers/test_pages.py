"""The pages of volunteers: open shifts, their own page, and what they carry on duty."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.pickups import actions as pickups
from kiosk.pickups.actions import Unbooked
from kiosk.pickups.models import PickupKind, PickupState
from kiosk.pickups.queries import get_pickup, history_of
from kiosk.stations.presence import presence_code
from kiosk.volunteers import actions
from kiosk.volunteers.models import SignUp, SignUpState
from kiosk.volunteers.queries import get_volunteer, sign_ups_of
from tests.cast import Cast
from tests.hours import MORNING
from tests.kiosk.pickups.lobby import CODES, point, station
from tests.kiosk.volunteers.people import MANAGER, VISITOR, again, in_lobby, seen, shift, signed
from tests.pages import post

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

S = "/s/raffles-city"
SHIFTS = f"{S}/volunteer"
BOTH = ("zh", "en")


def signs_up(browser: FlaskClient, shift_id: int, **fields: str) -> str:
    """Sign up on a page; returns where that leads."""
    answer = post(browser, f"{SHIFTS}/{shift_id}", f"{SHIFTS}/{shift_id}", **fields)
    assert answer.status_code == 303, answer.text
    return answer.location


def mine_of(address: str) -> SignUp:
    session.expire_all()
    return sign_ups_of(get_volunteer(address.rpartition("/")[2]))[0]


def present(phone: FlaskClient) -> str:
    """Scan the kiosk's code; returns where that leads."""
    return phone.get(f"{S}/?at={presence_code('test', 'raffles-city')}").location


def on_duty(cast: Cast, clock: time_machine.Traveller) -> tuple[FlaskClient, str]:
    """Sign up on a phone, come at noon, and check in."""
    phone = cast.browser()
    page = signs_up(phone, shift().id, name="顾晴")
    clock.shift(timedelta(minutes=30))
    assert present(phone) == page
    entry = mine_of(page).id
    assert post(phone, page, f"{page}/shifts/{entry}/check-in").status_code == 303
    return phone, page


def test_home_leads_to_open_shifts(cast: Cast) -> None:
    for browser in (cast.kiosk_browser(), cast.browser()):
        assert f'href="{SHIFTS}"' in browser.get(f"{S}/").text
        page = browser.get(f"{SHIFTS}?day=2026-11-23").text
        assert page.count('class="row-link shift-row"') == 3
        assert page.count('class="day-chip') >= 14


@pytest.mark.parametrize("lang", BOTH)
def test_kiosk_asks_no_name_and_shows_the_code(cast: Cast, lang: str) -> None:
    kiosk, there = cast.kiosk_browser(), shift()
    assert 'name="name"' not in kiosk.get(f"{SHIFTS}/{there.id}?lang={lang}").text
    page = kiosk.get(signs_up(kiosk, there.id)).text
    assert 'class="qr"' in page
    assert ("报名好了" if lang == "zh" else "You are signed up") in page
    again = signs_up(kiosk, there.id)
    assert "signed" in again
    assert "volunteer=" not in str(kiosk.get(again).headers)


def test_phone_goes_on_in_the_language_of_the_kiosk(cast: Cast) -> None:
    kiosk, there = cast.kiosk_browser(), shift()
    kiosk.get(f"{SHIFTS}?lang=en")
    page = kiosk.get(signs_up(kiosk, there.id)).text
    scanned = re.search(r"/v/[\w-]+\?lang=en(?=<)", page)
    assert scanned
    assert "My shifts" in cast.browser().get(scanned[0]).text


def test_phone_says_what_for_and_until_when(cast: Cast) -> None:
    phone, there = cast.browser(), shift()
    page = phone.get(f"{SHIFTS}/{there.id}").text
    assert "2027-11-20" in page
    assert "2026-12-20" in page
    mine = signs_up(phone, there.id, name="<b>顾晴</b>"[:20], contact="wx")
    assert "<b>顾" not in phone.get(mine).text
    # The same phone needs no second introduction, and stays one volunteer.
    other = shift(code="8F-C1", ahead=1)
    assert 'name="name"' not in phone.get(f"{SHIFTS}/{other.id}").text
    assert signs_up(phone, other.id) == mine
    assert len(sign_ups_of(get_volunteer(mine[3:]))) == 2


def test_double_tap_signs_up_once(cast: Cast) -> None:
    phone, there = cast.browser(), shift()
    first = signs_up(phone, there.id, key="k1")
    session.expire_all()
    phone.delete_cookie("volunteer")
    assert signs_up(phone, there.id, key="k1") == first


def test_full_shift_offers_the_list_and_the_page_tells(cast: Cast) -> None:
    there = shift(places=1)
    first = signed(there)
    phone = cast.browser()
    assert "排候补" in phone.get(f"{SHIFTS}/{there.id}").text
    mine = signs_up(phone, there.id)
    assert "候补第 1 位" in phone.get(mine).text
    with transaction():
        actions.cancel(again(first), by=VISITOR, at=now())
    page = phone.get(mine).text
    assert 'data-news="moved_up"' in page
    entry = mine_of(mine).id
    assert post(phone, mine, f"{mine}/shifts/{entry}/seen").location == mine
    assert "data-news" not in phone.get(mine).text


def test_stand_in_takes_over_by_link(cast: Cast) -> None:
    phone, friend = cast.browser(), cast.browser()
    there = shift(places=2)
    mine = signs_up(phone, there.id)
    entry = f"{mine}/shifts/{mine_of(mine).id}"
    assert post(phone, entry, f"{entry}/offer").location == entry
    offer = re.search(r"volunteer/offers/([\w-]+)", phone.get(entry).text)
    assert offer
    page = f"{SHIFTS}/offers/{offer.group(1)}"
    assert "我来替班" in friend.get(page).text
    taken = post(friend, page, f"{SHIFTS}/{there.id}", offer=offer.group(1))
    assert taken.status_code == 303
    assert 'data-news="taken_over"' in phone.get(mine).text
    late = cast.browser()
    assert 'role="alert"' in late.get(page).text
    refused = post(late, f"{SHIFTS}/{there.id}", f"{SHIFTS}/{there.id}", offer=offer.group(1))
    assert refused.status_code == 409


@pytest.mark.parametrize("lang", BOTH)
def test_called_off_shift_is_told(cast: Cast, lang: str) -> None:
    phone, there = cast.browser(), shift()
    mine = signs_up(phone, there.id)
    with transaction():
        actions.call_off(seen(there), by=MANAGER, at=now())
    page = phone.get(f"{mine}?lang={lang}").text
    assert ("取消了，您不用来" if lang == "zh" else "was called off. You need not come") in page
    gone = cast.browser().get(f"{SHIFTS}/{there.id}?lang={lang}").text
    assert '<form class="shift-form"' not in gone


def test_calendar_file_says_where_and_that_it_is_over(cast: Cast) -> None:
    phone = cast.browser()
    mine = signs_up(phone, shift().id)
    entry = f"{mine}/shifts/{mine_of(mine).id}"

    def event() -> dict[str, str]:
        component = Calendar.from_ical(phone.get(f"{entry}.ics").data).walk("VEVENT")[0]
        return {key: str(component[key]) for key in ("UID", "STATUS", "SEQUENCE")}

    before = event()
    assert post(phone, entry, f"{entry}/cancel").location == mine
    after = event()
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert before["UID"] == after["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_check_in_needs_to_be_here(cast: Cast, clock: time_machine.Traveller) -> None:
    phone, there = cast.browser(), shift()
    mine = signs_up(phone, there.id)
    entry = f"{mine}/shifts/{mine_of(mine).id}"
    assert "check-in" not in phone.get(mine).text
    clock.shift(timedelta(minutes=10))
    refused = post(phone, mine, f"{entry}/check-in")
    assert (refused.status_code, mine_of(mine).state) == (409, SignUpState.SIGNED)
    with_code = post(phone, mine, f"{entry}/check-in", code=f"http://x/{point().scan}")
    assert (with_code.status_code, mine_of(mine).state) == (303, SignUpState.ON_DUTY)


def test_code_at_the_point_leads_to_ones_own_page(cast: Cast) -> None:
    phone = cast.browser()
    arrive = f"{SHIFTS}/check-in?point={point().scan}"
    assert phone.get(arrive).status_code == 200
    mine = signs_up(phone, shift().id)
    assert phone.get(arrive).location == mine


def test_kiosks_reader_checks_in(cast: Cast, clock: time_machine.Traveller) -> None:
    mine = signed(shift())
    kiosk = cast.kiosk_browser()
    clock.shift(timedelta(minutes=30))
    code = f"http://localhost/v/{mine.volunteer.token}"
    answer = post(kiosk, f"{SHIFTS}/check-in", f"{SHIFTS}/check-in", code=code)
    assert 'data-kind="done"' in answer.text
    assert mine_of(f"/v/{mine.volunteer.token}").state is SignUpState.ON_DUTY
    read = post(kiosk, f"{SHIFTS}/check-in", f"{SHIFTS}/check-in", code=f"{code}?lang=en")
    assert "data-kind" in read.text
    wrong = post(kiosk, f"{SHIFTS}/check-in", f"{SHIFTS}/check-in", code="nobody")
    assert wrong.status_code == 404
    nobody = cast.browser()
    sent = post(nobody, f"{SHIFTS}/{shift().id}", f"{SHIFTS}/check-in", code=code)
    assert sent.status_code == 403


@pytest.mark.parametrize("lang", BOTH)
def test_on_duty_one_touch_carries_and_takes_back(
    cast: Cast, clock: time_machine.Traveller, lang: str
) -> None:
    items = [in_lobby(), in_lobby(), in_lobby("8F-C1")]
    phone, mine = on_duty(cast, clock)
    page = phone.get(f"{mine}?lang={lang}").text
    assert [items[0].tag in page, "1F-A1-01" in page] == [True, True]
    assert not any(item.token in page for item in items)
    assert post(phone, mine, f"{mine}/carry", tag=items[0].tag).location == mine
    assert "3F-B2-01" in phone.get(mine).text
    assert get_pickup(items[0].token).point.code == "3F-B2"
    assert post(phone, mine, f"{mine}/undo").status_code == 303
    session.expire_all()
    assert get_pickup(items[0].token).point.code == "1F-A1"
    assert post(phone, mine, f"{mine}/carry", point="3F-B2").status_code == 303
    session.expire_all()
    assert [get_pickup(item.token).point.code for item in items] == ["3F-B2", "3F-B2", "1F-A1"]
    part = phone.get(f"{mine}/now")
    assert (part.status_code, "<html" in part.text, "8F" in part.text) == (200, False, True)


def test_scan_hands_over_carries_or_says_where_it_lies(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    first, second, third = in_lobby(), in_lobby(), in_lobby()
    phone, mine = on_duty(cast, clock)

    def scan(code: str) -> int:
        status = post(phone, mine, f"{mine}/scan", code=code).status_code
        session.expire_all()
        return status

    assert scan(CODES.secret(first.token, first.secret_round)) == 303
    assert first.tag in phone.get(mine).text
    assert scan(f"http://localhost/p/{second.token}") == 303
    assert [get_pickup(item.token).state for item in (first, second)] == [
        PickupState.COLLECTED,
        PickupState.COLLECTED,
    ]
    assert scan("1f-a1-03") == 303
    assert get_pickup(third.token).point.code == "3F-B2"
    assert scan(third.tag.lower()) == 409
    assert scan("ZZZZ") == 409
    assert [scan("000000") for _ in range(6)] == [403, 403, 403, 403, 429, 429]


def test_page_of_the_shift_ends_with_it(cast: Cast, clock: time_machine.Traveller) -> None:
    item = in_lobby()
    phone, mine = on_duty(cast, clock)
    clock.shift(timedelta(hours=2))
    assert "data-duty" not in phone.get(mine).text
    assert phone.get(f"{mine}/now").status_code == 204
    assert post(phone, mine, f"{mine}/carry", tag=item.tag).status_code == 403
    with transaction():
        actions.note_time(now())
    assert "2 小时" in phone.get(mine).text


def test_check_out_notes_the_hours(cast: Cast, clock: time_machine.Traveller) -> None:
    phone, mine = on_duty(cast, clock)
    clock.shift(timedelta(minutes=45))
    entry = f"{mine}/shifts/{mine_of(mine).id}"
    assert post(phone, mine, f"{entry}/check-out").location == mine
    assert "45 分" in phone.get(mine).text


def test_volunteer_introduces_themselves_and_is_forgotten(cast: Cast) -> None:
    phone = cast.browser()
    mine = signs_up(phone, shift().id)
    assert post(phone, mine, mine, name="顾晴", contact="wx:gq").location == mine
    assert "顾晴，谢谢您" in phone.get(mine).text
    assert post(phone, mine, f"{mine}/forget").location == mine
    page = phone.get(mine).text
    assert ("顾晴" in page, "wx:gq" in page) == (False, False)
    assert mine_of(mine).state is SignUpState.CANCELLED


def test_snapshot_names_nobody(cast: Cast) -> None:
    phone = cast.browser()
    mine = signs_up(phone, shift().id, name="顾晴")
    topic = f"volunteer:{mine[3:]}"
    body = phone.get(f"/api/v1/live/{topic}").get_json()
    assert (body["topic"], body["data"].keys()) == (topic, {"changes", "at"})
    assert phone.get("/api/v1/live/volunteer:nobody").status_code == 404


def test_unknown_pages_are_said_in_words(cast: Cast) -> None:
    phone = cast.browser()
    assert phone.get("/v/nobody").status_code == 404
    assert phone.get(f"{SHIFTS}/99999").status_code == 404
    assert phone.get(f"{SHIFTS}/signed/nobody").status_code == 404


def test_whoever_shows_the_order_gets_what_nobody_booked(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    with transaction():
        item = Unbooked(PickupKind.MEAL, consents=True, tail="8848")
        made = pickups.leave(point("1F-A1"), item, codes=CODES, by=VISITOR, at=now())
        tag = pickups.store(made, by=VISITOR, at=now()).tag
    phone, mine = on_duty(cast, clock)

    def hand() -> int:
        status = post(phone, mine, f"{mine}/hand-unbooked", tag=tag).status_code
        session.expire_all()
        return status

    assert tag not in phone.get(mine).text
    assert (hand(), post(phone, mine, f"{mine}/scan", code=tag).status_code) == (409, 409)
    with transaction():
        pickups.ask(station(), "8848", entry="kiosk", by=VISITOR, at=now())
    page = phone.get(mine).text
    assert [words in page for words in (tag, "8848", "订单看过")] == [True] * 3
    assert tag in cast.browser("li").get("/admin/pickups/live").text
    assert hand() == 303
    given = get_pickup(made.token)
    assert (given.state, history_of(given)[-1].reason) == (
        PickupState.COLLECTED,
        "volunteer order_seen",
    )
    assert "志愿者看过订单" in cast.browser("wang").get(f"/admin/pickups/items/{given.id}").text


def test_page_reminds_within_the_hour(cast: Cast, clock: time_machine.Traveller) -> None:
    phone = cast.browser()
    page = signs_up(phone, shift(ahead=1).id)
    reminder = re.compile(r"<p[^>]*data-reminder([^>]*)>")

    def is_hidden() -> bool:
        session.remove()
        [rest] = reminder.findall(phone.get(page).text)
        return "hidden" in rest

    # It is half past ten; the shift begins tomorrow at eleven.
    for hours, hidden in ((0, True), (23, True), (24, False), (25, True)):
        clock.move_to(MORNING + timedelta(hours=hours))
        assert is_hidden() == hidden, hours
