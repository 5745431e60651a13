"""A visitor books a storage point and a time, at the kiosk or on the phone."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from kiosk import access, clock
from kiosk.pages import scanned_url, station_page
from kiosk.pickups import api
from kiosk.pickups.actions import Full
from kiosk.pickups.forms import ChoiceQuery, PickupForm, VisitForm
from kiosk.pickups.models import PickupKind, StoragePoint
from kiosk.pickups.queries import (
    Alternatives,
    alternatives_to,
    points_of,
    rooms_of,
    rules_of,
    slots_on,
)
from kiosk.pickups.slots import PickupSlot, quietest, read_slot
from kiosk.refusal import NotFound, Refusal
from kiosk.stations.models import Station
from kiosk.stations.queries import get_station

SHOWN = 8


@dataclass(frozen=True)
class Choice:
    """A point as somebody chooses it: free places, and its times."""

    point: StoragePoint
    free: int
    slots: list[PickupSlot]


def start(station: str) -> str:
    """Ask what somebody comes for: to book, to collect, or to bring something."""
    place = get_station(station)
    points = points_of(place)
    return station_page("pickups/start", place, may_book=access.may_take(place), points=points)


def choose(station: str, kind: str, query: ChoiceQuery) -> str:
    """Show the points and the times of one of them; the quietest is chosen already."""
    return _choice(get_station(station), _kind(kind), query)


def _kind(kind: str) -> PickupKind:
    if kind not in list(PickupKind):
        raise NotFound("pickups.kind", "Choose a parcel or a meal.")
    return PickupKind(kind)


def book(station: str, body: VisitForm) -> ResponseReturnValue:
    """Book a time, then show it; where it is taken meanwhile, show what is free."""
    place, slot = get_station(station), read_slot(body.slot)
    kind, at = PickupKind(slot.kind), clock.now()
    chosen = ChoiceQuery(point=slot.point, day=slot.day)
    wish = PickupForm(kind=kind, slot=body.slot, consent=body.consent is not None, wait=body.wait)
    try:
        if body.consent is None:
            raise _agree_first()
        token = api.book(station, wish).body["token"]
    except Full as full:
        instead = alternatives_to(place, full.slot, at)
        return _choice(place, kind, chosen, full, instead=instead, wanted=body.slot), full.status
    except Refusal as refusal:
        return _choice(place, kind, chosen, refusal), refusal.status
    if access.is_kiosk(place):
        return redirect(url_for("pickups.booking.booked", station=station, token=token), 303)
    return redirect(url_for("pickups.mine.show", token=token), 303)


def _agree_first() -> Refusal:
    return Refusal("pickups.agree", "Agree to storage first, or the courier may not leave it here.")


def _choice(
    place: Station,
    kind: PickupKind,
    query: ChoiceQuery,
    refusal: Refusal | None = None,
    *,
    instead: Alternatives | None = None,
    wanted: str = "",
) -> str:
    today = clock.today(place.timezone)
    day = query.day or today
    choices = _choices(place, kind, day)
    open_ones = [choice for choice in choices if any(slot.left for slot in choice.slots)]
    asked = [choice for choice in choices if choice.point.code == query.point]
    shown = next(iter(asked or open_ones or choices), None)
    later = [slot for slot in shown.slots if slot.id.minute >= query.since] if shown else []
    return station_page(
        "pickups/choose",
        place,
        kind=kind.value,
        day=day,
        is_today=day == today,
        tomorrow=today + timedelta(days=1),
        choices=choices,
        shown=shown,
        slots=later[:SHOWN],
        since=query.since,
        next_since=later[SHOWN].id.minute if len(later) > SHOWN else None,
        best=quietest(later, SHOWN),
        rules=rules_of(place.id),
        may_book=access.may_take(place),
        refusal=refusal,
        instead=instead,
        wanted=wanted,
    )


def _choices(place: Station, kind: PickupKind, day: date) -> list[Choice]:
    at = clock.now()
    by_point: dict[str, list[PickupSlot]] = {}
    for slot in slots_on(place, kind, day, at):
        by_point.setdefault(slot.id.point, []).append(slot)
    return [
        Choice(room.point, room.free, by_point[room.point.code])
        for room in rooms_of(place)
        if room.point.code in by_point
    ]


def booked(station: str, token: str) -> ResponseReturnValue:
    """Show a fresh booking on the kiosk, with the code that takes it along on a phone."""
    place, data = get_station(station), api.answer(token)
    if data["station"] != place.code:
        abort(404)
    if data["code"] is None:
        return redirect(url_for("pickups.booking.start", station=station))
    slot_day = read_slot(data["slot"]).day if data["slot"] else None
    url = scanned_url(f"/p/{token}")
    return station_page("pickups/booked", place, pickup=data, slot_day=slot_day, url=url)
