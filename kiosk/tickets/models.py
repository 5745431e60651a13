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
    FINISHED = "finished"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


AT_COUNTER = (TicketState.CALLED, TicketState.SERVING)
OPEN = (TicketState.WAITING, *AT_COUNTER)

# For statements: written out, not bound, so that both databases use the indexes over few tickets.
WAITING: ColumnClause[str] = literal_column("'waiting'")
CALLED_OR_SERVING: tuple[ColumnClause[str], ...] = (
    literal_column("'called'"),
    literal_column("'serving'"),
)
IS_CALL = text("ticket_event.is_call")

_AT_COUNTER = text("state IN ('called', 'serving')")
_WAITING = text("state = 'waiting'")


class Queue(Model):
    """A waiting line of one station; `usual_minutes` is what one visit takes as a rule."""

    __tablename__ = "queue"
    __table_args__ = (
        UniqueConstraint("station_id", "letter"),
        CheckConstraint("length(letter) = 1 AND letter BETWEEN 'A' AND 'Z'", "letter"),
        CheckConstraint("usual_minutes BETWEEN 1 AND 480", "usual_minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    letter: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    usual_minutes: Mapped[int] = mapped_column(default=8)
    is_open: Mapped[bool] = mapped_column(default=True)

    station: Mapped[Station] = relationship(lazy="joined")


class QueueDay(Model):
    """A queue's day: the last number given out, the last one called, and how often it changed."""

    __tablename__ = "queue_day"
    __table_args__ = (CheckConstraint(f"issued BETWEEN 0 AND {LAST_NUMBER}", "issued"),)

    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    issued: Mapped[int] = mapped_column(default=0)
    last_called: Mapped[int | None]
    changes: Mapped[int] = mapped_column(default=0)


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
    """A place in a queue: `A001`, counted anew each day; it never changes its number."""

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("queue_id", "day", "seq"),
        CheckConstraint(f"seq BETWEEN 1 AND {LAST_NUMBER}", "seq"),
        CheckConstraint("state NOT IN ('called', 'serving') OR counter_id IS NOT NULL", "counter"),
        Index(
            "ix_ticket_waiting",
            "queue_id",
            "day",
            "seq",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
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
    day: Mapped[date]
    seq: Mapped[int]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    state: Mapped[TicketState]
    calls: Mapped[int] = mapped_column(default=0)
    issued_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    queue: Mapped[Queue] = relationship(lazy="joined")
    service: Mapped[Service | None] = relationship()
    counter: Mapped[Counter | None] = relationship()
    services: Mapped[list[Service]] = relationship(
        secondary="ticket_service", order_by="TicketService.rank", viewonly=True
    )

    @property
    def number(self) -> str:
        """Letter and three digits."""
        return number(self.queue.letter, self.seq)


class TicketService(Model):
    """One of several services that a ticket carries, in the order in which they are done."""

    __tablename__ = "ticket_service"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True, index=True)
    rank: Mapped[int]


class TicketEvent(Model):
    """One change of a ticket: who, with which role, when, from which state to which, why."""

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
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    day: Mapped[date]
    at: Mapped[datetime]
    verb: Mapped[str]
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
