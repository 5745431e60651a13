"""Questions about stations, counters and devices."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from kiosk import clock
from kiosk.db import session
from kiosk.prepared import Prepared
from kiosk.refusal import NotFound
from kiosk.stations.hours import Opening, WeeklySpan, opening
from kiosk.stations.models import (
    Closure,
    Counter,
    CounterEvent,
    DeskMessage,
    Device,
    DeviceKind,
    OpeningHours,
    Pairing,
    Station,
)
from kiosk.tokens import hashed

# What nearly every request asks is put into words once: that takes longer than the database.
_ids: dict[str, int] = {}  # by code; a hint, looked at again each time it is used
_STATION = select(Station).where(Station.code == bindparam("code"))
_PLACE = Prepared(
    lambda _database: select(
        Station.id, Station.code, Station.timezone, Station.priority_minutes
    ).where(Station.code == bindparam("code"))
)
_HOURS = OpeningHours.__table__.c
_SPANS = select(_HOURS.weekday, _HOURS.opens, _HOURS.closes).where(
    _HOURS.station_id == bindparam("station_id")
)
_COUNTER = select(Counter).where(
    Counter.station_id == bindparam("station_id"), Counter.number == bindparam("number")
)
_DEVICE = Prepared(
    lambda _database: select(Device.id, Device.kind, Device.station_id, Device.prints).where(
        Device.token_hash == bindparam("token_hash"), Device.revoked_at.is_(None)
    )
)


class Place(NamedTuple):
    """Which station it is, as far as every request needs it."""

    id: int
    code: str
    timezone: str
    priority_minutes: int


def get_place(code: str) -> Place:
    """Return which station has a code; refuse an unknown one."""
    rows = _PLACE(code=code)
    if not rows:
        raise _no_station()
    return Place(*rows[0])


def find_station(code: str) -> Station | None:
    """Return the station with this code."""
    known = session.get(Station, _ids[code]) if code in _ids else None
    if known is None or known.code != code:
        known = session.scalar(_STATION, {"code": code})
    if known is not None:
        _ids[code] = known.id
    return known


def get_station(code: str) -> Station:
    """Return a station by its code; refuse an unknown one."""
    station = find_station(code)
    if station is None:
        raise _no_station()
    return station


def station_of(station_id: int) -> Station:
    """Return the station with this id, which is there."""
    return session.get_one(Station, station_id)


def _no_station() -> NotFound:
    return NotFound("stations.unknown", "There is no such station. Choose one from the list.")


def stations() -> Sequence[Station]:
    """Return every station in the order they were founded."""
    wanted = select(Station).options(joinedload(Station.hours)).order_by(Station.id)
    return session.scalars(wanted).unique().all()


def opening_of(station: Station | Place, at: datetime) -> Opening:
    """Return whether a station is open at a moment."""
    moment = clock.local(at, station.timezone)
    spans = session.connection().execute(_SPANS, {"station_id": station.id})
    week = [WeeklySpan(*span) for span in spans]
    return opening(week, moment, closed_days(station, moment.date()))


def closures_of(station: Station | Place, since: date) -> Sequence[Closure]:
    """Return the days on which a station stays shut, those that are not over on a day."""
    return session.scalars(
        select(Closure)
        .where(Closure.station_id == station.id, Closure.ends_on >= since)
        .order_by(Closure.starts_on)
    ).all()


def closed_days(station: Station | Place, since: date) -> list[tuple[date, date]]:
    """Return the first and the last day of each closure that is not over on a day."""
    return [(closure.starts_on, closure.ends_on) for closure in closures_of(station, since)]


def get_closure(station: Station, closure_id: int) -> Closure:
    """Return a station's closed days; refuse unknown ones."""
    closure = session.get(Closure, closure_id)
    if closure is None or closure.station_id != station.id:
        raise NotFound("closures.unknown", "These days are not closed any more. Look again.")
    return closure


def get_counter(station: Station, number: int) -> Counter:
    """Return a station's counter by its number; refuse an unknown one."""
    counter = session.scalar(_COUNTER, {"station_id": station.id, "number": number})
    if counter is None:
        raise NotFound("counters.unknown", "This station has no counter %(number)s.", number=number)
    return counter


def counters_of(station: Station) -> Sequence[Counter]:
    """Return a station's counters in use, by number."""
    return session.scalars(
        select(Counter)
        .where(Counter.station_id == station.id, Counter.is_active)
        .order_by(Counter.number)
    ).all()


def all_counters_of(station: Station) -> Sequence[Counter]:
    """Return a station's counters, also those out of use, by number."""
    return session.scalars(
        select(Counter).where(Counter.station_id == station.id).order_by(Counter.number)
    ).all()


def find_seat(member_id: int) -> Counter | None:
    """Return the counter where a member sits now."""
    return session.scalar(select(Counter).where(Counter.member_id == member_id))


def pauses_of(station: Station) -> dict[int, str]:
    """Return why a station's paused counters are paused, by their id; empty where nobody said."""
    events = session.execute(
        select(CounterEvent.counter_id, CounterEvent.reason)
        .join(Counter, Counter.id == CounterEvent.counter_id)
        .where(
            Counter.station_id == station.id,
            CounterEvent.verb == "pause",
            CounterEvent.at == Counter.paused_at,
        )
    )
    return dict(events.all())


def unread_of(station: Station, counter: Counter | None) -> Sequence[DeskMessage]:
    """Return the lines that wait to be read at a counter, or by the manager; the oldest first."""
    return session.scalars(
        select(DeskMessage)
        .where(
            DeskMessage.station_id == station.id,
            DeskMessage.read_at.is_(None),
            DeskMessage.to_counter_id == (counter.id if counter else None),
        )
        .order_by(DeskMessage.id)
        .options(joinedload(DeskMessage.from_counter))
    ).all()


def get_message(station: Station, message_id: int) -> DeskMessage:
    """Return a line that was left at a station; refuse an unknown one."""
    message = session.get(DeskMessage, message_id)
    if message is None or message.station_id != station.id:
        raise NotFound("messages.unknown", "This message is gone. Look at the list again.")
    return message


class PairedDevice(NamedTuple):
    """Which device asks, as far as every request needs it."""

    id: int
    kind: DeviceKind
    station_id: int
    prints: bool


def find_device(token: str) -> PairedDevice | None:
    """Return the paired device with this token, unless it was put out of use."""
    rows = _DEVICE(token_hash=hashed(token))
    return PairedDevice(*rows[0]) if rows else None


def get_device(device_id: int) -> Device:
    """Return a device; refuse an unknown one."""
    device = session.get(Device, device_id)
    if device is None:
        raise NotFound("devices.unknown", "There is no such device. Look at the list again.")
    return device


def devices_of(station: Station) -> Sequence[Device]:
    """Return a station's devices, those in use first."""
    return session.scalars(
        select(Device)
        .where(Device.station_id == station.id)
        .order_by(Device.revoked_at.is_not(None), Device.kind.desc(), Device.name)
    ).all()


def find_pairing(secret: str) -> Pairing | None:
    """Return the pairing that the device with this secret asked for."""
    return session.scalar(select(Pairing).where(Pairing.secret_hash == hashed(secret)))
