"""When a station is open: pure calculation over its weekly spans."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple, Protocol

DAY_MINUTES = 24 * 60


class Span(Protocol):
    """One opening span: weekday (Monday 0), minutes since midnight."""

    @property
    def weekday(self) -> int:
        """The day of the week, Monday is 0."""

    @property
    def opens(self) -> int:
        """The minute the door opens."""

    @property
    def closes(self) -> int:
        """The minute the door closes; 1440 is midnight."""


class WeeklySpan(NamedTuple):
    """One opening span, apart from the database."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True)
class Opening:
    """Whether a station is open at a moment, and what a visitor must know about it."""

    is_open: bool
    all_day: bool
    spans: tuple[tuple[str, str], ...]
    opens: str | None
    closes: str | None
    next_opens: datetime | None

    @property
    def today(self) -> str:
        """Today's hours, `9:00–12:00, 13:00–18:00`; empty on a day of rest."""
        return ", ".join(f"{opens}–{closes}" for opens, closes in self.spans)


def opening(spans: Iterable[Span], moment: datetime) -> Opening:
    """Return the state at a moment given on the station's wall clock."""
    week = sorted(spans, key=lambda span: (span.weekday, span.opens))
    minute = moment.hour * 60 + moment.minute
    today = [span for span in week if span.weekday == moment.weekday()]
    current = next((span for span in today if span.opens <= minute < span.closes), None)
    all_day = current is not None and (current.opens, current.closes) == (0, DAY_MINUTES)
    return Opening(
        is_open=current is not None,
        all_day=all_day,
        spans=tuple((clock(span.opens), clock(span.closes)) for span in today),
        opens=clock(current.opens) if current else None,
        closes=clock(current.closes) if current else None,
        next_opens=None if current else _next_opens(week, moment),
    )


def clock(minute: int) -> str:
    """Return minutes since midnight as `9:00`."""
    return f"{minute // 60}:{minute % 60:02}"


def _next_opens(week: list[Span], moment: datetime) -> datetime | None:
    for ahead in range(8):
        day = moment.date() + timedelta(days=ahead)
        for span in week:
            opens = datetime.combine(
                day, time(span.opens // 60, span.opens % 60), tzinfo=moment.tzinfo
            )
            if span.weekday == day.weekday() and opens > moment:
                return opens
    return None
