"""What visitors are told of their wait: the forecast's last word, kept in the process.

Whoever shows a wait asks here, and falls back on the queue-length rule when there is no word yet,
or none that is fresh. In a hall too full to be forecast, the word is a correction of that rule.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from kiosk.tickets.forecast import Wait
from kiosk.tickets.forecast.ahead import Ahead

FRESH = timedelta(minutes=3)
# The rest of the day is looked at less often.
DAY_FRESH = timedelta(minutes=15)
# Somebody hears of a reason when their wait grew by so many minutes.
GREW = 5


class Reason(StrEnum):
    """Why a wait grew."""

    COUNTER_PAUSED = "counter_paused"
    PEOPLE_BEFORE_YOU = "people_before_you"
    VISITS_TAKE_LONGER = "visits_take_longer"


@dataclass(frozen=True)
class Expected:
    """What somebody in line is told, and until when they were told to be called at the latest."""

    wait: Wait
    ahead: int = 0
    counters: int = 0
    reason: Reason | None = None
    promised_until: datetime | None = None


@dataclass
class Told:
    """The forecast's word on one station: by the ticket's id, by the queue's id.

    `minutes` of a visit are those of the rule, where there is no forecast.
    """

    at: datetime
    tickets: dict[int, Expected] = field(default_factory=dict)
    queues: dict[int, Wait] = field(default_factory=dict)
    minutes: dict[int, float] = field(default_factory=dict)
    is_promise: bool = False


class Outlook:
    """The last word on every station."""

    def __init__(self) -> None:
        self._told: dict[int, Told] = {}
        self._ahead: dict[int, tuple[datetime, Ahead]] = {}

    def tell(self, station_id: int, told: Told) -> None:
        """Keep a new word; why waits grew is told from the one before."""
        before = self.of(station_id, told.at)
        known = before.tickets if before is not None else {}
        told.tickets = {
            ticket: _with_reason(expected, known.get(ticket), told.at)
            for ticket, expected in told.tickets.items()
        }
        self._told[station_id] = told

    def of(self, station_id: int, at: datetime) -> Told | None:
        """Return the word on a station, if it is fresh."""
        told = self._told.get(station_id)
        return told if told is not None and abs(at - told.at) <= FRESH else None

    def differs(self, station_id: int, before: Told | None) -> bool:
        """Tell whether somebody who waits is told otherwise than before."""
        now = self._told.get(station_id)
        if now is None or before is None or now is before:
            return False
        return any(
            (expected.wait, expected.reason) != (was.wait, was.reason)
            for ticket, expected in now.tickets.items()
            if (was := before.tickets.get(ticket)) is not None
        )

    def expect(self, station_id: int, ahead: Ahead, at: datetime) -> None:
        """Keep what is expected of the rest of the day."""
        self._ahead[station_id] = at, ahead

    def ahead_of(self, station_id: int, at: datetime) -> Ahead | None:
        """Return what is expected of the rest of the day, if that is fresh."""
        since, ahead = self._ahead.get(station_id, (at, None))
        return ahead if abs(at - since) <= DAY_FRESH else None

    def forget(self) -> None:
        """Forget everything that was said."""
        self._told.clear()
        self._ahead.clear()


def _with_reason(now: Expected, before: Expected | None, at: datetime) -> Expected:
    until = at + timedelta(minutes=now.wait.high_minutes)
    if before is None or before.promised_until is None:
        return Expected(now.wait, now.ahead, now.counters, None, until)
    first = before.promised_until
    if until - first < timedelta(minutes=GREW):
        return Expected(now.wait, now.ahead, now.counters, None, min(until, first))
    return Expected(now.wait, now.ahead, now.counters, before.reason or _reason(now, before), first)


def _reason(now: Expected, before: Expected) -> Reason:
    if now.counters < before.counters:
        return Reason.COUNTER_PAUSED
    if now.ahead > before.ahead:
        return Reason.PEOPLE_BEFORE_YOU
    return Reason.VISITS_TAKE_LONGER


outlook = Outlook()
