"""A printer without paper: it takes bytes over the network and gives the picture back."""

import socket
import threading
from types import TracebackType
from typing import Self

import zxingcpp
from flask.testing import FlaskClient
from PIL import Image

from kiosk.config import Config
from kiosk.db import session, transaction
from kiosk.printing import actions
from kiosk.printing.models import Printer, PrinterKind, PrintJob
from kiosk.printing.press import print_all
from kiosk.stations.models import Device
from tests.cast import Cast
from tests.pages import form_token
from tests.servers import PATIENCE_SECONDS

HOME = "/s/raffles-city/"

ENOUGH, LOW, OUT = b"\x12", b"\x1e", b"\x7e"
ASK = b"\x10\x04\x04"
RASTER = b"\x1dv0"


class FakePrinter:
    """Records what it is sent, one connection after the other.

    It answers each question for its paper with the next of `says`, the last for ever; one that
    `hangs` takes connections and reads nothing.
    """

    def __init__(self, *says: bytes, hangs: bool = False) -> None:
        self.says = list(says)
        self.hangs = hangs
        self.printed: list[bytes] = []
        self._open: list[socket.socket] = []
        self._server = socket.socket()
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._server.bind(("127.0.0.1", 0))
        self._server.listen()
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._start(self._serve)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for connection in self._open:
            connection.close()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)

    def _start(self, work: object, *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._server.accept()
            except OSError:
                return
            self._open.append(connection)
            if not self.hangs:
                self._start(self._read, connection)

    def _read(self, connection: socket.socket) -> None:
        received = b""
        while data := connection.recv(65536):
            received += data
            if data.endswith(ASK) and self.says:
                connection.sendall(self.says.pop(0) if len(self.says) > 1 else self.says[0])
        connection.close()
        self._open.remove(connection)
        self.printed.append(received)

    def wait(self) -> None:
        """Wait until everything that was sent is recorded."""
        for thread in self._threads[1:]:
            thread.join(PATIENCE_SECONDS)


def pictures(stream: bytes) -> list[Image.Image]:
    """Return the pictures of a recorded stream: each a row of GS v 0 bands, up to a cut."""
    found = []
    for part in stream.split(b"\x1dV")[:-1]:
        bands, at = [], part.find(RASTER)
        while at >= 0:
            columns, rows = (
                int.from_bytes(part[at + 4 + i : at + 6 + i], "little") for i in (0, 2)
            )
            dots = part[at + 8 : at + 8 + columns * rows]
            bands.append(Image.frombytes("1", (columns * 8, rows), dots))
            at = part.find(RASTER, at + 8 + columns * rows)
        slip = Image.new("1", (bands[0].width, sum(band.height for band in bands)))
        top = 0
        for band in bands:
            slip.paste(band, (0, top))
            top += band.height
        found.append(slip.point(lambda dot: 255 - dot))
    return found


def code_of(picture: Image.Image) -> str:
    """Return what the picture's QR code says."""
    codes = zxingcpp.read_barcodes(picture.convert("L"))
    assert len(codes) == 1
    return str(codes[0].text)


def device_of(cast: Cast) -> Device:
    assert cast.kiosk_token
    return session.query(Device).filter_by(name="kiosk").one()


def set_up(
    cast: Cast, address: str, dots: int = 576, kind: PrinterKind = PrinterKind.NETWORK
) -> int:
    device = device_of(cast)
    with transaction():
        actions.set_up(device, kind, address, dots)
    return device.id


def took(cast: Cast, browser: FlaskClient | None = None, **more: str) -> str:
    """Take a number on the kiosk's page; returns its token."""
    browser = browser or cast.kiosk_browser()
    token = form_token(browser, f"{HOME}take")
    sent = {"csrf_token": token, "queue": "A", **more}
    answer = browser.post(f"{HOME}tickets", data=sent)
    assert answer.status_code == 303, answer.text
    return answer.location.rsplit("/", 1)[1]


def print_now(cast: Cast, device: int, config: Config) -> int:
    with cast.app.app_context():
        return print_all(device, config)


def the_job() -> PrintJob:
    session.expire_all()
    return session.query(PrintJob).order_by(PrintJob.id.desc()).limit(1).one()


def the_printer() -> Printer:
    session.expire_all()
    return session.query(Printer).one()
