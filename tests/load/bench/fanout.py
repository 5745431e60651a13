"""From the clerk's call to a thousand phones, beside a bare broadcast to as many."""

import json
import time
from dataclasses import dataclass
from statistics import quantiles

from tests.load.bench.crowd import Crowd, crowd
from tests.load.bench.load import Connection, request
from tests.load.bench.stage import CODE, HALL, Stage

PHONES = 960
BOARDS = 40
ROUNDS = 12


@dataclass(frozen=True)
class Delays:
    """Milliseconds from an answer to its news, over all phones and rounds."""

    p50: float
    p99: float


def fan_out(stage: Stage) -> tuple[Delays, Delays]:
    """Return the delays of calls, and of bare broadcasts of as many bytes."""
    connection = Connection(stage.station.port)
    bearer = {"Authorization": f"Bearer {stage.kiosk}"}
    take = request("POST", f"{HALL}/tickets", '{"queue": "A"}', **bearer)
    for _ in range(ROUNDS):
        connection.ask(take)
    tokens = [json.loads(connection.ask(take).body)["token"] for _ in range(PHONES)]
    topics = [[f"ticket:{token}"] for token in tokens] + [[f"board:{CODE}"]] * BOARDS
    calls, broadcasts = [], []
    with crowd(stage.station.port, topics) as phones:
        size = len(connection.ask(request("GET", f"/api/v1/live/ticket:{tokens[0]}")).body)
        for _ in range(ROUNDS):
            time.sleep(0.6)  # the last snapshot's quarter of a second is over
            calls += _call(stage, connection, phones)
    with crowd(stage.bare.port, [["bare"]] * (PHONES + BOARDS)) as phones:
        bare = Connection(stage.bare.port)
        for number in range(ROUNDS):
            time.sleep(0.6)
            broadcasts += _broadcast(bare, phones, number, size)
    return delays(calls), delays(broadcasts)


def _call(stage: Stage, connection: Connection, phones: Crowd) -> list[float]:
    after = json.loads(connection.ask(request("GET", f"/api/v1/live/queue:{CODE}:A")).body)
    last = after["data"]["last_called"] or "A000"
    number = f'"A{int(last[1:]) + 1:03}"'
    phones.wait_for(number.encode())
    bearer = {"Authorization": f"Bearer {stage.clerk}"}
    reply = connection.ask(request("POST", f"{HALL}/counters/1/call-next", **bearer))
    answered = time.monotonic()
    assert number.encode() in reply.body, reply
    return [at - answered for at in phones.arrivals()]


def _broadcast(bare: Connection, phones: Crowd, number: int, size: int) -> list[float]:
    text = f"broadcast {number:03}"
    phones.wait_for(text.encode())
    bare.ask(request("POST", "/broadcast", json.dumps({"text": text, "filler": "x" * (size - 40)})))
    answered = time.monotonic()
    return [at - answered for at in phones.arrivals()]


def delays(seconds: list[float]) -> Delays:
    """Return how long news took, over all of them."""
    hundredths = quantiles((max(second, 0) * 1000 for second in seconds), n=100)
    return Delays(hundredths[49], hundredths[98])
