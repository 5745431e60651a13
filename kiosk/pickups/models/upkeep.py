"""What keeps storage points safe and clean: wrong codes, couriers' passes, hygiene, the sweep."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kiosk.db import Model, words
from kiosk.pickups.models.points import StoragePoint


class HygieneKind(StrEnum):
    """What is done to a point that holds meals."""

    CLEAN = "clean"
    DISINFECT = "disinfect"


class CodeTries(Model):
    """Wrong codes in a row at one place of entry (`device:3`, `point:7`), and a lock after five."""

    __tablename__ = "code_tries"
    __table_args__ = (CheckConstraint("wrong >= 0", "wrong"),)

    entry: Mapped[str] = mapped_column(primary_key=True)
    wrong: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class CourierPass(Model):
    """A courier who comes regularly; the pass spares them the scan. Only its hash is kept."""

    __tablename__ = "courier_pass"

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class HygieneCheck(Model):
    """A point was cleaned or disinfected."""

    __tablename__ = "hygiene_check"
    __table_args__ = (Index("ix_hygiene_check_day", "point_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("storage_point.id"))
    kind: Mapped[HygieneKind] = mapped_column(words(HygieneKind))
    day: Mapped[date]
    at: Mapped[datetime]
    actor: Mapped[str]
    note: Mapped[str] = mapped_column(default="")

    point: Mapped[StoragePoint] = relationship(lazy="joined")


class Sweep(Model):
    """Who looks after the clock of pickups: one worker at a time holds it.

    When it last ran, how much it did, and how many milliseconds that took.
    """

    __tablename__ = "pickup_sweep"
    __table_args__ = (CheckConstraint("id = 1", "one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    leader: Mapped[str]
    until: Mapped[datetime]
    ran_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    took_ms: Mapped[int] = mapped_column(default=0)
