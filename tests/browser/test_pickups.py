"""Lunch is booked at the kiosk, left by a courier in three touches, and collected."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from tests.browser.people import PHONE, Hall
from tests.servers import PATIENCE_SECONDS

MOST_TOUCHES, MOST_SECONDS = 3, 10


def poster(hall: Hall, code: str) -> str:
    """Return what the code on a storage point's poster carries."""
    data = Path(hall.station.settings["DATA_DIR"]) / "loumenkou.db"
    with closing(sqlite3.connect(data, timeout=PATIENCE_SECONDS)) as connection:
        asked = "SELECT scan FROM storage_point WHERE code = ?"
        return str(connection.execute(asked, (code,)).fetchone()[0])


def meal_on_shelf(hall: Hall) -> str:
    """Have a meal booked and put into its place; returns its page's token."""
    device = hall.token(
        "stations", "device", "大堂", "--kind", "kiosk", "--station", "raffles-city"
    )
    headers = {"Authorization": f"Bearer {device}"}
    with httpx.Client(base_url=hall.url("/api/v1"), headers=headers, timeout=20) as kiosk:
        asked = {"kind": "meal", "point": "3F-B2"}
        here = "/stations/raffles-city/pickups"
        slots = kiosk.get(f"{here}/slots", params=asked).raise_for_status().json()["items"]
        slot = next(slot["id"] for slot in slots if slot["left"])
        made = kiosk.post(here, json={**asked, "slot": slot}).raise_for_status().json()
        kiosk.post(f"/pickups/{made['token']}/drop", json={}).raise_for_status()
    return str(made["token"])


class Hand:
    """Somebody's thumb: it counts its touches and looks at the clock."""

    def __init__(self, phone: Page) -> None:
        self.phone = phone
        self.touches = 0
        self.began = time.monotonic()

    def touch(self, selector: str) -> None:
        self.phone.locator(selector).click()
        self.touches += 1


def test_book_drop_and_collect(hall: Hall) -> None:
    kiosk = hall.kiosk()
    kiosk.get_by_role("link", name="取件").click()
    kiosk.get_by_role("link", name="约外卖").click()
    kiosk.get_by_role("link", name="3 楼取餐架").click()
    kiosk.locator(".consent").click()
    kiosk.locator(".pickup-form .action").click()
    expect(kiosk.get_by_role("heading", name="约好了")).to_be_visible()
    tag = kiosk.locator(".pickup-tag").inner_text()
    digits = "".join(kiosk.locator(".code-box").all_inner_texts())
    address = kiosk.locator(".qr-card-address").inner_text()

    owner = hall.window(PHONE)
    owner.goto(hall.url(f"/p/{address.rpartition('/')[2]}"))
    expect(owner.get_by_role("heading", name="约好了")).to_be_visible()

    courier = hall.window(PHONE)
    courier.goto(hall.url(f"/s/raffles-city/drop?scan={poster(hall, '3F-B2')}"))
    hand = Hand(courier)
    hand.touch(f".drop-chip:has-text('{tag}')")
    place = courier.locator(".place-number").inner_text()
    hand.touch(".action:has-text('放好了')")
    expect(courier.get_by_role("heading", name="放好了")).to_be_visible()
    assert hand.touches <= MOST_TOUCHES
    assert time.monotonic() - hand.began < MOST_SECONDS

    expect(owner.get_by_role("heading", name="外卖到了")).to_be_visible()
    board = hall.board()
    expect(board.locator(".board-pickup").first).to_have_text(f"{tag}{place}")
    expect(owner.locator(".place-number")).to_have_text(place)

    kiosk.goto(hall.url("/s/raffles-city/collect"))
    for digit in digits:
        kiosk.locator(f"[data-digit='{digit}']").click()
    expect(kiosk.locator(".place-number")).to_have_text(place)
    expect(owner.get_by_role("heading", name="您已取走")).to_be_visible()


def test_collecting_on_ones_own_page(hall: Hall) -> None:
    owner = hall.window(PHONE)
    owner.goto(hall.url(f"/p/{meal_on_shelf(hall)}"))
    hand = Hand(owner)
    hand.touch(".action:has-text('我拿到了')")
    expect(owner.get_by_role("heading", name="您已取走")).to_be_visible()
    assert hand.touches <= MOST_TOUCHES
    assert time.monotonic() - hand.began < MOST_SECONDS
