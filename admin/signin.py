"""Sign in, sign out, and a password of one's own."""

from typing import Annotated, Self

from flask import Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field, model_validator

from admin.access import bare_page, worker
from kiosk import access, clock
from kiosk.access import actor
from kiosk.db import transaction
from kiosk.refusal import Refusal
from kiosk.staff import actions
from kiosk.tickets.actions import stand_up


class SignInForm(BaseModel):
    """Who comes in, and where they want to go."""

    name: Annotated[str, Field(max_length=100)]
    password: Annotated[str, Field(max_length=200)]
    next: Annotated[str, Field(max_length=500)] = ""

    @model_validator(mode="after")
    def stay_here(self) -> Self:
        """Go to pages of ours only."""
        if not self.next.startswith("/admin/") or "\\" in self.next:
            self.next = ""
        return self


class PasswordForm(BaseModel):
    """The password used now, and the new one twice."""

    old: Annotated[str, Field(max_length=200)]
    new: Annotated[str, Field(max_length=200)]
    repeat: Annotated[str, Field(max_length=200)]


def show() -> ResponseReturnValue:
    """Ask who comes in."""
    if access.worker() is not None:
        return redirect(url_for("admin.overview.show"))
    return bare_page("signin/show", next=request.args.get("next", ""))


def enter(body: SignInForm) -> ResponseReturnValue:
    """Let in whoever knows their password."""
    try:
        with transaction():
            member = actions.sign_in(body.name, body.password, at=clock.now())
    except Refusal as refusal:
        return bare_page("signin/show", refusal, next=body.next, form={"name": body.name})
    access.sign_in(member)
    if member.must_change_password:
        return redirect(url_for("admin.signin.show_password"), 303)
    return redirect(body.next or url_for("admin.overview.show"), 303)


def leave() -> ResponseReturnValue:
    """Sign out, and give the counter free."""
    member = worker().member
    with transaction():
        stand_up(member.id, by=actor(), at=clock.now())
    session.clear()
    return redirect(url_for("admin.signin.show"), 303)


def show_password() -> Response:
    """Ask for a password of one's own."""
    return bare_page("signin/password", must_change=worker().member.must_change_password)


def change_password(body: PasswordForm) -> ResponseReturnValue:
    """Set a password of one's own; other sessions of this member end."""
    member = worker().member
    try:
        with transaction():
            actions.change_password(member, body.old, body.new, body.repeat)
    except Refusal as refusal:
        return bare_page("signin/password", refusal, must_change=member.must_change_password)
    access.sign_in(member)
    return redirect(url_for("admin.overview.show"), 303)
