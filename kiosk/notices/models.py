"""A notice and the time it stands for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kiosk.db import Model
from kiosk.stations.models import Station


class Notice(Model):
    """A line on the station's screens, from `starts_at` until `ends_at`, or until ended."""

    __tablename__ = "notice"
    __table_args__ = (CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", "span"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    text_zh: Mapped[str]
    text_en: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]

    station: Mapped[Station] = relationship(lazy="joined")

    def state(self, at: datetime) -> str:
        """Return whether it stands (`now`), will stand (`later`) or is over (`over`)."""
        if self.ends_at is not None and self.ends_at <= at:
            return "over"
        return "later" if self.starts_at > at else "now"
