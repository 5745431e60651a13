"""The pump that sends what changed."""

from collections.abc import Iterator

import pytest

from kiosk import live


class Unlucky:
    """Computes snapshots, but not at the first try."""

    def __init__(self) -> None:
        self.tries = 0

    def __call__(self, topics: set[str], _is_watched: object) -> Iterator[live.Snapshot]:
        self.tries += 1
        if self.tries == 1:
            raise OSError("the database does not answer")
        yield from (live.Snapshot(topic=topic, version=1) for topic in topics)


def test_what_could_not_be_sent_is_sent_later(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(live, "show", lambda _snapshot, to: shown.append(to))
    monkeypatch.setattr(live.socketio, "sleep", lambda _seconds: None)
    monkeypatch.setattr(live.socketio, "start_background_task", lambda run: run())
    pump = live.Pump()
    pump.serve(Unlucky(), reaches_other_workers=True)
    pump.wake({"board:here"})
    pump.wake({"board:there"})
    assert shown == ["board:here", "board:there"]
