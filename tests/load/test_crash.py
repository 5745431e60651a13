"""A power cut while numbers are being given out: what was promised is still there."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx

from tests.load.lobby import Lobby, Opens, take

CLIENTS = 6
SECONDS_UNTIL_THE_CUT = 0.8


def _take_until_the_cut(lobby: Lobby) -> list[dict[str, Any]]:
    promised: list[dict[str, Any]] = []
    with lobby.visitor() as visitor, suppress(httpx.TransportError):
        while True:
            promised.append(take(visitor, "A").raise_for_status().json())
    return promised


def _cut_the_power_under_load(lobby: Lobby) -> list[dict[str, Any]]:
    with ThreadPoolExecutor(CLIENTS) as threads:
        visits = [threads.submit(_take_until_the_cut, lobby) for _ in range(CLIENTS)]
        time.sleep(SECONDS_UNTIL_THE_CUT)
        lobby.station.kill()
        return [ticket for visit in visits for ticket in visit.result()]


def test_promised_numbers_survive_a_power_cut(opens: Opens) -> None:
    with opens() as lobby:
        promised = _cut_the_power_under_load(lobby)
        assert len(promised) > CLIENTS
        lobby.station.start()
        for ticket in promised:
            kept = lobby.ticket(ticket["token"])
            assert (kept["number"], kept["state"]) == (ticket["number"], "waiting")
        given = sorted(int(ticket["number"][1:]) for ticket in promised)
        assert len(set(given)) == len(given)
        following = [int(ticket["number"][1:]) for ticket in lobby.take("A", 3)]
        # Committed just before the cut, but never answered: at most one for each client.
        unanswered = following[0] - 1 - len(given)
        assert 0 <= unanswered <= CLIENTS
        assert following == list(range(following[0], following[0] + 3))
        assert following[0] > given[-1]
        assert lobby.snapshot("queue:raffles-city:A")["data"]["waiting"] == following[-1]
