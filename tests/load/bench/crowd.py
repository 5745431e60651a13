"""A thousand phones in a process of their own: bare sockets that note when a text arrives."""

import json
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

NAMESPACE = "/live"
PATIENCE_SECONDS = 20


class Phone:
    """One socket; it answers pings and looks for the text that it waits for."""

    def __init__(self, port: int, topics: Sequence[str]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        self.buffer = b""
        key = "AAAAAAAAAAAAAAAAAAAAAA=="
        self.socket.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self.buffer:
            self.receive()
        self.buffer = self.buffer.partition(b"\r\n\r\n")[2]
        self._wait_for(b'0{"sid"')
        self.send(f"40{NAMESPACE},")
        self._wait_for(f"40{NAMESPACE},".encode())
        self.send(f"42{NAMESPACE},7{json.dumps(['watch', topics])}")
        self._wait_for(f"43{NAMESPACE},7".encode())

    def send(self, text: str) -> None:
        """Send a short frame; a browser's frames are masked, here with zeros."""
        data = text.encode()
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2)
        self.socket.sendall(b"\x81" + size + bytes(4) + data)

    def frames(self) -> Iterator[bytes]:
        """Yield every whole frame's text that was received."""
        while len(self.buffer) >= 2:
            start, size = 2, self.buffer[1]
            if size == 126:
                start, size = 4, int.from_bytes(self.buffer[2:4])
            elif size == 127:
                start, size = 10, int.from_bytes(self.buffer[2:10])
            if len(self.buffer) < start + size:
                return
            frame, self.buffer = self.buffer[start : start + size], self.buffer[start + size :]
            if frame == b"2":
                self.send("3")
            yield frame

    def _wait_for(self, beginning: bytes) -> None:
        while not any(frame.startswith(beginning) for frame in self.frames()):
            self.receive()

    def receive(self) -> None:
        """Take what the socket has."""
        got = self.socket.recv(65_536)
        if not got:
            raise ConnectionError("the server hung up")
        self.buffer += got


def _live(port: int, topics: Sequence[Sequence[str]], orders: Connection) -> None:
    """Open a phone for each list of topics, then do as ordered: wait for a text everywhere."""
    phones = selectors.DefaultSelector()
    for watched in topics:
        phone = Phone(port, watched)
        phones.register(phone.socket, selectors.EVENT_READ, phone)
    orders.send(len(topics))
    while True:
        while not orders.poll():
            _read(phones, None, 0.05)
        text: bytes | None = orders.recv()
        if text is None:
            return
        orders.send("looking")
        orders.send(_arrivals(phones, text, len(topics)))


def _arrivals(phones: selectors.BaseSelector, text: bytes, count: int) -> list[float]:
    arrived: dict[int, float] = {}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(arrived) < count and time.monotonic() < deadline:
        for phone, at in _read(phones, text, 0.5):
            arrived.setdefault(phone, at)
    return list(arrived.values())


def _read(
    phones: selectors.BaseSelector, text: bytes | None, seconds: float
) -> list[tuple[int, float]]:
    found = []
    for key, _events in phones.select(seconds):
        at = time.monotonic()
        key.data.receive()
        if any(text is not None and text in frame for frame in list(key.data.frames())):
            found.append((key.fd, at))
    return found


class Crowd:
    """The phones, as the bench sees them."""

    def __init__(self, orders: Connection, size: int) -> None:
        self.size = size
        self._orders = orders

    def wait_for(self, text: bytes) -> None:
        """Begin to look for a text."""
        self._orders.send(text)
        assert self._orders.recv()

    def arrivals(self) -> list[float]:
        """Return when it came, by the machine's monotonic clock."""
        came: list[float] = self._orders.recv()
        assert len(came) == self.size, f"{len(came)} of {self.size} phones heard it"
        return came


@contextmanager
def crowd(port: int, topics: Sequence[Sequence[str]]) -> Iterator[Crowd]:
    """Open the phones, each watching its topics."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_live, args=(port, topics, theirs), daemon=True)
    process.start()
    assert ours.poll(120), "the phones did not come in"
    size: int = ours.recv()
    try:
        yield Crowd(ours, size)
    finally:
        ours.send(None)
        process.join(5)
        process.kill()
