"""A power cut while numbers are being given out: what was promised is still there."""

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx

from tests.load.lobby import Lobby, take

CLIENTS = 6
PROMISED_BEFORE_THE_CUT = 30


def _take_until_the_cut(lobby: Lobby, promised: deque[dict[str, Any]]) -> None:
    with lobby.visitor() as visitor, suppress(httpx.TransportError):
        while True:
            promised.append(take(visitor, "A").raise_for_status().json())


def _cut_the_power_under_load(lobby: Lobby) -> list[dict[str, Any]]:
    promised: deque[dict[str, Any]] = deque()
    with ThreadPoolExecutor(CLIENTS) as threads:
        visits = [threads.submit(_take_until_the_cut, lobby, promised) for _ in range(CLIENTS)]
        while len(promised) < PROMISED_BEFORE_THE_CUT and not all(v.done() for v in visits):
            time.sleep(0.005)
        lobby.station.kill()
        for visit in visits:
            visit.result()
    return list(promised)


def _number(ticket: dict[str, Any]) -> int:
    return int(ticket["number"].removeprefix("A"))


def _waiting(lobby: Lobby) -> int:
    return int(lobby.snapshot("queue:raffles-city:A")["data"]["waiting"])


def test_promised_numbers_survive_a_power_cut(lobby: Lobby) -> None:
    first, waiting = _number(lobby.take("A")[0]), _waiting(lobby)
    promised = _cut_the_power_under_load(lobby)
    lobby.station.start()
    for ticket in promised:
        kept = lobby.ticket(ticket["token"])
        assert (kept["number"], kept["state"]) == (ticket["number"], "waiting")
    given = sorted(map(_number, promised))
    assert len(set(given)) == len(given)
    following = [_number(ticket) for ticket in lobby.take("A", 3)]
    # Committed just before the cut, but never answered: at most one for each client.
    unanswered = following[0] - first - 1 - len(given)
    assert 0 <= unanswered <= CLIENTS
    assert following == list(range(following[0], following[0] + 3))
    assert following[0] > given[-1]
    assert _waiting(lobby) - waiting == following[-1] - first
