"""A volunteer's own page: their shifts, news of these, hours, and what they said of themselves."""

from collections.abc import Callable

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from kiosk import access, clock
from kiosk.calendar import Entry, calendar_file
from kiosk.idempotency import Answer, once
from kiosk.pages import name, public_url, station_page
from kiosk.pickups.queries import find_scanned
from kiosk.refusal import Refusal
from kiosk.volunteers import actions
from kiosk.volunteers.actions.upkeep import KEEPS_CONTACT, KEEPS_NAME
from kiosk.volunteers.forms import AboutForm, CheckInForm, ReadForm
from kiosk.volunteers.models import REMINDS, SignUp, SignUpState, Volunteer
from kiosk.volunteers.queries import (
    find_duty,
    get_sign_up,
    get_volunteer,
    place_in_line,
    sign_ups_of,
)
from kiosk.volunteers.views import duty
from kiosk.volunteers.views.phone import is_here


def show(token: str) -> str:
    """Show a volunteer's page; while they are on duty, what there is to carry."""
    mine = get_volunteer(token)
    access.remember_volunteer(token)
    return _mine(mine)


def shift(token: str, entry: int) -> str:
    """Show one of a volunteer's shifts, with what can be done about it."""
    return _shift(get_sign_up(get_volunteer(token), entry))


def file(token: str, entry: int) -> Response:
    """Give out a shift for the volunteer's calendar."""
    mine = get_sign_up(get_volunteer(token), entry)
    there = mine.shift
    wanted = Entry(
        "Volunteers",
        f"shift-{mine.id}-{there.id}",
        mine.revision + there.revision,
        mine.created_at,
        mine.changed_at,
        there.starts_at,
        there.ends_at,
        is_cancelled=not mine.stands,
    )
    content = calendar_file(
        wanted,
        title=gettext("Volunteering at %(place)s", place=name(there.point)),
        place=f"{name(there.station)} {there.point.code}",
        words=gettext("Check in with the code on the kiosk, or at the storage point."),
        url=public_url(f"/v/{token}"),
    )
    headers = {"Content-Disposition": 'attachment; filename="shift.ics"'}
    return Response(content, mimetype="text/calendar", headers=headers)


def introduce(token: str, body: AboutForm) -> ResponseReturnValue:
    """Change how a volunteer is called, and how they are reached."""
    at = clock.now()

    def act() -> Answer:
        actions.introduce(get_volunteer(token), name=body.name, contact=body.contact)
        return Answer(200, {})

    once(access.asked(body.model_dump_json()), at, act)
    return redirect(url_for("volunteers.mine.show", token=token), 303)


def forget(token: str) -> ResponseReturnValue:
    """Erase what a volunteer said of themselves, and give up their shifts."""
    at, by = clock.now(), access.actor()

    def act() -> Answer:
        actions.forget(get_volunteer(token), by=by, at=at)
        return Answer(200, {})

    once(access.asked("forget"), at, act)
    return redirect(url_for("volunteers.mine.show", token=token), 303)


def cancel(token: str, entry: int) -> ResponseReturnValue:
    """Give a place up."""
    at, by = clock.now(), access.actor()
    return _done(token, entry, lambda mine: actions.cancel(mine, by=by, at=at))


def offer(token: str, entry: int) -> ResponseReturnValue:
    """Offer a place to others."""
    at, by = clock.now(), access.actor()
    return _done(token, entry, lambda mine: actions.offer(mine, by=by, at=at), stays=True)


def keep(token: str, entry: int) -> ResponseReturnValue:
    """Offer a place no longer."""
    at, by = clock.now(), access.actor()
    return _done(token, entry, lambda mine: actions.keep(mine, by=by, at=at), stays=True)


def seen(token: str, entry: int) -> ResponseReturnValue:
    """Note that the news of a shift was read."""
    at, by = clock.now(), access.actor()
    return _done(token, entry, lambda mine: actions.read_news(mine, by=by, at=at))


def check_in(token: str, entry: int, body: CheckInForm) -> ResponseReturnValue:
    """Check in: who scanned the kiosk's code, or the one at a storage point."""
    at, by = clock.now(), access.actor()

    def act(mine: SignUp) -> SignUp:
        place = mine.shift.station
        point = find_scanned(ReadForm(code=body.code).last) if body.code else None
        if not is_here(place) and (point is None or point.station_id != place.id):
            raise Refusal(
                "shifts.not_here",
                "Scan the code on the kiosk's screen, or the one at the storage point, then check"
                " in.",
            )
        return actions.check_in(mine, by=by, at=at)

    return _done(token, entry, act)


def check_out(token: str, entry: int) -> ResponseReturnValue:
    """Check out; the hours are noted."""
    at, by = clock.now(), access.actor()
    return _done(token, entry, lambda mine: actions.check_out(mine, by=by, at=at))


def _done(
    token: str, entry: int, verb: Callable[[SignUp], SignUp], *, stays: bool = False
) -> ResponseReturnValue:
    """Do something about a shift once, then show the page; a refusal is said there."""

    def act() -> Answer:
        verb(get_sign_up(get_volunteer(token), entry))
        return Answer(200, {})

    try:
        once(access.asked(""), clock.now(), act)
    except Refusal as refusal:
        return _shift(get_sign_up(get_volunteer(token), entry), refusal), refusal.status
    if stays:
        return redirect(url_for("volunteers.mine.shift", token=token, entry=entry), 303)
    return redirect(url_for("volunteers.mine.show", token=token), 303)


def _mine(mine: Volunteer) -> str:
    at = clock.now()
    on_duty = find_duty(mine, at)
    if on_duty is not None:
        return duty.render(on_duty)
    place = mine.station
    entries = sign_ups_of(mine)
    coming = [entry for entry in entries if entry.stands and entry.shift.ends_at > at]
    done = [entry for entry in entries if entry.state is SignUpState.DONE]
    return station_page(
        "volunteers/mine",
        place,
        is_phone=True,
        volunteer=mine,
        coming=coming,
        news=[entry for entry in entries if entry.news is not None],
        done=done[::-1],
        missed=sum(entry.state is SignUpState.NO_SHOW for entry in entries),
        minutes=sum(entry.minutes or 0 for entry in done),
        line={entry.id: place_in_line(entry) for entry in coming},
        at=at,
        reminds=REMINDS,
        is_here=is_here(place),
        contact_until=clock.local(mine.last_ends_at + KEEPS_CONTACT, place.timezone),
        name_until=clock.local(mine.last_ends_at + KEEPS_NAME, place.timezone),
    )


def _shift(mine: SignUp, refusal: Refusal | None = None) -> str:
    place = mine.shift.station
    offer_url = ""
    if mine.offer:
        path = url_for("volunteers.shifts.offered", station=place.code, offer=mine.offer)
        offer_url = public_url(path)
    return station_page(
        "volunteers/mine_shift",
        place,
        refusal,
        is_phone=True,
        entry=mine,
        shift=mine.shift,
        volunteer=mine.volunteer,
        line=place_in_line(mine),
        offer_url=offer_url,
        at=clock.now(),
        is_here=is_here(place),
    )
