"""A line to a colleague's counter, or to the manager; without words it asks for help."""

from typing import Annotated

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field, StringConstraints

from admin.access import station
from admin.desk import my_counter
from kiosk import access, clock
from kiosk.access import actor
from kiosk.idempotency import Answer, once
from kiosk.refusal import Refusal
from kiosk.stations.queries import get_counter, get_message
from kiosk.tickets import actions


class MessageForm(BaseModel):
    """What is said, to which counter; none is the manager."""

    to: Annotated[str, Field(pattern=r"^\d{0,3}$")] = ""
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


def send(body: MessageForm) -> ResponseReturnValue:
    """Leave a line; who sits at no counter writes as the manager."""
    place, sender, at = station(), my_counter(), clock.now()

    def act() -> Answer:
        to = get_counter(place, int(body.to)) if body.to else None
        if sender is None and to is None:
            raise Refusal("messages.to_nobody", "Choose the counter that shall read it.")
        if to is not None and not body.text:
            raise Refusal("messages.empty", "Write what your colleague shall know.")
        actions.send_message(place, body.text, sender=sender, to=to, by=actor(), at=at)
        return Answer(200, {})

    once(access.asked(body.model_dump_json()), at, act)
    return _back()


def read(message: int) -> ResponseReturnValue:
    """Note that a line was read."""
    place, at = station(), clock.now()

    def act() -> Answer:
        actions.read_message(place, get_message(place, message), by=actor(), at=at)
        return Answer(200, {})

    once(access.asked(message), at, act)
    return _back()


def _back() -> ResponseReturnValue:
    """Lead back; a page that is open already asks by itself for what changed."""
    if "HX-Request" in request.headers:
        return "", 204
    return redirect(url_for("admin.desk.show" if my_counter() else "admin.overview.show"), 303)
