"""What happens to a station's counters and devices: taken, paused, paired, put out of use."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from kiosk.db import session
from kiosk.live import changed
from kiosk.refusal import Refusal
from kiosk.stations.models import Counter, Device, DeviceKind, OpeningHours, Pairing, Station
from kiosk.stations.queries import find_pairing, get_device
from kiosk.tokens import DEVICE, hashed, new_token

PAIRING_LASTS = timedelta(minutes=10)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def found(code: str, name_zh: str, name_en: str, spans: list[tuple[int, int, int]]) -> Station:
    """Open a new station; `spans` are (weekday, opens, closes) in minutes since midnight."""
    station = Station(code=code, name_zh=name_zh, name_en=name_en)
    station.hours = [OpeningHours(weekday=d, opens=o, closes=c) for d, o, c in spans]
    session.add(station)
    session.flush()
    return station


def set_hours(station: Station, spans: list[tuple[int, int, int]]) -> None:
    """Replace a station's weekly hours."""
    session.execute(delete(OpeningHours).where(OpeningHours.station_id == station.id))
    session.add_all(
        OpeningHours(station_id=station.id, weekday=d, opens=o, closes=c) for d, o, c in spans
    )
    session.flush()
    session.expire(station, ["hours"])
    changed(f"board:{station.code}")


def sit_down(counter: Counter, member_id: int) -> None:
    """Take a counter; refuse one where somebody else sits, and leave the one taken before."""
    stand_up(member_id)
    taken = session.execute(
        update(Counter)
        .where(Counter.id == counter.id, Counter.member_id.is_(None), Counter.is_active)
        .values(member_id=member_id)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise Refusal(
            "counters.taken",
            "Somebody already sits at counter %(number)s. Choose another one.",
            number=counter.number,
        )
    session.refresh(counter)
    changed(f"desk:{counter.station.code}")


def stand_up(member_id: int) -> None:
    """Leave the counter, wherever it is."""
    session.execute(
        update(Counter).where(Counter.member_id == member_id).values(member_id=None)
    )


def pause(counter: Counter, *, at: datetime) -> None:
    """Call nobody to this counter until it goes on; pausing twice is pausing once."""
    session.execute(
        update(Counter)
        .where(Counter.id == counter.id, Counter.paused_at.is_(None))
        .values(paused_at=at)
    )
    _counter_changed(counter)


def resume(counter: Counter) -> None:
    """Go on calling to this counter."""
    session.execute(update(Counter).where(Counter.id == counter.id).values(paused_at=None))
    _counter_changed(counter)


def _counter_changed(counter: Counter) -> None:
    session.refresh(counter)
    changed(f"desk:{counter.station.code}", f"board:{counter.station.code}")


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
        raise Refusal(
            "devices.link_used",
            "This pairing link was used before. Ask a manager to pair the device again.",
        )
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
    claimed = session.execute(
        update(Pairing)
        .where(
            Pairing.code == code.strip().upper(),
            Pairing.device_id.is_(None),
            Pairing.expires_at >= at,
        )
        .values(device_id=device.id)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
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


def saw(device_id: int, *, at: datetime) -> None:
    """Keep when a device was last heard of."""
    session.execute(update(Device).where(Device.id == device_id).values(seen_at=at))


def lock(counter: Counter) -> None:
    """Let nobody else act at this counter until the transaction ends."""
    session.execute(select(Counter.id).where(Counter.id == counter.id).with_for_update())
    session.refresh(counter)
