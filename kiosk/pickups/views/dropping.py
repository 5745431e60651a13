"""A courier brings something: three touches, one hand, no account."""

from collections.abc import Sequence

from flask import abort, redirect, session, url_for
from flask.typing import ResponseReturnValue

from kiosk import access, clock
from kiosk.actor import Actor
from kiosk.idempotency import Answer, once
from kiosk.pages import station_page
from kiosk.pickups import actions, api
from kiosk.pickups.actions import PointFull, Unbooked
from kiosk.pickups.forms import BringForm, CourierQuery, LeaveForm, TagsForm
from kiosk.pickups.models import Pickup, PickupKind, PickupState, StoragePoint
from kiosk.pickups.queries import (
    cells_of,
    expected_at,
    find_expected,
    find_point,
    find_scanned,
    find_tagged,
    get_point,
    points_of,
    rooms_of,
)
from kiosk.refusal import NotFound, Refusal
from kiosk.stations.models import Station
from kiosk.stations.queries import get_station


def show(station: str, query: CourierQuery) -> ResponseReturnValue:
    """Ask a courier what they bring, and to which floor."""
    place = get_station(station)
    if query.scan or query.courier:
        for name, given in (("scan", query.scan), ("courier", query.courier)):
            if given:
                session[name] = given
        return redirect(url_for("pickups.dropping.show", station=station, point=query.point), 303)
    points = points_of(place)
    try:
        api.courier(place)
        is_here = True
    except Refusal:
        is_here = False
    if is_here and any(point.is_on for point in points):
        return _ask(place, query.point)
    return station_page("pickups/drop_where", place, points=points)


def _ask(
    place: Station,
    asked: str | None,
    refusal: Refusal | None = None,
    *,
    typed: str = "",
    found: Sequence[Pickup] = (),
    elsewhere: Sequence[StoragePoint] = (),
    tag: str = "",
) -> str:
    rooms = [room for room in rooms_of(place) if room.point.is_on]
    scanned = find_scanned(session.get("scan", ""))
    named = find_point(place, asked) if asked else scanned
    shown = named or next((room.point for room in rooms), None)
    is_kiosk = access.is_kiosk(place)
    # A screen in the hall lists nobody's digits.
    expected = [] if is_kiosk or shown is None else expected_at(place, clock.now(), shown)
    return station_page(
        "pickups/drop",
        place,
        rooms=rooms,
        shown=shown,
        expected=expected,
        found=found,
        typed=typed,
        elsewhere=elsewhere,
        tag=tag,
        kinds=list(PickupKind),
        code=refusal.code if refusal else "",
        refusal=refusal,
    )


def bring(station: str, body: BringForm) -> ResponseReturnValue:
    """Find what a courier means and give each item a place; of several, they choose."""
    place, at = get_station(station), clock.now()
    by = api.courier(place)
    groups = [(typed, _found(place, body, typed)) for typed in body.names]
    for typed, found in groups:
        if len(found) != 1:
            refusal = None if found else _not_found()
            status = 300 if found else _not_found().status
            return _ask(place, body.point, refusal, typed=typed, found=found), status
    items = sorted((found[0] for _typed, found in groups), key=lambda item: item.id)
    to = get_point(place, body.to) if body.to else None

    def act() -> Answer:
        given = [api.dropped(actions.assign(item, by=by, at=at, point=to)) for item in items]
        return Answer(200, {"tags": [item["tag"] for item in given]})

    try:
        tags = once(access.asked(body.model_dump_json()), at, act).body["tags"]
    except PointFull as full:
        tag = items[0].tag
        return _ask(place, body.point, full, elsewhere=full.elsewhere, tag=tag), full.status
    except Refusal as refusal:
        return _ask(place, body.point, refusal, typed=body.typed), refusal.status
    if len(tags) > 1:
        return redirect(
            url_for("pickups.dropping.places", station=station, tags=",".join(tags)), 303
        )
    return redirect(url_for("pickups.dropping.place", station=station, tag=tags[0]), 303)


def _found(place: Station, body: BringForm, typed: str) -> Sequence[Pickup]:
    if body.tag:
        named = find_tagged(place, body.tag)
        return [named] if named else []
    return find_expected(place, typed, clock.now())


def _not_found() -> NotFound:
    return NotFound(
        "pickups.nobody", "Nobody booked with these digits. Look again, or call the addressee."
    )


def leave(station: str, body: LeaveForm) -> ResponseReturnValue:
    """Give a place for what nobody booked, where the point takes such."""
    place, at = get_station(station), clock.now()
    by, point = api.courier(place), get_point(place, body.point)
    item = Unbooked(body.kind, body.consent is not None, tail=body.tail)

    def act() -> Answer:
        made = actions.leave(point, item, codes=api.codes(), by=by, at=at)
        return Answer(200, api.dropped(made))

    try:
        tag = once(access.asked(body.model_dump_json()), at, act).body["tag"]
    except Refusal as refusal:
        return _ask(place, body.point, refusal, typed=body.tail or ""), refusal.status
    return redirect(url_for("pickups.dropping.place", station=station, tag=tag), 303)


def place(station: str, tag: str) -> str:
    """Show a courier the place, and afterwards that it is done."""
    return _place(get_station(station), tag)


def _place(station: Station, tag: str, refusal: Refusal | None = None) -> str:
    api.courier(station)
    mine = _item(station, tag)
    return station_page(
        "pickups/drop_place",
        station,
        pickup=mine,
        is_stored=mine.state is PickupState.STORED,
        is_given=mine.state in (PickupState.STORED, PickupState.ASSIGNED),
        cells=cells_of(mine.point),
        undo_seconds=int(actions.UNDO.total_seconds()),
        refusal=refusal,
    )


def _item(station: Station, tag: str) -> Pickup:
    mine = find_tagged(station, tag)
    if mine is None:
        abort(404)
    return mine


def store(station: str, tag: str) -> ResponseReturnValue:
    """Note that it lies in its place."""
    return _do(station, tag, "store")


def undo(station: str, tag: str) -> ResponseReturnValue:
    """Take a mistaken drop back."""
    return _do(station, tag, "undo")


def _do(station: str, tag: str, verb: str) -> ResponseReturnValue:
    place, at = get_station(station), clock.now()
    by = api.courier(place)
    mine = _item(place, tag)

    def act() -> Answer:
        return Answer(200, api.dropped(_verb(mine, verb, by)))

    try:
        state = once(access.asked(verb), at, act).body["state"]
    except Refusal as refusal:
        return _place(place, tag, refusal), refusal.status
    if state in (PickupState.BOOKED, PickupState.ABANDONED):
        return redirect(url_for("pickups.dropping.show", station=station), 303)
    return redirect(url_for("pickups.dropping.place", station=station, tag=tag), 303)


def _verb(mine: Pickup, verb: str, by: Actor) -> Pickup:
    at = clock.now()
    if verb == "store":
        return actions.store(mine, by=by, at=at)
    if mine.state is PickupState.ASSIGNED:
        return actions.release(mine, by=by, at=at, reason="courier")
    return actions.take_back(mine, by=by, at=at)


def places(station: str, query: TagsForm) -> str:
    """Show a courier the places of several items, and afterwards that it is done."""
    place = get_station(station)
    api.courier(place)
    items = [_item(place, tag) for tag in query.each]
    return station_page(
        "pickups/drop_places",
        place,
        items=sorted(items, key=lambda item: item.place.label if item.place else ""),
        tags=query.tags,
        are_stored=all(item.state is PickupState.STORED for item in items),
    )


def store_all(station: str, body: TagsForm) -> ResponseReturnValue:
    """Note that all of them lie in their places."""
    place, at = get_station(station), clock.now()
    by = api.courier(place)
    items = sorted((_item(place, tag) for tag in body.each), key=lambda item: item.id)

    def act() -> Answer:
        return Answer(200, {"stored": [actions.store(i, by=by, at=at).tag for i in items]})

    once(access.asked(body.tags), at, act)
    return redirect(url_for("pickups.dropping.places", station=station, tags=body.tags), 303)
