"""Which times a queue gives out, how many of each are taken, and who booked one."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kiosk.catalog.models import Service
from kiosk.db import Model, words
from kiosk.stations.hours import DAY_MINUTES
from kiosk.stations.models import Station
from kiosk.tickets.models import Queue, Ticket


class AppointmentState(StrEnum):
    """Where an appointment is in its life."""

    BOOKED = "booked"
    LATE = "late"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"
    MISSED = "missed"


STANDS = (AppointmentState.BOOKED, AppointmentState.LATE)
_STANDS = text("state IN ('booked', 'late')")


class SlotPlan(Model):
    """The times that a queue gives out on a day of the week, Monday 0: minutes since midnight."""

    __tablename__ = "slot_plan"
    __table_args__ = (
        UniqueConstraint("queue_id", "weekday", "opens"),
        CheckConstraint("weekday BETWEEN 0 AND 6", "weekday"),
        CheckConstraint(f"opens >= 0 AND opens < closes AND closes <= {DAY_MINUTES}", "span"),
        CheckConstraint("slot_minutes BETWEEN 5 AND 240", "slot_minutes"),
        CheckConstraint("slot_minutes <= closes - opens", "fits"),
        CheckConstraint("capacity BETWEEN 1 AND 99", "capacity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"))
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]
    slot_minutes: Mapped[int]
    capacity: Mapped[int]

    queue: Mapped[Queue] = relationship()


class SlotCount(Model):
    """How many places of a slot are taken; `capacity` is the plan's when the last was taken."""

    __tablename__ = "slot_count"
    __table_args__ = (CheckConstraint("taken >= 0 AND taken <= capacity", "taken"),)

    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    minute: Mapped[int] = mapped_column(primary_key=True)
    taken: Mapped[int]
    capacity: Mapped[int]


class Appointment(Model):
    """Somebody who booked a time for a service; the token is the right to change it.

    `holder` tells a browser from others, hashed and without a name; it is erased after a while.
    `revision` grows with each change that a calendar must hear of.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("state <> 'arrived' OR ticket_id IS NOT NULL", "ticket"),
        Index(
            "ix_appointment_stands",
            "starts_at",
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index("ix_appointment_day", "station_id", "day", "minute"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    queue_id: Mapped[int] = mapped_column(ForeignKey("queue.id"))
    day: Mapped[date]
    minute: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[AppointmentState] = mapped_column(words(AppointmentState))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), unique=True)
    holder: Mapped[str | None] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    station: Mapped[Station] = relationship(lazy="joined")
    service: Mapped[Service] = relationship(lazy="joined")
    queue: Mapped[Queue] = relationship(lazy="joined")
    ticket: Mapped[Ticket | None] = relationship()

    @property
    def stands(self) -> bool:
        """Whether they are still expected."""
        return self.state in STANDS


class AppointmentEvent(Model):
    """One change of an appointment: who, with which role, when, from which state to which.

    `starts_at` is the time that it stands for from then on.
    """

    __tablename__ = "appointment_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), index=True)
    at: Mapped[datetime]
    verb: Mapped[str]
    from_state: Mapped[AppointmentState | None] = mapped_column(
        words(AppointmentState, "from_state")
    )
    to_state: Mapped[AppointmentState] = mapped_column(words(AppointmentState, "to_state"))
    starts_at: Mapped[datetime]
    actor: Mapped[str]
    role: Mapped[str]
