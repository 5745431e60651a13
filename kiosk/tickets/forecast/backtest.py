"""Replays a log: what would have been announced to everybody, and how good that was."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from math import sqrt

from kiosk.tickets.forecast.calibration import AT_ONCE, UPPER
from kiosk.tickets.forecast.classic import NAMES, Classics
from kiosk.tickets.forecast.forecaster import Forecaster
from kiosk.tickets.forecast.log import Event
from kiosk.tickets.forecast.plan import Plan

HEADER = ("ticket", "issued_at", "p50_seconds", "p80_seconds")
JUDGED_DAYS = 20
MINUTE = 60


@dataclass(slots=True)
class Announced:
    """What was announced with a ticket, and what came of it; `waited` is None if never called."""

    ticket: str
    issued_at: str
    day: int
    queue: str
    p50: int
    p80: int
    classics: dict[str, float] = field(default_factory=dict)
    waited: int | None = None

    def row(self) -> tuple[str, str, int, int]:
        """Return the line of the output."""
        return self.ticket, self.issued_at, self.p50, self.p80


def replay(plan: Plan, events: Iterable[Event]) -> Iterator[Announced]:
    """Return a forecast for every issue line, in order, each made when its line was read.

    `waited` is filled in later, as the caller goes on to read.
    """
    forecaster, classics = Forecaster(plan), Classics()
    waiting: dict[str, tuple[Announced, int]] = {}
    for event in events:
        classics.see(event, forecaster.hall)
        forecaster.see(event)
        if event.name == "call" and event.ticket in waiting:
            announced, issued = waiting.pop(event.ticket)
            announced.waited = event.time - issued
        elif event.name == "issue":
            outlook = forecaster.announce(event.ticket)
            hall = forecaster.hall
            announced = Announced(
                ticket=event.ticket,
                issued_at=event.at,
                day=hall.day.ordinal if hall.day else 0,
                queue=event.queue,
                p50=round(outlook.middle),
                p80=round(outlook.upper),
                classics=classics.waits(hall.visitors[event.ticket], hall),
            )
            waiting[event.ticket] = announced, event.time
            yield announced


@dataclass(frozen=True)
class Score:
    """How good forecasts were; lengths in minutes, shares from 0 to 1."""

    count: int
    mean_wait: float
    error: float
    relative_error: float
    bias: float
    near: float
    late: float
    kept: float
    quantile_loss: float
    classics: dict[str, float]

    @property
    def naive_ratio(self) -> float:
        """The error beside that of people waiting × mean service time ÷ open counters."""
        return self.error / self.classics["hall"] if self.classics["hall"] else 0.0


def judged(forecasts: Iterable[Announced]) -> list[Announced]:
    """Return whose wait counts: called, more than at once, in the last days of the log.

    The last 20 days count, or the later half of a log of fewer than 40.
    """
    forecasts = list(forecasts)
    days = sorted({one.day for one in forecasts})
    first = days[-min(JUDGED_DAYS, (len(days) + 1) // 2)] if days else 0
    return [
        one
        for one in forecasts
        if one.day >= first and one.waited is not None and one.waited > AT_ONCE
    ]


def score(forecasts: list[Announced]) -> Score:
    """Return how good these forecasts were; all of them have an outcome, and there are some."""

    def mean(value: Callable[[Announced, int], float]) -> float:
        return sum(value(one, one.waited or 0) for one in forecasts) / len(forecasts)

    wait = mean(lambda _, waited: waited)
    return Score(
        count=len(forecasts),
        mean_wait=wait / MINUTE,
        error=mean(lambda one, waited: abs(one.p50 - waited)) / MINUTE,
        relative_error=sqrt(mean(lambda one, waited: (one.p50 - waited) ** 2)) / wait,
        bias=mean(lambda one, waited: one.p50 - waited) / MINUTE,
        near=mean(lambda one, waited: abs(one.p50 - waited) <= 5 * MINUTE),
        late=mean(lambda one, waited: waited - one.p50 > 5 * MINUTE),
        kept=mean(lambda one, waited: waited <= one.p80),
        quantile_loss=mean(lambda one, waited: _loss(waited - one.p80)) / MINUTE,
        classics={
            name: mean(lambda one, waited, name=name: abs(one.classics[name] - waited)) / MINUTE  # type: ignore[misc]
            for name in NAMES
        },
    )


def _loss(missing: float) -> float:
    return UPPER * missing if missing > 0 else (UPPER - 1) * missing


def summary(forecasts: Iterable[Announced]) -> Iterator[str]:
    """Return lines for people: the whole station, each queue, and the older rules."""
    rows = judged(forecasts)
    if not rows:
        yield "Nobody waited long enough to compare."
        return
    yield (
        "queue   tickets  wait   MAE  RMSE/mean   bias  within 5  >5 later  below p80  "
        "q80 loss  MAE/naive"
    )
    whole = score(rows)
    yield _line("all", whole)
    for queue in sorted({one.queue for one in rows}):
        yield _line(queue, score([one for one in rows if one.queue == queue]))
    rules = ", ".join(f"{name} {error:.2f}" for name, error in whole.classics.items())
    yield f"MAE in minutes of older rules: {rules}"


def _line(name: str, one: Score) -> str:
    return (
        f"{name:7} {one.count:7} {one.mean_wait:5.1f} {one.error:5.2f} {one.relative_error:10.2f} "
        f"{one.bias:+6.2f} {one.near:8.1%} {one.late:9.1%} {one.kept:10.1%} "
        f"{one.quantile_loss:9.2f} {one.naive_ratio:10.3f}"
    )
