"""Small statistics: lengths of time seen lately, rates, and effects drawn towards nothing."""

import math
from bisect import bisect_right, insort
from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from random import Random
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


def beyond(values: Sequence[float], elapsed: float, chance: float, *, grace: float = 60.0) -> float:
    """Return one of the sorted values that is longer than `elapsed`.

    Of `left` such values and the one to come, each is the longest as likely as any other: so it
    exceeds them all with 1 / (left + 1), by a length that grows with what has elapsed, and that
    is `grace` where nothing has.
    """
    first = bisect_right(values, elapsed)
    left = len(values) - first
    place = chance * (left + 1)
    if place < left:
        return values[first + int(place)]
    longest = values[-1] if left else elapsed
    return longest - (grace + 0.3 * max(longest, 0)) * math.log(1 - (place - left) * 0.9999)


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


class Strata:
    """Chances for several things at once, each spread evenly over any block of draws.

    A Latin hypercube (McKay, Beckman and Conover 1979): fewer rounds say as much.
    """

    _BLOCK = 20
    # Keeps chances off both ends, where a normal law has no value.
    _EDGE = 1e-9

    def __init__(self, random: Random, things: int) -> None:
        self._chance = random.random
        self._columns: list[list[int]] = [[] for _ in range(things)]

    def draw(self) -> list[float]:
        """Return one chance (0 to 1, both excluded) for each thing."""
        chance, edge = self._chance, self._EDGE
        if not self._columns[0]:
            places = range(self._BLOCK)
            self._columns = [sorted(places, key=lambda _: chance()) for _ in self._columns]
        whole = self._BLOCK + 2 * edge
        return [(column.pop() + edge + chance()) / whole for column in self._columns]
