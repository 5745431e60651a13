"""The manager lays a break, the clerk's desk reminds of it, and one key takes it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.browser.people import Hall


def save(page: Page, hall: Hall, hours: str, breaks: str) -> None:
    """Change today's shift of counter 1."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    page.goto(hall.url(f"/admin/rota/1/{today}"))
    page.select_option("#who-1", index=1)
    page.fill("#hours-1", hours)
    page.fill("#breaks-1", breaks)
    page.get_by_role("button", name="保存这一天").click()
    page.wait_for_url("**/admin/rota?day=*")


def test_break_is_reminded_of_and_taken_with_one_key(hall: Hall) -> None:
    desk = hall.desk(1)
    manager = desk.context.new_page()
    save(manager, hall, "0:00-24:00", "0:00-24:00")
    desk.bring_to_front()
    reminder = desk.locator(".break-reminder")
    expect(reminder).to_contain_text("休息到 24:00")
    desk.keyboard.press("KeyB")
    expect(desk.locator("#window")).to_have_attribute("data-state", "paused")
    expect(reminder).to_have_count(0)
    expect(desk.get_by_text("按排班，您的休息到 24:00。")).to_be_visible()
    save(manager, hall, "", "")
    desk.bring_to_front()
    desk.wait_for_timeout(900)  # the guard that holds off a double press
    desk.keyboard.press("KeyP")
    expect(desk.locator("#window")).not_to_have_attribute("data-state", "paused")
