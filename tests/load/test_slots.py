"""A time is booked by as many as fit in, however many reach for it."""

from collections import Counter
from itertools import cycle, islice

import httpx

from tests.load.lobby import HALL, Lobby, all_at_once

CLIENTS = 16
SERVICE = "SB-0301"


def _free(lobby: Lobby, place: int) -> dict[str, int]:
    """Return one of the free slots of the second day that has any."""
    address = f"{HALL}/appointments/slots"
    with lobby.anybody() as visitor:
        days = visitor.get(address, params={"service": SERVICE}).json()["days"]
        asked = {"service": SERVICE, "date": days[1]["date"]}
        slots = visitor.get(address, params=asked).json()["slots"]
    return dict(slots[place])


def _book(lobby: Lobby, slot: dict[str, int]) -> httpx.Response:
    with lobby.visitor() as visitor:
        sent = {"service": SERVICE, "day": slot["day"], "minute": slot["minute"]}
        return visitor.post(f"{HALL}/appointments", json=sent)


def test_a_slot_is_never_overbooked(lobby: Lobby) -> None:
    slot = _free(lobby, 0)
    answers = all_at_once(lambda _client: _book(lobby, slot), range(CLIENTS))
    codes = Counter((answer.status_code, answer.json().get("code")) for answer in answers)
    left = slot["left"]
    assert codes == {(201, None): left, (409, "appointments.full"): CLIENTS - left}
    assert _free(lobby, 0)["left"] == 0


def test_those_who_move_against_each_other_keep_the_count(lobby: Lobby) -> None:
    first, second = _free(lobby, 2), _free(lobby, 3)
    tokens = [_book(lobby, slot).json()["token"] for slot in (first, second)]

    def move(chosen: tuple[str, dict[str, int]]) -> int:
        token, to = chosen
        with lobby.anybody() as visitor:
            sent = {"day": to["day"], "minute": to["minute"]}
            return visitor.post(f"/api/v1/appointments/{token}/move", json=sent).status_code

    wishes = [(tokens[0], second), (tokens[1], first), (tokens[0], first), (tokens[1], second)]
    answers = Counter(all_at_once(move, islice(cycle(wishes), CLIENTS)))
    assert answers.keys() <= {200, 409}
    assert _free(lobby, 2)["left"] + _free(lobby, 3)["left"] == first["left"] + second["left"] - 2
