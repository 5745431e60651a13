"""Stock-takes (盘点): somebody looks into every place of a point and says what is there."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kiosk.db import Model, words
from kiosk.pickups.models.items import Pickup
from kiosk.pickups.models.points import StoragePlace, StoragePoint

_OPEN = text("ended_at IS NULL")


class StockResult(StrEnum):
    """What was found: as it should be, gone, too much, or nothing where nothing should be."""

    FOUND = "found"
    MISSING = "missing"
    EXTRA = "extra"
    EMPTY = "empty"


class StockTake(Model):
    """One walk along a point; a point has one open at a time."""

    __tablename__ = "stock_take"
    __table_args__ = (
        Index(
            "uq_stock_take_open",
            "point_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("storage_point.id"))
    started_at: Mapped[datetime]
    started_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(default="")

    point: Mapped[StoragePoint] = relationship(lazy="joined")


class StockCount(Model):
    """What was found in a place: of one item, or of the place where no item is meant.

    `outcome` says what came of a difference: `case`, `moved`, `stored`, `left`, or `settled` where
    it was over before the stock-take ended.
    """

    __tablename__ = "stock_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    take_id: Mapped[int] = mapped_column(ForeignKey("stock_take.id"), index=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("storage_place.id"))
    pickup_id: Mapped[int | None] = mapped_column(ForeignKey("pickup.id"))
    result: Mapped[StockResult] = mapped_column(words(StockResult))
    at: Mapped[datetime]
    actor: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")

    place: Mapped[StoragePlace] = relationship(lazy="joined")
    pickup: Mapped[Pickup | None] = relationship(lazy="joined")
