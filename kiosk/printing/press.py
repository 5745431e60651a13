"""The press: takes slips one after the other to their printers, beside the requests.

Nothing here stands in a transaction while a printer is waited for.
"""

import logging
from pathlib import Path

import gevent
from flask import Flask

from kiosk import clock
from kiosk.config import Config
from kiosk.db import session, transaction
from kiosk.printing import actions
from kiosk.printing.models import Failure, Paper, Printer, PrintJob
from kiosk.printing.queries import find_printer, slip_text
from kiosk.printing.raster import NoFontError, Piece, draw, encoded
from kiosk.printing.slip import Slip, pieces
from kiosk.printing.wire import Failed, Target, deliver
from kiosk.stations.models import Station
from kiosk.tickets import snapshots
from kiosk.tickets.models import Ticket

log = logging.getLogger(__name__)


class Press:
    """Prints in the background of one worker; until it is started, nothing is printed there."""

    def __init__(self) -> None:
        self.app: Flask | None = None
        self._at_work: set[int] = set()

    def start(self, app: Flask) -> None:
        """Print from now on."""
        self.app = app

    def wake(self, device_id: int) -> None:
        """Print what waits for a kiosk's printer, soon; returns at once."""
        if self.app is not None and device_id not in self._at_work:
            self._at_work.add(device_id)
            gevent.spawn(self._run, self.app, device_id)

    def _run(self, app: Flask, device_id: int) -> None:
        try:
            with app.app_context():
                print_all(device_id, app.extensions["config"])
        except Exception:
            log.exception("printing failed; the next sweep tries again")
        finally:
            self._at_work.discard(device_id)


def print_all(device_id: int, config: Config) -> int:
    """Print all that waits for a kiosk's printer; returns how many slips were tried."""
    count = 0
    while True:
        with transaction():
            job = actions.claim(device_id, at=clock.now())
        printer = find_printer(device_id)
        if job is None or printer is None:
            return count
        _print(job, printer, config)
        count += 1


def _print(job: PrintJob, printer: Printer, config: Config) -> None:
    station = printer.device.station
    failure, paper = None, printer.paper
    try:
        slip = draw(_pieces(job, station), printer.dots, config.slip_font)
        target = Target(printer.kind, printer.address, slips_folder(config))
        answers = printer.answers
        session.rollback()  # nothing is kept open while the printer is waited for
        paper = deliver(target, encoded(slip), answers=answers)
    except NoFontError:
        failure = Failure.NO_FONT
    except Failed as error:
        failure = error.failure
        paper = Paper.OUT if failure is Failure.PAPER_OUT else Paper.UNKNOWN
    except Exception:
        log.exception("a slip could not be printed")
        failure, paper = Failure.BROKEN, Paper.UNKNOWN
    with transaction():
        actions.record(job, station, failure=failure, paper=paper, at=clock.now())


def slips_folder(config: Config) -> Path:
    """Return where printers that are files write."""
    return config.data_dir / "slips"


def _pieces(job: PrintJob, station: Station) -> list[Piece]:
    at = clock.now()
    slip = _slip(job.ticket, job) if job.ticket else sample(job.url)
    return pieces(slip, station, slip_text(station), at, job.language)


def _slip(ticket: Ticket, job: PrintJob) -> Slip:
    _station, data = snapshots.ticket(ticket.token)
    return Slip(
        number=ticket.number,
        queue=ticket.queue,
        service_zh=data["service_zh"] or "",
        service_en=data["service_en"] or "",
        ahead=data["ahead"],
        issued_at=ticket.issued_at,
        url=job.url,
        is_repeat=job.is_repeat,
    )


def sample(url: str) -> Slip:
    """Return a slip that is nobody's, to see whether and how a printer prints."""
    return Slip("T000", None, "测试小票", "Test slip", 0, clock.now(), url)


press = Press()
