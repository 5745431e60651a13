"""A device is let in by a code, or by a one-time link."""

import re
from datetime import timedelta

import time_machine
from flask.testing import FlaskClient

from kiosk.db import session
from kiosk.staff.permissions import Role
from kiosk.stations.models import Device
from tests.cast import HOME, Cast
from tests.databases import on_sqlite
from tests.pages import form_token, post


def paired_code(browser: FlaskClient) -> str:
    post(browser, "/pair", "/pair")
    found = re.search(r"\b[A-HJ-NP-Z2-9]{6}\b", browser.get("/pair").text.partition("<body")[2])
    assert found
    return found.group()


def test_device_paired_by_code_takes_numbers(cast: Cast) -> None:
    screen = cast.browser()
    manager = cast.browser("zhou", Role.MANAGER)
    code = paired_code(screen)
    assert screen.get("/pair/state").get_json() == {"state": "waiting"}
    confirmed = post(
        manager, "/admin/devices", "/admin/devices", code=code, kind="kiosk", name="东门终端"
    )
    assert confirmed.status_code == 303
    assert screen.get("/pair/state").get_json() == {"state": "confirmed"}
    done = post(screen, "/pair", "/pair/finish")
    assert done.location == "/s/raffles-city/"
    cookie = screen.get_cookie("device")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    taken = post(screen, "/s/raffles-city/take", "/s/raffles-city/tickets", queue="A", key="k")
    assert taken.status_code == 303


@on_sqlite
def test_wrong_code_lets_nobody_in(cast: Cast) -> None:
    manager = cast.browser("zhou", Role.MANAGER)
    before = session.query(Device).count()
    answer = post(
        manager, "/admin/devices", "/admin/devices", code="AAAAAA", kind="kiosk", name="x"
    )
    assert answer.status_code == 409
    assert session.query(Device).count() == before


@on_sqlite
def test_code_lasts_ten_minutes(cast: Cast, clock: time_machine.Traveller) -> None:
    screen = cast.browser()
    manager = cast.browser("zhou", Role.MANAGER)
    code = paired_code(screen)
    clock.shift(timedelta(minutes=10, seconds=1))
    assert screen.get("/pair/state").get_json() == {"state": "expired"}
    answer = post(manager, "/admin/devices", "/admin/devices", code=code, kind="kiosk", name="x")
    assert answer.status_code == 409


def test_link_makes_one_browser_the_kiosk_once(cast: Cast) -> None:
    manager = cast.browser("zhou", Role.MANAGER)
    device = session.query(Device).filter_by(kind="kiosk").first()
    assert device is not None
    page = post(manager, "/admin/devices", f"/admin/devices/{device.id}/link")
    link = re.search(r"http://localhost(/pair/[\w.-]+)", page.text)
    assert link
    first, second = cast.browser(), cast.browser()
    token = form_token(second, link.group(1))
    assert post(first, link.group(1), link.group(1)).location == "/s/raffles-city/"
    assert second.get(link.group(1)).status_code == 409
    late = second.post(link.group(1), data={"csrf_token": token})
    assert late.status_code == 409


@on_sqlite
def test_forged_link_is_refused(cast: Cast) -> None:
    assert cast.browser().get("/pair/WzEsMV0.forged").status_code == 409


@on_sqlite
def test_revoked_device_takes_no_more_numbers(cast: Cast) -> None:
    kiosk = cast.kiosk_browser()
    manager = cast.browser("zhou", Role.MANAGER)
    device = session.query(Device).filter_by(name="kiosk").one()
    post(manager, "/admin/devices", f"/admin/devices/{device.id}/revoke")
    answer = cast.post(f"{HOME}/tickets", {"queue": "A"}, cast.kiosk_token)
    assert answer.get_json()["code"] == "presence.missing"
    assert 'data-face="kiosk"' not in kiosk.get("/s/raffles-city/").text
