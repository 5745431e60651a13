"""Times at which a pickup can be booked, and how busy each will be: pure calculation."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.refusal import Refusal

_ID = re.compile(r"([0-9A-Za-z-]{1,20})\.(parcel|meal)\.(\d{8})\.(\d{4})")
_QUIET, _SOME = 1 / 3, 2 / 3
FULL = 4


@dataclass(frozen=True)
class SlotId:
    """What names a slot: point, kind, day, and the minute at which it begins."""

    point: str
    kind: str
    day: date
    minute: int

    def __str__(self) -> str:
        clock = self.minute // 60 * 100 + self.minute % 60
        return f"{self.point}.{self.kind}.{self.day:%Y%m%d}.{clock:04}"


@dataclass(frozen=True)
class PickupSlot:
    """A time that can be booked at a point, and the places left in it."""

    id: SlotId
    starts_at: datetime
    ends_at: datetime
    capacity: int
    left: int

    @property
    def busy(self) -> int:
        """How busy it will be: 0 nobody, 1 quiet, 2 some, 3 many, 4 full."""
        return busy(self.capacity - self.left, self.capacity)


def busy(taken: int, capacity: int) -> int:
    """Return how busy a slot is, from 0 (nobody) to 4 (full)."""
    if taken <= 0:
        return 0
    if taken >= capacity:
        return FULL
    share = taken / capacity
    return 1 if share <= _QUIET else 2 if share <= _SOME else 3


def quietest(slots: Iterable[PickupSlot], among: int = 8) -> PickupSlot | None:
    """Return the least busy of the next free slots; of equal ones the first."""
    free = [slot for slot in slots if slot.left][:among]
    return min(free, key=lambda slot: slot.busy, default=None)


def read_slot(text: str) -> SlotId:
    """Return what a slot's id names; refuse what is none."""
    match = _ID.fullmatch(text)
    if match is None:
        raise no_slot()
    point, kind, day, clock = match.groups()
    try:
        on = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError as error:
        raise no_slot() from error
    return SlotId(point, kind, on, int(clock[:2]) * 60 + int(clock[2:]))


def no_slot() -> Refusal:
    """Return the refusal of a time that nobody can book."""
    return Refusal(
        "pickups.no_slot", "This time cannot be booked. Choose one of those that are shown."
    )
