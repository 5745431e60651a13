"""What lies where in the house, live: the map of points and places, and lists of what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from admin.access import names_by, page, station, worker
from admin.forms import Line
from kiosk import clock
from kiosk.access import actor
from kiosk.db import transaction
from kiosk.pickups import actions
from kiosk.pickups.api import codes
from kiosk.pickups.models import (
    Climate,
    Pickup,
    PickupKind,
    PickupState,
    Stage,
    StoragePlace,
    StoragePoint,
)
from kiosk.pickups.queries import (
    asked_for,
    cases_of,
    cells_of,
    find_items,
    floors_of,
    get_place,
    history_of,
    hygiene_of,
    is_swept,
    late_items,
    open_items,
    to_carry,
    to_come,
    unclaimed,
)
from kiosk.refusal import NotFound, Refusal
from kiosk.stations.hours import moment_of
from kiosk.stations.models import Station
from kiosk.volunteers.queries import on_duty_at, open_shifts

SHOWN = 6
LOOKS = ("fresh", "reminded", "red", "over")
MEAL_CLIMATES = (Climate.HEATED, Climate.COLD)
# What happened, as addresses carry it from a press to the page that says it.
DONE = {
    "collect",
    "remind",
    "move",
    "give_back",
    "dispose",
    "report",
    "store",
    "release",
    "put_back",
    "close_case",
}


class CodeForm(BaseModel):
    """Six digits that somebody says or shows."""

    code: Line


@dataclass(frozen=True)
class CellView:
    """A place as the map shows it: its worst item decides how it looks."""

    place: StoragePlace
    items: Sequence[Pickup]

    @property
    def look(self) -> str:
        """How it looks: empty, off, assigned, fresh, reminded, red, over, case."""
        if not self.items:
            return "empty" if self.place.is_on and self.place.point.is_on else "off"
        if any(item.state is PickupState.CASE for item in self.items):
            return "case"
        stored = [item.stage for item in self.items if item.state is PickupState.STORED]
        return LOOKS[max(stored)] if stored else "assigned"

    @property
    def kind(self) -> PickupKind:
        """What lies in it, or what it is made for."""
        if self.items:
            return self.items[0].kind
        return PickupKind.MEAL if self.place.climate in MEAL_CLIMATES else PickupKind.PARCEL

    @property
    def oldest(self) -> datetime | None:
        """Since when the first of its items lies here."""
        return min((item.stored_at for item in self.items if item.stored_at), default=None)


@dataclass(frozen=True)
class PointView:
    """A point with its cells, how full it is, and how many bookings are to come."""

    point: StoragePoint
    cells: Sequence[CellView]
    coming: int

    @property
    def held(self) -> int:
        """How many items lie here or are on their way into a place."""
        return sum(len(cell.items) for cell in self.cells)

    @property
    def room(self) -> int:
        """How many items fit at all, where places are in use."""
        return sum(cell.place.capacity for cell in self.cells if cell.place.is_on)

    @property
    def free(self) -> int:
        """How many more items fit."""
        return sum(
            max(cell.place.capacity - len(cell.items), 0)
            for cell in self.cells
            if cell.place.is_on and self.point.is_on
        )


def show() -> Response:
    """Show the house: each point, each place, and what is to be done; live."""
    return _map()


def live() -> Response:
    """Show what changes, for the page that is open already."""
    return page("pickups/_live", **_scene(station()))


def card() -> Response:
    """Show what lies in the chosen place, for the page that is open already."""
    return page("pickups/_card", **_chosen(station()))


def lists() -> Response:
    """List what lies too long, what goes back, what nobody booked, and what is to come."""
    place, at = station(), clock.now()
    asked = request.args.get("q", "").strip()[:40]
    late = late_items(place)
    return page(
        "pickups/lists",
        notice_of=done(),
        asked=asked,
        found=find_items(place, asked),
        meals=[item for item in late if item.kind is PickupKind.MEAL],
        parcels=[item for item in late if item.kind is PickupKind.PARCEL],
        unclaimed=unclaimed(place),
        carry=to_carry(place),
        coming=to_come(place, clock.today(place.timezone)),
        at=at,
    )


def collect(body: CodeForm) -> ResponseReturnValue:
    """Hand over what six digits open; wrong ones are counted."""
    try:
        with transaction():
            tried = actions.collect_by_code(
                station(),
                body.code,
                codes=codes(),
                entry=f"member:{worker().member.id}",
                by=actor(),
                at=clock.now(),
            )
        if tried.pickup is None:
            raise actions.wrong_code(tried.left)
    except Refusal as refusal:
        return _map(refusal)
    return _map(handed=tried.pickup)


def done() -> str:
    """Return what the press before this page did, if its address says so."""
    sent = request.args.get("done", "")
    return sent if sent in DONE else ""


def _map(refusal: Refusal | None = None, handed: Pickup | None = None) -> Response:
    place = station()
    return page(
        "pickups/show",
        refusal,
        notice_of=done(),
        handed=handed,
        label=_label_of(handed),
        **_scene(place),
        **_chosen(place),
    )


def _label_of(handed: Pickup | None) -> str:
    """Return the place from which something was handed over: the last that its history names."""
    if handed is None:
        return ""
    places = [event.place_id for event in history_of(handed) if event.place_id]
    return get_place(station(), places[-1]).label if places else handed.point.code


def _scene(place: Station) -> dict[str, Any]:
    day = clock.today(place.timezone)
    items = open_items(place)
    lies = [item for item in items if item.place_id is not None]
    late = late_items(place)
    coming = [item for item in items if item.state is PickupState.BOOKED and item.slot_day == day]
    carry, at = to_carry(place), clock.now()
    return {
        "floors": [
            (floor, [_view(point, lies, coming) for point in points])
            for floor, points in floors_of(place)
        ],
        "late": late[:SHOWN],
        "late_count": len(late),
        "carry": _by_floor(carry),
        "carry_count": len(carry),
        "stored": sum(item.state is PickupState.STORED for item in items),
        "coming": len(coming),
        "next": [item for item in to_come(place, day) if item.state is PickupState.BOOKED][:SHOWN],
        "unclaimed_count": len(unclaimed(place)),
        "cases": len(cases_of(place)),
        "unclean": [due for due in hygiene_of(place, day) if due.done < due.wanted],
        "midnight": moment_of(day, 0, place.timezone),
        "asked": asked_for(place, at),
        "is_silent": not is_swept(at),
        "on_duty": on_duty_at(place, at),
        "shifts": [shift for shift in open_shifts(place, at) if shift.day == day],
    }


def _view(point: StoragePoint, lies: Sequence[Pickup], coming: Sequence[Pickup]) -> PointView:
    inside: dict[int | None, list[Pickup]] = {}
    for item in lies:
        inside.setdefault(item.place_id, []).append(item)
    return PointView(
        point,
        [CellView(place, inside.get(place.id, [])) for place in point.places],
        sum(item.goal_id == point.id for item in coming),
    )


def _by_floor(carry: Sequence[Pickup]) -> list[tuple[int, int, datetime | None]]:
    """Return how many items go to each floor, the highest first, and since when the first lies."""
    floors: dict[int, list[Pickup]] = {}
    for item in carry:
        floors.setdefault(item.goal.floor, []).append(item)
    return [
        (floor, len(items), min((item.stored_at for item in items if item.stored_at), default=None))
        for floor, items in sorted(floors.items(), reverse=True)
    ]


def _chosen(place: Station) -> dict[str, Any]:
    """Return the place that is looked at, and what lies in it with its history."""
    try:
        store = get_place(place, int(request.args.get("place", "")))
    except (ValueError, NotFound):
        return {"cell": None}
    cell = next(cell for cell in cells_of(store.point) if cell.place.id == store.id)
    histories = {item.id: history_of(item) for item in cell.items}
    return {
        "cell": CellView(cell.place, cell.items),
        "histories": histories,
        "names": names_by(event.actor for events in histories.values() for event in events),
        "points": [point for _floor, points in floors_of(place) for point in points],
        "stage_over": Stage.OVER,
    }
