"""The load: bare keep-alive connections that ask again as soon as they are answered."""

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count

MOST_BYTES = 65_536


@dataclass(frozen=True)
class Reply:
    """What came back, as it stood on the wire."""

    status: int
    head: str
    body: bytes


class Connection:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> Reply:
        """Send a request and wait for its answer."""
        self._socket.sendall(request)
        got = self._socket.recv(MOST_BYTES)
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, body = got.partition(b"\r\n\r\n")
        text = head.decode().lower()
        length = int(text.partition("content-length: ")[2].partition("\r\n")[0] or 0)
        while len(body) < length:
            body += self._more()
        return Reply(int(text[9:12]), text, body)

    def _more(self) -> bytes:
        more = self._socket.recv(MOST_BYTES)
        if not more:
            raise ConnectionError("the server hung up")
        return more

    def close(self) -> None:
        self._socket.close()


def request(method: str, path: str, body: str = "", **headers: str) -> bytes:
    """Write a request down; header names use `_` for `-`."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if method == "POST":
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


@dataclass(frozen=True)
class Job:
    """What every client asks, again and again; `is_done` tells whether an answer counts."""

    port: int
    ask: Callable[[int], bytes]
    is_done: Callable[[Reply], bool]


def rate(job: Job, clients: int, seconds: float) -> float:
    """Return how many answers a second come when so many clients ask at once."""
    numbers = count()
    until = time.monotonic() + seconds

    def visit(_client: int) -> int:
        connection, done = Connection(job.port), 0
        while time.monotonic() < until:
            reply = connection.ask(job.ask(next(numbers)))
            if reply.status >= 400:
                msg = f"{reply.status}: {reply.body[:200]!r}"
                raise RuntimeError(msg)
            done += job.is_done(reply)
        connection.close()
        return done

    started = time.monotonic()
    with ThreadPoolExecutor(clients) as threads:
        done = sum(threads.map(visit, range(clients)))
    return done / (time.monotonic() - started)
