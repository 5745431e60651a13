"""The way to a printer: bytes out, its status back, and never a long wait.

Nothing here blocks: sockets and device files are waited for with a limit, so that under gevent
the others go on meanwhile.
"""

import os
import re
import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from kiosk.printing.models import Failure, Paper, PrinterKind

# In seconds: for a connection or the next bytes, and for a whole slip.
PATIENCE = 3.0
IN_ALL = 10.0
ANSWER_WITHIN = 1.0
PORT = 9100
# What waits in our own system looks as though it had been taken; so it is little.
WAITS_HERE = 8192
# Real-time status 4 of ESC/POS, the paper's sensors; the answer is one byte.
ASK_PAPER = b"\x10\x04\x04"
_MARK, _MARKED = 0b1001_0011, 0b0001_0010
_OUT, _LOW = 0b0110_0000, 0b0000_1100

_HOST = re.compile(r"^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?$")
_USB = re.compile(r"^([0-9a-f]{4}):([0-9a-f]{4})$", re.IGNORECASE)
_DEVICE = re.compile(r"^/dev/(usb/)?lp\d+$")
_NAME = re.compile(r"^\w[\w.-]{0,60}$")


class Failed(Exception):
    """Nothing, or not all, came out of the printer."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class Target(NamedTuple):
    """Which printer is meant; `folder` takes the files of printers that are files."""

    kind: PrinterKind
    address: str
    folder: Path
    usb: Path = Path("/sys/class/usbmisc")


def is_address(kind: PrinterKind, address: str) -> bool:
    """Tell whether a printer of this kind can have this address."""
    if kind is PrinterKind.NETWORK:
        match = _HOST.match(address)
        return match is not None and 0 < int(match[2] or PORT) < 1 << 16
    if kind is PrinterKind.USB:
        return _USB.match(address) is not None
    return _DEVICE.match(address) is not None or _NAME.match(address) is not None


def deliver(target: Target, data: bytes, *, answers: bool) -> Paper:
    """Send a slip to its printer; returns what that says of its paper.

    A printer that has no paper gets nothing, or it would print late. Who `answers` usually and
    does not now is stuck, though the network still takes bytes for it.

    Raises:
        Failed: it is not there, does not take the bytes, or has no paper.

    """
    try:
        with _open(target) as wire:
            before = _paper(wire)
            if before is Paper.OUT:
                raise Failed(Failure.PAPER_OUT)
            if before is Paper.UNKNOWN and answers:
                raise Failed(Failure.SILENT)
            wire.send(data)
            if before is Paper.UNKNOWN:
                return before
            after = _paper(wire)
    except TimeoutError as error:
        raise Failed(Failure.SILENT) from error
    except OSError as error:
        raise Failed(Failure.UNREACHABLE) from error
    if after is Paper.OUT:
        raise Failed(Failure.PAPER_OUT)
    if after is Paper.UNKNOWN:
        raise Failed(Failure.SILENT)
    return after


class _Wire(NamedTuple):
    """An open way: a descriptor that does not block, and how it is written and read."""

    descriptor: int
    write: Callable[[memoryview], int]
    read: Callable[[int], bytes]
    can_answer: bool

    def send(self, data: bytes) -> None:
        """Send all of it; raises TimeoutError when the printer takes too long, or takes nothing."""
        left = memoryview(data)
        ends = time.monotonic() + IN_ALL
        while left:
            try:
                left = left[self.write(left) :]
            except BlockingIOError:
                self._wait(min(ends, time.monotonic() + PATIENCE), for_writing=True)

    def receive(self, within: float) -> bytes:
        """Return what the printer says, empty where it says nothing."""
        try:
            self._wait(time.monotonic() + within, for_writing=False)
            return self.read(64)
        except (TimeoutError, BlockingIOError):
            return b""

    def _wait(self, ends: float, *, for_writing: bool) -> None:
        wanted = [self.descriptor]
        left = max(0.0, ends - time.monotonic())
        ready = select.select(
            [] if for_writing else wanted, wanted if for_writing else [], [], left
        )
        if not any(ready):
            raise TimeoutError


def _paper(wire: _Wire) -> Paper:
    if not wire.can_answer:
        return Paper.UNKNOWN
    wire.send(ASK_PAPER)
    said = [byte for byte in wire.receive(ANSWER_WITHIN) if byte & _MARK == _MARKED]
    if not said:
        return Paper.UNKNOWN
    if said[-1] & _OUT:
        return Paper.OUT
    return Paper.LOW if said[-1] & _LOW else Paper.ENOUGH


@contextmanager
def _open(target: Target) -> Iterator[_Wire]:
    if target.kind is PrinterKind.NETWORK:
        match = _HOST.match(target.address)
        host, port = (match[1].strip("[]"), int(match[2] or PORT)) if match else ("", PORT)
        with socket.create_connection((host, port), timeout=PATIENCE) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, WAITS_HERE)
            connection.settimeout(0)
            yield _Wire(connection.fileno(), connection.send, connection.recv, can_answer=True)
        return
    path = path_of(target)
    is_device = path.is_relative_to("/dev")
    how = os.O_RDWR | os.O_NONBLOCK if is_device else os.O_WRONLY | os.O_CREAT | os.O_APPEND
    descriptor = os.open(path, how | os.O_CLOEXEC, 0o600)
    try:
        yield _Wire(
            descriptor,
            lambda data: os.write(descriptor, data),
            lambda size: os.read(descriptor, size),
            can_answer=is_device,
        )
    finally:
        os.close(descriptor)


def path_of(target: Target) -> Path:
    """Return the file through which a printer that is no network printer is reached."""
    if target.kind is PrinterKind.USB:
        return _usb_path(target)
    if _DEVICE.match(target.address):
        return Path(target.address)
    target.folder.mkdir(parents=True, exist_ok=True)
    return target.folder / target.address


def _usb_path(target: Target) -> Path:
    """Return the device file that Linux gave to the printer with this vendor and product."""
    wanted = target.address.lower().split(":")
    for port in sorted(target.usb.glob("lp*")):
        for above in (port / "device").resolve().parents:
            marks = [above / name for name in ("idVendor", "idProduct")]
            if all(mark.is_file() for mark in marks):
                if [mark.read_text().strip() for mark in marks] == wanted:
                    return Path("/dev/usb") / port.name
                break
    raise FileNotFoundError(target.address)
