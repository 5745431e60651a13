"""Live data over plain HTTP: what the socket would push."""

from typing import Any

from typing_extensions import TypedDict

from kiosk import live
from kiosk.refusal import NotFound
from kiosk.topics import PUBLIC_KINDS, snapshots


class SnapshotAnswer(TypedDict):
    """A topic, its version that only grows, and what it shows."""

    topic: str
    version: int
    data: dict[str, Any]


def show(topic: str) -> live.Snapshot:
    """Return a topic's snapshot."""
    if topic.partition(":")[0] in PUBLIC_KINDS:
        for snapshot in snapshots({topic}, {topic}.__contains__):
            return snapshot
    raise NotFound("live.unknown", "There is no such topic.")
