"""What the overview draws: today's waits, and how right the forecast of the last days was."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from kiosk import clock
from kiosk.stations.hours import minute_of
from kiosk.stations.models import Station
from kiosk.tickets.forecast.ahead import Ahead, Coming
from kiosk.tickets.outlook import outlook
from kiosk.tickets.queries import Shares, Waited, shares_of, waits_on

# The overview is fetched anew at each change; what it draws need not be.
FRESH = timedelta(minutes=1)
DAYS = 7
# Fewer people than these say nothing.
FEW = 5
FEW_IN_A_BIN = 3
HALF, MOST = 0.5, 0.9
ROUNDING = 1e-9
SPARK_STEP = 15
BIN = 30
# What is expected comes in half hours.
COMING = 30
# With fewer people a bin, bins are twice as long.
CROWD = 4
HOUR = 60
MOST_HOURS = 9
HAIRLINES = 3
STEPS = (5, 10, 15, 20, 30, 60, 120, 240)

Point = tuple[float, float]


@dataclass(frozen=True)
class Bin:
    """People who took a number in a part of the day, which begins at a minute of it.

    Half are called within `half` minutes, nine in ten within `most`: None while too few were called
    to say so.
    """

    begins: int
    called: int
    half: float | None
    most: float | None


@dataclass(frozen=True)
class Waits:
    """Today's waits by the time of issue; axes in minutes of the day and minutes of waiting.

    `half` and `most` are those of the whole day so far, `coming` what is expected from `now` on.
    """

    bins: Sequence[Bin]
    called: int
    waiting: int
    half: float | None
    most: float | None
    first: int
    last: int
    step: int
    now: int
    coming: Sequence[Coming] = ()

    @property
    def top(self) -> int:
        """Where the upmost hairline stands."""
        return HAIRLINES * self.step

    @property
    def hours(self) -> list[int]:
        """Which minutes of the day are written under the axis."""
        step = HOUR * max(1, math.ceil((self.last - self.first) / HOUR / MOST_HOURS))
        return list(range(math.ceil(self.first / step) * step, self.last + 1, step))

    def runs(self, which: str) -> list[list[Point]]:
        """Return a line's pieces, `half` or `most`: it is broken where too few were called."""
        pieces: list[list[Point]] = [[]]
        ends = [*(later.begins for later in self.bins[1:]), self.now]
        for one, end in zip(self.bins, ends, strict=False):
            minutes = getattr(one, which)
            if minutes is not None:
                pieces[-1].append(((one.begins + end) / 2, minutes))
            elif pieces[-1]:
                pieces.append([])
        return [piece for piece in pieces if piece]

    def bands(self) -> list[list[tuple[float, float, float]]]:
        """Return the pieces of what is expected: when, half within, nine in ten within."""
        pieces: list[list[tuple[float, float, float]]] = []
        ends = 0
        for one in self.coming:
            begins, until = max(one.begins, self.now), one.begins + COMING
            if one.begins != ends:
                pieces.append([(begins, one.half, one.most)])
            pieces[-1].append(((begins + until) / 2, one.half, one.most))
            ends = until
        return [
            [*piece, (min(piece[-1][0] + COMING / 2, self.last), *piece[-1][1:])]
            for piece in pieces
        ]


@dataclass(frozen=True)
class Charts:
    """What was drawn at a moment; sparklines are points of (0 to 1 of the day so far, minutes)."""

    at: datetime
    sparks: dict[str, list[Point]]
    waits: Waits | None
    shares: dict[str, Shares]
    ahead: Ahead | None = None


def charts_of(place: Station, at: datetime) -> Charts:
    """Return a station's charts, at most a minute old."""
    kept: dict[int, Charts] = current_app.extensions.setdefault("charts", {})
    known = kept.get(place.id)
    if known is None or not timedelta() <= at - known.at < FRESH:
        known = kept[place.id] = _draw(place, at)
    return known


def _draw(place: Station, at: datetime) -> Charts:
    today = clock.day_at(at, place.timezone)
    ones = waits_on(place, today)
    ahead = outlook.ahead_of(place.id, at)
    queues: dict[str, list[Waited]] = defaultdict(list)
    for one in ones:
        queues[one.letter].append(one)
    return Charts(
        at,
        {letter: sparkline(mine, ones[0].issued_at, at) for letter, mine in queues.items()},
        waits_by_issue(ones, place.timezone, at, ahead),
        shares_of(place, today - timedelta(days=DAYS - 1), today),
        ahead,
    )


def sparkline(ones: Sequence[Waited], first: datetime, at: datetime) -> list[Point]:
    """Return the longest wait of each quarter of an hour, and last of all that of now."""
    whole = max((at - first) / timedelta(minutes=1), 1)
    spans = [
        (
            (one.issued_at - first) / timedelta(minutes=1),
            ((one.ended_at or at) - first) / timedelta(minutes=1),
        )
        for one in ones
    ]
    points = [(0.0, 0.0)]
    for end in range(SPARK_STEP, math.ceil(whole), SPARK_STEP):
        seen = (
            min(until, end) - since
            for since, until in spans
            if since < end and until > end - SPARK_STEP
        )
        points.append((end / whole, max(seen, default=0)))
    now = (whole - since for one, (since, _) in zip(ones, spans, strict=True) if not one.ended_at)
    return [*points, (1.0, max(now, default=0))]


def waits_by_issue(
    ones: Sequence[Waited], timezone: str, at: datetime, ahead: Ahead | None = None
) -> Waits | None:
    """Return how long people waited by when they took a number, and what is expected.

    None where nobody was called yet and nothing is expected.
    """
    called = sum(one.called_at is not None for one in ones)
    coming = ahead.bins if ahead else ()
    if not called and not coming:
        return None
    begun = [minute_of(clock.local(one.issued_at, timezone)) for one in ones] if called else []
    now = max(minute_of(clock.local(at, timezone)), max(begun, default=-1) + 1)
    first = min(begun, default=now)
    is_quiet = len(ones) < CROWD * (now - first) / BIN
    bins = _bins(ones, begun, 2 * BIN if is_quiet else BIN, at) if begun else []
    seen = [one.most or one.half or 0 for one in bins]
    highest = max([*seen, *(one.most for one in coming)], default=0)
    return Waits(
        bins,
        called,
        sum(one.ended_at is None for one in ones),
        *_quantiles(ones, FEW, at),
        first=bins[0].begins if bins else first // HOUR * HOUR,
        last=max(now, _until(ahead) if ahead and coming else 0),
        step=next((step for step in STEPS if HAIRLINES * step >= highest), STEPS[-1]),
        now=now,
        coming=coming,
    )


def _until(ahead: Ahead) -> int:
    """Return until when a day is drawn: nobody looks at a night in which hardly anybody comes."""
    last = ahead.bins[-1].begins + COMING
    return min(ahead.ends, math.ceil(last / HOUR) * HOUR)


def _bins(ones: Sequence[Waited], begun: Sequence[int], length: int, at: datetime) -> list[Bin]:
    groups: dict[int, list[Waited]] = defaultdict(list)
    for one, minute in zip(ones, begun, strict=True):
        groups[minute // length * length].append(one)
    return [
        Bin(
            begins,
            sum(one.called_at is not None for one in groups[begins]),
            *_quantiles(groups[begins], FEW_IN_A_BIN, at),
        )
        for begins in range(min(groups), max(groups) + 1, length)
    ]


def _quantiles(ones: Sequence[Waited], few: int, at: datetime) -> tuple[float | None, float | None]:
    """Return within how many minutes half and nine in ten are called (Kaplan and Meier).

    Who still waits, or left uncalled, counts as far as they waited: to leave them out would say
    that waits are shorter than they are. What then hangs on fewer than `few` people is not said.
    """
    spans = sorted(
        (((one.ended_at or at) - one.issued_at) / timedelta(minutes=1), one.called_at is None)
        for one in ones
    )
    waiting = sum(is_open for _, is_open in spans)
    if len(spans) - waiting < few:
        return None, None
    half = most = None
    uncalled = 1.0
    for left, (minutes, is_open) in zip(range(len(spans), 0, -1), spans, strict=True):
        if waiting and left < few:
            break
        if not is_open:
            uncalled *= 1 - 1 / left
        if half is None and uncalled <= 1 - HALF + ROUNDING:
            half = minutes
        if most is None and uncalled <= 1 - MOST + ROUNDING:
            most = minutes
    return half, most
