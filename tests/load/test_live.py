"""What happens is seen at once by who may see it, and by nobody else."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from websocket import WebSocketBadStatusException

from kiosk.live import RATE
from tests.load.lobby import Lobby, at_counter, take
from tests.load.screen import Screen, Shown, screen

# For what the database has no say in.
on_sqlite = pytest.mark.parametrize("opens", ["sqlite"], indirect=True)
BOARD, QUEUE, DESK = "board:raffles-city", "queue:raffles-city:D", "desk:raffles-city"
SOON = 1
# A busy machine may be late some times, but not every time.
TRIES = 10


@pytest.fixture
def phone(lobby: Lobby) -> Iterator[Screen]:
    with screen(lobby.station.url) as phone:
        yield phone


def _call(lobby: Lobby) -> dict[str, Any]:
    with lobby.worker() as worker:
        return dict(at_counter(worker, 4, "call-next").raise_for_status().json())


def _next(phone: Screen, topic: str) -> Shown:
    """Wait for a topic's next snapshot."""
    seen = len(phone.of(topic))
    phone.read_until(lambda: len(phone.of(topic)) > seen)
    return phone.of(topic)[-1]


def _data(phone: Screen, topic: str) -> dict[str, Any]:
    return phone.of(topic)[-1].data or {}


def _shows_call(phone: Screen, ticket: str, number: str) -> bool:
    shown = [call["number"] for call in _data(phone, BOARD)["calls"][:1]]
    last = _data(phone, QUEUE)["last_called"]
    return _data(phone, ticket)["state"] == "called" and [last, *shown] == [number, number]


def test_everybody_sees_a_call_within_a_second(lobby: Lobby, phone: Screen) -> None:
    took: list[float] = []
    while not took or (min(took) >= SOON and len(took) < TRIES):
        ticket = f"ticket:{lobby.take('D')[0]['token']}"
        phone.watch(BOARD, QUEUE, ticket)
        assert _data(phone, ticket)["state"] == "waiting"
        number = _data(phone, ticket)["number"]
        while _call(lobby)["ticket"]["number"] != number:
            pass
        called = time.monotonic()
        phone.read_until(partial(_shows_call, phone, ticket, number))
        took.append(time.monotonic() - called)
    assert min(took) < SOON


def test_snapshots_are_few_and_grow(lobby: Lobby, phone: Screen) -> None:
    topics = (BOARD, QUEUE, f"ticket:{lobby.take('D')[0]['token']}")
    phone.read_for(2 / RATE)
    phone.watch(*topics)

    def visit(_client: int) -> None:
        with lobby.visitor() as visitor:
            for _ in range(15):
                assert take(visitor, "D").status_code == 201

    with ThreadPoolExecutor(4) as threads:
        visits = [threads.submit(visit, client) for client in range(4)]
        while not all(visit.done() for visit in visits):
            phone.read_for(0.1)
    for topic in topics:
        asked = lobby.snapshot(topic)
        phone.read_until(partial(_has_come, phone, topic, asked["version"]))
        shown = phone.of(topic)
        versions = [one.version for one in shown]
        assert versions == sorted(set(versions)), topic
        assert len(shown) <= RATE * (_sent(shown[-1]) - _sent(shown[0])) + 2, topic
        assert _facts(asked["data"]) == _facts(_data(phone, topic))


def _sent(shown: Shown) -> float:
    """Return when the station made a snapshot: a reader that is held up gets several at once."""
    return datetime.fromisoformat((shown.data or {})["at"]).timestamp()


def _has_come(phone: Screen, topic: str, version: int) -> bool:
    return phone.of(topic)[-1].version >= version


def _facts(data: Any) -> Any:  # noqa: ANN401 - JSON
    """Leave out the time, and what is forecast: that is renewed beside the changes."""
    if isinstance(data, list):
        return [_facts(one) for one in data]
    if not isinstance(data, dict):
        return data
    said = {"at", "wait", "reason", "is_promise"}
    return {name: _facts(value) for name, value in data.items() if name not in said}


@on_sqlite
def test_screens_show_no_tokens(lobby: Lobby, phone: Screen) -> None:
    tokens = [ticket["token"] for ticket in lobby.take("D", 3)]
    phone.watch(BOARD, QUEUE)
    _call(lobby)
    phone.read_until(lambda: len(phone.shown) >= 4)
    text = json.dumps([shown.data for shown in phone.shown])
    assert [token for token in tokens if token in text] == []
    assert {shown.topic for shown in phone.shown} == {BOARD, QUEUE}


@on_sqlite
def test_a_topic_that_is_unknown_spoils_no_other(lobby: Lobby, phone: Screen) -> None:
    unknown = ["board:nowhere", "ticket:none", "queue:raffles-city:Z", "queue:", "door:1"]
    answer = phone.watch(*unknown, BOARD)
    assert answer == {"watching": [BOARD], "refused": unknown}
    assert [shown.topic for shown in phone.shown] == [BOARD]
    lobby.take("D")
    _next(phone, BOARD)


def test_only_staff_hear_of_the_desk_and_without_data(lobby: Lobby, phone: Screen) -> None:
    assert phone.watch(DESK)["refused"] == [DESK]
    with screen(lobby.station.url, token=lobby.kiosk) as kiosk:
        assert kiosk.watch(DESK)["refused"] == [DESK]
    with screen(lobby.station.url, token=lobby.clerk) as desk:
        assert desk.watch(DESK, "desk:jiangsu-road")["refused"] == ["desk:jiangsu-road"]
        before = desk.of(DESK)[-1].version
        lobby.take("D")
        shown = _next(desk, DESK)
        assert shown.data is None
        assert shown.version > before
    phone.read_for(0.1)
    assert phone.shown == []


@on_sqlite
def test_pages_of_other_origins_are_turned_away(lobby: Lobby) -> None:
    with (
        pytest.raises(WebSocketBadStatusException),
        screen(lobby.station.url, origin="https://example.org"),
    ):
        pass
    with screen(lobby.station.url, origin=lobby.station.url) as ours:
        assert ours.watch(BOARD)["watching"] == [BOARD]
