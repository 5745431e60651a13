"""A volunteer on duty: what to carry where, what is late at their point, scan and done."""

from collections.abc import Callable
from typing import Any

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue

from kiosk import access, clock
from kiosk.idempotency import Answer, once
from kiosk.pages import station_page
from kiosk.pickups.actions import wrong_code
from kiosk.pickups.api import codes
from kiosk.pickups.codes import is_code, plain
from kiosk.pickups.models import Pickup, Stage
from kiosk.pickups.queries import asked_for
from kiosk.refusal import Refusal
from kiosk.volunteers import actions
from kiosk.volunteers.forms import CarryForm, ReadForm, TagForm
from kiosk.volunteers.models import MINUTE, SignUp
from kiosk.volunteers.queries import (
    batches_for,
    carried_by,
    find_duty,
    find_lying,
    get_volunteer,
    late_at,
)

TOLD = "duty_told"


def live(token: str) -> ResponseReturnValue:
    """Return the part of the page that changes while others bring and collect."""
    duty = find_duty(get_volunteer(token), clock.now())
    if duty is None:
        return "", 204
    return station_page("volunteers/_duty", duty.shift.station, is_phone=True, **_context(duty))


def carry(token: str, body: CarryForm) -> ResponseReturnValue:
    """Put one item away, or all that goes to one point."""

    def act(duty: SignUp) -> Answer:
        return _put(duty, _chosen(duty, body))

    return _once(token, body.model_dump_json(), act)


def undo(token: str) -> ResponseReturnValue:
    """Take back what was put away last."""

    def act(duty: SignUp) -> Answer:
        carried = carried_by(duty)
        if not carried:
            raise _gone()
        item = actions.put_back(duty, carried[-1], at=clock.now())
        return Answer(200, {"what": "back", "place": _label(item)})

    return _once(token, "undo", act)


def scan(token: str, body: ReadForm) -> ResponseReturnValue:
    """Do what a code asks for: six digits or a visitor's page hand over, an item is put away."""
    digits = plain(body.code)

    def act(duty: SignUp) -> Answer:
        at = clock.now()
        if is_code(digits):
            tried = actions.hand_over(duty, digits, codes=codes(), at=at)
            if tried.pickup is None:
                return Answer(403, {"left": tried.left})
            return Answer(200, {"what": "handed", "tag": tried.pickup.tag})
        found = find_lying(duty.shift.station, body.code, body.last)
        if found is None:
            raise _gone()
        if found.token == body.last:
            return Answer(200, {"what": "handed", "tag": actions.hand_to(duty, found, at=at).tag})
        if found.goal_id == found.point_id and not found.is_booked:
            raise Refusal(
                "shifts.unbooked",
                "Nobody booked it. Whoever it is for asks for it at the kiosk or with the code at"
                " the shelf; then it stands here, to be handed over.",
            )
        if found.goal_id == found.point_id:
            raise Refusal(
                "shifts.in_place",
                "It lies where it belongs, in %(place)s. Whoever collects it has six digits.",
                place=_label(found),
            )
        return _put(duty, [found])

    return _once(token, body.model_dump_json(), act)


def hand_unbooked(token: str, body: TagForm) -> ResponseReturnValue:
    """Hand over what nobody booked; the volunteer saw the order."""

    def act(duty: SignUp) -> Answer:
        at = clock.now()
        asked = asked_for(duty.shift.station, at)
        mine = next((item for item in asked if item.tag == body.tag), None)
        if mine is None:
            raise _gone()
        actions.hand_unbooked(duty, mine, at=at)
        return Answer(200, {"what": "handed", "tag": mine.tag})

    return _once(token, body.model_dump_json(), act)


def _once(token: str, what: str, act: Callable[[SignUp], Answer]) -> ResponseReturnValue:
    """Act for who is on duty, once; then show the page, with how it went."""
    at, mine = clock.now(), get_volunteer(token)
    try:
        answer = once(
            access.asked(what), at, lambda: act(actions.refuse_off_duty(find_duty(mine, at), at))
        )
        if "left" in answer.body:
            raise wrong_code(answer.body["left"])
    except Refusal as refusal:
        duty = find_duty(mine, at)
        if duty is None:
            raise
        return render(duty, refusal), refusal.status
    session[TOLD] = answer.body
    return redirect(url_for("volunteers.mine.show", token=token), 303)


def _put(duty: SignUp, items: list[Pickup]) -> Answer:
    put = actions.carry(duty, items, at=clock.now())
    places = [_label(item) for item in put.items]
    return Answer(200, {"what": "put", "places": places, "more": len(put.left)})


def _chosen(duty: SignUp, body: CarryForm) -> list[Pickup]:
    items = [item for batch in batches_for(duty) for item in batch.items]
    if body.tag:
        items = [item for item in items if item.tag == body.tag]
    else:
        items = [item for item in items if item.goal.code == body.point]
    if not items:
        raise _gone()
    return items


def _gone() -> Refusal:
    return Refusal(
        "shifts.nothing_there",
        "Nothing with this code lies here now; perhaps it was collected. Look at the list.",
    )


def _label(item: Pickup) -> str:
    return item.place.label if item.place else item.point.code


def render(duty: SignUp, refusal: Refusal | None = None) -> str:
    """Return the page of who is on duty."""
    told = session.pop(TOLD, None)
    context = _context(duty)
    return station_page(
        "volunteers/duty", duty.shift.station, refusal, is_phone=True, told=told, **context
    )


def _context(duty: SignUp) -> dict[str, Any]:
    at = clock.now()
    batches, carried = batches_for(duty), carried_by(duty)
    items = [item for batch in batches for item in batch.items]
    return {
        "duty": duty,
        "volunteer": duty.volunteer,
        "batches": batches,
        "carried": carried,
        "total": len(items) + len(carried),
        "first": items[0] if items else None,
        "late": late_at(duty.shift.point),
        "asked": asked_for(duty.shift.station, at),
        "waits": {
            item.id: (at - item.stored_at) // MINUTE
            for item in [*items, *late_at(duty.shift.point)]
            if item.stored_at is not None
        },
        "reminded": Stage.REMINDED,
        "red": Stage.RED,
    }
