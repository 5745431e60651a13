"""Each slip once, one after the other, whoever prints, on both databases."""

import threading
from datetime import timedelta

import time_machine

from kiosk import clock as clock_of
from kiosk.config import Config
from kiosk.db import session, transaction
from kiosk.printing import actions
from kiosk.printing.models import Failure, JobState, PrintJob
from tests.cast import Cast
from tests.printers import FakePrinter, code_of, pictures, print_now, set_up, took


def test_same_press_twice_prints_once(cast: Cast, config: Config, printer: FakePrinter) -> None:
    device = set_up(cast, printer.address)
    browser = cast.kiosk_browser()
    assert took(cast, browser, key="same") == took(cast, browser, key="same")
    assert print_now(cast, device, config) == 1
    assert print_now(cast, device, config) == 0


def test_after_a_restart_fresh_slips_are_printed_and_old_ones_are_not(
    cast: Cast, config: Config, printer: FakePrinter, clock: time_machine.Traveller
) -> None:
    device = set_up(cast, printer.address)
    took(cast)
    clock.shift(timedelta(seconds=100))
    took(cast)
    with transaction():  # a worker took it, and died
        assert actions.claim(device, at=clock_of.now()) is not None
    assert print_now(cast, device, config) == 0
    clock.shift(timedelta(seconds=30))
    assert print_now(cast, device, config) == 1
    session.expire_all()
    first, second = session.query(PrintJob).order_by(PrintJob.id)
    assert (first.state, first.failure) == (JobState.FAILED, Failure.LATE)
    assert (second.state, second.tries) == (JobState.PRINTED, 1)


def test_two_workers_print_each_slip_once(cast: Cast, config: Config, printer: FakePrinter) -> None:
    device = set_up(cast, printer.address)
    tokens = {took(cast) for _ in range(4)}
    counts = []

    def work() -> None:
        counts.append(print_now(cast, device, config))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    work()
    printer.wait()
    codes = [code_of(pictures(stream)[0]) for stream in printer.printed]
    assert sum(counts) == 4
    assert sorted(codes) == sorted(f"http://localhost/t/{token}" for token in tokens)
