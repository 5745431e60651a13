"""Staff walk the map of places by keyboard, and see a meal come without a reload."""

from typing import TypeAlias

import httpx
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.people import Hall
from tests.servers import PATIENCE_SECONDS

MAP = "/admin/pickups"
Callers: TypeAlias = tuple[dict[str, str], dict[str, str]]
STORED = "[data-look=fresh][data-cell]"


def violations(page: Page) -> list[object]:
    found: list[object] = Axe().run(page).response["violations"]
    return found


def test_meal_is_seen_chosen_and_handed_over_by_keyboard(hall: Hall, callers: Callers) -> None:
    page = hall.manager()
    page.goto(hall.url(f"{MAP}?lang=zh"))
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "live")
    before = page.locator(STORED).count()

    bring(hall, callers[0])
    expect(page.locator(STORED)).to_have_count(before + 1)

    cell = page.locator(STORED).first
    page.locator("[data-cell][tabindex='0']").focus()
    page.keyboard.press("Home")
    first = page.evaluate("document.activeElement.dataset.cell")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.cell") != first
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.cell") == first

    cell.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#place-card .item-title")).to_be_visible()
    expect(cell).to_have_attribute("aria-current", "true")
    assert violations(page) == []

    card = page.locator("#place-card")
    card.get_by_text("没有取件码，人工交给").click()
    card.locator("form[action$=hand-over] [name=reason]").fill("看过工牌")
    page.keyboard.press("Enter")
    expect(page.locator(".message[data-kind=done]")).to_be_visible()
    expect(page.locator(STORED)).to_have_count(before)
    for path in ("lists", "cases", "flow", "stock", "hygiene", "points", "points/3F-B2", "rules"):
        page.goto(hall.url(f"{MAP}/{path}"))
        assert violations(page) == [], path


def bring(hall: Hall, kiosk: dict[str, str]) -> None:
    """Let a kiosk book a meal for the last time of today, and a courier put it into its place."""
    here = hall.url("/api/v1/stations/raffles-city/pickups")
    with httpx.Client(headers=kiosk, timeout=PATIENCE_SECONDS) as client:
        asked = {"kind": "meal", "point": "3F-B2"}
        slot = client.get(f"{here}/slots", params=asked).raise_for_status().json()["items"][-1]
        wish = {**asked, "slot": slot["id"]}
        token = client.post(here, json=wish).raise_for_status().json()["token"]
        client.post(hall.url(f"/api/v1/pickups/{token}/drop"), json={}).raise_for_status()
