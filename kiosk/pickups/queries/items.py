"""Questions about pickups: by their token, by what a courier or a visitor types, and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from kiosk.db import session
from kiosk.pickups.codes import TAIL, Codes, is_code, plain
from kiosk.pickups.models import (
    LIVE,
    Pickup,
    PickupCase,
    PickupEvent,
    PickupNotice,
    PickupSeries,
    PickupState,
    Stage,
    StoragePlace,
    StoragePoint,
)
from kiosk.refusal import NotFound
from kiosk.stations.models import Station
from kiosk.stations.queries import Place

EXPECTED = timedelta(hours=2)
ASKS_FOR = timedelta(hours=1)
_LIES = (PickupState.ASSIGNED, PickupState.STORED, PickupState.CASE)


@dataclass(frozen=True)
class Cell:
    """One place of the map, and what is in it or on its way into it."""

    place: StoragePlace
    items: Sequence[Pickup]


def get_pickup(token: str) -> Pickup:
    """Return a pickup by its token; refuse an unknown one."""
    pickup = session.scalar(select(Pickup).where(Pickup.token == token))
    if pickup is None:
        raise no_booking()
    return pickup


def get_series(token: str) -> PickupSeries:
    """Return a repeating booking by its token; refuse an unknown one."""
    series = session.scalar(select(PickupSeries).where(PickupSeries.token == token))
    if series is None:
        raise no_booking()
    return series


def no_booking() -> NotFound:
    """Return the refusal of a booking that nobody knows."""
    return NotFound("pickups.unknown", "We do not know this booking. Make a new one.")


def bookings_of(series: PickupSeries, since: datetime) -> Sequence[Pickup]:
    """Return the bookings that a repeating one made for the days to come."""
    return session.scalars(
        select(Pickup)
        .where(Pickup.series_id == series.id, Pickup.slot_ends_at > since)
        .order_by(Pickup.slot_starts_at)
    ).all()


def find_by_code(station: Station | Place, codes: Codes, code: str) -> Pickup | None:
    """Return the pickup that six digits collect at a station now: the visitor's or a proxy's."""
    digits = plain(code)
    if not is_code(digits):
        return None
    mark = codes.mark(station.id, digits)
    return session.scalar(
        select(Pickup).where(
            Pickup.station_id == station.id,
            or_(Pickup.secret_hash == mark, Pickup.proxy_hash == mark),
        )
    )


def expected_at(
    station: Station | Place, at: datetime, point: StoragePoint | None = None
) -> Sequence[Pickup]:
    """Return what couriers may bring about now: booked, or given a place; soonest first."""
    wanted = select(Pickup).where(
        Pickup.station_id == station.id,
        Pickup.ended_at.is_(None),
        Pickup.state.in_((PickupState.BOOKED, PickupState.ASSIGNED)),
        Pickup.slot_starts_at < at + EXPECTED,
    )
    if point is not None:
        wanted = wanted.where(Pickup.goal_id == point.id)
    return session.scalars(wanted.order_by(Pickup.slot_starts_at, Pickup.id)).all()


def find_expected(station: Station | Place, typed: str, at: datetime) -> Sequence[Pickup]:
    """Return the bookings that a courier may mean: by code, order tail or phone tail.

    Soonest first; of tails only those whose slot is not far.
    """
    text = plain(typed)
    if not text:
        return []
    is_tail = or_(Pickup.tail == text[-TAIL:], Pickup.order_tail == text[-TAIL:])
    is_near = Pickup.slot_starts_at < at + EXPECTED
    return session.scalars(
        select(Pickup)
        .where(
            Pickup.station_id == station.id,
            Pickup.ended_at.is_(None),
            Pickup.state.in_((PickupState.BOOKED, PickupState.ASSIGNED, PickupState.STORED)),
            or_(Pickup.tag == text, is_tail & is_near),
        )
        .order_by(Pickup.tag != text, Pickup.slot_starts_at, Pickup.id)
        .limit(9)
    ).all()


def find_tagged(station: Station | Place, tag: str) -> Pickup | None:
    """Return the booking that couriers know by these digits, if it is not over."""
    return session.scalar(
        select(Pickup).where(
            Pickup.station_id == station.id,
            Pickup.tag == tag,
            Pickup.ended_at.is_(None),
            Pickup.state.in_(LIVE),
        )
    )


def open_items(station: Station | Place, point: StoragePoint | None = None) -> Sequence[Pickup]:
    """Return everything that is booked, stored, or a case, at a station or at one point."""
    wanted = select(Pickup).where(Pickup.station_id == station.id, Pickup.ended_at.is_(None))
    if point is not None:
        wanted = wanted.where(Pickup.point_id == point.id)
    return session.scalars(wanted.order_by(Pickup.point_id, Pickup.id)).all()


def stored_items(station: Station | Place) -> Sequence[Pickup]:
    """Return what lies at a station, the longest first."""
    return session.scalars(
        select(Pickup)
        .where(
            Pickup.station_id == station.id,
            Pickup.ended_at.is_(None),
            Pickup.state == PickupState.STORED,
        )
        .order_by(Pickup.stored_at, Pickup.id)
    ).all()


def late_items(station: Station | Place, stage: Stage = Stage.REMINDED) -> list[Pickup]:
    """Return what lies too long, of this stage or a later one: the latest stage first."""
    late = [item for item in stored_items(station) if item.stage >= stage]
    return sorted(late, key=lambda item: -item.stage)


def to_carry(station: Station | Place) -> list[Pickup]:
    """Return what lies away from where its visitor wants it: by floor, the longest first.

    What is wanted at a point that is out of use stays where it lies.
    """
    away = [
        item for item in stored_items(station) if item.goal_id != item.point_id and item.goal.is_on
    ]
    return sorted(away, key=lambda item: (item.goal.floor, item.goal.code))


def unclaimed(station: Station | Place) -> list[Pickup]:
    """Return what couriers left that nobody had booked."""
    return [item for item in stored_items(station) if not item.is_booked]


def find_unbooked(station: Station | Place, tail: str) -> list[Pickup]:
    """Return what nobody booked and came with these last digits of an order or a phone."""
    text = plain(tail)
    return [item for item in unclaimed(station) if text and text in (item.tail, item.order_tail)]


def asked_for(station: Station | Place, at: datetime) -> Sequence[Pickup]:
    """Return what nobody booked and somebody asked for a while ago, and still lies here."""
    asks = select(PickupEvent.pickup_id).where(
        PickupEvent.station_id == station.id,
        PickupEvent.at > at - ASKS_FOR,
        PickupEvent.verb == "ask",
    )
    asked = set(session.scalars(asks))
    return [item for item in unclaimed(station) if item.id in asked]


def cells_of(point: StoragePoint) -> list[Cell]:
    """Return a point's places in order, with what is in each."""
    items: dict[int | None, list[Pickup]] = {}
    for item in open_items(point.station, point):
        if item.state in _LIES:
            items.setdefault(item.place_id, []).append(item)
    places = session.scalars(
        select(StoragePlace).where(StoragePlace.point_id == point.id).order_by(StoragePlace.number)
    )
    return [Cell(place, items.get(place.id, [])) for place in places]


def history_of(pickup: Pickup) -> Sequence[PickupEvent]:
    """Return everything that happened to a pickup, in order."""
    return session.scalars(
        select(PickupEvent).where(PickupEvent.pickup_id == pickup.id).order_by(PickupEvent.id)
    ).all()


def unsent_notices(most: int) -> Sequence[PickupNotice]:
    """Return what visitors are still to be told, in order."""
    return session.scalars(
        select(PickupNotice)
        .where(PickupNotice.sent_at.is_(None))
        .order_by(PickupNotice.id)
        .limit(most)
    ).all()


def cases_of(station: Station | Place) -> Sequence[PickupCase]:
    """Return the cases that are open at a station, the oldest first."""
    return session.scalars(
        select(PickupCase)
        .where(PickupCase.station_id == station.id, PickupCase.closed_at.is_(None))
        .order_by(PickupCase.opened_at)
    ).all()


def get_case(station: Station, case_id: int) -> PickupCase:
    """Return a case of a station; refuse an unknown one."""
    case = session.get(PickupCase, case_id)
    if case is None or case.station_id != station.id:
        raise NotFound("pickups.no_case", "There is no such case. Look at the list again.")
    return case


def version_of(station: Station | Place) -> int:
    """Return a number that grows whenever something changes at a station's points."""
    changes = select(func.sum(StoragePoint.changes)).where(StoragePoint.station_id == station.id)
    return session.scalar(changes) or 0


def due_before(at: datetime, most: int) -> Sequence[int]:
    """Return the pickups that the clock has to look at, the longest due first."""
    return session.scalars(
        select(Pickup.id)
        .where(Pickup.due_at.is_not(None), Pickup.due_at <= at)
        .order_by(Pickup.due_at)
        .limit(most)
    ).all()
