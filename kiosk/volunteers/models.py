"""Shifts at storage points, the volunteers, and who signed up for which shift."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kiosk.db import Model, words
from kiosk.pickups.models import StoragePoint
from kiosk.stations.hours import DAY_MINUTES
from kiosk.stations.models import Station


class SignUpState(StrEnum):
    """Where a sign-up is in its life; `waiting` is on the list of a full shift."""

    WAITING = "waiting"
    SIGNED = "signed"
    ON_DUTY = "on_duty"
    DONE = "done"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    HANDED_OVER = "handed_over"
    CALLED_OFF = "called_off"
    LAPSED = "lapsed"


class News(StrEnum):
    """What a volunteer's page tells about a sign-up until they read it."""

    MOVED_UP = "moved_up"
    TAKEN_OVER = "taken_over"
    CALLED_OFF = "called_off"
    CHANGED = "changed"
    REMOVED = "removed"


S = SignUpState
STANDS = (S.WAITING, S.SIGNED, S.ON_DUTY)
HOLDS = (S.SIGNED, S.ON_DUTY)
_STANDS = text("state IN ('waiting', 'signed', 'on_duty')")

MINUTE = timedelta(minutes=1)
# From when somebody may check in; until the shift's end.
EARLY = timedelta(minutes=20)
# From when the open page reminds.
REMINDS = timedelta(minutes=60)


class ShiftSeries(Model):
    """A shift that repeats on days of the week; minutes since midnight, `weekdays` as `01234`."""

    __tablename__ = "shift_series"
    __table_args__ = (
        CheckConstraint(f"opens >= 0 AND opens < closes AND closes <= {DAY_MINUTES}", "span"),
        CheckConstraint("places BETWEEN 1 AND 50", "places"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    point_id: Mapped[int] = mapped_column(ForeignKey("storage_point.id"))
    weekdays: Mapped[str]
    opens: Mapped[int]
    closes: Mapped[int]
    places: Mapped[int]
    is_sample: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date]
    made_until: Mapped[date | None]
    stopped_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    station: Mapped[Station] = relationship(lazy="joined")
    point: Mapped[StoragePoint] = relationship(lazy="joined")


class Shift(Model):
    """One shift (班次): where, when, how many places, and how many of these are taken."""

    __tablename__ = "shift"
    __table_args__ = (
        UniqueConstraint("series_id", "day"),
        CheckConstraint("places BETWEEN 1 AND 50", "places"),
        CheckConstraint("taken >= 0 AND taken <= places", "taken"),
        CheckConstraint("starts_at < ends_at", "span"),
        Index("ix_shift_day", "station_id", "day", "starts_at"),
        Index(
            "ix_shift_open",
            "ends_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    point_id: Mapped[int] = mapped_column(ForeignKey("storage_point.id"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("shift_series.id"))
    day: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    is_sample: Mapped[bool] = mapped_column(default=False)
    called_off_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)

    station: Mapped[Station] = relationship(lazy="joined")
    point: Mapped[StoragePoint] = relationship(lazy="joined")
    sign_ups: Mapped[list["SignUp"]] = relationship(
        back_populates="shift", order_by="SignUp.id", viewonly=True
    )

    @property
    def left(self) -> int:
        """How many places are free."""
        return 0 if self.called_off_at else self.places - self.taken

    @property
    def offered(self) -> int:
        """How many places their holders offer to others."""
        return sum(entry.offer is not None for entry in self.sign_ups)

    @property
    def waiting(self) -> int:
        """How many are on the list."""
        return sum(entry.state is S.WAITING for entry in self.sign_ups)

    @property
    def is_on(self) -> bool:
        """Whether it takes place."""
        return self.called_off_at is None


class Volunteer(Model):
    """Somebody who helps; the token is the right to act for them.

    `name` and `contact` are personal and voluntary; they are erased a while after `last_ends_at`,
    the end of their last shift. `changes` grows with everything that their page shows.
    """

    __tablename__ = "volunteer"
    __table_args__ = (
        Index(
            "ix_volunteer_personal",
            "last_ends_at",
            sqlite_where=text("name IS NOT NULL OR contact IS NOT NULL"),
            postgresql_where=text("name IS NOT NULL OR contact IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    name: Mapped[str | None]
    contact: Mapped[str | None]
    last_ends_at: Mapped[datetime]
    created_at: Mapped[datetime]
    changes: Mapped[int] = mapped_column(default=0)

    station: Mapped[Station] = relationship(lazy="joined")


class SignUp(Model):
    """A volunteer's place in a shift, or on its waiting list.

    `offer` is the secret of a place that its holder offers to others. `minutes` are credited when
    the duty ends.
    """

    __tablename__ = "sign_up"
    __table_args__ = (
        CheckConstraint("offer IS NULL OR state = 'signed'", "offer"),
        CheckConstraint(
            "state NOT IN ('on_duty', 'done') OR checked_in_at IS NOT NULL", "checked_in"
        ),
        Index(
            "uq_sign_up_stands",
            "shift_id",
            "volunteer_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index("ix_sign_up_volunteer", "volunteer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"))
    state: Mapped[SignUpState] = mapped_column(words(SignUpState))
    news: Mapped[News | None] = mapped_column(words(News))
    offer: Mapped[str | None] = mapped_column(unique=True)
    checked_in_at: Mapped[datetime | None]
    checked_out_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)

    shift: Mapped[Shift] = relationship(lazy="joined", back_populates="sign_ups")
    volunteer: Mapped[Volunteer] = relationship(lazy="joined")

    @property
    def stands(self) -> bool:
        """Whether they are still expected, waited for, or there."""
        return self.state in STANDS

    def acts_at(self, at: datetime) -> bool:
        """Tell whether they may carry and hand over: checked in, and the shift not over."""
        return self.state is S.ON_DUTY and at < self.shift.ends_at

    def opens_at(self) -> datetime:
        """Return from when they may check in."""
        return self.shift.starts_at - EARLY


class ShiftEvent(Model):
    """One change of a shift, or of somebody's place in it: who, when, from which state, why."""

    __tablename__ = "shift_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    sign_up_id: Mapped[int | None] = mapped_column(ForeignKey("sign_up.id"), index=True)
    at: Mapped[datetime]
    verb: Mapped[str]
    from_state: Mapped[SignUpState | None] = mapped_column(words(SignUpState, "from_state"))
    to_state: Mapped[SignUpState | None] = mapped_column(words(SignUpState, "to_state"))
    actor: Mapped[str]
    role: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
