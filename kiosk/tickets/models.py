"""A queue, what it is for, a ticket in it, and every change of a ticket."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnClause,
    ForeignKey,
    Index,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kiosk.catalog.models import Service
from kiosk.db import Model, words
from kiosk.stations.hours import ServiceHours, WeeklySpan
from kiosk.stations.models import Counter, Station

LAST_NUMBER = 999


class TicketState(StrEnum):
    """Where a ticket is in its life."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    FINISHED = "finished"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


AT_COUNTER = (TicketState.CALLED, TicketState.SERVING)
OPEN = (TicketState.WAITING, *AT_COUNTER, TicketState.HELD)


class Priority(StrEnum):
    """Why somebody asks to be called earlier: said by themselves, shown to staff only."""

    DISABLED = "disabled"
    ELDERLY = "elderly"
    SERVICE = "service"
    PREGNANT = "pregnant"
    OTHER = "other"


class MissedRule(StrEnum):
    """How long who was called and did not come may come back."""

    VOID = "void"
    CALLS = "calls"
    MINUTES = "minutes"


class Outcome(StrEnum):
    """How a visit ended."""

    DONE = "done"
    INCOMPLETE = "incomplete"
    REFERRED = "referred"


# For statements: written out, not bound, so that both databases use the indexes over few tickets.
WAITING: ColumnClause[str] = literal_column("'waiting'")
CALLED_OR_SERVING: tuple[ColumnClause[str], ...] = (
    literal_column("'called'"),
    literal_column("'serving'"),
)
PARKED: ColumnClause[str] = literal_column("'held'")
IS_CALL = text("ticket_event.is_call")

_AT_COUNTER = text("state IN ('called', 'serving')")
_WAITING = text("state = 'waiting'")
_HELD = text("state = 'held'")
HOLDS = ("holder", "origin_id", "day")
ONE_EACH = text("holder IS NOT NULL AND state IN ('waiting', 'called', 'serving', 'held')")


class Queue(Model):
    """A waiting line of one station; `usual_minutes` is what one visit takes as a rule.

    It gives out `daily_quota` numbers a day, where that is set. Who does not come is missed after
    `calls_before_no_show` calls, and may come back as `missed_rule` and `missed_limit` say: never,
    within so many later calls, or within so many minutes.
    """

    __tablename__ = "queue"
    __table_args__ = (
        UniqueConstraint("station_id", "letter"),
        CheckConstraint("length(letter) = 1 AND letter BETWEEN 'A' AND 'Z'", "letter"),
        CheckConstraint("usual_minutes BETWEEN 1 AND 480", "usual_minutes"),
        CheckConstraint(f"daily_quota BETWEEN 1 AND {LAST_NUMBER}", "daily_quota"),
        CheckConstraint("calls_before_no_show BETWEEN 1 AND 9", "calls_before_no_show"),
        CheckConstraint("missed_limit BETWEEN 1 AND 480", "missed_limit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    letter: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    usual_minutes: Mapped[int] = mapped_column(default=8)
    is_open: Mapped[bool] = mapped_column(default=True)
    daily_quota: Mapped[int | None]
    calls_before_no_show: Mapped[int] = mapped_column(default=1, server_default="1")
    missed_rule: Mapped[MissedRule] = mapped_column(
        default=MissedRule.MINUTES, server_default=MissedRule.MINUTES.value
    )
    missed_limit: Mapped[int] = mapped_column(default=30, server_default="30")

    station: Mapped[Station] = relationship(lazy="joined")


class QueueDay(Model):
    """A queue's day: the last number given out, the last one called, and how often it changed.

    A queue that closed early gives out no more numbers on `stopped_at`'s day.
    """

    __tablename__ = "queue_day"
    __table_args__ = (CheckConstraint(f"issued BETWEEN 0 AND {LAST_NUMBER}", "issued"),)

    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    issued: Mapped[int] = mapped_column(default=0)
    last_called: Mapped[int | None]
    changes: Mapped[int] = mapped_column(default=0)
    stopped_at: Mapped[datetime | None]


class CounterQueue(Model):
    """A counter serves a queue; the lowest rank is served first."""

    __tablename__ = "counter_queue"

    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), primary_key=True)
    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"), primary_key=True, index=True)
    rank: Mapped[int]


class Offer(Model):
    """A station offers a service in one of its queues; switched off it is shown, not given.

    `counters` are the numbers of those that handle it, where not all of the queue's do; `spans`
    are when it is handled, where not always: weekday (Monday 0), opens, closes in minutes.
    """

    __tablename__ = "offer"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", "days"),)

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True, index=True)
    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"), index=True)
    is_on: Mapped[bool] = mapped_column(default=True)
    counters: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    spans: Mapped[list[list[int]] | None] = mapped_column(JSON(none_as_null=True))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    queue: Mapped[Queue] = relationship()

    @property
    def hours(self) -> ServiceHours:
        """When the station handles it."""
        spans = tuple(WeeklySpan(*span) for span in self.spans or ())
        return ServiceHours(spans, self.starts_on, self.ends_on)


class BulkChange(Model):
    """A change of many services at a station: looked at first, then made with one press.

    `codes` are the services', `wished` is what is to change, as soon as somebody has said so.
    """

    __tablename__ = "bulk_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    codes: Mapped[list[str]] = mapped_column(JSON)
    wished: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    applied_at: Mapped[datetime | None]


class Ticket(Model):
    """A place in a queue: `A001`, counted anew each day; it never changes its number.

    The number is of the queue that issued it (`origin_id`), wherever it waits later. Who waits
    stands in line by `due_at`: the time of issue, moved by priority, by an appointment or by the
    visitor's own wish. Sent to one counter, it is called by that one alone (`for_counter_id`).
    `p50_seconds` and `p80_seconds` are the wait that was forecast when it was issued.
    `holder` is the hash of a phone's random mark: one phone holds one open number of a queue.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("origin_id", "day", "seq"),
        CheckConstraint(f"seq BETWEEN 1 AND {LAST_NUMBER}", "seq"),
        CheckConstraint("state NOT IN ('called', 'serving') OR counter_id IS NOT NULL", "counter"),
        Index(
            "ix_ticket_waiting",
            "queue_id",
            "day",
            "due_at",
            "seq",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index("ix_ticket_day", "queue_id", "day"),
        Index("ix_ticket_held", "queue_id", "day", sqlite_where=_HELD, postgresql_where=_HELD),
        Index(
            "uq_ticket_holder",
            *HOLDS,
            unique=True,
            sqlite_where=ONE_EACH,
            postgresql_where=ONE_EACH,
        ),
        Index(
            "uq_ticket_at_counter",
            "counter_id",
            unique=True,
            sqlite_where=_AT_COUNTER,
            postgresql_where=_AT_COUNTER,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"))
    origin_id: Mapped[int] = mapped_column(ForeignKey("queue.id"))
    letter: Mapped[str]
    day: Mapped[date]
    seq: Mapped[int]
    due_at: Mapped[datetime]
    priority: Mapped[Priority | None]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    for_counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    state: Mapped[TicketState]
    holder: Mapped[str | None]
    calls: Mapped[int] = mapped_column(default=0)
    postponed: Mapped[int] = mapped_column(default=0, server_default="0")
    rejoined: Mapped[int] = mapped_column(default=0, server_default="0")
    outcome: Mapped[Outcome | None]
    issued_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    p50_seconds: Mapped[int | None]
    p80_seconds: Mapped[int | None]

    queue: Mapped[Queue] = relationship(lazy="joined", foreign_keys=[queue_id])
    service: Mapped[Service | None] = relationship()
    counter: Mapped[Counter | None] = relationship(foreign_keys=[counter_id])
    for_counter: Mapped[Counter | None] = relationship(foreign_keys=[for_counter_id])
    services: Mapped[list[Service]] = relationship(
        secondary="ticket_service", order_by="TicketService.rank", viewonly=True
    )

    @property
    def number(self) -> str:
        """Letter and three digits."""
        return number(self.letter, self.seq)


class TicketService(Model):
    """One of several services that a ticket carries, in the order in which they are done.

    `done_at` is when the visit ended at the window that did it.
    """

    __tablename__ = "ticket_service"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True, index=True)
    rank: Mapped[int]
    done_at: Mapped[datetime | None]


class TicketEvent(Model):
    """One change of a ticket: who, with which role, when, from which state to which, why.

    `queue_id` is where the ticket waits from then on.
    """

    __tablename__ = "ticket_event"
    __table_args__ = (
        Index(
            "ix_ticket_event_calls",
            "station_id",
            "day",
            "id",
            sqlite_where=text("is_call"),
            postgresql_where=text("is_call"),
        ),
        Index(
            "ix_ticket_event_counter",
            "counter_id",
            "at",
            sqlite_where=text("counter_id IS NOT NULL"),
            postgresql_where=text("counter_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    day: Mapped[date]
    at: Mapped[datetime]
    verb: Mapped[str]
    queue_id: Mapped[int | None] = mapped_column(ForeignKey("queue.id"))
    is_call: Mapped[bool] = mapped_column(default=False)
    from_state: Mapped[TicketState | None] = mapped_column(words(TicketState, "from_state"))
    to_state: Mapped[TicketState] = mapped_column(words(TicketState, "to_state"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    actor: Mapped[str]
    role: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")

    ticket: Mapped[Ticket] = relationship()
    counter: Mapped[Counter | None] = relationship()


def number(letter: str, seq: int) -> str:
    """Return a ticket's number as people read it: `A001`."""
    return f"{letter}{seq:03}"
