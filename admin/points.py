"""Storage points, their places, and the times at which visitors can book them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from pydantic import BaseModel, Field, StringConstraints

from admin.access import note_change, page, station
from admin.forms import Line, Name, Ticked, read_span, read_weekdays
from kiosk import clock
from kiosk.access import actor
from kiosk.db import transaction
from kiosk.notices.actions import put_up
from kiosk.pickups import actions
from kiosk.pickups.models import Climate, PickupKind, PickupPlan, StoragePoint
from kiosk.pickups.queries import get_place, get_plan_at, get_point, plans_of, rooms_of
from kiosk.refusal import Refusal
from kiosk.stations.hours import clock as wall

Code = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=12)]
Capacity = Annotated[int, Field(ge=1, le=999)]
HALL_NOTICE = timedelta(hours=12)


class PointForm(BaseModel):
    """A point's names, the way to it, its floor, and what it takes."""

    name_zh: Name
    name_en: Name
    where_zh: Line = ""
    where_en: Line = ""
    floor: Annotated[int, Field(ge=-9, le=200)]
    is_lobby: Ticked = False
    takes_unbooked: Ticked = False


class NewPointForm(PointForm):
    """A point that is added; its code stays."""

    code: Code


class PauseForm(BaseModel):
    """Whether the hall's screens say that a point is out of use."""

    tells_hall: Ticked = False


class PlacesForm(BaseModel):
    """Places that are added at once, all alike."""

    count: Annotated[int, Field(ge=1, le=99)]
    climate: Climate
    size: Annotated[int, Field(ge=1, le=3)] = 2
    capacity: Annotated[int, Field(ge=1, le=99)] = 1


class ChangeForm(BaseModel):
    """What the places from one number to another are."""

    first: Annotated[int, Field(ge=1, le=999)]
    last: Annotated[int, Field(ge=1, le=999)]
    climate: Climate
    size: Annotated[int, Field(ge=1, le=3)]


class PlaceForm(BaseModel):
    """Whether something may be put into a place."""

    is_on: Ticked = False


class PlanForm(BaseModel):
    """Times on some days of the week: kind, hours, minutes of one, how many at a time."""

    kind: PickupKind
    weekdays: list[int] = []
    hours: Line
    slot_minutes: Annotated[int, Field(ge=5, le=720)]
    capacity: Capacity


class CapacityForm(BaseModel):
    """How many may book one time."""

    capacity: Capacity


def index() -> Response:
    """List the points, and how full each is."""
    return _index()


def add(body: NewPointForm) -> ResponseReturnValue:
    """Open a point; it has no places yet."""
    try:
        with transaction():
            actions.add_point(station(), **body.model_dump())
            note_change("points.add", body.code)
    except Refusal as refusal:
        return _index(refusal, body)
    return redirect(url_for("admin.points.show", point=body.code), 303)


def show(point: str) -> Response:
    """Show a point: what it is, its places, and its times."""
    return _page(get_point(station(), point))


def save(point: str, body: PointForm) -> ResponseReturnValue:
    """Change a point's names, the way to it, and what it takes."""
    mine = get_point(station(), point)
    with transaction():
        actions.change_point(mine, **body.model_dump())
        note_change("points.change", point)
    return redirect(url_for("admin.points.show", point=point), 303)


def pause(point: str, body: PauseForm) -> ResponseReturnValue:
    """Take a point out of use, and tell everybody who booked it."""
    mine = get_point(station(), point)
    with transaction():
        told = actions.pause_point(mine, by=actor(), at=clock.now())
        if body.tells_hall:
            at = clock.now()
            put_up(
                station(), _hall_words(mine, "zh"), _hall_words(mine, "en"), at, at + HALL_NOTICE
            )
        note_change("points.pause", point, str(told))
    return _page(mine, told=told)


def _hall_words(point: StoragePoint, language: str) -> str:
    """Return what the hall reads of a point out of use, in a language."""
    with force_locale(language):
        words: str = gettext(
            "%(name)s (%(code)s) is out of use. Please choose another point.",
            name=getattr(point, f"name_{language}"),
            code=point.code,
        )
    return words


def resume(point: str) -> ResponseReturnValue:
    """Take a point into use again, and tell who still waits for it."""
    mine = get_point(station(), point)
    with transaction():
        told = actions.resume_point(mine, by=actor(), at=clock.now())
        note_change("points.resume", point, str(told))
    return _page(mine, told=told)


def renew(point: str) -> ResponseReturnValue:
    """Make a point's posters worthless; new ones have to be printed."""
    mine = get_point(station(), point)
    with transaction():
        actions.renew_scan(mine)
        note_change("points.renew", point)
    return redirect(url_for("admin.points.show", point=point), 303)


def add_places(point: str, body: PlacesForm) -> ResponseReturnValue:
    """Add places to a point, numbered on from its last one."""
    mine = get_point(station(), point)
    with transaction():
        actions.add_places(mine, at=clock.now(), **body.model_dump())
        note_change("points.places", point, str(body.count))
    return redirect(url_for("admin.points.show", point=point, _anchor="places"), 303)


def change_places(point: str, body: ChangeForm) -> ResponseReturnValue:
    """Say what some places are, by their numbers."""
    mine = get_point(station(), point)
    try:
        with transaction():
            actions.change_places(mine, **body.model_dump())
            note_change("points.places_change", point, f"{body.first}-{body.last}")
    except Refusal as refusal:
        return _page(mine, refusal)
    return redirect(url_for("admin.points.show", point=point, _anchor="places"), 303)


def switch_place(point: str, place: int, body: PlaceForm) -> ResponseReturnValue:
    """Put nothing more into a place, or do so again."""
    mine = get_place(station(), place)
    with transaction():
        actions.switch_place(mine, is_on=body.is_on)
        note_change("places.on" if body.is_on else "places.off", mine.label)
    return redirect(url_for("admin.points.show", point=point, _anchor="places"), 303)


def add_plan(point: str, body: PlanForm) -> ResponseReturnValue:
    """Let a kind be booked in these hours."""
    mine = get_point(station(), point)
    try:
        weekdays = read_weekdays(body.weekdays)
        opens, closes = read_span(body.hours)
        with transaction():
            actions.add_plan(
                mine,
                body.kind,
                weekdays,
                opens,
                closes,
                slot_minutes=body.slot_minutes,
                capacity=body.capacity,
            )
            note_change("points.plan", point, body.hours)
    except Refusal as refusal:
        return _page(mine, refusal, body)
    return redirect(url_for("admin.points.show", point=point, _anchor="plans"), 303)


def save_plan(point: str, plan: int, body: CapacityForm) -> ResponseReturnValue:
    """Let more or fewer book one time, on every day that has these times."""
    mine = get_plan_at(station(), point, plan)
    with transaction():
        for one in _alike(mine):
            actions.change_plan(one, body.capacity)
        note_change("points.plan", point, str(body.capacity))
    return redirect(url_for("admin.points.show", point=point, _anchor="plans"), 303)


def remove_plan(point: str, plan: int) -> ResponseReturnValue:
    """Give out these times no more, on every day that has them."""
    mine = get_plan_at(station(), point, plan)
    with transaction():
        for one in _alike(mine):
            actions.remove_plan(one)
        note_change("points.plan", point)
    return redirect(url_for("admin.points.show", point=point, _anchor="plans"), 303)


def _shape(plan: PickupPlan) -> tuple[PickupKind, int, int, int, int]:
    return plan.kind, plan.opens, plan.closes, plan.slot_minutes, plan.capacity


def _alike(plan: PickupPlan) -> list[PickupPlan]:
    """Return the plans that say the same on different days; the page shows them as one."""
    shape = _shape(plan)
    return [one for one in plans_of(plan.point) if _shape(one) == shape]


def _rows(plans: Iterable[PickupPlan]) -> list[tuple[PickupPlan, list[int]]]:
    rows: dict[tuple[object, ...], tuple[PickupPlan, list[int]]] = {}
    for plan in plans:
        rows.setdefault(_shape(plan), (plan, []))[1].append(plan.weekday)
    return list(rows.values())


def _index(refusal: Refusal | None = None, body: NewPointForm | None = None) -> Response:
    return page(
        "pickups/points",
        refusal,
        rooms=rooms_of(station()),
        form=body.model_dump() if body else {},
    )


def _page(
    point: StoragePoint,
    refusal: Refusal | None = None,
    body: PlanForm | None = None,
    told: int | None = None,
) -> Response:
    inside, coming = actions.affected_by(point)
    return page(
        "pickups/point",
        refusal,
        point=point,
        plans=_rows(plans_of(point)),
        inside=inside,
        coming=coming,
        told=told,
        wall=wall,
        form=body.model_dump() if body else {},
    )
