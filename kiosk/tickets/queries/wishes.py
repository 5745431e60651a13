"""What a visitor may still wish: to let others go first, to come back; what their phone holds."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from kiosk.db import session
from kiosk.tickets.models import ONE_EACH, MissedRule, Ticket

MOST_POSTPONED = 2
MOST_REJOINED = 2
_CALLED_SINCE = select(func.count()).where(
    Ticket.queue_id == bindparam("queue_id"),
    Ticket.day == bindparam("day"),
    Ticket.called_at > bindparam("moment"),
)


_HELD = select(Ticket.token).where(
    Ticket.holder == bindparam("holder"),
    Ticket.origin_id == bindparam("queue_id"),
    Ticket.day == bindparam("day"),
    ONE_EACH,
)


class Missed(NamedTuple):
    """A number that nobody came for, how often it came back, and its queue's rule for that."""

    queue_id: int
    day: date
    since: datetime
    rejoined: int
    rule: MissedRule
    limit: int

    @property
    def kept_until(self) -> datetime | None:
        """When it falls, where that is a matter of time."""
        by_time = self.rule is MissedRule.MINUTES
        return self.since + timedelta(minutes=self.limit) if by_time else None

    def may_rejoin(self, at: datetime) -> bool:
        """Tell whether it may come back into the line at a moment."""
        if self.rejoined >= MOST_REJOINED or self.rule is MissedRule.VOID:
            return False
        if self.kept_until is not None:
            return at <= self.kept_until
        asked = {"queue_id": self.queue_id, "day": self.day, "moment": self.since}
        return (session.scalar(_CALLED_SINCE, asked) or 0) <= self.limit


def may_rejoin(ticket: Ticket, at: datetime) -> bool:
    """Tell whether a missed number may still come back, by the rule of its queue."""
    if ticket.ended_at is None:
        return False
    queue = ticket.queue
    return Missed(
        ticket.queue_id,
        ticket.day,
        ticket.ended_at,
        ticket.rejoined,
        queue.missed_rule,
        queue.missed_limit,
    ).may_rejoin(at)


def find_held(holder: str, queue_id: int, day: date) -> str | None:
    """Return the token of the open number of a queue that a phone holds, if it does."""
    return session.scalar(_HELD, {"holder": holder, "queue_id": queue_id, "day": day})
