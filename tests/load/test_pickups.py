"""Slots and places hold as many as they may, however many reach for them at once."""

from collections import Counter
from itertools import count
from typing import Any

import httpx

from tests.load.lobby import HALL, Lobby, Opens, all_at_once

VISITORS, COURIERS = 200, 8
POINT = "3F-B2"


def _slots(lobby: Lobby, kind: str, point: str) -> list[dict[str, Any]]:
    with lobby.anybody() as visitor:
        items = visitor.get(f"{HALL}/pickups/slots", params={"kind": kind, "point": point}).json()
    return list(items["items"])


def _book(visitor: httpx.Client, slot: dict[str, Any], **headers: str) -> httpx.Response:
    sent = {"kind": slot["kind"], "slot": slot["id"], "point": slot["point"]}
    return visitor.post(f"{HALL}/pickups", json=sent, headers=headers)


def _drop(lobby: Lobby, token: str, **sent: object) -> httpx.Response:
    with lobby.visitor() as courier:
        return courier.post(f"/api/v1/pickups/{token}/drop", json=sent)


def _next(lobby: Lobby, kind: str, point: str) -> dict[str, Any]:
    """Return a free slot; late in the evening the day's last."""
    return [slot for slot in _slots(lobby, kind, point) if slot["left"]][-1]


def test_200_who_want_one_slot_of_20(lobby: Lobby) -> None:
    slot = _next(lobby, "meal", POINT)
    left = slot["left"]
    with lobby.visitor() as visitor:
        answers = all_at_once(lambda _nth: _book(visitor, slot), range(VISITORS))
    codes = Counter((answer.status_code, answer.json().get("code", "")[:8]) for answer in answers)
    assert codes[409, "pickups."] == VISITORS - left
    assert sum(times for (status, _code), times in codes.items() if status == 201) == left
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["alternatives"][-1]["what"] == "waiting_list"
    for free in refused["alternatives"][:-1]:
        assert free["left"] > 0
    [full] = [each for each in _slots(lobby, "meal", POINT) if each["id"] == slot["id"]]
    assert full["left"] == 0


def test_couriers_never_get_one_place(lobby: Lobby) -> None:
    slot = _next(lobby, "meal", "8F-C1")
    with lobby.visitor() as visitor:
        tokens = [_book(visitor, slot).raise_for_status().json()["token"] for _ in range(COURIERS)]
    places = all_at_once(lambda token: _drop(lobby, token).json()["place"], tokens)
    assert len(set(places)) == COURIERS


def test_one_item_that_many_scan_gets_one_place(lobby: Lobby) -> None:
    slot = _next(lobby, "parcel", "1F-A2")
    with lobby.visitor() as visitor:
        token = _book(visitor, slot).raise_for_status().json()["token"]
    answers = all_at_once(lambda _nth: _drop(lobby, token, confirm=False), range(COURIERS))
    [(status, place)] = {(answer.status_code, answer.json()["place"]) for answer in answers}
    assert (status, place[:6]) == (200, "1F-A2-")


def test_code_is_guessed_five_times_and_no_more(lobby: Lobby) -> None:
    """Whoever tries a thousand codes at one entry has five of them looked at."""
    slot = _next(lobby, "parcel", "1F-A2")
    with lobby.visitor() as visitor:
        token = _book(visitor, slot).raise_for_status().json()["token"]
    _drop(lobby, token).raise_for_status()
    guesses = count()

    def guess(_nth: int) -> int:
        with lobby.anybody() as thief:
            sent = {"code": f"{next(guesses):06}"}
            return thief.post(f"/api/v1/pickups/{token}/collect", json=sent).status_code

    answers = Counter(all_at_once(guess, range(40)))
    assert answers == {403: 4, 429: 36}


def test_drop_goes_on_after_a_restart(opens: Opens) -> None:
    with opens() as lobby:
        slot = _next(lobby, "meal", POINT)
        with lobby.visitor() as visitor:
            booked = [_book(visitor, slot, **{"Idempotency-Key": "one"}).json() for _ in range(2)]
        assert booked[0] == booked[1]
        token = booked[0]["token"]
        place = _drop(lobby, token, confirm=False).json()["place"]
        lobby.station.kill()
        lobby.station.start()
        again = _drop(lobby, token).json()
        assert (again["place"], again["state"]) == (place, "stored")
