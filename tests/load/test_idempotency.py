"""A double tap, a retry, a cut connection: one ticket."""

import json
import socket
import time
from uuid import uuid4

from tests.load.lobby import HALL, Lobby, all_at_once, take


def _last_number(lobby: Lobby) -> int:
    """Take a number to see how many were given out before."""
    return int(lobby.take("B")[0]["number"].removeprefix("B"))


def test_one_key_from_eight_sides_is_one_ticket(lobby: Lobby) -> None:
    before, key = _last_number(lobby), str(uuid4())

    def tap(_finger: int) -> tuple[int, str]:
        with lobby.visitor() as visitor:
            answer = take(visitor, "B", key)
            return answer.status_code, answer.text

    answers = set(all_at_once(tap, range(8)))
    assert [status for status, _body in answers] == [201]
    assert _last_number(lobby) == before + 2


def test_retry_after_a_cut_connection_finds_the_ticket(lobby: Lobby) -> None:
    before = _last_number(lobby)
    for pause in (0.0, 0.002, 0.02, 0.2):
        key = str(uuid4())
        _send_and_hang_up(lobby, key, pause)
        with lobby.visitor() as visitor:
            assert take(visitor, "B", key).status_code == 201
    assert _last_number(lobby) == before + 5


def _send_and_hang_up(lobby: Lobby, key: str, pause: float) -> None:
    body = json.dumps({"queue": "B"}).encode()
    head = (
        f"POST {HALL}/tickets HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: {key}\r\n"
        f"Authorization: Bearer {lobby.kiosk}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", lobby.station.port)) as visitor:
        visitor.sendall(head.encode() + body)
        time.sleep(pause)


def test_one_key_for_two_questions_is_refused(lobby: Lobby) -> None:
    key = str(uuid4())
    with lobby.visitor() as visitor:
        assert take(visitor, "B", key).status_code == 201
        other = take(visitor, "C", key)
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency.reused"
