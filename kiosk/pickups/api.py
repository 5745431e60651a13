"""Pickups for programs."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import session
from typing_extensions import TypedDict

from kiosk import access, clock
from kiosk.actor import Actor
from kiosk.idempotency import Answer, once
from kiosk.pages import public_url
from kiosk.pickups import actions, snapshots
from kiosk.pickups.actions import Full, PointFull, Wish
from kiosk.pickups.codes import Codes
from kiosk.pickups.forms import (
    AgreeForm,
    CollectForm,
    DropForm,
    PickupForm,
    PickupSlotsQuery,
    ProxyForm,
    ReportForm,
    TailForm,
    TypedForm,
)
from kiosk.pickups.models import Pickup, PickupKind, StoragePoint
from kiosk.pickups.queries import (
    alternatives_to,
    find_pass,
    find_scanned,
    get_pickup,
    get_point,
    slots_on,
)
from kiosk.pickups.slots import PickupSlot, SlotId, no_slot, read_slot
from kiosk.refusal import Refusal
from kiosk.staff.permissions import CALL
from kiosk.stations.models import Station
from kiosk.stations.queries import Place, get_place

PickupSlotAnswer = TypedDict(
    "PickupSlotAnswer",
    {
        "id": str,
        "kind": str,
        "point": str,
        "from": str,
        "to": str,
        "capacity": int,
        "left": int,
        "busy": int,
    },
)


class PickupSlotsAnswer(TypedDict):
    """The times of a day that are not over; `busy` goes from 0 (nobody) to 4 (full)."""

    items: list[PickupSlotAnswer]


PickupAnswer = TypedDict(
    "PickupAnswer",
    {
        "token": str,
        "code": str | None,
        "tag": str,
        "station": str,
        "kind": str,
        "state": str,
        "stage": int,
        "point": str,
        "point_zh": str,
        "point_en": str,
        "where_zh": str,
        "where_en": str,
        "floor": int,
        "is_lobby": bool,
        "point_is_on": bool,
        "goal": str,
        "place": str | None,
        "slot": str | None,
        "from": str | None,
        "to": str | None,
        "consents": bool,
        "stored_at": str | None,
        "ended_at": str | None,
        "ahead": int | None,
        "offered_until": str | None,
        "reminds_at": str | None,
        "red_at": str | None,
        "kept_until": str | None,
        "has_proxy": bool,
        "url": str,
        "at": str,
    },
)


class ProxyAnswer(TypedDict):
    """The digits for a colleague, until when they hold, and the pickup."""

    code: str | None
    until: str | None
    pickup: PickupAnswer


class DroppedAnswer(TypedDict):
    """What a courier is told: the place, and nothing that would open it."""

    tag: str
    state: str
    point: str
    place: str | None
    consents: bool


def codes() -> Codes:
    """Return what makes and recognises this installation's codes."""
    return Codes(access.secret_key())


def slots(station: str, query: PickupSlotsQuery) -> dict[str, Any]:
    """List a day's times with the places left in each, full ones among them."""
    place, at = get_place(station), clock.now()
    day = query.date or clock.day_at(at, place.timezone)
    kinds = [query.kind] if query.kind else list(PickupKind)
    return {
        "items": [
            _slot(slot) for kind in kinds for slot in slots_on(place, kind, day, at, query.point)
        ]
    }


def _slot(slot: PickupSlot) -> dict[str, Any]:
    return {
        "id": str(slot.id),
        "kind": slot.id.kind,
        "point": slot.id.point,
        "from": slot.starts_at.isoformat(),
        "to": slot.ends_at.isoformat(),
        "capacity": slot.capacity,
        "left": slot.left,
        "busy": slot.busy,
    }


def book(station: str, body: PickupForm) -> Answer:
    """Book a slot; a full one is refused together with what is free instead."""
    at, place, by = clock.now(), get_place(station), access.actor()
    slot = read_slot(body.slot)
    if slot.kind != body.kind or body.point not in (None, slot.point):
        raise no_slot()
    holder, too_many = access.browser_mark(), access.pace(place)
    wish = Wish(
        size=body.size,
        climate=body.climate,
        consents=body.consent,
        tail=body.tail,
        order_tail=body.order_tail,
        contact=body.contact,
        holder=holder,
    )

    def act() -> Answer:
        if too_many:
            raise too_many
        token = actions.book(place, slot, wish, codes=codes(), by=by, at=at, waits=body.wait)
        return Answer(201, answer(token))

    try:
        return once(access.asked(body.model_dump_json()), at, act)
    except Full as full:
        full.more = {"alternatives": _instead(place, full.slot, at)}
        raise


def _instead(place: Station | Place, slot: SlotId, at: datetime) -> list[dict[str, Any]]:
    found = alternatives_to(place, slot, at)
    named = [("later", found.later), ("elsewhere", found.elsewhere)]
    free = [{"what": what, **_slot(each)} for what, slots in named for each in slots]
    return [*free, {"what": "waiting_list", "id": str(slot), "waiting": found.waiting}]


def show(token: str) -> dict[str, Any]:
    """Return a pickup. Its token is the right to see and to change it."""
    return answer(token)


def drop(token: str, body: DropForm) -> Answer:
    """Give a place for an item and note that it lies there. The same scan gives the same place."""
    at, mine = clock.now(), get_pickup(token)
    by = courier(mine.station, body.scan, body.courier_pass)
    point = get_point(mine.station, body.point) if body.point else None
    verb = actions.drop if body.confirm else actions.assign

    def act() -> Answer:
        return Answer(200, dropped(verb(mine, by=by, at=at, point=point)))

    try:
        return once(access.asked(body.model_dump_json()), at, act)
    except PointFull as full:
        full.more = {"alternatives": [_point(other) for other in full.elsewhere]}
        raise


def _point(point: StoragePoint) -> dict[str, Any]:
    return {"point": point.code, "name_zh": point.name_zh, "name_en": point.name_en}


def courier(
    station: Station | Place, scan: str | None = None, courier_pass: str | None = None
) -> Actor:
    """Return who brings something: staff, a kiosk, who scanned a point, or who has a pass."""
    at_work = access.worker()
    if access.is_kiosk(station) or (at_work is not None and at_work.may(CALL, station)):
        return access.actor()
    shown = courier_pass or session.get("courier", "")
    held = find_pass(station, shown, clock.now()) if shown else None
    if held is not None:
        return Actor(f"pass:{held.id}", "courier")
    point = find_scanned(scan or session.get("scan", ""))
    if point is not None and point.station_id == station.id:
        return Actor(f"point:{point.id}", "courier")
    raise scan_first()


def scan_first() -> Refusal:
    """Return the refusal of somebody who is neither at a point nor at the kiosk."""
    return Refusal(
        "pickups.scan_first",
        "Scan the code at the storage point, or go to the kiosk in the lobby.",
        HTTPStatus.FORBIDDEN,
    )


def dropped(pickup: Pickup) -> dict[str, Any]:
    """Return what a courier may know of an item."""
    return {
        "tag": pickup.tag,
        "state": pickup.state.value,
        "point": pickup.point.code,
        "place": pickup.place.label if pickup.place else None,
        "consents": pickup.consent is not None,
    }


def collect(token: str, body: CollectForm) -> Answer:
    """Collect an item: the token is the proof, and so are its six digits or a proxy's."""
    at, by, mine = clock.now(), access.actor(), get_pickup(token)

    def act() -> Answer:
        if body.code is None:
            actions.collect(mine, by=by, at=at)
            return Answer(200, answer(token))
        tried = actions.collect_by_code(
            mine.station,
            body.code,
            codes=codes(),
            entry=entry(f"pickup:{mine.id}"),
            by=by,
            at=at,
            only=mine,
        )
        if tried.pickup is None:
            return Answer(403, {"left": tried.left})
        return Answer(200, answer(token))

    return _right(once(access.asked(f"collect {body.code}"), at, act))


def entry(otherwise: str) -> str:
    """Return where somebody types a code, under which wrong ones are counted."""
    paired = access.device()
    return f"device:{paired.id}" if paired else otherwise


def _right(tried: Answer) -> Answer:
    """Refuse a wrong code after it was counted."""
    if "left" in tried.body:
        raise actions.wrong_code(tried.body["left"])
    return tried


def collect_here(place: Station, body: TypedForm, where: str) -> Answer:
    """Collect what six digits or a scanned page open; `where` counts wrong digits of phones."""
    at, by = clock.now(), access.actor()

    def act() -> Answer:
        if body.token is not None:
            mine = get_pickup(body.token)
            lay_at = mine.place.label if mine.place else ""
            actions.collect(mine, by=by, at=at)
        else:
            tried = actions.collect_by_code(
                place, body.typed, codes=codes(), entry=entry(where), by=by, at=at
            )
            if tried.pickup is None:
                return Answer(403, {"left": tried.left})
            mine, lay_at = tried.pickup, tried.place
        return Answer(200, {**answer(mine.token), "lay_at": lay_at})

    return _right(once(access.asked(f"collect {body.typed}"), at, act))


def ask_here(place: Station, body: TailForm, where: str) -> Answer:
    """Note that somebody asks for what nobody booked; answers with the tags to say."""
    at, by = clock.now(), access.actor()

    def act() -> Answer:
        asked = actions.ask(place, body.tail, entry=entry(where), by=by, at=at)
        if not asked.items:
            return Answer(404, {"left": asked.left})
        return Answer(200, {"tags": [item.tag for item in asked.items]})

    answered = once(access.asked(f"ask {body.tail}"), at, act)
    if "left" in answered.body:
        raise actions.nothing_unbooked(answered.body["left"])
    return answered


def cancel(token: str) -> Answer:
    """Give a booking up; somebody else may have the time."""
    return _wish(token, actions.cancel)


def accept(token: str) -> Answer:
    """Take the place that was offered after waiting."""
    return _wish(token, actions.accept)


def agree(token: str, body: AgreeForm) -> Answer:
    """Agree that couriers store the item, or take that back."""
    return _wish(token, actions.agree, agrees=body.agrees)


def report(token: str, body: ReportForm) -> Answer:
    """Say that an item is missing, damaged, or was taken by somebody else; a case is opened."""
    return _wish(token, actions.report, kind=body.what)


def _wish(token: str, verb: Any, **more: Any) -> Answer:  # noqa: ANN401 - one of the actions
    at, by = clock.now(), access.actor()

    def act() -> Answer:
        verb(get_pickup(token), by=by, at=at, **more)
        return Answer(200, answer(token))

    return once(access.asked(f"{verb.__name__} {more}"), at, act)


def proxy(token: str, body: ProxyForm) -> Answer:
    """Return six digits with which a colleague collects today, or end them."""
    at, by = clock.now(), access.actor()

    def act() -> Answer:
        mine = get_pickup(token)
        if body.revoke:
            actions.revoke_proxy(mine, by=by, at=at)
            return Answer(200, {"code": None, "until": None, "pickup": answer(token)})
        digits = actions.give_proxy(mine, codes=codes(), by=by, at=at)
        until = mine.proxy_until.isoformat() if mine.proxy_until else None
        return Answer(200, {"code": digits, "until": until, "pickup": answer(token)})

    return once(access.asked(body.model_dump_json()), at, act)


def answer(token: str) -> dict[str, Any]:
    """Return a pickup as who has its token may see it, with the digits that collect it."""
    row = snapshots.find_row(token)
    code = codes().secret(token, row.secret_round) if row.secret_hash else None
    data = snapshots.pickup(row)
    return {"token": token, "code": code, **data, "url": public_url(data["url"])}
