"""Questions about stock-takes: which there were, and what is still to be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from kiosk.db import session
from kiosk.pickups.models import (
    Pickup,
    StockCount,
    StockResult,
    StockTake,
    StoragePlace,
    StoragePoint,
)
from kiosk.pickups.queries.items import cells_of
from kiosk.refusal import NotFound
from kiosk.stations.models import Station

MOST_TAKES = 30


@dataclass(frozen=True)
class Look:
    """What should be in a place, and what was found: of each item, or of the empty place."""

    place: StoragePlace
    items: Sequence[Pickup]
    counts: dict[int | None, StockCount]
    extras: Sequence[StockCount]

    @property
    def is_done(self) -> bool:
        """Whether somebody has looked at everything that should be here."""
        if not self.items:
            return None in self.counts or bool(self.extras or self.counts)
        return all(item.id in self.counts for item in self.items)


def takes_of(station: Station) -> Sequence[StockTake]:
    """Return a station's latest stock-takes, the newest first."""
    return session.scalars(
        select(StockTake)
        .where(StockTake.station_id == station.id)
        .order_by(StockTake.ended_at.is_not(None), StockTake.id.desc())
        .limit(MOST_TAKES)
    ).all()


def get_take(station: Station, take_id: int) -> StockTake:
    """Return a stock-take of a station; refuse an unknown one."""
    found = session.get(StockTake, take_id)
    if found is None or found.station_id != station.id:
        raise NotFound("stock.unknown", "There is no such stock-take. Look at the list again.")
    return found


def find_open_take(point: StoragePoint) -> StockTake | None:
    """Return the stock-take of a point that goes on."""
    return session.scalar(
        select(StockTake).where(StockTake.point_id == point.id, StockTake.ended_at.is_(None))
    )


def counts_of(take: StockTake) -> Sequence[StockCount]:
    """Return what was found in a stock-take, in order."""
    return session.scalars(
        select(StockCount).where(StockCount.take_id == take.id).order_by(StockCount.id)
    ).all()


def looks_of(take: StockTake) -> list[Look]:
    """Return each place of the point: what should be in it now, and what was found so far."""
    counts = counts_of(take)
    return [
        Look(
            cell.place,
            cell.items,
            {
                count.pickup_id: count
                for count in counts
                if count.place_id == cell.place.id and count.result is not StockResult.EXTRA
            },
            [
                count
                for count in counts
                if count.place_id == cell.place.id and count.result is StockResult.EXTRA
            ],
        )
        for cell in cells_of(take.point)
    ]


def differences_of(takes: Sequence[StockTake]) -> dict[int, int]:
    """Return how many differences each stock-take found."""
    found: dict[int, int] = {take.id: 0 for take in takes}
    rows = session.scalars(
        select(StockCount.take_id).where(
            StockCount.take_id.in_(found),
            StockCount.result.in_((StockResult.MISSING, StockResult.EXTRA)),
        )
    )
    for take_id in rows:
        found[take_id] += 1
    return found
