"""Slips: printed after the commit, once, and never in the way of a visitor."""

import socket
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from kiosk import clock as clock_of
from kiosk.config import Config
from kiosk.db import session, transaction
from kiosk.printing import actions, wire
from kiosk.printing.models import Failure, JobState, Paper, PrinterKind, PrintJob
from kiosk.tickets.models import MissedRule
from tests.cast import Cast
from tests.pages import form_token
from tests.printers import (
    ENOUGH,
    HOME,
    LOW,
    OUT,
    FakePrinter,
    code_of,
    device_of,
    pictures,
    print_now,
    set_up,
    the_job,
    the_printer,
    took,
)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait little for a printer that will not answer."""
    monkeypatch.setattr(wire, "ANSWER_WITHIN", 0.2)


@pytest.mark.parametrize("dots", [384, 576])
def test_slip_comes_out_with_its_code(
    cast: Cast, config: Config, printer: FakePrinter, dots: int
) -> None:
    device = set_up(cast, printer.address, dots)
    token = took(cast)
    assert the_job().state is JobState.QUEUED
    assert print_now(cast, device, config) == 1
    printer.wait()
    (slip,) = pictures(printer.printed[0])
    assert slip.width == dots
    assert code_of(slip) == f"http://localhost/t/{token}"
    assert (the_job().state, the_job().tries) == (JobState.PRINTED, 1)
    assert (the_printer().paper, the_printer().failure) == (Paper.ENOUGH, None)


def test_only_a_kiosk_with_a_printer_asks_for_slips(cast: Cast, printer: FakePrinter) -> None:
    took(cast)
    set_up(cast, printer.address)
    cast.took()  # a program prints for itself
    assert session.query(PrintJob).count() == 0
    took(cast)
    with transaction():
        actions.take_away(device_of(cast), at=clock_of.now())
    assert the_job().state is JobState.FAILED
    took(cast)
    assert session.query(PrintJob).count() == 1


@pytest.mark.usefixtures("hurry")
def test_printer_that_hangs_holds_nobody_up(
    cast: Cast, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "PATIENCE", 0.4)
    with FakePrinter(hangs=True) as fake:
        device = set_up(cast, fake.address)
        token = took(cast)
        print_now(cast, device, config)
    assert the_job().failure is Failure.SILENT
    page = cast.kiosk_browser().get(f"{HOME}tickets/{token}/slip").text
    assert 'data-state="failed"' in page
    assert "请拍下号码或扫码" in page


def test_printer_that_answered_before_and_is_silent_now_hangs(
    cast: Cast, config: Config, request: pytest.FixtureRequest
) -> None:
    with FakePrinter(ENOUGH) as fake:
        device = set_up(cast, fake.address)
        took(cast)
        print_now(cast, device, config)
        fake.wait()
        fake.says.clear()
        request.getfixturevalue("hurry")
        took(cast)
        print_now(cast, device, config)
        fake.wait()
        assert the_job().failure is Failure.SILENT
        assert [len(pictures(stream)) for stream in fake.printed] == [1, 0]


@pytest.mark.usefixtures("hurry")
def test_printer_that_never_answers_prints_all_the_same(cast: Cast, config: Config) -> None:
    with FakePrinter() as fake:
        device = set_up(cast, fake.address)
        took(cast)
        print_now(cast, device, config)
        fake.wait()
        assert len(pictures(fake.printed[0])) == 1
    assert the_job().state is JobState.PRINTED
    assert the_printer().paper is Paper.UNKNOWN


def test_connection_that_is_refused_is_a_reason(cast: Cast, config: Config) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        device = set_up(cast, f"127.0.0.1:{nobody.getsockname()[1]}")
        took(cast)
        print_now(cast, device, config)
    assert the_job().failure is Failure.UNREACHABLE


def test_without_paper_nothing_is_sent_and_the_staff_are_told(cast: Cast, config: Config) -> None:
    manager = cast.browser("li")
    with FakePrinter(OUT) as fake:
        device = set_up(cast, fake.address)
        took(cast)
        print_now(cast, device, config)
        fake.wait()
        assert pictures(fake.printed[0]) == []
        assert (the_job().failure, the_printer().paper) == (Failure.PAPER_OUT, Paper.OUT)
        assert "打印机缺纸" in manager.get("/admin/").text
        fake.says[:] = [LOW]
        took(cast)
        print_now(cast, device, config)
    assert (the_job().state, the_printer().paper) == (JobState.PRINTED, Paper.LOW)
    page = manager.get("/admin/").text
    assert "打印机缺纸" not in page
    assert "纸快用完了" in page


def test_paper_that_ends_in_the_middle_fails_the_slip(cast: Cast, config: Config) -> None:
    with FakePrinter(ENOUGH, OUT) as fake:
        device = set_up(cast, fake.address)
        took(cast)
        print_now(cast, device, config)
    assert the_job().failure is Failure.PAPER_OUT


def test_visitor_prints_again_within_two_minutes(
    cast: Cast, config: Config, printer: FakePrinter, clock: time_machine.Traveller
) -> None:
    device = set_up(cast, printer.address)
    browser = cast.kiosk_browser()
    token = took(cast, browser)
    page = f"{HOME}tickets/{token}/slip"
    form = {"csrf_token": form_token(browser, f"{HOME}take")}
    print_now(cast, device, config)
    assert "再打一张" in browser.get(page).text
    assert browser.post(page, data=form).status_code == 303
    assert browser.post(page, data=form).status_code == 303  # a double tap
    assert print_now(cast, device, config) == 1
    clock.shift(timedelta(minutes=3))
    assert "再打一张" not in browser.get(page).text
    assert browser.post(page, data=form).status_code == 409
    assert session.query(PrintJob).count() == 2
    assert the_job().is_repeat


def test_slip_of_a_number_is_the_kiosk_s_own(cast: Cast, printer: FakePrinter) -> None:
    set_up(cast, printer.address)
    token = took(cast)
    assert cast.browser().get(f"{HOME}tickets/{token}/slip").status_code == 404
    assert cast.kiosk_browser().get(f"{HOME}tickets/{token}/slip").status_code == 200
    taken = cast.kiosk_browser().get(f"{HOME}tickets/{token}").text
    assert f'data-slip="{HOME}tickets/{token}/slip"' in taken


def test_visitor_s_language_and_the_rule_stand_on_the_slip(
    cast: Cast, config: Config, printer: FakePrinter
) -> None:
    device = set_up(cast, printer.address)
    with transaction():
        cast.queue().missed_rule = MissedRule.VOID
        actions.set_text(cast.station, "电话 6288", "Telephone 6288")
    browser = cast.kiosk_browser()
    browser.get(f"{HOME}?lang=en")
    took(cast, browser)
    assert the_job().language == "en"
    print_now(cast, device, config)
    assert the_job().state is JobState.PRINTED


def test_without_a_font_nothing_is_printed_and_it_is_said(
    cast: Cast, config: Config, printer: FakePrinter
) -> None:
    device = set_up(cast, printer.address)
    took(cast)
    print_now(cast, device, replace(config, slip_font="/nowhere.ttf"))
    assert the_job().failure is Failure.NO_FONT
    assert printer.printed == []


def test_printer_may_be_a_file(cast: Cast, config: Config) -> None:
    device = set_up(cast, "slips.bin", 384, PrinterKind.FILE)
    token = took(cast)
    print_now(cast, device, config)
    (slip,) = pictures((config.data_dir / "slips/slips.bin").read_bytes())
    assert code_of(slip) == f"http://localhost/t/{token}"
