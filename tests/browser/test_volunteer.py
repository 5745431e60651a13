"""Somebody signs up for a shift on a phone, checks in at the shelf, and carries lunches up."""

import httpx
from playwright.sync_api import expect

from tests.browser.people import PHONE, Hall
from tests.browser.sight import objections, wide
from tests.browser.test_pickups import poster
from tests.servers import PATIENCE_SECONDS

STATION = "/api/v1/stations/raffles-city"


def lunches_in_lobby(hall: Hall, count: int) -> list[str]:
    """Have lunches lie in the lobby that are wanted on the third floor; returns their tags."""
    token = hall.token("stations", "device", "大堂", "--kind", "kiosk", "--station", "raffles-city")
    headers = {"Authorization": f"Bearer {token}"}
    tags = []
    with httpx.Client(base_url=hall.url(""), headers=headers, timeout=PATIENCE_SECONDS) as kiosk:
        asked = kiosk.get(f"{STATION}/pickups/slots?kind=meal&point=3F-B2").raise_for_status()
        slot = next(item["id"] for item in asked.json()["items"] if item["left"] >= count)
        for _ in range(count):
            wish = {"kind": "meal", "slot": slot}
            booked = kiosk.post(f"{STATION}/pickups", json=wish).raise_for_status().json()
            dropped = kiosk.post(f"/api/v1/pickups/{booked['token']}/drop", json={"point": "1F-A1"})
            dropped.raise_for_status()
            tags.append(booked["tag"])
    return tags


def test_sign_up_check_in_and_carry(hall: Hall) -> None:
    manager = hall.manager()
    manager.goto(hall.url("/admin/volunteers?lang=zh"))
    expect(manager.locator("[data-live]")).to_have_attribute("data-state", "live")
    phone = hall.window(PHONE)
    phone.goto(hall.url("/s/raffles-city/"))
    phone.get_by_role("link", name="志愿服务").click()
    phone.locator(".shift-row", has_text="0:00–24:00").click()
    phone.get_by_label("怎么称呼您").fill("顾晴")
    phone.get_by_role("button", name="报名").click()
    expect(phone.get_by_role("heading", name="顾晴，谢谢您")).to_be_visible()
    mine = phone.url
    assert (objections(phone), wide(phone)) == ([], False)

    phone.goto(hall.url(f"/s/raffles-city/drop?scan={poster(hall, '1F-A1')}"))
    phone.get_by_role("link", name="我是志愿者，来签到").click()
    expect(phone).to_have_url(mine)
    phone.get_by_role("button", name="签到").click()
    expect(phone.get_by_role("heading", name="送上楼")).to_be_visible()
    expect(manager.locator("#roster .is-today")).to_contain_text("在岗 1 人")
    manager.goto(hall.url("/admin/pickups"))
    expect(manager.locator(".floor-people")).to_contain_text(["顾"])

    tags = lunches_in_lobby(hall, 2)
    for tag in tags:
        expect(phone.locator(f".carry-row:has-text('{tag}')")).to_be_visible()
    assert (objections(phone), wide(phone)) == ([], False)
    phone.locator(f".carry-row:has-text('{tags[0]}')").click()
    expect(phone.locator(".duty-place")).to_contain_text("3F-B2-")
    phone.get_by_role("button", name="撤销").click()
    expect(phone.locator(f"button.carry-row:has-text('{tags[0]}')")).to_be_visible()
    phone.locator(".duty-go .button-primary").click()
    phone.locator(".duty-go .button-primary").click()
    expect(phone.locator("button.carry-row")).to_have_count(0)

    phone.get_by_role("button", name="签退").click()
    phone.locator("#leave .button-primary").click()
    expect(phone.get_by_text("1 个班次")).to_be_visible()
    expect(manager.locator(".floor-people .badge")).to_have_count(0)
