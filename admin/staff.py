"""Who works here."""

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from admin.access import my_stations, note_change, page, station, worker
from admin.forms import MemberForm, NewMemberForm
from kiosk import clock
from kiosk.access import forbidden
from kiosk.db import transaction
from kiosk.refusal import Refusal
from kiosk.staff import actions
from kiosk.staff.models import Member
from kiosk.staff.permissions import RANK, Role
from kiosk.staff.queries import get_member, members_of


def index() -> Response:
    """List who works here."""
    return _list()


def hire(body: NewMemberForm) -> ResponseReturnValue:
    """Add somebody, and show their one-time password."""
    try:
        with transaction():
            member, password = actions.hire(
                body.name, body.display_name, _trusted(body.role), _place(body), at=clock.now()
            )
            note_change("staff.hire", member.name, member.role)
    except Refusal as refusal:
        return _list(refusal, form=body.model_dump())
    return _list(password={"name": member.name, "password": password})


def change(member: int, body: MemberForm) -> ResponseReturnValue:
    """Change what somebody is called, trusted with, and where; or let them go."""
    try:
        with transaction():
            somebody = _mine(member)
            actions.change(
                somebody,
                body.display_name,
                _trusted(body.role),
                _place(body),
                is_active=body.is_active,
            )
            note_change("staff.change", somebody.name, body.role)
    except Refusal as refusal:
        return _list(refusal, form=body.model_dump() | {"row": member})
    return redirect(url_for("admin.staff.index"), 303)


def reset(member: int) -> Response:
    """Show a new one-time password for somebody who lost theirs."""
    with transaction():
        somebody = _mine(member)
        password = actions.reset_password(somebody)
        note_change("staff.reset", somebody.name)
    return _list(password={"name": somebody.name, "password": password})


def _mine(member_id: int) -> Member:
    """Return a member whom whoever asks may change; refuse themselves and those above."""
    member, me = get_member(member_id), worker()
    if member.id == me.member.id:
        raise Refusal("staff.yourself", "Ask somebody else to change your own account.")
    is_near = me.station_id is None or member.station_id == me.station_id
    if not is_near or RANK[member.role] > RANK[me.role]:
        raise forbidden()
    return member


def _trusted(role: Role) -> Role:
    if RANK[role] > RANK[worker().role]:
        raise forbidden()
    return role


def _place(body: MemberForm) -> int | None:
    if not body.station and body.role is Role.ADMINISTRATOR:
        return None
    wanted = body.station or station().code
    place = next((place for place in my_stations() if place.code == wanted), None)
    if place is None:
        raise Refusal("stations.unknown", "There is no such station. Choose one from the list.")
    return place.id


def _list(refusal: Refusal | None = None, **context: object) -> Response:
    return page(
        "staff/index",
        refusal,
        members=members_of(worker().station_id),
        roles=[role for role in Role if RANK[role] <= RANK[worker().role]],
        **({"password": None} | context),
    )
