"""The rota: a week that repeats, and days that differ from it."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kiosk.db import Model
from kiosk.rota.shifts import Shift, Span
from kiosk.staff.models import Member
from kiosk.stations.hours import DAY_MINUTES
from kiosk.stations.models import Counter


class RotaShift(Model):
    """A counter's shift on a day of the week (Monday 0), or on one day that differs.

    The shifts of a `day` stand for the week's ones; one without times means that the counter stays
    closed. Without a member somebody is there, whoever that is. Times and breaks are minutes.
    """

    __tablename__ = "rota_shift"
    __table_args__ = (
        CheckConstraint("(weekday IS NULL) != (day IS NULL)", "when"),
        CheckConstraint("weekday BETWEEN 0 AND 6", "weekday"),
        CheckConstraint("(starts IS NULL) = (ends IS NULL)", "times"),
        CheckConstraint("starts IS NOT NULL OR day IS NOT NULL", "closed"),
        CheckConstraint(f"starts >= 0 AND starts < ends AND ends <= {DAY_MINUTES}", "span"),
        Index("ix_rota_shift_counter_day", "counter_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"))
    weekday: Mapped[int | None]
    day: Mapped[date | None]
    member_id: Mapped[int | None] = mapped_column(ForeignKey(Member.id))
    starts: Mapped[int | None]
    ends: Mapped[int | None]
    breaks: Mapped[list[list[int]]] = mapped_column(JSON, default=list)

    counter: Mapped[Counter] = relationship(lazy="joined")

    @property
    def shift(self) -> Shift | None:
        """The shift apart from the database; None where the counter stays closed."""
        if self.starts is None or self.ends is None:
            return None
        parts = tuple(Span(*part) for part in self.breaks)
        return Shift(self.counter.number, self.member_id, self.starts, self.ends, parts)
