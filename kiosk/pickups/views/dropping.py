"""A courier brings something: three touches, one hand, no account."""

from collections.abc import Sequence

from flask import abort, redirect, session, url_for
from flask.typing import ResponseReturnValue

from kiosk import access, clock
from kiosk.actor import Actor
from kiosk.idempotency import Answer, once
from kiosk.pickups import actions, api
from kiosk.pickups.actions import PointFull, Unbooked
from kiosk.pickups.forms import BringForm, CourierQuery, LeaveForm
from kiosk.pickups.models import Pickup, PickupKind, PickupState, StoragePoint
from kiosk.pickups.queries import (
    cells_of,
    expected_at,
    find_expected,
    find_point,
    find_scanned,
    find_tagged,
    get_point,
    rooms_of,
)
from kiosk.pickups.views.page import page, said
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
    try:
        api.courier(place)
    except Refusal:
        return page("drop_where", place)
    return _ask(place, query.point)


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
    return page(
        "drop",
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
        refusal=said(refusal),
    )


def bring(station: str, body: BringForm) -> ResponseReturnValue:
    """Find what a courier means and give it a place; several are shown to choose from."""
    place, at = get_station(station), clock.now()
    by = api.courier(place)
    found = _found(place, body)
    if len(found) != 1:
        refusal = None if found else _not_found()
        status = 300 if found else _not_found().status
        return _ask(place, body.point, refusal, typed=body.typed, found=found), status
    [mine] = found
    to = get_point(place, body.to) if body.to else None

    def act() -> Answer:
        return Answer(200, api.dropped(actions.assign(mine, by=by, at=at, point=to)))

    try:
        once(access.asked(body.model_dump_json()), at, act)
    except PointFull as full:
        return _ask(place, body.point, full, elsewhere=full.elsewhere, tag=mine.tag), full.status
    except Refusal as refusal:
        return _ask(place, body.point, refusal, typed=body.typed), refusal.status
    return redirect(url_for("pickups.dropping.place", station=station, tag=mine.tag), 303)


def _found(place: Station, body: BringForm) -> Sequence[Pickup]:
    if body.tag:
        named = find_tagged(place, body.tag)
        return [named] if named else []
    return find_expected(place, body.typed, clock.now())


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
    return page(
        "drop_place",
        station,
        pickup=mine,
        is_stored=mine.state is PickupState.STORED,
        is_given=mine.state in (PickupState.STORED, PickupState.ASSIGNED),
        cells=cells_of(mine.point),
        undo_seconds=int(actions.UNDO.total_seconds()),
        refusal=said(refusal),
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
