"""When a station is open, and when it handles a service: pure calculation over weekly spans."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from kiosk.refusal import Refusal, say

DAY_MINUTES = 24 * 60
DAYS_AHEAD = 60


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


def opening(
    spans: Iterable[Span], moment: datetime, closures: Sequence[tuple[date, date]] = ()
) -> Opening:
    """Return the state at a moment given on the station's wall clock.

    `closures` are first and last days on which the doors stay shut whatever the week says.
    """
    week = sorted(spans, key=lambda span: (span.weekday, span.opens))
    minute = minute_of(moment)
    today = [
        span
        for span in week
        if span.weekday == moment.weekday() and not is_within(closures, moment.date())
    ]
    current = next((span for span in today if span.opens <= minute < span.closes), None)
    all_day = current is not None and (current.opens, current.closes) == (0, DAY_MINUTES)
    return Opening(
        is_open=current is not None,
        all_day=all_day,
        spans=tuple((clock(span.opens), clock(span.closes)) for span in today),
        opens=clock(current.opens) if current else None,
        closes=clock(current.closes) if current else None,
        next_opens=None if current else _next_opens(week, moment, closures),
    )


def is_within(closures: Sequence[tuple[date, date]], day: date) -> bool:
    """Tell whether a day is one of those on which the doors stay shut."""
    return any(first <= day <= last for first, last in closures)


def overlaps(span: Span, weekdays: Collection[int], opens: int, closes: int) -> bool:
    """Tell whether a span shares a minute with these hours, on one of these days of the week."""
    return span.weekday in weekdays and span.opens < closes and opens < span.closes


def moment_of(day: date, minute: int, timezone: str) -> datetime:
    """Return a minute of a day on the wall clock of a time zone; 1440 is midnight after it."""
    days, rest = divmod(minute, DAY_MINUTES)
    wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60))
    return wall.replace(tzinfo=ZoneInfo(timezone))


def minute_of(wall: datetime) -> int:
    """Return how many minutes after midnight a wall clock shows."""
    return wall.hour * 60 + wall.minute


def clock(minute: int) -> str:
    """Return minutes since midnight as `9:00`."""
    return f"{minute // 60}:{minute % 60:02}"


def _next_opens(
    week: Sequence[Span], moment: datetime, closures: Sequence[tuple[date, date]] = ()
) -> datetime | None:
    for ahead in range(DAYS_AHEAD):
        day = moment.date() + timedelta(days=ahead)
        for span in week if not is_within(closures, day) else ():
            opens = datetime.combine(
                day, time(span.opens // 60, span.opens % 60), tzinfo=moment.tzinfo
            )
            if span.weekday == day.weekday() and opens >= moment:
                return opens
    return None


@dataclass(frozen=True)
class ServiceHours:
    """When a station handles a service: weekly spans, from which day on, and up to which.

    No spans mean whenever the station is open; a day that is None sets no limit.
    """

    spans: tuple[WeeklySpan, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None

    def hold(self, moment: datetime) -> bool:
        """Tell whether it is handled at a moment on the station's wall clock."""
        if not self._is_in_season(moment.date()):
            return False
        minute = minute_of(moment)
        return not self.spans or any(
            span.weekday == moment.weekday() and span.opens <= minute < span.closes
            for span in self.spans
        )

    def next(self, moment: datetime) -> datetime | None:
        """Return when it is handled next, or None if never again; midnight means all that day."""
        since = moment
        if self.starts_on and self.starts_on > moment.date():
            since = datetime.combine(self.starts_on, time(), tzinfo=moment.tzinfo)
        begins = _next_opens(sorted(self.spans), since) if self.spans else since
        return begins if begins and self._is_in_season(begins.date()) else None

    @property
    def by_days(self) -> list[tuple[list[int], str]]:
        """The spans as people say them: the weekdays that have the same, and these spans."""
        days: dict[str, list[int]] = {}
        for weekday in range(7):
            told = [f"{clock(s.opens)}–{clock(s.closes)}" for s in self.spans if s[0] == weekday]
            if told:
                days.setdefault(", ".join(told), []).append(weekday)
        return [(weekdays, told) for told, weekdays in days.items()]

    def outside(self, week: Iterable[Span]) -> list[WeeklySpan]:
        """Return the spans that lie outside a station's opening hours, wholly or partly."""
        doors = sorted(week, key=lambda span: (span.weekday, span.opens))
        return [span for span in self.spans if not _is_inside(span, doors)]

    def _is_in_season(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )


ALWAYS = ServiceHours()


def _is_inside(span: WeeklySpan, doors: Sequence[Span]) -> bool:
    """Tell whether doors are open from a span's beginning to its end, without a gap."""
    reached = span.opens
    for door in doors:
        if door.weekday == span.weekday and door.opens <= reached < door.closes:
            reached = door.closes
    return reached >= span.closes


def refuse_unhandled(hours: ServiceHours, moment: datetime) -> None:
    """Refuse a service outside its hours, and say when it is handled next."""
    if hours.hold(moment):
        return
    begins = hours.next(moment)
    if begins is None:
        raise Refusal(
            "services.ended", "This is not handled here any more. Ask at a counter what to do."
        )
    words = say("This is handled next on %(month)s/%(day)s at %(time)s. Come back then.")
    if begins.date() == moment.date():
        words = say("This is handled today from %(time)s. Come back then.")
    elif begins.time() == time():
        words = say("This is handled from %(month)s/%(day)s on. Come back then.")
    raise Refusal(
        "services.not_now",
        words,
        month=begins.month,
        day=begins.day,
        time=clock(minute_of(begins)),
    )
