"""How pickups are looked after: time limits, notices, couriers' passes, and the clock's health."""

import re
from http import HTTPStatus
from typing import Annotated

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field, StringConstraints

from admin.access import note_change, page, station
from admin.forms import Name
from kiosk import clock
from kiosk.db import transaction
from kiosk.pages import public_url
from kiosk.pickups import actions
from kiosk.pickups.queries import get_pass, is_swept, last_sweep, passes_of, rules_of
from kiosk.refusal import Refusal

Minutes = Annotated[int, Field(ge=1, le=30 * 24 * 60)]
Hours = Annotated[int, Field(ge=1, le=30 * 24)]
Few = Annotated[int, Field(ge=0, le=20)]
Address = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]

HOUR = 60
# An address's kind is no secret: `mailto` of `mailto://user:password@host`.
_KIND = re.compile(r"([a-z][a-z0-9+]{1,19})://")
HOURLY = ("parcel_remind", "parcel_red", "parcel_over", "parcel_grace")


class RulesForm(BaseModel):
    """All time limits: of meals in minutes, of parcels in hours; and what visitors may do."""

    meal_remind: Minutes
    meal_red: Minutes
    meal_over: Minutes
    meal_grace: Minutes
    parcel_remind: Hours
    parcel_red: Hours
    parcel_over: Hours
    parcel_grace: Hours
    offer_minutes: Annotated[int, Field(ge=1, le=240)]
    hold_seconds: Annotated[int, Field(ge=30, le=3600)]
    most_a_day: Annotated[int, Field(ge=1, le=99)]
    no_shows: Annotated[int, Field(ge=1, le=20)]
    pause_days: Annotated[int, Field(ge=1, le=60)]
    keep_days: Annotated[int, Field(ge=1, le=60)]
    cleanings_a_day: Few
    disinfections_a_day: Few

    def values(self) -> dict[str, int]:
        """Return the limits as they are kept: all spans in minutes."""
        sent: dict[str, int] = self.model_dump()
        return sent | {name: sent[name] * HOUR for name in HOURLY}


class NotifyForm(BaseModel):
    """Where notices go, as Apprise writes addresses; empty sends none."""

    address: Address = ""


class PassForm(BaseModel):
    """Who gets a pass."""

    name: Name


def show() -> Response:
    """Show the rules, where notices go, the passes, and whether the clock runs."""
    return _page()


def save(body: RulesForm) -> ResponseReturnValue:
    """Change the time limits; what is stored keeps its times."""
    try:
        with transaction():
            actions.change_rules(station(), **body.values())
            note_change("pickups.rules", station().code)
    except Refusal as refusal:
        return _page(refusal, form=body.model_dump())
    return redirect(url_for("admin.upkeep.show"), 303)


def set_address(body: NotifyForm) -> ResponseReturnValue:
    """Change where notices go; the address is a secret and never shown again."""
    try:
        with transaction():
            _refuse_unkind(body.address)
            actions.change_rules(station(), notify_address=body.address)
            note_change("pickups.notify", station().code, kind_of(body.address))
    except Refusal as refusal:
        return _page(refusal)
    return redirect(url_for("admin.upkeep.show", _anchor="notify"), 303)


def _refuse_unkind(address: str) -> None:
    if address and not _KIND.match(address):
        raise Refusal(
            "pickups.address",
            "An address begins with its kind, such as mailto:// or wecombot://.",
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )


def give_pass(body: PassForm) -> Response:
    """Give a regular courier a pass; its link is shown once."""
    with transaction():
        _made, token = actions.give_pass(station(), body.name, at=clock.now())
        note_change("passes.give", body.name)
    path = url_for("pickups.dropping.show", station=station().code, courier=token)
    return _page(made={"name": body.name, "url": public_url(path)})


def revoke_pass(held: int) -> ResponseReturnValue:
    """Let a pass hold no longer."""
    with transaction():
        gone = get_pass(station(), held)
        actions.revoke_pass(gone, at=clock.now())
        note_change("passes.revoke", gone.name)
    return redirect(url_for("admin.upkeep.show", _anchor="passes"), 303)


def kind_of(address: str) -> str:
    """Return the kind of an address, which is all of it that anybody is shown."""
    match = _KIND.match(address)
    return match[1] if match else ""


def _page(
    refusal: Refusal | None = None,
    made: dict[str, str] | None = None,
    form: dict[str, object] | None = None,
) -> Response:
    at, rules = clock.now(), rules_of(station().id)
    limits = {
        name: getattr(rules, name) // (HOUR if name in HOURLY else 1)
        for name in RulesForm.model_fields
    }
    return page(
        "pickups/rules",
        refusal,
        limits=form or limits,
        kind=kind_of(rules.notify_address),
        has_address=bool(rules.notify_address),
        passes=passes_of(station(), at),
        made=made,
        sweep=last_sweep(),
        is_silent=not is_swept(at),
    )
