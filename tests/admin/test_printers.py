"""Printers and slips in the staff's hands: set up, tested, printed again, with own words."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from kiosk.config import Config
from kiosk.db import session, transaction
from kiosk.printing.models import (
    Failure,
    JobState,
    Paper,
    Printer,
    PrinterKind,
    PrintJob,
    SlipText,
)
from kiosk.staff.permissions import Role
from tests.admin.test_desk import DESK, seated
from tests.cast import Cast
from tests.pages import post
from tests.printers import device_of, print_now, set_up, the_job, took

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

SLIPS = "/admin/slips"


def test_manager_gives_a_kiosk_a_printer_tests_it_and_takes_it_away(cast: Cast) -> None:
    manager = cast.browser("wang", Role.MANAGER)
    page = f"/admin/devices/{device_of(cast).id}/printer"
    wrong = post(manager, page, page, kind="network", address="not an address", dots="576")
    assert wrong.status_code == 409
    assert "这不是打印机的地址" in wrong.text
    assert post(manager, page, f"{page}/test").status_code == 409
    fine = {"kind": "network", "address": "192.168.1.50:9100", "dots": "384"}
    assert post(manager, page, page, **fine).status_code == 303
    assert session.query(Printer).one().dots == 384
    assert post(manager, page, f"{page}/test").status_code == 303
    assert the_job().ticket_id is None
    assert "打印中" in manager.get(f"{page}/live").text
    assert "还没打印过" in manager.get("/admin/devices").text
    assert post(manager, page, page, kind="").status_code == 303
    assert session.query(Printer).count() == 0
    assert the_job().state is JobState.FAILED


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("file", "/etc/passwd"),
        ("file", "../secret_key"),
        ("usb", "04b8"),
        ("network", "printer:99999"),
        ("network", "http://printer"),
    ],
)
def test_what_is_no_printer_is_refused(cast: Cast, kind: str, address: str) -> None:
    manager = cast.browser("wang", Role.MANAGER)
    page = f"/admin/devices/{device_of(cast).id}/printer"
    assert post(manager, page, page, kind=kind, address=address, dots="576").status_code == 409


def test_clerk_prints_a_slip_again(cast: Cast) -> None:
    device = set_up(cast, "127.0.0.1:1")
    took(cast)
    config: Config = cast.app.extensions["config"]
    print_now(cast, device, replace(config, slip_font="/nowhere.ttf"))
    clerk = cast.browser("li")
    assert "没有中文字体" in clerk.get(SLIPS).text
    assert post(clerk, SLIPS, f"{SLIPS}/{the_job().id}/again").status_code == 303
    assert session.query(PrintJob).count() == 2
    assert (the_job().state, the_job().is_repeat) == (JobState.QUEUED, False)


def test_station_s_own_words_stand_on_the_slip(cast: Cast) -> None:
    manager = cast.browser("wang", Role.MANAGER)
    before = Image.open(io.BytesIO(manager.get(f"{SLIPS}/preview?dots=384").data))
    words = {"text_zh": "电话 6288 0000", "text_en": "Telephone 6288 0000"}
    assert post(manager, SLIPS, SLIPS, **words).status_code == 303
    assert session.query(SlipText).one().text_zh == "电话 6288 0000"
    after = Image.open(io.BytesIO(manager.get(f"{SLIPS}/preview?dots=384").data))
    assert after.width == before.width == 384
    assert after.height > before.height


def test_desk_tells_which_kiosk_s_printer_needs_somebody(cast: Cast) -> None:
    device = device_of(cast)
    with transaction():
        printer = Printer(device_id=device.id, kind=PrinterKind.FILE, address="slip", dots=576)
        session.add(printer)
    clerk = seated(cast)
    assert device.name not in clerk.get(f"{DESK}/window").text
    for paper, failure, words in (
        (Paper.LOW, None, "纸快用完"),
        (Paper.OUT, Failure.PAPER_OUT, "缺纸"),
        (Paper.UNKNOWN, Failure.UNREACHABLE, "连不上"),
    ):
        with transaction():
            printer = session.query(Printer).one()
            printer.paper, printer.failure = paper, failure
        window = clerk.get(f"{DESK}/window").text
        assert device.name in window
        assert words in window
