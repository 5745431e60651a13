"""A kiosk's printer, the slips that it prints, and a station's own words on them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kiosk.db import Model
from kiosk.stations.models import Device
from kiosk.tickets.models import Ticket

# How many dots a line has, on paper of 58 and of 80 mm.
NARROW, WIDE = 384, 576


class PrinterKind(StrEnum):
    """How a printer is reached."""

    NETWORK = "network"
    USB = "usb"
    FILE = "file"


class Paper(StrEnum):
    """What a printer says of its paper, where it answers at all."""

    UNKNOWN = "unknown"
    ENOUGH = "enough"
    LOW = "low"
    OUT = "out"


class JobState(StrEnum):
    """Where a slip is."""

    QUEUED = "queued"
    PRINTED = "printed"
    FAILED = "failed"


class Failure(StrEnum):
    """Why a slip did not come out."""

    UNREACHABLE = "unreachable"
    SILENT = "silent"
    PAPER_OUT = "paper_out"
    NO_FONT = "no_font"
    LATE = "late"
    BROKEN = "broken"


_QUEUED = text("state = 'queued'")


class Printer(Model):
    """The printer of a kiosk: where it is, and how its last slip went.

    `address` is `host:port`, a USB printer's `vendor:product`, or a file. Whoever prints holds it
    until `busy_until`, so that one slip follows the other. One that `answers` has said something
    of its paper before; when it no longer does, it hangs.
    """

    __tablename__ = "printer"
    __table_args__ = (CheckConstraint(f"dots IN ({NARROW}, {WIDE})", "dots"),)

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    kind: Mapped[PrinterKind]
    address: Mapped[str]
    dots: Mapped[int] = mapped_column(default=WIDE)
    busy_until: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    failure: Mapped[Failure | None]
    paper: Mapped[Paper] = mapped_column(default=Paper.UNKNOWN)
    answers: Mapped[bool] = mapped_column(default=False)

    device: Mapped[Device] = relationship(lazy="joined")

    @property
    def needs_somebody(self) -> bool:
        """Whether it does not print, or soon has no paper."""
        return self.failure is not None or self.paper in (Paper.LOW, Paper.OUT)


class PrintJob(Model):
    """A slip to be printed, or how that went; without a ticket it is a test.

    `url` is the ticket's address for phones, `language` the visitor's.
    """

    __tablename__ = "print_job"
    __table_args__ = (
        Index(
            "ix_print_job_queued",
            "device_id",
            "id",
            sqlite_where=_QUEUED,
            postgresql_where=_QUEUED,
        ),
        Index(
            "uq_print_job_queued",
            "ticket_id",
            unique=True,
            sqlite_where=_QUEUED,
            postgresql_where=_QUEUED,
        ),
        Index("ix_print_job_device", "device_id", "queued_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    language: Mapped[str]
    url: Mapped[str]
    is_repeat: Mapped[bool] = mapped_column(default=False)
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    failure: Mapped[Failure | None]
    tries: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]

    device: Mapped[Device] = relationship()
    ticket: Mapped[Ticket | None] = relationship()


class SlipText(Model):
    """What a station prints at the foot of its slips."""

    __tablename__ = "slip_text"

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    text_zh: Mapped[str] = mapped_column(default="")
    text_en: Mapped[str] = mapped_column(default="")
