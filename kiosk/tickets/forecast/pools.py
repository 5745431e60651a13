"""Small statistics: lengths of time seen lately, rates, and effects drawn towards nothing."""

import math
from bisect import bisect_right, insort
from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from statistics import NormalDist


class Pool:
    """Lengths of time seen lately, sorted; begins with guesses that make room for what is seen."""

    def __init__(self, guesses: Iterable[float], *, keep: int = 400) -> None:
        self.values = sorted(guesses)
        self._guesses = deque(self.values)
        self._seen: deque[float] = deque()
        self._keep = keep

    @property
    def seen(self) -> int:
        """How many values were seen and kept."""
        return len(self._seen)

    def add(self, value: float) -> None:
        """Keep a value; the oldest goes when there are many."""
        insort(self.values, value)
        self._seen.append(value)
        if self._guesses:
            self.values.remove(self._guesses.popleft())
            self._guesses.rotate(-3)
        elif len(self._seen) > self._keep:
            self.values.remove(self._seen.popleft())

    def draw(self, chance: float) -> float:
        """Return the value that `chance` (0 to 1) picks."""
        return self.values[int(chance * len(self.values))]

    def beyond(self, elapsed: float, chance: float) -> float:
        """Return a value longer than what has elapsed already."""
        return beyond(self.values, elapsed, chance)

    @property
    def mean(self) -> float:
        """The mean of what is kept."""
        return sum(self.values) / len(self.values)


def beyond(values: Sequence[float], elapsed: float, chance: float) -> float:
    """Return one of the sorted values that is longer than `elapsed`, or a bit more than that."""
    first = bisect_right(values, elapsed)
    left = len(values) - first
    if left:
        return values[first + int(chance * left)]
    return elapsed + (60 + 0.3 * max(elapsed, 0)) * -math.log(1 - chance)


def shrunk(
    groups: Mapping[Hashable, tuple[float, float]], noise: float, *, floor: float = 0.0
) -> dict[Hashable, float]:
    """Return each group's effect, drawn towards 0 by how little the groups differ.

    `groups` holds (weight, mean) of residuals with variance `noise`; the variance between groups
    is estimated by moments (DerSimonian and Laird), at least `floor`.
    """
    total = sum(weight for weight, _ in groups.values())
    if not total:
        return {}
    spread = sum(weight * mean * mean for weight, mean in groups.values()) - len(groups) * noise
    between = max(floor, spread / total)
    if not between:
        return dict.fromkeys(groups, 0.0)
    return {
        group: mean * weight / (weight + noise / between)
        for group, (weight, mean) in groups.items()
    }


def quantiles(deviation: float, count: int) -> list[float]:
    """Return `count` values spread like a lognormal law around 1."""
    law = NormalDist(0, deviation)
    return [math.exp(law.inv_cdf((index + 0.5) / count)) for index in range(count)]
