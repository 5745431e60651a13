"""A station, when it is open, its counters, and the devices that stand in it."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kiosk.db import Model
from kiosk.stations.hours import DAY_MINUTES


class DeviceKind(StrEnum):
    """What a paired device is for."""

    KIOSK = "kiosk"
    BOARD = "board"


class CallingOrder(StrEnum):
    """Whom a counter with several queues calls: by its own preference, or who waits longest."""

    PREFERENCE = "preference"
    OLDEST = "oldest"


class Shows(StrEnum):
    """What a board shows: everything, or its half where two of them hang side by side."""

    ALL = "all"
    CALLS = "calls"
    QUEUES = "queues"


class Speech(StrEnum):
    """The languages in which a board speaks its calls."""

    BOTH = "both"
    ZH = "zh"
    EN = "en"


class Way(StrEnum):
    """Where a counter lies for who reads a board."""

    LEFT = "left"
    AHEAD = "ahead"
    RIGHT = "right"


class Station(Model):
    """One physical place: counters, a kiosk, a board.

    Who asks for priority stands in line as though they had come `priority_minutes` earlier. So
    nobody is overtaken by anybody who came later than that after them.

    Who booked a time may check in from `early_minutes` before it until `late_minutes` after it.

    `screen_changes` grows whenever its screens shall look or sound otherwise.
    """

    __tablename__ = "station"
    __table_args__ = (
        CheckConstraint("priority_minutes BETWEEN 0 AND 120", "priority_minutes"),
        CheckConstraint("early_minutes BETWEEN 0 AND 120", "early_minutes"),
        CheckConstraint("late_minutes BETWEEN 0 AND 120", "late_minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    timezone: Mapped[str] = mapped_column(default="Asia/Shanghai")
    calling_order: Mapped[CallingOrder] = mapped_column(
        default=CallingOrder.PREFERENCE, server_default=CallingOrder.PREFERENCE.value
    )
    priority_minutes: Mapped[int] = mapped_column(default=15, server_default="15")
    early_minutes: Mapped[int] = mapped_column(default=20, server_default="20")
    late_minutes: Mapped[int] = mapped_column(default=15, server_default="15")
    screen_changes: Mapped[int] = mapped_column(default=0)

    hours: Mapped[list["OpeningHours"]] = relationship(
        order_by="OpeningHours.weekday, OpeningHours.opens", cascade="all, delete-orphan"
    )

    @property
    def early(self) -> timedelta:
        """How long before a booked time somebody may check in."""
        return timedelta(minutes=self.early_minutes)

    @property
    def late(self) -> timedelta:
        """How long after a booked time it is kept."""
        return timedelta(minutes=self.late_minutes)


class OpeningHours(Model):
    """One span in which a station is open: minutes since midnight, Monday is 0."""

    __tablename__ = "opening_hours"
    __table_args__ = (
        UniqueConstraint("station_id", "weekday", "opens"),
        CheckConstraint("weekday BETWEEN 0 AND 6", "weekday"),
        CheckConstraint(f"opens >= 0 AND opens < closes AND closes <= {DAY_MINUTES}", "span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]


class Closure(Model):
    """Days on which a station is closed whatever the weekly hours say: a holiday, works."""

    __tablename__ = "closure"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", "days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason_zh: Mapped[str] = mapped_column(default="")
    reason_en: Mapped[str] = mapped_column(default="")


class Counter(Model):
    """A window (窗口) where staff serve; `member_id` is who sits there now."""

    __tablename__ = "counter"
    __table_args__ = (
        UniqueConstraint("station_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 999", "number"),
        Index(
            "uq_counter_member_id",
            "member_id",
            unique=True,
            sqlite_where=text("member_id IS NOT NULL"),
            postgresql_where=text("member_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    number: Mapped[int]
    name_zh: Mapped[str] = mapped_column(default="")
    name_en: Mapped[str] = mapped_column(default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    paused_at: Mapped[datetime | None]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    station: Mapped[Station] = relationship(lazy="joined")

    @property
    def is_paused(self) -> bool:
        """Whether nobody is called to this counter for now."""
        return self.paused_at is not None


class CounterEvent(Model):
    """Somebody sat down at a counter, stood up, paused it or let it go on."""

    __tablename__ = "counter_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), index=True)
    at: Mapped[datetime]
    verb: Mapped[str]
    actor: Mapped[str]
    role: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")


class DeskMessage(Model):
    """A line from a counter to a colleague's, or between a counter and the manager.

    No `to_counter_id` means it is for the manager, no `from_counter_id` that it is from there; no
    text is a call for help. It is forgotten with its day.
    """

    __tablename__ = "desk_message"
    __table_args__ = (
        CheckConstraint("from_counter_id IS NOT NULL OR to_counter_id IS NOT NULL", "ends"),
        Index(
            "ix_desk_message_unread",
            "station_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    from_counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    to_counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    text: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by: Mapped[str]
    read_at: Mapped[datetime | None]
    read_by: Mapped[str] = mapped_column(default="")

    from_counter: Mapped[Counter | None] = relationship(foreign_keys=[from_counter_id])


class Device(Model):
    """A kiosk or a board; it proves itself with a token of which only the hash is kept.

    A board speaks at `volume` (0 to 100), except from `quiet_from` until `quiet_until`: minutes
    since midnight, over midnight where the first is the larger. Its `ways` are where counters lie,
    by their number: `{"2": "left"}`. A kiosk with a printer `prints`.
    """

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint("volume BETWEEN 0 AND 100", "volume"),
        CheckConstraint(f"quiet_from BETWEEN 0 AND {DAY_MINUTES - 1}", "quiet_from"),
        CheckConstraint(f"quiet_until BETWEEN 0 AND {DAY_MINUTES - 1}", "quiet_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    kind: Mapped[DeviceKind]
    name: Mapped[str]
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    shows: Mapped[Shows] = mapped_column(default=Shows.ALL)
    speaks: Mapped[Speech] = mapped_column(default=Speech.BOTH)
    volume: Mapped[int] = mapped_column(default=80)
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    ways: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    prints: Mapped[bool] = mapped_column(default=False)

    station: Mapped[Station] = relationship(lazy="joined")


class Pairing(Model):
    """A device asks to be let in: it shows `code`, staff confirm it, it fetches its token."""

    __tablename__ = "pairing"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))

    device: Mapped[Device | None] = relationship(lazy="joined")
