"""Stock-takes: look into every place of a point, and set right what differs."""

from typing import Literal

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from admin.access import names_by, page, station
from admin.forms import Line
from kiosk import clock
from kiosk.access import actor
from kiosk.db import transaction
from kiosk.pickups import actions
from kiosk.pickups.api import codes
from kiosk.pickups.models import PickupKind, StockTake, StoragePlace
from kiosk.pickups.queries import (
    counts_of,
    differences_of,
    get_item,
    get_place,
    get_place_at,
    get_point,
    get_take,
    looks_of,
    points_of,
    takes_of,
)
from kiosk.refusal import Refusal
from kiosk.stations.models import Station


class BeginForm(BaseModel):
    """The point whose stock is taken."""

    point: Line


class CountForm(BaseModel):
    """What was seen in a place: of one item, or without it of the whole place."""

    place: int
    item: int | None = None
    result: Literal["right", "missing"]


class ScanForm(BaseModel):
    """A place's label, as a scanner types it: it holds what it should."""

    label: Line


class ExtraForm(BaseModel):
    """Something too much: its code, or what it looks like."""

    place: int
    typed: Line
    kind: PickupKind


def index() -> Response:
    """List the stock-takes, to begin one or go on."""
    place = station()
    takes = takes_of(place)
    return page(
        "pickups/stock",
        takes=takes,
        points=points_of(place),
        differences=differences_of(takes),
        names=names_by(by for take in takes for by in (take.started_by, take.ended_by)),
    )


def begin(body: BeginForm) -> ResponseReturnValue:
    """Begin a stock-take of a point, or go on with its open one."""
    point = get_point(station(), body.point)
    with transaction():
        take = actions.begin_take(point, by=actor(), at=clock.now())
    return redirect(url_for("admin.stock.show", take=take.id), 303)


def show(take: int) -> Response:
    """Show each place of the point, what should be in it, and what was found."""
    return _page(get_take(station(), take))


def count(take: int, body: CountForm) -> ResponseReturnValue:
    """Say what is in a place."""
    mine = get_take(station(), take)
    try:
        with transaction():
            place, at = get_place(station(), body.place), clock.now()
            if body.item is None:
                actions.count_whole(mine, place, by=actor(), at=at)
            else:
                pickup, is_there = get_item(station(), body.item), body.result == "right"
                actions.count(mine, place, pickup=pickup, is_there=is_there, by=actor(), at=at)
    except Refusal as refusal:
        return _page(mine, refusal)
    return redirect(_at(mine, body.place), 303)


def scan(take: int, body: ScanForm) -> ResponseReturnValue:
    """Say by its label that a place holds what it should."""
    mine = get_take(station(), take)
    try:
        with transaction():
            place = _labelled(station(), body.label)
            actions.count_whole(mine, place, by=actor(), at=clock.now())
    except Refusal as refusal:
        return _page(mine, refusal)
    return redirect(url_for("admin.stock.show", take=mine.id, scanned=place.id), 303)


def add_extra(take: int, body: ExtraForm) -> ResponseReturnValue:
    """Set right that something lies in a place which should not."""
    mine = get_take(station(), take)
    try:
        with transaction():
            place = get_place(station(), body.place)
            actions.note_extra(
                mine,
                place,
                body.typed,
                body.kind,
                codes=codes(),
                by=actor(),
                at=clock.now(),
            )
    except Refusal as refusal:
        return _page(mine, refusal)
    return redirect(_at(mine, body.place), 303)


def end(take: int) -> ResponseReturnValue:
    """End a stock-take; what is gone becomes a case."""
    mine = get_take(station(), take)
    try:
        with transaction():
            actions.end_take(mine, by=actor(), at=clock.now())
    except Refusal as refusal:
        return _page(mine, refusal)
    return redirect(url_for("admin.stock.show", take=mine.id), 303)


def _at(take: StockTake, place: int) -> str:
    return url_for("admin.stock.show", take=take.id, _anchor=f"place-{place}")


def _labelled(place: Station, label: str) -> StoragePlace:
    code, _hyphen, number = label.upper().rpartition("-")
    return get_place_at(get_point(place, code), number)


def _page(take: StockTake, refusal: Refusal | None = None) -> Response:
    looks = looks_of(take)
    counts = counts_of(take)
    return page(
        "pickups/take",
        refusal,
        take=take,
        looks=looks,
        counts=counts,
        left=sum(not look.is_done for look in looks),
        scanned=request.args.get("scanned", ""),
        names=names_by([take.started_by, take.ended_by]),
    )
