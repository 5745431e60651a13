"""What visitors, couriers and programs send about pickups → checked values."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field, StringConstraints

from kiosk.pickups.codes import TAG_DIGITS, TAIL, plain
from kiosk.pickups.models import CaseKind, Climate, PickupKind

_BETWEEN, _LENGTHS = re.compile(r"[\s,，、+/]+"), (TAIL, TAG_DIGITS)
_ADDRESS = re.compile(r"(?:.*/p/)?([\w-]{16,60})/?(?:\?.*)?")

Day = date | None


def _blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _tail(value: object) -> object:
    return plain(value)[-TAIL:] if isinstance(value, str) and value.strip() else None


Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Typed = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Scan = Annotated[Code | None, BeforeValidator(_blank)]
Tail = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{4}$")] | None, BeforeValidator(_tail)
]
Contact = Annotated[
    Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] | None,
    BeforeValidator(_blank),
]
Size = Annotated[int, Field(ge=1, le=3)]


class PickupSlotsQuery(BaseModel):
    """Which kind's times, of which day and at which point; both kinds, today, all points."""

    kind: PickupKind | None = None
    date: Day = None
    point: Scan = None


class PickupForm(BaseModel):
    """Book a slot. Who books agrees to storage, unless `consent` says no.

    `wait`: stand on the list where the slot is full. `tail` and `order_tail` are the last four
    characters of a phone number and of a platform's order, so that couriers find the booking;
    `contact` is where notices go. All three are erased some days after the end.
    """

    kind: PickupKind
    slot: Code
    point: Scan = None
    climate: Climate | None = None
    size: Size = 1
    consent: bool = True
    wait: bool = False
    tail: Tail = None
    order_tail: Tail = None
    contact: Contact = None


class VisitForm(BaseModel):
    """Book on a page: consent is ticked there, and only the visitor ticks it."""

    slot: Code
    consent: Literal["on"] | None = None
    wait: bool = False


class ChoiceQuery(BaseModel):
    """Which point's times a page shows, of which day, and from which minute of the day on."""

    point: Scan = None
    day: Annotated[Day, BeforeValidator(_blank)] = None
    since: Annotated[int, Field(ge=0, le=24 * 60)] = 0


class DetailsForm(BaseModel):
    """By what couriers know a visitor, and where notices go."""

    tail: Tail = None
    order_tail: Tail = None
    contact: Contact = None


class CourierQuery(BaseModel):
    """What a poster's code or a pass carries, and at which point something is left."""

    scan: Scan = None
    courier: Scan = None
    point: Scan = None


class DropForm(BaseModel):
    """Bring an item: with `confirm` false only a place is given, a second call confirms.

    `scan` is what the point's QR code carries, `courier_pass` a regular courier's pass; a kiosk and
    staff need neither. `point` is where it goes instead of where it was booked.
    """

    confirm: bool = True
    point: Scan = None
    scan: Scan = None
    courier_pass: Scan = None


class CollectForm(BaseModel):
    """Collect by six digits, as `code` or `secret`; without them the token alone is the proof."""

    code: Scan = Field(default=None, validation_alias=AliasChoices("code", "secret"))


class ProxyForm(BaseModel):
    """Ask for a colleague's code, or end the one there is."""

    revoke: bool = False


class AgreeForm(BaseModel):
    """Agree to storage, or take that back."""

    agrees: bool = True


class ReportForm(BaseModel):
    """Say what went wrong."""

    what: CaseKind


class TypedForm(BaseModel):
    """What somebody typed or scanned: a code, a tail, or the address of a pickup's page."""

    typed: Typed

    @property
    def token(self) -> str | None:
        """The token in a scanned address."""
        match = _ADDRESS.fullmatch(self.typed)
        return match[1] if match else None


class TailForm(BaseModel):
    """The last four of an order or a phone, with which something came that nobody booked."""

    tail: Annotated[str, BeforeValidator(_tail), StringConstraints(pattern=r"^[0-9A-Z]{4}$")]


class BringForm(BaseModel):
    """A courier names an item by its code or a tail; among several it is the one with the tag."""

    typed: Typed = ""
    tag: Scan = None
    point: Scan = None
    to: Scan = None

    @property
    def names(self) -> list[str]:
        """What was typed, one by one: several codes or tails, or one number in groups."""
        parts = _BETWEEN.split(self.typed)
        are_many = len(parts) > 1 and all(len(part) in _LENGTHS for part in parts)
        return parts if are_many else [self.typed]


class TagsForm(BaseModel):
    """Several items that a courier brings in one go, by their tags."""

    tags: Annotated[str, StringConstraints(pattern=r"^\d{5}(,\d{5}){0,29}$")]

    @property
    def each(self) -> list[str]:
        """The tags one by one."""
        return self.tags.split(",")


class LeaveForm(BaseModel):
    """A courier leaves what nobody booked."""

    point: Code
    kind: PickupKind
    tail: Tail = None
    consent: Literal["on"] | None = None
