"""Slots and places hold as many as they may, however many reach for them at once."""

from collections import Counter
from itertools import count

import httpx

from tests.load.lobby import Lobby, all_at_once
from tests.load.pickups import POINT, book, drop, next_slot, slots

VISITORS, COURIERS = 200, 8


def test_200_who_want_one_slot_of_20(lobby: Lobby) -> None:
    slot = next_slot(lobby, "meal", POINT)
    left = slot["left"]

    def reach(_nth: int) -> httpx.Response:
        with lobby.visitor() as visitor:
            return book(visitor, slot)

    answers = all_at_once(reach, range(VISITORS))
    codes = Counter((answer.status_code, answer.json().get("code", "")[:8]) for answer in answers)
    assert codes[409, "pickups."] == VISITORS - left
    assert sum(times for (status, _code), times in codes.items() if status == 201) == left
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["alternatives"][-1]["what"] == "waiting_list"
    for free in refused["alternatives"][:-1]:
        assert free["left"] > 0
    [full] = [each for each in slots(lobby, "meal", POINT) if each["id"] == slot["id"]]
    assert full["left"] == 0


def test_couriers_never_get_one_place(lobby: Lobby) -> None:
    slot = next_slot(lobby, "meal", "8F-C1")
    with lobby.visitor() as visitor:
        tokens = [book(visitor, slot).raise_for_status().json()["token"] for _ in range(COURIERS)]
    places = all_at_once(lambda token: drop(lobby, token).json()["place"], tokens)
    assert len(set(places)) == COURIERS


def test_one_item_that_many_scan_gets_one_place(lobby: Lobby) -> None:
    slot = next_slot(lobby, "parcel", "1F-A2")
    with lobby.visitor() as visitor:
        token = book(visitor, slot).raise_for_status().json()["token"]
    answers = all_at_once(lambda _nth: drop(lobby, token, confirm=False), range(COURIERS))
    [(status, place)] = {(answer.status_code, answer.json()["place"]) for answer in answers}
    assert (status, place[:6]) == (200, "1F-A2-")


def test_code_is_guessed_five_times_and_no_more(lobby: Lobby) -> None:
    """Whoever tries a thousand codes at one entry has five of them looked at."""
    slot = next_slot(lobby, "parcel", "1F-A2")
    with lobby.visitor() as visitor:
        token = book(visitor, slot).raise_for_status().json()["token"]
    drop(lobby, token).raise_for_status()
    guesses = count()

    def guess(_nth: int) -> int:
        with lobby.anybody() as thief:
            sent = {"code": f"{next(guesses):06}"}
            return thief.post(f"/api/v1/pickups/{token}/collect", json=sent).status_code

    answers = Counter(all_at_once(guess, range(40)))
    assert answers == {403: 4, 429: 36}
