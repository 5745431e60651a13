"""Corrects forecasts by past errors, so that "eight times in ten" is true.

Where in its own forecast did each wait fall? If forecasts were perfect, evenly between 0 and 1.
The histogram of these places, of the station and of each queue, says which level of the next
forecast to announce; a slow feedback from hits and misses takes care of the rest. What is long
past fades.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

BINS = 50
STATION_WEIGHT, QUEUE_WEIGHT = 100.0, 300.0
FADE = 0.996
STEP = 0.001
MIDDLE, UPPER = 0.5, 0.8
LOWEST, HIGHEST = 0.6, 0.97
# How far the middle follows the histogram: it is the noisier the nearer forecasts are to right.
TRUST = 0.5
# Who is called within this time has not waited.
AT_ONCE = 30


def quantile(values: Sequence[float], level: float) -> float:
    """Return the value of a sorted sample at a level from 0 to 1, interpolated."""
    place = min(max(level * len(values) - 0.5, 0), len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


class Calibration:
    """Learns from forecasts whose outcome is known; says what to announce of the next ones."""

    def __init__(self) -> None:
        self._station = [0.0] * BINS
        self._queues: dict[str, list[float]] = {}
        self._drift: dict[str, float] = {"": 0.0}

    def learn(self, queue: str, sample: Sequence[float], upper: float, waited: float) -> None:
        """Take in how long somebody waited for whom `sample` and `upper` were forecast."""
        if waited <= AT_ONCE:
            return
        place = (bisect_left(sample, waited) + bisect_right(sample, waited)) / 2 / len(sample)
        for histogram in (self._station, self._queues.setdefault(queue, [0.0] * BINS)):
            histogram[:] = [count * FADE for count in histogram]
            histogram[min(BINS - 1, int(place * BINS))] += 1
        missed = UPPER - (waited <= upper)
        for key in ("", queue):
            self._drift[key] = self._drift.get(key, 0.0) + STEP * missed

    def announce(self, queue: str, sample: Sequence[float]) -> tuple[float, float]:
        """Return the middle of a sorted sample, and what is not exceeded eight times in ten."""
        middle = MIDDLE + TRUST * (self._level(queue, MIDDLE) - MIDDLE)
        wanted = UPPER + self._drift[""] + self._drift.get(queue, 0.0)
        upper = self._level(queue, min(max(wanted, LOWEST), HIGHEST))
        lower = max(0.0, quantile(sample, middle))
        return lower, max(lower, quantile(sample, upper))

    def _level(self, queue: str, wanted: float) -> float:
        """Return the level below which the share `wanted` of the waits fell."""
        own = self._queues.get(queue, [0.0] * BINS)
        all_weight = STATION_WEIGHT + sum(self._station)
        own_weight = QUEUE_WEIGHT + sum(own)
        below = 0.0
        for number in range(BINS):
            share = (STATION_WEIGHT / BINS + self._station[number]) / all_weight
            share = (QUEUE_WEIGHT * share + own[number]) / own_weight
            if below + share >= wanted:
                return (number + (wanted - below) / share) / BINS
            below += share
        return 1.0
