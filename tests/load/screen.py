"""A browser's socket, bare: it shows every frame as it came, and can pause."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from websocket import WebSocket, WebSocketTimeoutException, create_connection

from tests.servers import PATIENCE_SECONDS

NAMESPACE = "/live"
EVENT = f"42{NAMESPACE},"
ANSWER = f"43{NAMESPACE},"


@dataclass(frozen=True)
class Shown:
    """A snapshot that came."""

    topic: str
    version: int
    data: dict[str, Any] | None


class Screen:
    """One open socket, read only when asked."""

    def __init__(self, socket: WebSocket) -> None:
        self.shown: list[Shown] = []
        self.answers: list[dict[str, list[str]]] = []
        self._socket = socket
        self._asked = 0
        assert str(socket.recv()).startswith("0{")
        socket.send(f"40{NAMESPACE},")
        assert str(socket.recv()).startswith(f"40{NAMESPACE},{{")

    def watch(self, *topics: str) -> dict[str, list[str]]:
        """Ask to hear of topics; wait for the answer: which are watched, which refused."""
        self.ask(*topics)
        self.read_until(lambda: len(self.answers) == self._asked)
        return self.answers[-1]

    def ask(self, *topics: str) -> None:
        """Ask to hear of topics, without waiting."""
        self._asked += 1
        self._socket.send(f"42{NAMESPACE},{self._asked}{json.dumps(['watch', topics])}")

    def of(self, topic: str) -> list[Shown]:
        """Return what came of one topic."""
        return [shown for shown in self.shown if shown.topic == topic]

    def read_until(self, is_enough: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
        """Read until something came; it is an error when it does not come in time."""
        deadline = time.monotonic() + seconds
        while not is_enough():
            self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
            self._take(self._socket.recv())

    def read_for(self, seconds: float) -> None:
        """Read whatever comes for a while."""
        try:
            self.read_until(lambda: False, seconds)
        except WebSocketTimeoutException:
            return

    def _take(self, frame: str | bytes) -> None:
        assert isinstance(frame, str)
        if frame == "2":
            self._socket.send("3")
        elif frame.startswith(ANSWER):
            self.answers.append(json.loads(frame[frame.index("[") :])[0])
        else:
            assert frame.startswith(EVENT), frame[:100]
            name, snapshot = json.loads(frame.removeprefix(EVENT))
            assert name == "snapshot"
            version, data = snapshot["version"], snapshot.get("data")
            self.shown.append(Shown(snapshot["topic"], version, data))


@contextmanager
def screen(
    url: str, *, token: str = "", origin: str = "", options: Sequence[tuple[int, int, int]] = ()
) -> Iterator[Screen]:
    """Open a socket to a station; `options` are the operating system's."""
    socket = create_connection(
        url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket",
        header=[f"Authorization: Bearer {token}"] if token else [],
        origin=origin,
        suppress_origin=not origin,
        sockopt=options,
        timeout=PATIENCE_SECONDS,
    )
    try:
        yield Screen(socket)
    finally:
        socket.close()
