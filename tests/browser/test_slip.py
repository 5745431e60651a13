"""A kiosk whose printer does not answer: the number stays longer on its screen, and says why."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.people import Hall
from tests.browser.sight import objections

USUAL_SECONDS = 30


def change(hall: Hall, sql: str, *values: object) -> None:
    data = Path(hall.station.settings["DATA_DIR"]) / "loumenkou.db"
    with closing(sqlite3.connect(data, timeout=20)) as connection, connection:
        connection.execute(sql, values)


@pytest.fixture
def unheard(hall: Hall) -> Iterator[str]:
    """Give every kiosk of the hall a printer at an address where nobody listens."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        yield address
    change(hall, "DELETE FROM print_job")
    change(hall, "DELETE FROM printer")
    change(hall, "UPDATE device SET prints = 0")


def test_number_stays_longer_where_no_slip_comes_out(hall: Hall, unheard: str) -> None:
    kiosk = hall.kiosk()
    change(
        hall,
        "INSERT INTO printer (device_id, kind, address, dots, paper, answers)"
        " SELECT id, 'network', ?, 576, 'unknown', 0 FROM device WHERE kind = 'kiosk'",
        unheard,
    )
    change(hall, "UPDATE device SET prints = 1 WHERE kind = 'kiosk'")
    kiosk.goto(hall.url("/s/raffles-city/take"))
    kiosk.locator("form[action$='/tickets'] button[value=A]").click()
    expect(kiosk.locator(".ticket-number-figure")).to_contain_text("A")
    expect(kiosk.locator(".slip[data-state=failed]")).to_be_visible(timeout=20_000)
    expect(kiosk.locator("svg.qr")).to_be_visible()
    left = kiosk.locator("[data-countdown] [data-fill=seconds]")
    kiosk.wait_for_function(
        "least => Number(document.querySelector('[data-fill=seconds]').textContent) > least",
        arg=USUAL_SECONDS,
    )
    expect(left).to_be_visible()
    assert objections(kiosk) == []
    token = kiosk.url.rpartition("/")[2]
    httpx.post(hall.url(f"/api/v1/tickets/{token}/cancel")).raise_for_status()
