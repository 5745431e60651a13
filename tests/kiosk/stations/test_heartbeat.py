"""A device that is connected was seen now; one that falls silent is shown as silent."""

from datetime import timedelta

import pytest
import time_machine

from kiosk import live, sockets
from kiosk.staff.permissions import Role
from tests.cast import Cast

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_connected_device_is_seen_until_it_is_gone(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    boss = cast.browser("boss", Role.MANAGER)
    browser = cast.kiosk_browser()
    screen = live.socketio.test_client(
        cast.app, namespace=live.NAMESPACE, flask_test_client=browser
    )
    sockets.note_devices()
    assert "在线" in device_row(boss.get("/admin/").text)
    clock.shift(timedelta(minutes=1))
    sockets.note_devices()
    clock.shift(timedelta(minutes=2))
    assert "在线" in device_row(boss.get("/admin/devices").text)
    screen.disconnect(namespace=live.NAMESPACE)
    clock.shift(timedelta(minutes=5))
    sockets.note_devices()
    page = boss.get("/admin/").text
    assert "离线 7 分" in device_row(page)
    assert "离线 7 分，10:31 最后在线" in page.partition("要你处理")[2]


def device_row(page: str) -> str:
    return page.partition(">kiosk<")[2].partition("</tr>")[0]
