"""What happens to a station's counters and devices: taken, paused, paired, put out of use."""

import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.orm import lazyload

from kiosk.actor import Actor
from kiosk.db import database, session
from kiosk.live import changed
from kiosk.prepared import Prepared
from kiosk.refusal import Refusal
from kiosk.stations.links import used_up
from kiosk.stations.models import (
    CallingOrder,
    Closure,
    Counter,
    CounterEvent,
    DeskMessage,
    Device,
    DeviceKind,
    OpeningHours,
    Pairing,
    Shows,
    Speech,
    Station,
    Way,
)
from kiosk.stations.queries import find_pairing, find_seat, get_device
from kiosk.tokens import DEVICE, hashed, new_token

PAIRING_LASTS = timedelta(minutes=10)
_LOCK = (
    select(Counter)
    .where(Counter.id == bindparam("counter_id"))
    .options(lazyload(Counter.station))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_HOLD = Prepared(
    lambda _database: (
        select(Station.id)
        .where(Station.id == bindparam("station_id"))
        .with_for_update(key_share=True)
    )
)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def found(code: str, name_zh: str, name_en: str, spans: list[tuple[int, int, int]]) -> Station:
    """Open a new station; `spans` are (weekday, opens, closes) in minutes since midnight."""
    station = Station(code=code, name_zh=name_zh, name_en=name_en)
    station.hours = [OpeningHours(weekday=d, opens=o, closes=c) for d, o, c in spans]
    session.add(station)
    session.flush()
    return station


def hold(station_id: int) -> None:
    """Let nobody else change a station's pickups or shifts until the transaction ends.

    Such a transaction locks this first and only then the rows it changes, so that no two wait for
    each other. On SQLite one writes at a time anyway.
    """
    if database() == "postgresql":
        _HOLD(station_id=station_id)


def rename(station: Station, name_zh: str, name_en: str, address: str) -> None:
    """Change what a station is called and where it is."""
    station.name_zh, station.name_en = name_zh, name_en
    station.address = address
    session.flush()


def set_hours(station: Station, spans: list[tuple[int, int, int]]) -> None:
    """Replace a station's weekly hours."""
    session.execute(delete(OpeningHours).where(OpeningHours.station_id == station.id))
    session.add_all(
        OpeningHours(station_id=station.id, weekday=d, opens=o, closes=c) for d, o, c in spans
    )
    session.flush()
    session.expire(station, ["hours"])
    changed(f"board:{station.code}")


def set_calling(station: Station, order: CallingOrder, priority_minutes: int) -> None:
    """Choose whom counters call first, and how much earlier who asks for priority stands in."""
    station.calling_order, station.priority_minutes = order, priority_minutes
    session.flush()


def set_check_in(station: Station, early_minutes: int, late_minutes: int) -> None:
    """Choose from how long before a booked time until how long after it people may check in."""
    station.early_minutes, station.late_minutes = early_minutes, late_minutes
    session.flush()


def shut(station: Station, first: date, last: date, reason_zh: str, reason_en: str) -> Closure:
    """Keep a station closed from one day to another, whatever its weekly hours say."""
    if last < first:
        raise Refusal("closures.span", "The last day stands before the first. Choose a later one.")
    closure = Closure(
        station_id=station.id,
        starts_on=first,
        ends_on=last,
        reason_zh=reason_zh,
        reason_en=reason_en,
    )
    session.add(closure)
    session.flush()
    return closure


def open_again(closure: Closure) -> None:
    """Take back days on which a station was to be closed."""
    session.delete(closure)
    session.flush()


def change_screens(station: Station) -> None:
    """Make the station's screens ask anew what they show besides calls, and how they sound."""
    station.screen_changes = Station.screen_changes + 1
    session.flush()
    changed(f"board:{station.code}")


def set_up_screen(
    device: Device,
    *,
    shows: Shows,
    speaks: Speech,
    volume: int,
    quiet: tuple[int, int] | None,
    ways: dict[int, Way],
) -> None:
    """Choose what a board shows and speaks, and where counters lie for who reads it.

    `quiet` hours are minutes since midnight; `ways` go by the counter's number.
    """
    device.shows, device.speaks, device.volume = shows, speaks, volume
    device.quiet_from, device.quiet_until = quiet or (None, None)
    device.ways = {str(number): way.value for number, way in sorted(ways.items())}
    change_screens(device.station)


def sit_down(counter: Counter, member_id: int, *, by: Actor, at: datetime) -> None:
    """Take a counter; refuse one where somebody else sits."""
    taken = session.scalar(
        update(Counter)
        .where(Counter.id == counter.id, Counter.member_id.is_(None), Counter.is_active)
        .values(member_id=member_id)
        .returning(Counter.id)
    )
    if taken is None:
        raise Refusal(
            "counters.taken",
            "Somebody already sits at counter %(number)s. Choose another one.",
            number=counter.number,
        )
    _write_down(counter, "sit_down", by=by, at=at)


def stand_up(member_id: int, *, by: Actor, at: datetime) -> Counter | None:
    """Leave the counter, wherever it is; returns which one that was."""
    counter = find_seat(member_id)
    if counter is not None:
        session.execute(update(Counter).where(Counter.id == counter.id).values(member_id=None))
        _write_down(counter, "stand_up", by=by, at=at)
    return counter


def pause(counter: Counter, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Call nobody to this counter until it goes on; pausing twice is pausing once."""
    if _set_pause(counter, Counter.paused_at.is_(None), at):
        _write_down(counter, "pause", by=by, at=at, reason=reason)


def resume(counter: Counter, *, by: Actor, at: datetime) -> None:
    """Go on calling to this counter."""
    if _set_pause(counter, Counter.paused_at.is_not(None), None):
        _write_down(counter, "resume", by=by, at=at)


def _set_pause(counter: Counter, before: ColumnElement[bool], after: datetime | None) -> bool:
    done = session.scalar(
        update(Counter)
        .where(Counter.id == counter.id, before)
        .values(paused_at=after)
        .returning(Counter.id)
    )
    return done is not None


def _write_down(counter: Counter, verb: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    session.refresh(counter)
    session.add(
        CounterEvent(
            counter_id=counter.id, at=at, verb=verb, actor=by.name, role=by.role, reason=reason
        )
    )
    changed(f"desk:{counter.station.code}", f"board:{counter.station.code}")


def send_message(
    station: Station,
    words: str,
    *,
    sender: Counter | None,
    to: Counter | None,
    by: Actor,
    at: datetime,
) -> None:
    """Leave a line at a counter, or with the manager where none is named; no words ask for help."""
    session.add(
        DeskMessage(
            station_id=station.id,
            from_counter_id=sender.id if sender else None,
            to_counter_id=to.id if to else None,
            text=words,
            at=at,
            by=by.name,
        )
    )
    session.flush()


def read_message(message: DeskMessage, *, by: Actor, at: datetime) -> None:
    """Note that a line was read; twice is the same as once."""
    session.execute(
        update(DeskMessage)
        .where(DeskMessage.id == message.id, DeskMessage.read_at.is_(None))
        .values(read_at=at, read_by=by.name)
    )


def forget_messages(station: Station, before: datetime) -> None:
    """Drop the lines that were left before a moment."""
    session.execute(
        delete(DeskMessage).where(DeskMessage.station_id == station.id, DeskMessage.at < before)
    )


def add_device(station: Station, kind: DeviceKind, name: str, *, at: datetime) -> Device:
    """Add a device that has no token yet."""
    device = Device(station_id=station.id, kind=kind, name=name, created_at=at)
    session.add(device)
    session.flush()
    return device


def give_device_token(device: Device) -> str:
    """Return a new token for a device; the one before stops working."""
    token = new_token(DEVICE)
    device.token_hash = hashed(token)
    device.epoch += 1
    session.flush()
    return token


def adopt(device_id: int, epoch: int) -> tuple[Device, str]:
    """Use up a one-time pairing link; returns the device and its token."""
    device = get_device(device_id)
    if device.epoch != epoch or device.revoked_at is not None:
        raise used_up()
    return device, give_device_token(device)


def revoke(device: Device, *, at: datetime) -> None:
    """Put a device out of use; its token stops working."""
    device.revoked_at = at
    device.token_hash = None
    session.flush()


def ask_pairing(*, at: datetime) -> tuple[Pairing, str]:
    """Start pairing; returns the request with its code, and the device's secret."""
    session.execute(delete(Pairing).where(Pairing.expires_at < at, Pairing.device_id.is_(None)))
    secret = secrets.token_urlsafe(24)
    code = "".join(secrets.choice(_LETTERS) for _ in range(6))
    pairing = Pairing(code=code, secret_hash=hashed(secret), expires_at=at + PAIRING_LASTS)
    session.add(pairing)
    session.flush()
    return pairing, secret


def confirm_pairing(
    station: Station, code: str, kind: DeviceKind, name: str, *, at: datetime
) -> Device:
    """Let in the device that shows this code."""
    device = add_device(station, kind, name, at=at)
    claimed = session.scalar(
        update(Pairing)
        .where(
            Pairing.code == code.strip().upper(),
            Pairing.device_id.is_(None),
            Pairing.expires_at >= at,
        )
        .values(device_id=device.id)
        .returning(Pairing.id)
    )
    if claimed is None:
        raise Refusal(
            "devices.code_unknown",
            "No device shows this code now. Look at its screen; a code lasts ten minutes.",
        )
    return device


def finish_pairing(secret: str) -> tuple[Device, str]:
    """Give the confirmed device its token, once."""
    pairing = find_pairing(secret)
    if pairing is None or pairing.device is None:
        raise Refusal("devices.not_confirmed", "Staff have not confirmed this code yet.")
    device = pairing.device
    session.execute(delete(Pairing).where(Pairing.id == pairing.id))
    return device, give_device_token(device)


def saw(device_ids: Collection[int], *, at: datetime) -> None:
    """Keep when devices were last heard of."""
    session.execute(update(Device).where(Device.id.in_(device_ids)).values(seen_at=at))


def lock(counter: Counter) -> None:
    """Let nobody else act at this counter until the transaction ends."""
    session.scalars(_LOCK, {"counter_id": counter.id}).one()
