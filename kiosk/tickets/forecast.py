"""How long somebody will wait: pure calculation, in minutes, as an honest range."""

import math
from dataclasses import dataclass

SOONEST = 0.6
LATEST = 1.5


@dataclass(frozen=True)
class Wait:
    """A range of minutes until somebody is called."""

    low_minutes: int
    high_minutes: int


def wait(ahead: int, counters: int, usual_minutes: float) -> Wait:
    """Return the range for somebody with `ahead` people before them.

    Queue-length rule: people ahead × minutes of one visit ÷ counters at work (at least one).
    The range reaches from 60 % to 150 % of that, outward to whole steps: of 1 minute up to 10,
    of 5 beyond.
    """
    expected = ahead * usual_minutes / max(counters, 1)
    low, high = expected * SOONEST, expected * LATEST
    step = 1 if high <= 10 else 5
    return Wait(math.floor(low / step) * step, math.ceil(high / step) * step)
