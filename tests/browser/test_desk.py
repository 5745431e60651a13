"""A clerk's day by keyboard alone: park, call out of turn, add, send on, take back, help."""

import httpx
from playwright.sync_api import Page, expect

from tests.browser.people import Hall
from tests.browser.sight import objections
from tests.servers import PATIENCE_SECONDS

GUARD_MS = 900


def press(desk: Page, key: str) -> None:
    """Press a key after the guard that holds off a double press."""
    desk.wait_for_timeout(GUARD_MS)
    desk.keyboard.press(key)


def is_now(desk: Page, state: str) -> None:
    expect(desk.locator("#window")).to_have_attribute("data-state", state)


def take(hall: Hall, giving: dict[str, str], queue: str) -> str:
    answer = httpx.post(
        hall.url("/api/v1/stations/raffles-city/tickets"),
        json={"queue": queue},
        headers=giving,
        timeout=PATIENCE_SECONDS,
    )
    number: str = answer.json()["number"]
    return number


def add(desk: Page, service: str) -> None:
    press(desk, "KeyA")
    desk.keyboard.type(service)
    expect(desk.locator(f"#services-list [value={service}][data-marked]")).to_be_visible()
    assert objections(desk, "#services") == []
    desk.keyboard.press("Enter")
    expect(desk.locator(".card-bundle, .timeline").filter(has_text=service).first).to_be_visible()


def test_clerk_works_by_keyboard(hall: Hall, callers: tuple[dict[str, str], ...]) -> None:
    desk = hall.desk(1)
    number = take(hall, callers[0], "A")
    expect(desk.locator(f"#waiting-{number}")).to_be_visible()
    press(desk, "Space")
    is_now(desk, "called")
    press(desk, "KeyD")
    is_now(desk, "idle")

    press(desk, "Slash")
    expect(desk.locator("#people-list .pick").first).to_be_visible()
    desk.keyboard.type(number)
    expect(desk.locator("#people-list .pick:visible")).to_have_count(1)
    desk.keyboard.press("Enter")
    is_now(desk, "called")
    expect(desk.locator("#now-title")).to_have_text(number)
    press(desk, "KeyK")
    is_now(desk, "serving")

    add(desk, "DJ-0102")
    assert objections(desk) == []

    press(desk, "KeyZ")
    desk.keyboard.type("4 号窗口")
    expect(desk.locator("#goals-list .pick:visible")).to_have_count(1)
    assert objections(desk, "#goals") == []
    desk.keyboard.press("Enter")
    is_now(desk, "idle")
    expect(desk.locator("#regret")).to_contain_text(number)
    press(desk, "Backspace")
    is_now(desk, "serving")

    press(desk, "KeyR")
    expect(desk.locator("#outcomes")).to_be_visible()
    desk.keyboard.press("2")
    is_now(desk, "idle")


def test_call_for_help_reaches_the_overview(hall: Hall) -> None:
    desk = hall.desk(1)
    overview = desk.context.new_page()
    overview.goto(hall.url("/admin/"))
    expect(overview.get_by_role("status").filter(has_text="实时")).to_be_visible()
    desk.bring_to_front()
    press(desk, "KeyH")
    expect(desk.locator("#help")).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.locator("#help")).to_be_hidden()
    coming = overview.locator("[data-message] button")
    expect(coming).to_be_visible()
    assert objections(overview) == []
    coming.click()
    expect(overview.locator("[data-message]")).to_have_count(0)
