"""A phone that pauses gets every frame whole, late but in order."""

import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.load.lobby import Lobby, take
from tests.load.screen import screen

BOARD = "board:raffles-city"
UPDATES = 400
TAKEN = 40
# Small buffers and small packets: the server's own buffer is full after a few hundred frames.
NARROW = (
    (socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),
    (socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536),
)


def _take_some(lobby: Lobby) -> int:
    with lobby.visitor() as visitor:
        return sum(take(visitor, "E").status_code == 201 for _ in range(TAKEN // 4))


def _waiting(shown: dict[str, Any] | None) -> int:
    return int((shown or {})["queues"][-1]["waiting"])


@pytest.mark.parametrize("opens", ["sqlite"], indirect=True)
def test_every_frame_is_whole_for_a_reader_who_pauses(lobby: Lobby) -> None:
    with screen(lobby.station.url, options=NARROW) as phone:
        phone.watch(BOARD)
        before = _waiting(phone.of(BOARD)[-1].data)
        with ThreadPoolExecutor(4) as threads:
            visits = [threads.submit(_take_some, lobby) for _ in range(4)]
            # Each question is answered with a snapshot at once, beside those that are pushed.
            for _ in range(UPDATES):
                phone.ask(BOARD)
            assert sum(visit.result() for visit in visits) == TAKEN
        phone.read_until(lambda: len(phone.answers) == UPDATES + 1)
        phone.read_until(lambda: _waiting(phone.of(BOARD)[-1].data) - before >= TAKEN)
        versions = [shown.version for shown in phone.of(BOARD)]
        assert len(versions) > UPDATES
        assert versions == sorted(versions)
        assert _waiting(phone.of(BOARD)[-1].data) - before == TAKEN
        assert Counter(map(str, phone.answers)).keys() == {
            str({"watching": [BOARD], "refused": []})
        }
