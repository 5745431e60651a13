"""Numbers are given out and called once, however many reach for them."""

from collections import Counter
from collections.abc import Iterator

import httpx

from tests.load.lobby import Lobby, all_at_once, at_counter, take

CLIENTS = 16
EACH = 10
DESKS = [1, 2, 3, 4] * 2  # two clerks at each counter


def _drain(lobby: Lobby) -> None:
    with lobby.worker() as worker:
        for counter in set(DESKS):
            while at_counter(worker, counter, "call-next").json()["ticket"]:
                pass


def _fill(lobby: Lobby) -> set[str]:
    _drain(lobby)
    return {ticket["token"] for letter in "ABCDE" for ticket in lobby.take(letter, 6)}


def test_nobody_is_called_twice_and_nobody_is_lost(lobby: Lobby) -> None:
    waiting = _fill(lobby)

    def call(counter: int) -> list[str]:
        called: list[str] = []
        with lobby.worker() as worker:
            while ticket := at_counter(worker, counter, "call-next").json()["ticket"]:
                called.append(ticket["token"])
        return called

    called = [token for calls in all_at_once(call, DESKS) for token in calls]
    assert Counter(called) == Counter(waiting)


def _serve(worker: httpx.Client, counter: int) -> Iterator[tuple[int, str]]:
    """Call, start and finish until nobody waits; a colleague at the same counter interferes."""
    while True:
        for verb in ("call-next", "start", "finish"):
            answer = at_counter(worker, counter, verb)
            body = answer.json()
            yield answer.status_code, body.get("code", "")
            if verb == "call-next" and answer.is_success and body["ticket"] is None:
                return


def test_colleagues_at_one_counter_serve_everybody_once(lobby: Lobby) -> None:
    waiting = _fill(lobby)

    def work(counter: int) -> list[tuple[int, str]]:
        with lobby.worker() as worker:
            return list(_serve(worker, counter))

    answers = Counter(answer for work in all_at_once(work, DESKS) for answer in work)
    assert answers.keys() <= {(200, ""), (409, "tickets.wrong_state"), (409, "tickets.changed")}
    after = [lobby.ticket(token) for token in waiting]
    assert Counter(ticket["calls"] for ticket in after) == {1: len(waiting)}
    assert {ticket["state"] for ticket in after} <= {"finished", "no_show"}


def test_every_number_is_given_once_and_none_is_left_out(lobby: Lobby) -> None:
    def visit(_client: int) -> list[httpx.Response]:
        with lobby.visitor() as visitor:
            return [take(visitor, "A") for _ in range(EACH)]

    answers = [answer for visit in all_at_once(visit, range(CLIENTS)) for answer in visit]
    assert Counter(answer.status_code for answer in answers) == {201: CLIENTS * EACH}
    numbers = sorted(int(answer.json()["number"].removeprefix("A")) for answer in answers)
    assert numbers == list(range(numbers[0], numbers[0] + CLIENTS * EACH))
