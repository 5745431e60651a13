"""A power cut while numbers are given out and a meal is dropped: what was promised is there."""

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx

from tests.load.lobby import Lobby, at_counter, take
from tests.load.pickups import POINT, book, drop, next_slot

BOARD = "board:raffles-city"
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


def _in_mid_call(lobby: Lobby) -> dict[str, Any]:
    """Call somebody, whose page and whose board are open when the power goes."""
    token = lobby.take("E")[0]["token"]
    with lobby.worker() as worker:
        at_counter(worker, 1, "call-next").raise_for_status()
    return lobby.ticket(token)


def _goes_on(lobby: Lobby, called: dict[str, Any], board: dict[str, Any]) -> None:
    """See the call where it was: the same for every screen, and for the clerk to go on with."""
    kept, again = lobby.ticket(called["token"]), lobby.snapshot(BOARD)
    for name in ("number", "state", "counter", "calls", "called_at"):
        assert kept[name] == called[name]
    assert again["version"] >= board["version"]
    assert again["data"]["calls"] == board["data"]["calls"]
    with lobby.worker() as worker:
        other = at_counter(worker, 4, "call-next").raise_for_status().json()["ticket"]
        assert (other or {}).get("token") != called["token"]
        at_counter(worker, 1, "recall").raise_for_status()
        newest = lobby.snapshot(BOARD)["data"]["calls"][0]
        assert newest["number"] == called["number"]
        assert newest["id"] > board["data"]["calls"][0]["id"]
        for verb in ("start", "finish"):
            at_counter(worker, 1, verb).raise_for_status()
    assert lobby.ticket(called["token"])["state"] == "finished"


def _in_mid_drop(lobby: Lobby) -> tuple[str, str]:
    """Book a meal, twice with one key, and find its place, which the courier has yet to confirm."""
    slot = next_slot(lobby, "meal", POINT)
    with lobby.visitor() as visitor:
        once, again = [book(visitor, slot, **{"Idempotency-Key": "one"}).json() for _ in range(2)]
    assert once == again
    return once["token"], drop(lobby, once["token"], confirm=False).json()["place"]


def test_what_was_promised_survives_a_power_cut(lobby: Lobby) -> None:
    meal, place = _in_mid_drop(lobby)
    called = _in_mid_call(lobby)
    board = lobby.snapshot(BOARD)
    first, waiting = _number(lobby.take("A")[0]), _waiting(lobby)
    promised = _cut_the_power_under_load(lobby)
    lobby.station.start()
    dropped = drop(lobby, meal).json()
    assert (dropped["place"], dropped["state"]) == (place, "stored")
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
    _goes_on(lobby, called, board)
