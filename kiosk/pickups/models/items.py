"""Pickups, what happened to each, and what visitors were told."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kiosk.db import Model, words
from kiosk.pickups.models.points import Climate, PickupKind, StoragePlace, StoragePoint
from kiosk.stations.models import Station


class PickupState(StrEnum):
    """Where a pickup is in its life.

    `waiting` is on the list of a full slot, `offered` got a place there for a while, `assigned`
    has a place into which a courier is putting it.
    """

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    ASSIGNED = "assigned"
    STORED = "stored"
    COLLECTED = "collected"
    RETURNED = "returned"
    DISPOSED = "disposed"
    CASE = "case"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    NO_SHOW = "no_show"
    ABANDONED = "abandoned"


S = PickupState
LIVE = (S.WAITING, S.OFFERED, S.BOOKED, S.ASSIGNED, S.STORED)
OVER = tuple(state for state in S if state not in (*LIVE, S.CASE))
_LIVE = text("state IN ('waiting', 'offered', 'booked', 'assigned', 'stored')")


class Consent(StrEnum):
    """Who said that an item may be stored: the visitor, or the courier on the phone with them."""

    VISITOR = "visitor"
    COURIER = "courier"


class CaseKind(StrEnum):
    """What somebody reports of an item."""

    WRONG_TAKEN = "wrong_taken"
    MISSING = "missing"
    DAMAGED = "damaged"


class PickupSeries(Model):
    """A booking that repeats (周期预约): the same point and minute on some days of the week."""

    __tablename__ = "pickup_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    point_id: Mapped[int] = mapped_column(ForeignKey("storage_point.id"))
    kind: Mapped[PickupKind] = mapped_column(words(PickupKind))
    weekdays: Mapped[str]
    minute: Mapped[int]
    climate: Mapped[Climate] = mapped_column(words(Climate))
    consent_at: Mapped[datetime]
    tail: Mapped[str | None]
    contact: Mapped[str | None]
    holder: Mapped[str | None]
    made_until: Mapped[date | None]
    ends_on: Mapped[date]
    stopped_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    station: Mapped[Station] = relationship(lazy="joined")
    point: Mapped[StoragePoint] = relationship(lazy="joined")


def _where(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


class Pickup(Model):
    """One parcel or meal; the token is the right to change it.

    `point` is where it lies or is expected, `goal` where the visitor wants it. The six-digit code
    stands here only as a keyed hash, and no more once it was used. `tail`, `order_tail` and
    `contact` are personal; `erases_at` says when they go. `due_at` is when the clock looks next.
    """

    __tablename__ = "pickup"
    __table_args__ = (
        CheckConstraint("state NOT IN ('assigned', 'stored') OR place_id IS NOT NULL", "lies"),
        CheckConstraint("place_id IS NULL OR state IN ('assigned', 'stored', 'case')", "lies_only"),
        CheckConstraint("size BETWEEN 1 AND 3", "size"),
        CheckConstraint("stage BETWEEN 0 AND 3", "stage"),
        Index(
            "uq_pickup_tag",
            "station_id",
            "tag",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        _where(
            "uq_pickup_secret",
            "station_id",
            "secret_hash",
            where="secret_hash IS NOT NULL",
            unique=True,
        ),
        _where(
            "uq_pickup_proxy",
            "station_id",
            "proxy_hash",
            where="proxy_hash IS NOT NULL",
            unique=True,
        ),
        _where(
            "uq_pickup_series_day",
            "series_id",
            "slot_day",
            where="series_id IS NOT NULL",
            unique=True,
        ),
        _where("ix_pickup_open", "station_id", "point_id", where="ended_at IS NULL"),
        _where("ix_pickup_due", "due_at", where="due_at IS NOT NULL"),
        _where("ix_pickup_erases", "erases_at", where="erases_at IS NOT NULL"),
        _where("ix_pickup_place", "place_id", where="place_id IS NOT NULL"),
        _where("ix_pickup_holder", "holder", "created_at", where="holder IS NOT NULL"),
        _where("ix_pickup_marked", "created_at", where="holder IS NOT NULL"),
        _where("ix_pickup_slot", "point_id", "slot_day", "slot_minute", where="ended_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    tag: Mapped[str]
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    kind: Mapped[PickupKind] = mapped_column(words(PickupKind))
    state: Mapped[PickupState] = mapped_column(words(PickupState))
    stage: Mapped[int] = mapped_column(default=0)
    point_id: Mapped[int] = mapped_column(ForeignKey("storage_point.id"))
    goal_id: Mapped[int] = mapped_column(ForeignKey("storage_point.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("storage_place.id"))
    size: Mapped[int] = mapped_column(default=1)
    climate: Mapped[Climate] = mapped_column(words(Climate))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("pickup_series.id"))
    slot_day: Mapped[date | None]
    slot_minute: Mapped[int | None]
    slot_starts_at: Mapped[datetime | None]
    slot_ends_at: Mapped[datetime | None]
    secret_hash: Mapped[str | None]
    secret_round: Mapped[int] = mapped_column(default=0)
    proxy_hash: Mapped[str | None]
    proxy_round: Mapped[int] = mapped_column(default=0)
    proxy_until: Mapped[datetime | None]
    consent: Mapped[Consent | None] = mapped_column(words(Consent))
    consent_at: Mapped[datetime | None]
    tail: Mapped[str | None]
    order_tail: Mapped[str | None]
    contact: Mapped[str | None]
    holder: Mapped[str | None]
    courier: Mapped[str] = mapped_column(default="")
    stored_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    erases_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)

    station: Mapped[Station] = relationship(lazy="joined")
    point: Mapped[StoragePoint] = relationship(lazy="joined", foreign_keys=[point_id])
    goal: Mapped[StoragePoint] = relationship(lazy="joined", foreign_keys=[goal_id])
    place: Mapped[StoragePlace | None] = relationship(lazy="joined")

    @property
    def is_booked(self) -> bool:
        """Whether a visitor booked it; a courier may bring what nobody did."""
        return self.slot_day is not None

    @property
    def is_live(self) -> bool:
        """Whether something is still to happen to it."""
        return self.state in LIVE


class PickupEvent(Model):
    """One change of a pickup: who, with which role, when, from which state to which, where, why."""

    __tablename__ = "pickup_event"
    __table_args__ = (Index("ix_pickup_event_at", "station_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickup.id"), index=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    at: Mapped[datetime]
    verb: Mapped[str]
    from_state: Mapped[PickupState | None] = mapped_column(words(PickupState, "from_state"))
    to_state: Mapped[PickupState] = mapped_column(words(PickupState, "to_state"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("storage_place.id"))
    actor: Mapped[str]
    role: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")


class PickupCase(Model):
    """Something went wrong with an item; its history is the pickup's events."""

    __tablename__ = "pickup_case"
    __table_args__ = (_where("ix_pickup_case_open", "station_id", where="closed_at IS NULL"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickup.id"), index=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    kind: Mapped[CaseKind] = mapped_column(words(CaseKind))
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")

    pickup: Mapped[Pickup] = relationship(lazy="joined")


class PickupNotice(Model):
    """What a visitor is told; sent after the commit, and kept how it went."""

    __tablename__ = "pickup_notice"
    __table_args__ = (_where("ix_pickup_notice_unsent", "id", where="sent_at IS NULL"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pickup_id: Mapped[int] = mapped_column(ForeignKey("pickup.id"), index=True)
    what: Mapped[str]
    at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")

    pickup: Mapped[Pickup] = relationship(lazy="joined")
