"""One item: what happened to it, and what staff do with it."""

from collections.abc import Callable
from typing import Any, Literal

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from admin.access import names_by, page, station
from admin.forms import Line
from admin.pickups import done
from kiosk import clock
from kiosk.access import actor
from kiosk.db import transaction
from kiosk.pickups import actions
from kiosk.pickups.models import CaseKind, Pickup, Stage
from kiosk.pickups.queries import get_item, get_point, history_of, points_of
from kiosk.refusal import Refusal

Back = Literal["map", "item", "rows"]


class BackForm(BaseModel):
    """A press without words; `back` is the page that it was made on."""

    back: Back = "item"


class WhyForm(BackForm):
    """A press that says why."""

    reason: Line = ""


class MoveForm(BackForm):
    """Carry an item to a point, by its code."""

    point: Line


class DisposeForm(BackForm):
    """Throw an item away: a second person, or a record in words."""

    witness: Line = ""
    record: Line = ""


class ReportForm(BackForm):
    """Open a case."""

    what: CaseKind
    reason: Line = ""


def show(item: int) -> Response:
    """Show one item, everything that happened to it, and what can be done."""
    return _page(get_item(station(), item))


def hand_over(item: int, body: WhyForm) -> ResponseReturnValue:
    """Hand an item over without its code; says how the person was known."""

    def act(mine: Pickup) -> None:
        if not body.reason:
            raise Refusal("pickups.why", "Say how you know that it is theirs.")
        actions.collect(mine, reason=body.reason, collector="staff", by=actor(), at=clock.now())

    return _do(item, "collect", body, act)


def remind(item: int, body: BackForm) -> ResponseReturnValue:
    """Remind whoever it is for."""
    return _do(item, "remind", body, lambda it: actions.remind(it, by=actor(), at=clock.now()))


def move(item: int, body: MoveForm) -> ResponseReturnValue:
    """Carry it to another point."""

    def act(mine: Pickup) -> None:
        to = get_point(station(), body.point)
        actions.move(mine, to, by=actor(), at=clock.now())

    return _do(item, "move", body, act)


def give_back(item: int, body: WhyForm) -> ResponseReturnValue:
    """Return it to its courier or shop."""
    return _do(
        item,
        "give_back",
        body,
        lambda it: actions.give_back(it, by=actor(), at=clock.now(), reason=body.reason),
    )


def dispose(item: int, body: DisposeForm) -> ResponseReturnValue:
    """Throw it away, before a second person or with a record."""
    return _do(
        item,
        "dispose",
        body,
        lambda it: actions.dispose(
            it, by=actor(), at=clock.now(), witness=body.witness, record=body.record
        ),
    )


def report(item: int, body: ReportForm) -> ResponseReturnValue:
    """Open a case: wrongly taken, gone, or damaged."""
    return _do(
        item,
        "report",
        body,
        lambda it: actions.report(it, body.what, by=actor(), at=clock.now(), reason=body.reason),
    )


def store(item: int, body: BackForm) -> ResponseReturnValue:
    """Note that it lies in its place, which its courier did not confirm."""
    return _do(item, "store", body, lambda it: actions.store(it, by=actor(), at=clock.now()))


def release(item: int, body: BackForm) -> ResponseReturnValue:
    """Free a place into which nothing was put."""
    return _do(item, "release", body, lambda it: actions.release(it, by=actor(), at=clock.now()))


def _do(
    item: int, verb: str, body: BackForm, act: Callable[[Pickup], object]
) -> ResponseReturnValue:
    mine = get_item(station(), item)
    place = mine.place_id
    try:
        with transaction():
            act(mine)
    except Refusal as refusal:
        return _page(mine, refusal, form=body.model_dump())
    return redirect(_back(body.back, mine, place, verb), 303)


def _back(back: Back, item: Pickup, place: int | None, verb: str) -> str:
    if back == "map":
        return url_for("admin.pickups.show", place=place, done=verb)
    if back == "rows":
        return url_for("admin.pickups.lists", done=verb)
    return url_for("admin.items.show", item=item.id, done=verb)


def _page(item: Pickup, refusal: Refusal | None = None, **context: Any) -> Response:  # noqa: ANN401
    history = history_of(item)
    return page(
        "pickups/item",
        refusal,
        item=item,
        history=history,
        names=names_by(event.actor for event in history),
        points=points_of(station()),
        stage_over=Stage.OVER,
        notice_of="" if refusal else done(),
        **context,
    )
