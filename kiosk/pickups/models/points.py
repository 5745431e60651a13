"""Storage points, their places, the times they can be booked, and a station's time limits."""

from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kiosk.db import Model, words
from kiosk.stations.hours import DAY_MINUTES
from kiosk.stations.models import Station

MINUTE = timedelta(minutes=1)
PARCEL_STAGES = (24 * 60, 2 * 24 * 60, 3 * 24 * 60)
USUAL_GRACE = (60, 24 * 60)


class PickupKind(StrEnum):
    """What is brought: a parcel (快递) or a meal (外卖)."""

    PARCEL = "parcel"
    MEAL = "meal"


class Climate(StrEnum):
    """What a place is: heated, cold, or a plain shelf."""

    HEATED = "heated"
    COLD = "cold"
    SHELF = "shelf"


class Stage(IntEnum):
    """How late a stored item is: nobody was reminded yet, was, it is red, it has to go."""

    FRESH = 0
    REMINDED = 1
    RED = 2
    OVER = 3


class StoragePoint(Model):
    """A shelf, a cabinet or a heated one (存放点), on a floor or in the lobby.

    `scan` stands in the QR code at the point: who knows it was there. `changes` grows with each
    change of what lies or is expected at it.
    """

    __tablename__ = "storage_point"
    __table_args__ = (UniqueConstraint("station_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    where_zh: Mapped[str] = mapped_column(default="")
    where_en: Mapped[str] = mapped_column(default="")
    floor: Mapped[int]
    is_lobby: Mapped[bool] = mapped_column(default=False)
    is_on: Mapped[bool] = mapped_column(default=True)
    takes_unbooked: Mapped[bool] = mapped_column(default=False)
    scan: Mapped[str] = mapped_column(unique=True)
    changes: Mapped[int] = mapped_column(default=0)

    station: Mapped[Station] = relationship(lazy="joined")
    places: Mapped[list["StoragePlace"]] = relationship(
        order_by="StoragePlace.number", back_populates="point"
    )


class StoragePlace(Model):
    """One numbered place (格口) of a point; `held` items lie in it or are on their way into it.

    `size` is 1 to 3. Free places are given out by `freed_at`, the oldest first.
    """

    __tablename__ = "storage_place"
    __table_args__ = (
        UniqueConstraint("point_id", "number"),
        CheckConstraint("capacity BETWEEN 1 AND 99", "capacity"),
        CheckConstraint("held >= 0 AND held <= capacity", "held"),
        CheckConstraint("size BETWEEN 1 AND 3", "size"),
        Index("ix_storage_place_free", "point_id", "climate", "size", "freed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("storage_point.id"))
    number: Mapped[str]
    climate: Mapped[Climate] = mapped_column(words(Climate))
    size: Mapped[int] = mapped_column(default=2)
    capacity: Mapped[int] = mapped_column(default=1)
    held: Mapped[int] = mapped_column(default=0)
    is_on: Mapped[bool] = mapped_column(default=True)
    freed_at: Mapped[datetime]

    point: Mapped[StoragePoint] = relationship(lazy="joined", back_populates="places")

    @property
    def label(self) -> str:
        """The place as people read it: `3F-B2-07`."""
        return f"{self.point.code}-{self.number}"


class PickupPlan(Model):
    """The times that a point gives out on a day of the week, Monday 0: minutes since midnight."""

    __tablename__ = "pickup_plan"
    __table_args__ = (
        UniqueConstraint("point_id", "kind", "weekday", "opens"),
        CheckConstraint("weekday BETWEEN 0 AND 6", "weekday"),
        CheckConstraint(f"opens >= 0 AND opens < closes AND closes <= {DAY_MINUTES}", "span"),
        CheckConstraint("slot_minutes BETWEEN 5 AND 720", "slot_minutes"),
        CheckConstraint("slot_minutes <= closes - opens", "fits"),
        CheckConstraint("capacity BETWEEN 1 AND 999", "capacity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("storage_point.id"))
    kind: Mapped[PickupKind] = mapped_column(words(PickupKind))
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]
    slot_minutes: Mapped[int]
    capacity: Mapped[int]

    point: Mapped[StoragePoint] = relationship()


class PickupCount(Model):
    """How many bookings of a slot stand; `capacity` is the plan's when the last was taken."""

    __tablename__ = "pickup_count"
    __table_args__ = (CheckConstraint("taken >= 0 AND taken <= capacity", "taken"),)

    point_id: Mapped[int] = mapped_column(ForeignKey("storage_point.id"), primary_key=True)
    kind: Mapped[PickupKind] = mapped_column(words(PickupKind), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    minute: Mapped[int] = mapped_column(primary_key=True)
    taken: Mapped[int]
    capacity: Mapped[int]


class PickupRules(Model):
    """How a station looks after pickups. Spans are minutes where the name says nothing else.

    `notify_address` is where Apprise sends notices; `{contact}` in it stands for the visitor's.
    """

    __tablename__ = "pickup_rules"
    __table_args__ = (
        CheckConstraint(
            "0 < meal_remind AND meal_remind < meal_red AND meal_red < meal_over", "meal"
        ),
        CheckConstraint(
            "0 < parcel_remind AND parcel_remind < parcel_red AND parcel_red < parcel_over",
            "parcel",
        ),
        CheckConstraint("hold_seconds BETWEEN 30 AND 3600", "hold_seconds"),
    )

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    meal_remind: Mapped[int] = mapped_column(default=30)
    meal_red: Mapped[int] = mapped_column(default=60)
    meal_over: Mapped[int] = mapped_column(default=120)
    parcel_remind: Mapped[int] = mapped_column(default=PARCEL_STAGES[0])
    parcel_red: Mapped[int] = mapped_column(default=PARCEL_STAGES[1])
    parcel_over: Mapped[int] = mapped_column(default=PARCEL_STAGES[2])
    meal_grace: Mapped[int] = mapped_column(default=USUAL_GRACE[0])
    parcel_grace: Mapped[int] = mapped_column(default=USUAL_GRACE[1])
    offer_minutes: Mapped[int] = mapped_column(default=10)
    hold_seconds: Mapped[int] = mapped_column(default=180)
    most_a_day: Mapped[int] = mapped_column(default=6)
    no_shows: Mapped[int] = mapped_column(default=3)
    pause_days: Mapped[int] = mapped_column(default=7)
    keep_days: Mapped[int] = mapped_column(default=7)
    cleanings_a_day: Mapped[int] = mapped_column(default=2)
    disinfections_a_day: Mapped[int] = mapped_column(default=1)
    notify_address: Mapped[str] = mapped_column(default="")

    def stages(self, kind: PickupKind) -> tuple[timedelta, timedelta, timedelta]:
        """Return after how long somebody is reminded, an item is red, and it has to go."""
        if kind is PickupKind.MEAL:
            spans = (self.meal_remind, self.meal_red, self.meal_over)
        else:
            spans = (self.parcel_remind, self.parcel_red, self.parcel_over)
        return spans[0] * MINUTE, spans[1] * MINUTE, spans[2] * MINUTE

    def grace(self, kind: PickupKind) -> timedelta:
        """Return how long after its slot a booking is kept for what did not come yet."""
        minutes = self.meal_grace if kind is PickupKind.MEAL else self.parcel_grace
        return minutes * MINUTE
