"""Somebody books at the kiosk, takes the time along, comes, and gets a number."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.people import PHONE, Hall
from tests.browser.sight import objections
from tests.servers import PATIENCE_SECONDS

SERVICE = "/s/raffles-city/services/SB-0301"


def bring_near(hall: Hall, token: str) -> None:
    """Let the booked time be in twelve minutes."""
    starts = datetime.now(UTC) + timedelta(minutes=12)
    times = [
        f"{moment:%Y-%m-%d %H:%M:%S}.000000" for moment in (starts, starts + timedelta(hours=1))
    ]
    data = Path(hall.station.settings["DATA_DIR"]) / "loumenkou.db"
    with closing(sqlite3.connect(data, timeout=PATIENCE_SECONDS)) as connection, connection:
        connection.execute(
            "UPDATE appointment SET starts_at = ?, ends_at = ? WHERE token = ?", (*times, token)
        )


def test_book_at_the_kiosk_and_check_in_with_the_phone(hall: Hall) -> None:
    kiosk = hall.kiosk()
    kiosk.goto(hall.url(SERVICE))
    kiosk.get_by_role("link", name="预约时间").click()
    expect(kiosk.locator(".slot").first).to_be_visible()
    assert objections(kiosk) == []
    kiosk.locator(".slot:not([disabled])").last.click()
    expect(kiosk.get_by_role("heading", name="约好了")).to_be_visible()
    assert objections(kiosk) == []
    address = kiosk.locator(".qr-card-address").inner_text()
    token = address.rpartition("/")[2]

    phone = hall.window(PHONE)
    phone.goto(hall.url(f"/b/{token}"))
    expect(phone.get_by_text("已预约")).to_be_visible()
    with phone.expect_download() as file:
        phone.get_by_role("link", name="存进日历").click()
    assert "BEGIN:VEVENT" in file.value.path().read_text()
    phone.get_by_role("link", name="改时间").click()
    phone.locator(".slot:not([disabled])").first.click()
    expect(phone.get_by_text("已预约")).to_be_visible()

    bring_near(hall, token)
    phone.goto(hall.url(f"/b/{token}"))
    expect(phone.get_by_text("现在可以签到")).to_be_visible()
    expect(phone.locator("[data-reminder]")).to_be_visible()
    assert objections(phone) == []

    kiosk.goto(hall.url("/s/raffles-city/check-in"))
    kiosk.locator("#code").fill(hall.url(f"/b/{token}"))
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator(".ticket-number-figure")).to_contain_text("B")
    phone.reload()
    phone.get_by_role("link", name="查看 B").click()
    expect(phone.locator("[data-ticket]")).to_have_attribute("data-state", "waiting")
