"""A station's own recording of a piece; it stands in for the one that was made ahead of time."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kiosk.db import Model
from kiosk.voice.phrases import Language


class Recording(Model):
    """One piece in one language; `kind` is the sound's content type, looked up in the data."""

    __tablename__ = "recording"
    __table_args__ = (UniqueConstraint("station_id", "language", "piece"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    language: Mapped[Language]
    piece: Mapped[str]
    kind: Mapped[str]
    recorded_at: Mapped[datetime]
    data: Mapped[bytes] = mapped_column(deferred=True)
