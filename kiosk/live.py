"""Live data: after the commit, whoever shows a topic hears of it.

Actions name what changed; `transaction()` announces it once the commit is done. A pump then
computes one snapshot a topic and sends it, at most `RATE` times a second, however much
changed in between. A topic is a word and a key: `board:raffles-city`, `ticket:5fK…`.
"""

import logging
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, NotRequired, TypedDict

from flask_socketio import SocketIO

NAMESPACE = "/live"
RATE = 4
REMEMBERED = 10_000
# After so many snapshots others have their turn: sockets to write to, requests to answer.
AT_ONCE = 100
PAUSE_AFTER_FAILURE = 2

log = logging.getLogger(__name__)

socketio = SocketIO()


class Snapshot(TypedDict):
    """What a topic shows now. `version` only grows; a staff topic carries no `data`."""

    topic: str
    version: int
    data: NotRequired[dict[str, Any]]


Compute = Callable[[set[str], Callable[[str], bool]], Iterable[Snapshot]]

_pending: ContextVar[set[str] | None] = ContextVar("pending", default=None)


def changed(*topics: str) -> None:
    """Name topics whose snapshot the current transaction makes old."""
    pending = _pending.get()
    if pending is None:
        raise RuntimeError("a fact changes inside transaction() only")
    pending.update(topics)


def begin() -> None:
    """Start to collect topics; a transaction inside another is a mistake."""
    if _pending.get() is not None:
        raise RuntimeError("transaction() stands inside another one")
    _pending.set(set())


def forget() -> None:
    """Drop the topics of a transaction that was undone."""
    _pending.set(None)


def announce() -> None:
    """Hand the topics of the finished transaction to the pump."""
    topics = _pending.get()
    _pending.set(None)
    if topics:
        pump.wake(topics)


class Pump:
    """Collects the topics that changed and sends their snapshots in one pass."""

    def __init__(self) -> None:
        self.dirty: set[str] = set()
        self.compute: Compute | None = None
        self.reaches_other_workers = False
        self._is_running = False
        self._sent: dict[str, int] = {}

    def serve(self, compute: Compute, *, reaches_other_workers: bool) -> None:
        """Compute snapshots with `compute` from now on."""
        self.compute = compute
        self.reaches_other_workers = reaches_other_workers

    def wake(self, topics: set[str]) -> None:
        """Send these topics soon; returns at once."""
        if self.compute is None:
            return
        self.dirty |= topics
        if not self._is_running:
            self._is_running = True
            socketio.start_background_task(self._run)

    def is_watched(self, topic: str) -> bool:
        """Tell whether somebody may be listening to the topic, or to any of a kind: `ticket:`."""
        if self.reaches_other_workers:
            return True
        rooms = socketio.server.manager.rooms.get(NAMESPACE, {})
        if topic.endswith(":"):
            return any(room is not None and room.startswith(topic) for room in rooms)
        return topic in rooms

    def _run(self) -> None:
        while self.dirty:
            topics = self.dirty
            try:
                self.send()
            except Exception:
                log.exception("snapshots failed; trying again in %s s", PAUSE_AFTER_FAILURE)
                self.dirty |= topics
                socketio.sleep(PAUSE_AFTER_FAILURE)
            socketio.sleep(1 / RATE)
        self._is_running = False

    def send(self) -> None:
        """Send one snapshot for everything that is dirty now."""
        topics, self.dirty = self.dirty, set()
        if self.compute is None:
            return
        if len(self._sent) > REMEMBERED:
            self._sent.clear()
        for place, snapshot in enumerate(self.compute(topics, self.is_watched), 1):
            topic, version = snapshot["topic"], snapshot["version"]
            # A commit may be read before it is announced: what it changed was sent already.
            if self._sent.get(topic) != version:
                show(snapshot, to=topic)
                self._sent[topic] = version
            if place % AT_ONCE == 0:
                socketio.sleep(0)


def show(snapshot: Snapshot, to: str) -> None:
    """Send a snapshot to one listener or to all who watch its topic."""
    socketio.emit("snapshot", snapshot, namespace=NAMESPACE, to=to)


pump = Pump()
