"""Numbers given out and called per second, beside single rows of the bare app."""

from dataclasses import dataclass
from statistics import median

from tests.load.bench.load import rate
from tests.load.bench.stage import Stage

ROUNDS = 3
SECONDS = 2.5


@dataclass(frozen=True)
class Rates:
    """Per second, with so many clients."""

    clients: int
    bare: float
    issue: float
    call: float


def rates(stage: Stage, clients: int) -> Rates:
    """Measure by turns, and return the medians."""
    bare, issue, call = [], [], []
    rate(stage.issues(f"warm-{clients}"), clients, 1)
    rate(stage.inserts(), clients, 1)
    for turn in range(ROUNDS):
        bare.append(rate(stage.inserts(), clients, SECONDS))
        issue.append(rate(stage.issues(f"{clients}-{turn}"), clients, SECONDS))
        call.append(rate(stage.calls(), clients, SECONDS))
    return Rates(clients, median(bare), median(issue), median(call))
