"""How right the forecast of waits was: by queue and week, as far as tickets were called."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from kiosk.db import session
from kiosk.stations.models import Station
from kiosk.tickets.models import Queue, Ticket, TicketEvent

# Who is called within this time has not waited.
AT_ONCE = 30
MINUTE = 60
# A promise is printed when so many people of the last days were told, and so many in time.
PROMISE_DAYS, PROMISE_COUNT, PROMISE_SHARE = 30, 200, 0.78


@dataclass(frozen=True)
class Accuracy:
    """How right forecasts were; `error` and `bias` in minutes, `kept` from 0 to 1."""

    count: int
    mean_wait: float
    error: float
    bias: float
    kept: float


@dataclass(frozen=True)
class Shares:
    """How many were called before the forecast's middle, from there up to its end, and after it."""

    sooner: int = 0
    within: int = 0
    later: int = 0

    @property
    def count(self) -> int:
        """How many were called."""
        return self.sooner + self.within + self.later

    @property
    def kept(self) -> float:
        """How many of them were called in time, from 0 to 1."""
        return (self.sooner + self.within) / self.count


@dataclass(frozen=True)
class _Outcome:
    letter: str
    week: date
    middle: int
    upper: int
    waited: float


def accuracy_of(station: Station, first: date, last: date) -> dict[tuple[str, date], Accuracy]:
    """Return how right forecasts were, by queue and by the week's Monday; "" is every queue."""
    groups: dict[tuple[str, date], list[_Outcome]] = defaultdict(list)
    for one in _outcomes(station, first, last):
        groups[one.letter, one.week].append(one)
        groups["", one.week].append(one)
    return {key: _accuracy(ones) for key, ones in sorted(groups.items())}


def shares_of(station: Station, first: date, last: date) -> dict[str, Shares]:
    """Return where in their forecast people were called, by queue; "" is every queue."""
    groups: dict[str, list[_Outcome]] = defaultdict(list)
    for one in _outcomes(station, first, last):
        groups[one.letter].append(one)
        groups[""].append(one)
    return {letter: _shares(ones) for letter, ones in groups.items()}


def is_promise_kept(station: Station, today: date) -> bool:
    """Tell whether "eight times in ten" was true of the last days, and of enough people."""
    past = _outcomes(station, today - timedelta(days=PROMISE_DAYS), today - timedelta(days=1))
    kept = sum(one.waited <= one.upper for one in past)
    return len(past) >= PROMISE_COUNT and kept >= PROMISE_SHARE * len(past)


def _outcomes(station: Station, first: date, last: date) -> Sequence[_Outcome]:
    called = (
        select(func.min(TicketEvent.at))
        .where(TicketEvent.ticket_id == Ticket.id, TicketEvent.verb == "call")
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Queue.letter,
            Ticket.day,
            Ticket.p50_seconds,
            Ticket.p80_seconds,
            Ticket.issued_at,
            called.label("called_at"),
        )
        .join(Queue, Queue.id == Ticket.origin_id)
        .where(
            Queue.station_id == station.id,
            Ticket.day >= first,
            Ticket.day <= last,
            Ticket.p80_seconds.is_not(None),
        )
    )
    return [
        _Outcome(
            row.letter,
            row.day - timedelta(days=row.day.weekday()),
            row.p50_seconds,
            row.p80_seconds,
            (row.called_at - row.issued_at).total_seconds(),
        )
        for row in rows
        if row.called_at is not None and (row.called_at - row.issued_at).total_seconds() > AT_ONCE
    ]


def _shares(ones: list[_Outcome]) -> Shares:
    sooner = sum(one.waited < one.middle for one in ones)
    later = sum(one.waited > one.upper for one in ones)
    return Shares(sooner, len(ones) - sooner - later, later)


def _accuracy(ones: list[_Outcome]) -> Accuracy:
    count = len(ones)
    return Accuracy(
        count=count,
        mean_wait=sum(one.waited for one in ones) / count / MINUTE,
        error=sum(abs(one.middle - one.waited) for one in ones) / count / MINUTE,
        bias=sum(one.middle - one.waited for one in ones) / count / MINUTE,
        kept=sum(one.waited <= one.upper for one in ones) / count,
    )
