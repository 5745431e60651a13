"""Cases of pickups: what is gone, was taken by somebody else, or is damaged; and how each ended."""

from typing import Literal

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
from kiosk.pickups.models import PickupCase, PickupState
from kiosk.pickups.queries import all_cases_of, get_case, get_point, history_of, points_of
from kiosk.refusal import Refusal


class CloseForm(BaseModel):
    """How a case ended, and in words what was found out."""

    outcome: Literal["collected", "returned", "disposed", "case"]
    reason: Line = ""


class PutBackForm(BaseModel):
    """The point at which an item lies again."""

    point: Line


def index() -> Response:
    """List the cases, the open ones first."""
    cases = all_cases_of(station())
    return page(
        "pickups/cases",
        cases=cases,
        names=names_by(case.opened_by for case in cases),
        notice_of=done(),
    )


def show(case: int) -> Response:
    """Show a case, its item's history, and how it can end."""
    return _page(get_case(station(), case))


def close(case: int, body: CloseForm) -> ResponseReturnValue:
    """Close a case: say how it ended."""
    mine = get_case(station(), case)
    try:
        with transaction():
            _refuse_silent(body)
            outcome = PickupState(body.outcome)
            actions.close_case(mine, outcome, by=actor(), at=clock.now(), reason=body.reason)
    except Refusal as refusal:
        return _page(mine, refusal)
    return redirect(url_for("admin.cases.index", done="close_case"), 303)


def _refuse_silent(body: CloseForm) -> None:
    if not body.reason:
        raise Refusal("pickups.case_why", "Say in words how it ended.")


def put_back(case: int, body: PutBackForm) -> ResponseReturnValue:
    """Close a case because the item was found: it lies at a point again."""
    mine = get_case(station(), case)
    try:
        with transaction():
            point = get_point(station(), body.point)
            actions.put_back(mine, point, by=actor(), at=clock.now())
    except Refusal as refusal:
        return _page(mine, refusal)
    return redirect(url_for("admin.cases.index", done="put_back"), 303)


def _page(case: PickupCase, refusal: Refusal | None = None) -> Response:
    history = history_of(case.pickup)
    actors = [case.opened_by, case.closed_by, *(event.actor for event in history)]
    return page(
        "pickups/case",
        refusal,
        case=case,
        item=case.pickup,
        history=history,
        names=names_by(actors),
        points=points_of(station()),
    )
