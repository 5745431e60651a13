"""A phone that pauses gets every frame whole, late but in order."""

import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.load.lobby import Lobby, Opens, take
from tests.load.screen import screen

BOARD = "board:raffles-city"
UPDATES = 400
# Small buffers and small packets: the server's own buffer is full after a few hundred frames.
NARROW = (
    (socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),
    (socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536),
)


def _take_some(lobby: Lobby) -> int:
    with lobby.visitor() as visitor:
        return sum(take(visitor, "E").status_code == 201 for _ in range(UPDATES // 4))


def test_every_frame_is_whole_for_a_reader_who_pauses(sqlite: Opens) -> None:
    with sqlite() as lobby, screen(lobby.station.url, options=NARROW) as phone:
        phone.watch(BOARD)
        with ThreadPoolExecutor(4) as threads:
            visits = [threads.submit(_take_some, lobby) for _ in range(4)]
            # Each question is answered with a snapshot at once, beside those that are pushed.
            for _ in range(UPDATES):
                phone.ask(BOARD)
            assert sum(visit.result() for visit in visits) == UPDATES
        phone.read_until(lambda: len(phone.answers) == UPDATES + 1, 30)
        phone.read_for(1)
        versions = [shown.version for shown in phone.of(BOARD)]
        assert len(versions) > UPDATES
        assert versions == sorted(versions)
        assert (phone.of(BOARD)[-1].data or {})["queues"][-1]["waiting"] == UPDATES
        assert Counter(map(str, phone.answers)).keys() == {
            str({"watching": [BOARD], "refused": []})
        }
