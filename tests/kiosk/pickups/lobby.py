"""A lobby with storage points, and what visitors and couriers do there."""

from datetime import datetime, timedelta
from typing import Any

from kiosk.actor import Actor
from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.pickups import actions
from kiosk.pickups.actions import Wish
from kiosk.pickups.codes import Codes
from kiosk.pickups.models import Pickup, PickupKind, StoragePoint
from kiosk.pickups.queries import get_pickup, get_point, slots_on
from kiosk.pickups.slots import PickupSlot
from kiosk.stations.models import Station
from kiosk.stations.queries import get_station

VISITOR = Actor("visitor", "visitor")
COURIER = Actor("courier", "visitor")
CLERK = Actor("member:1", "clerk")
CODES = Codes("test")
FLOOR, LOBBY, MEALS = "3F-B2", "1F-A2", "1F-A1"


def station() -> Station:
    return get_station("raffles-city")


def point(code: str = FLOOR) -> StoragePoint:
    return get_point(station(), code)


def slots(code: str = FLOOR, kind: PickupKind = PickupKind.MEAL) -> list[PickupSlot]:
    at = now()
    today = (at + timedelta(hours=8)).date()
    return slots_on(station(), kind, today, at, code)


def book(
    nth: int = 2,
    code: str = FLOOR,
    kind: PickupKind = PickupKind.MEAL,
    *,
    waits: bool = False,
    **wish: Any,  # noqa: ANN401 - a wish's
) -> Pickup:
    """Book the n-th slot from now."""
    slot = slots(code, kind)[nth].id
    with transaction():
        token = actions.book(
            station(), slot, Wish(**wish), codes=CODES, by=VISITOR, at=now(), waits=waits
        )
    return get_pickup(token)


def dropped(pickup: Pickup, at: datetime | None = None) -> Pickup:
    with transaction():
        return actions.drop(pickup, by=COURIER, at=at or now())


def again(pickup: Pickup) -> Pickup:
    session.expire_all()
    return get_pickup(pickup.token)
