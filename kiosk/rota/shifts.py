"""Shifts and breaks of one day, in minutes since midnight: pure calculation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from kiosk.refusal import Refusal
from kiosk.stations.hours import clock


class Span(NamedTuple):
    """From one minute of the day until another."""

    starts: int
    ends: int


@dataclass(frozen=True)
class Shift:
    """A counter is served by a member, or by whoever is there, except in the breaks."""

    counter: int
    member_id: int | None
    starts: int
    ends: int
    breaks: tuple[Span, ...] = ()

    def runs(self, minute: int) -> bool:
        """Tell whether the shift runs at a minute, a break or not."""
        return self.starts <= minute < self.ends

    def break_at(self, minute: int) -> Span | None:
        """Return the break that is on at a minute."""
        return next((part for part in self.breaks if part.starts <= minute < part.ends), None)

    def minutes_at_work(self, since: int, until: int) -> int:
        """Return how many minutes are worked between two minutes of the day."""
        return _within(self, since, until) - sum(
            _within(part, since, until) for part in self.breaks
        )


def _within(part: Span | Shift, since: int, until: int) -> int:
    return max(min(part.ends, until) - max(part.starts, since), 0)


def next_break(shifts: Iterable[Shift], minute: int) -> Span | None:
    """Return the break that is on, or the next one to come; None if the rest is worked through."""
    parts = (part for shift in shifts for part in shift.breaks if minute < part.ends)
    return min(parts, default=None)


def refuse_tangled(shifts: Sequence[Shift], others: Sequence[Shift]) -> None:
    """Refuse shifts of one counter that overlap, and members who are elsewhere at that time.

    `others` are the other counters' shifts of the same day.
    """
    for before, after in pairwise(sorted(shifts, key=lambda shift: shift.starts)):
        if before.ends > after.starts:
            raise Refusal(
                "rota.overlap",
                "Two shifts overlap at %(time)s. Let one end where the next begins.",
                time=clock(after.starts),
            )
    for shift in shifts:
        _refuse_breaks(shift)
        for other in others:
            is_same = shift.member_id is not None and shift.member_id == other.member_id
            if is_same and _within(other, shift.starts, shift.ends):
                raise Refusal(
                    "rota.twice",
                    "They are at counter %(number)s from %(time)s until %(end)s. Change one.",
                    number=other.counter,
                    time=clock(other.starts),
                    end=clock(other.ends),
                )


def _refuse_breaks(shift: Shift) -> None:
    ends = shift.starts
    for part in sorted(shift.breaks):
        if part.starts < ends or part.ends > shift.ends:
            raise Refusal(
                "rota.break",
                "The break at %(time)s lies outside of the shift, or in another break.",
                time=clock(part.starts),
            )
        ends = part.ends
