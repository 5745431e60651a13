"""What a board is told besides the calls: its settings, and what its calls are made of."""

from datetime import datetime

import pytest
import time_machine

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.staff.permissions import Role
from kiosk.stations import actions
from kiosk.stations.models import Device, DeviceKind
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.hours import MORNING
from tests.pages import post

pytestmark = on_sqlite

SCREEN = "/s/raffles-city/screen.json"
USUAL = {
    "shows": "all",
    "speaks": "both",
    "volume": 80,
    "quiet_from": None,
    "quiet_until": None,
    "ways": {},
}


@pytest.fixture
def board(cast: Cast) -> tuple[Device, str]:
    with transaction():
        device = actions.add_device(cast.station, DeviceKind.BOARD, "大屏", at=now())
        return device, actions.give_device_token(device)


def set_up(cast: Cast, device: Device, **fields: object) -> int:
    page = f"/admin/devices/{device.id}"
    browser = cast.browser("zhou", Role.MANAGER)
    return post(browser, page, page, name="大屏", **fields).status_code


def test_board_follows_its_own_settings(cast: Cast, board: tuple[Device, str]) -> None:
    device, token = board
    screen = cast.browser()
    screen.set_cookie("device", token)
    quiet = {"quiet_from": "12:00", "quiet_until": "13:30"}
    ways = ["1:left", "", "3:ahead"]
    assert set_up(cast, device, shows="calls", speaks="zh", volume=35, ways=ways, **quiet) == 303
    told = screen.get(SCREEN).get_json()
    assert told["settings"] == {
        "shows": "calls",
        "speaks": "zh",
        "volume": 35,
        "quiet_from": 720,
        "quiet_until": 810,
        "ways": {"1": "left", "3": "ahead"},
    }
    assert [voice["language"] for voice in told["voice"]] == ["zh"]
    assert 'data-shows="calls"' in screen.get("/s/raffles-city/board").text
    assert screen.get("/s/jiangsu-road/screen.json").get_json()["settings"] == USUAL


def test_any_other_browser_gets_the_usual_settings(cast: Cast) -> None:
    assert cast.browser().get(SCREEN).get_json()["settings"] == USUAL
    assert cast.kiosk_browser().get(SCREEN).get_json()["settings"] == USUAL


@pytest.mark.parametrize(("screen", "shows"), [("1", "calls"), ("2", "queues"), ("x", "all")])
def test_address_names_one_of_two_screens(cast: Cast, screen: str, shows: str) -> None:
    told = cast.browser().get(f"{SCREEN}?screen={screen}").get_json()
    assert told["settings"]["shows"] == shows


def test_grammar_covers_the_station_s_counters(cast: Cast) -> None:
    mandarin, english = cast.browser().get(SCREEN).get_json()["voice"]
    assert mandarin["counters"]["2"] == ["2", "counter"]
    assert english["counters"] == {"1": ["1"], "2": ["2"], "3": ["3"], "4": ["4"]}


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"volume": 101}, 422),
        ({"shows": "weather"}, 422),
        ({"ways": ["1:back"]}, 422),
        ({"quiet_from": "12:00"}, 409),
        ({"quiet_from": "12:00", "quiet_until": "12:00"}, 409),
        ({"quiet_from": "25:00", "quiet_until": "26:00"}, 409),
        ({"quiet_from": "22:00", "quiet_until": "7:00"}, 303),
    ],
)
def test_settings_are_checked(
    cast: Cast, board: tuple[Device, str], fields: dict[str, object], status: int
) -> None:
    assert set_up(cast, board[0], **fields) == status
    kept = session.query(Device).filter_by(id=board[0].id).one()
    assert kept.quiet_from == (1320 if status == 303 else None)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_of_a_device_opens(cast: Cast, board: tuple[Device, str], lang: str) -> None:
    browser = cast.browser("zhou", Role.MANAGER)
    for device in (board[0].id, 1):
        page = browser.get(f"/admin/devices/{device}?lang={lang}")
        assert page.status_code == 200
        assert ('name="volume"' in page.text) == (device != 1)
        assert page.text.count('name="ways"') == (4 if device != 1 else 0)


def test_board_of_a_closed_station_says_when_it_opens(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    there = "/s/jiangsu-road/screen.json"
    assert cast.browser().get(there).get_json()["opens_at"] is None
    clock.move_to(MORNING.replace(hour=20))
    told = cast.browser().get(there).get_json()["opens_at"]
    assert datetime.fromisoformat(told) > now()


def test_device_of_another_station_is_not_set_up(cast: Cast) -> None:
    with transaction():
        place = actions.found("elsewhere", "别处", "Elsewhere", [])
        device = actions.add_device(place, DeviceKind.BOARD, "别处", at=now())
    browser = cast.browser("zhou", Role.MANAGER)
    assert browser.get(f"/admin/devices/{device.id}").status_code == 404
