"""How long visits take: by service, counter and hour, and the pace of today.

The logarithm of a visit's seconds is a sum of effects, each drawn towards nothing as far as the
data do not bear it out, and a rest. The effects of the day, of a counter on that day, are
followed from day to day by a filter whose two variances (drift, and the day itself) are those
that would have foreseen the past days best.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

from kiosk.tickets.forecast.pools import quantiles, shrunk

USUAL = math.log(480)
NOISE = 0.4
SPREAD = 0.65
DAYS = 60
KEPT = 500
SWEEPS = 2
DRIFTS = (0.0, 0.0003, 0.002, 0.01)
SWINGS = (0.0005, 0.002, 0.006, 0.02, 0.06)
# How fast today's past fades, an hour.
FADES = (0.0, 0.15, 0.4, 1.0)
_LOADS = (1, 3, 6, 11, 21)
_EFFECTS = ("service", "counter", "pair", "hour", "priority", "load")
_NORMAL = NormalDist()
_FLOORS = {"service": 0.05, "counter": 0.002, "pair": 0.001}


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit that ended: its circumstances, and the logarithm of its seconds."""

    day: int
    service: str
    counter: int
    hour: int
    priority: bool
    load: int
    size: float
    end: int = 0

    def keys(self) -> tuple[Hashable, ...]:
        """Return what each effect goes by."""
        return (
            self.service,
            self.counter,
            (self.service, self.counter),
            self.hour,
            self.priority,
            load_class(self.load),
        )


def load_class(waiting: int) -> int:
    """Return how full the hall is, in six classes."""
    return sum(waiting >= bound for bound in _LOADS)


@dataclass(frozen=True)
class Pace:
    """What is known of a day's effect before it begins: mean and variance."""

    mean: float = 0.0
    variance: float = 0.01

    def after(self, weight: float, total: float, noise: float) -> "Pace":
        """Return what is known after `weight` visits whose rests sum up to `total`."""
        precision = 1 / self.variance + weight / noise
        return Pace((self.mean / self.variance + total / noise) / precision, 1 / precision)

    def draw(self, chance: float) -> float:
        """Return the effect that `chance` (0 to 1, both excluded) picks."""
        return self.mean + math.sqrt(self.variance) * _NORMAL.inv_cdf(chance)


class Fading:
    """What today's visits took beyond what was expected of them; what is long past fades.

    Discounting stands for a pace that changes within the day (West and Harrison 1997, ch. 6).
    """

    def __init__(self, fade: float) -> None:
        self.fade = fade
        self._at = 0
        self._weight = self._total = 0.0

    def add(self, time: int, rest: float) -> None:
        """Take in a visit that ended now, and what it took beyond what was expected."""
        kept = math.exp(-self.fade * max(0, time - self._at) / 3600)
        self._at = time
        self._weight = self._weight * kept + 1
        self._total = self._total * kept + rest

    def now(self, known: Pace, noise: float) -> Pace:
        """Return today's effect, given what was known before it began."""
        return known.after(self._weight, self._total, noise)


class Visits:
    """Learns from visits; `fit()` weighs all of them again, in between the pace is followed."""

    def __init__(self) -> None:
        self.seen: list[Visit] = []
        self.noise = NOISE
        self.usual = USUAL
        self.effects: dict[str, dict[Hashable, float]] = {name: {} for name in _EFFECTS}
        self.rests: dict[str, list[float]] = {}
        self.any_rest = quantiles(SPREAD, 40)
        self.day = 0
        self.day_pace = Pace()
        self.counter_paces: dict[int, Pace] = {}
        self.today: dict[int, list[float]] = {}
        self._paces = [Fading(fade) for fade in FADES]
        # That anything fades has to be borne out first.
        self._misses = [8 * NOISE * (fade > 0) for fade in FADES]
        self._fit_at = 4

    def add(self, visit: Visit) -> None:
        """Take in a visit that just ended."""
        self.seen.append(visit)
        self._follow(visit)
        if len(self.seen) >= self._fit_at:
            self._fit_at = 2 * len(self.seen)
            self.fit(self.day)

    def fit(self, day: int) -> None:
        """Weigh all visits of the last days anew; `day` (an ordinal) begins or goes on."""
        self.day = day
        self._fit_at = max(self._fit_at, 2 * len(self.seen))
        self.seen = [visit for visit in self.seen if visit.day >= day - DAYS]
        if self.seen:
            self._fit_effects()
        self._begin_day()
        misses = self._misses.copy()
        for visit in self.seen:
            if visit.day == day:
                self._follow(visit)
        self._misses = misses

    def scale(self, service: str, counter: int, hour: int, load: int, *, priority: bool) -> float:
        """Return the logarithm of the usual seconds of such a visit, without today's pace."""
        return self._expected(Visit(self.day, service, counter, hour, priority, load, 0.0))

    def pace_today(self) -> Pace:
        """Return how slow today is, all counters together."""
        return self._paces[self._misses.index(min(self._misses))].now(self.day_pace, self.noise)

    def pace_of(self, counter: int) -> Pace:
        """Return how slow a counter is today, beyond what the whole day is."""
        weight, total = self.today.get(counter, (0.0, 0.0))
        known = self.counter_paces.get(counter, Pace(0.0, 0.005))
        mean = self._paces[0].now(self.day_pace, self.noise).mean
        return known.after(weight, total - weight * mean, self.noise)

    def _begin_day(self) -> None:
        self.today = {}
        self._paces = [Fading(fade) for fade in FADES]

    def _follow(self, visit: Visit) -> None:
        """Learn of today from a visit, and how well each way to fade foresaw it."""
        rest = visit.size - self._expected(visit)
        own = self.pace_of(visit.counter).mean
        for number, pace in enumerate(self._paces):
            foreseen = pace.now(self.day_pace, self.noise).mean + own
            self._misses[number] += (rest - foreseen) ** 2
            pace.add(visit.end, rest - own if pace.fade else rest)
        tally = self.today.setdefault(visit.counter, [0.0, 0.0])
        tally[0] += 1
        tally[1] += rest

    def _expected(self, visit: Visit) -> float:
        return self.usual + sum(
            self.effects[name].get(key, 0.0)
            for name, key in zip(_EFFECTS, visit.keys(), strict=True)
        )

    def _fit_effects(self) -> None:
        seen = self.seen
        guesses = 8
        self.usual = (USUAL * guesses + sum(visit.size for visit in seen)) / (guesses + len(seen))
        days, turns = _Daily(), _Daily()
        columns = list(zip(*(visit.keys() for visit in seen), strict=True))
        rest = [visit.size - self._expected(visit) for visit in seen]
        for _ in range(SWEEPS):
            for name, keys in zip(_EFFECTS, columns, strict=True):
                self.effects[name] = _refit(
                    self.effects[name], keys, rest, self.noise, _FLOORS.get(name, 0.0)
                )
            days.follow([(0, visit.day) for visit in seen], rest, self.noise)
            turns.follow([(visit.counter, visit.day) for visit in seen], rest, self.noise)
        squares = sum(value * value for value in rest)
        self.noise = (20 * NOISE + squares) / (20 + len(rest))
        self.day_pace = days.ahead(0, self.day)
        self.counter_paces = {
            counter: turns.ahead(counter, self.day) for counter in {visit.counter for visit in seen}
        }
        self._keep_rests(rest)

    def _keep_rests(self, rest: Sequence[float]) -> None:
        by_service: dict[str, list[float]] = defaultdict(list)
        for visit, value in zip(self.seen, rest, strict=True):
            by_service[visit.service].append(math.exp(value))
        everything = sorted(math.exp(value) for value in rest[-KEPT:])
        self.any_rest = sorted(everything + quantiles(SPREAD, max(0, 40 - len(everything))))
        self.rests = {
            service: sorted(values[-KEPT:] + _thinned(self.any_rest, max(0, 60 - len(values))))
            for service, values in by_service.items()
        }


def _thinned(values: Sequence[float], count: int) -> list[float]:
    return [values[index * len(values) // count] for index in range(count)]


def _refit(
    old: dict[Hashable, float],
    keys: Sequence[Hashable],
    rest: list[float],
    noise: float,
    floor: float,
) -> dict[Hashable, float]:
    """Return one effect's new values; `rest` is changed to what remains beside them."""
    sums: dict[Hashable, list[float]] = {}
    for key, value in zip(keys, rest, strict=True):
        tally = sums.setdefault(key, [0.0, 0.0])
        tally[0] += 1
        tally[1] += value
    groups = {
        key: (weight, total / weight + old.get(key, 0.0)) for key, (weight, total) in sums.items()
    }
    new = shrunk(groups, noise, floor=floor)
    step = {key: new[key] - old.get(key, 0.0) for key in new}
    rest[:] = [value - step[key] for key, value in zip(keys, rest, strict=True)]
    return new


class _Daily:
    """The effects of days, of one or more subjects (a counter; the whole station is 0)."""

    def __init__(self) -> None:
        self.means: dict[int, list[tuple[int, float, float]]] = {}
        self.effects: dict[tuple[int, int], float] = {}
        self.drift, self.swing = DRIFTS[0], SWINGS[0]
        self.noise = NOISE

    def follow(self, keys: Sequence[tuple[int, int]], rest: list[float], noise: float) -> None:
        """Estimate the effect of each (subject, day); `rest` is changed to what remains."""
        self.noise = noise
        sums: dict[tuple[int, int], list[float]] = {}
        for key, value in zip(keys, rest, strict=True):
            tally = sums.setdefault(key, [0.0, 0.0])
            tally[0] += 1
            tally[1] += value + self.effects.get(key, 0.0)
        self.means = {}
        for (subject, day), (weight, total) in sorted(sums.items()):
            self.means.setdefault(subject, []).append((day, weight, total / weight))
        self._weigh_laws()
        old, self.effects = self.effects, {}
        for subject in self.means:
            self.effects.update(self._smoothed(subject))
        for index, key in enumerate(keys):
            rest[index] += old.get(key, 0.0) - self.effects[key]

    def _weigh_laws(self) -> None:
        """Set both variances to what is likely on the whole, not to the one likeliest pair."""
        laws = [(drift, swing) for drift in DRIFTS for swing in SWINGS]
        scores = [self._plausibility(law) for law in laws]
        best = max(scores)
        weights = [math.exp(score - best) for score in scores]
        total = sum(weights)
        self.drift = sum(w * drift for w, (drift, _) in zip(weights, laws, strict=True)) / total
        self.swing = sum(w * swing for w, (_, swing) in zip(weights, laws, strict=True)) / total

    def _plausibility(self, laws: tuple[float, float]) -> float:
        return sum(
            -0.5 * (math.log(variance) + (mean - level) ** 2 / variance)
            for steps in self.means.values()
            for level, variance, mean, _ in self._foreseen(steps, *laws)
        )

    def _foreseen(
        self, steps: list[tuple[int, float, float]], drift: float, swing: float
    ) -> list[tuple[float, float, float, float]]:
        """Return for each day: foreseen level, variance of its mean, mean, variance of the level.

        One more line stands for the day after the last.
        """
        level, unsure, lines = 0.0, 0.01 + drift, []
        for _day, weight, mean in steps:
            noise = swing + self.noise / weight
            lines.append((level, unsure + noise, mean, unsure))
            gain = unsure / (unsure + noise)
            level += gain * (mean - level)
            unsure = unsure * (1 - gain) + drift
        lines.append((level, unsure + swing, level, unsure))
        return lines

    def _smoothed(self, subject: int) -> list[tuple[tuple[int, int], float]]:
        steps = self.means[subject]
        lines = self._foreseen(steps, self.drift, self.swing)
        found = []
        for (day, weight, mean), (line, _next) in zip(steps, pairwise(lines), strict=True):
            level, _, _, unsure = line
            prior = unsure + self.swing
            gain = prior / (prior + self.noise / weight)
            found.append(((subject, day), level + gain * (mean - level)))
        return found

    def ahead(self, subject: int, day: int) -> Pace:
        """Return what is known of a subject's day before it begins."""
        steps = [step for step in self.means.get(subject, []) if step[0] < day]
        level, _, _, unsure = self._foreseen(steps, self.drift, self.swing)[-1]
        return Pace(level, max(unsure + self.swing, 1e-5))
