"""Open shifts, at the kiosk and on the phone; somebody signs up, and comes to check in."""

from flask import abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from kiosk import access, clock
from kiosk.idempotency import Answer, once
from kiosk.pages import presence_url, scanned_url, station_page
from kiosk.pickups.queries import find_scanned
from kiosk.refusal import Refusal
from kiosk.stations.models import Station
from kiosk.stations.queries import get_station
from kiosk.volunteers import actions
from kiosk.volunteers.actions.upkeep import KEEPS_CONTACT, KEEPS_NAME
from kiosk.volunteers.forms import PointQuery, ReadForm, SignUpForm
from kiosk.volunteers.models import SignUp, SignUpState, Volunteer
from kiosk.volunteers.queries import (
    days_of,
    find_offer,
    find_standing,
    get_shift,
    get_sign_up,
    get_volunteer,
    sign_ups_of,
)
from kiosk.volunteers.views.phone import SCANNED, known, note_point


def index(station: str) -> str:
    """Show the open shifts of the coming two weeks."""
    return _index(get_station(station))


def show(station: str, shift: int) -> str:
    """Show one shift, and ask who signs up."""
    return _shift(get_station(station), shift)


def offered(station: str, offer: str) -> str:
    """Show a shift of which somebody offers their place."""
    place = get_station(station)
    theirs = find_offer(offer)
    if theirs is None:
        return _index(place, actions.offer_gone())
    return _shift(place, theirs.shift_id, offer=offer)


def sign_up(station: str, shift: int, body: SignUpForm) -> ResponseReturnValue:
    """Sign up, on the list where all places are taken; then show the page that keeps it."""
    place, at, by = get_station(station), clock.now(), access.actor()
    is_kiosk = access.is_kiosk(place)

    def act() -> Answer:
        wanted = get_shift(place, shift)
        theirs = find_offer(body.offer)
        if body.offer and (theirs is None or theirs.shift_id != wanted.id):
            raise actions.offer_gone()
        mine = (None if is_kiosk else known()) or actions.join(place, at=at)
        if body.name or body.contact:
            name, contact = body.name or mine.name, body.contact or mine.contact
            actions.introduce(mine, name=name, contact=contact)
        actions.sign_up(wanted, mine, by=by, at=at, offered=theirs)
        return Answer(200, {"token": mine.token})

    try:
        token = once(access.asked(body.model_dump_json()), at, act).body["token"]
    except Refusal as refusal:
        return _shift(place, shift, refusal, offer=body.offer), refusal.status
    if is_kiosk:
        return redirect(url_for("volunteers.shifts.signed", station=station, token=token), 303)
    access.remember_volunteer(token)
    return redirect(url_for("volunteers.mine.show", token=token), 303)


def signed(station: str, token: str) -> str:
    """Show on the kiosk the code that takes a fresh sign-up along on a phone."""
    place = get_station(station)
    mine = get_volunteer(token)
    fresh = [entry for entry in sign_ups_of(mine) if entry.stands]
    if mine.station_id != place.id or not fresh:
        abort(404)
    return station_page(
        "volunteers/signed", place, sign_up=fresh[-1], url=scanned_url(f"/v/{token}")
    )


def arrive(station: str, query: PointQuery) -> ResponseReturnValue:
    """Show how volunteers check in; a phone that scanned a point's code goes to its own page."""
    place = get_station(station)
    point = find_scanned(query.point or session.get(SCANNED, ""))
    if point is not None and point.station_id == place.id:
        note_point(point)
        if (mine := known()) is not None:
            return redirect(url_for("volunteers.mine.show", token=mine.token))
    return _arrive(place, mine=known())


def read(station: str, body: ReadForm) -> ResponseReturnValue:
    """Check in whose code the kiosk's reader read."""
    place, at, by = get_station(station), clock.now(), access.actor()

    def act() -> Answer:
        duty = actions.check_in(_next_of(get_volunteer(body.last), place), by=by, at=at)
        return Answer(200, {"entry": duty.id})

    try:
        entry = once(access.asked(body.last), at, act).body["entry"]
    except Refusal as refusal:
        return _arrive(place, refusal=refusal), refusal.status
    return _arrive(place, duty=get_sign_up(get_volunteer(body.last), entry))


def _next_of(mine: Volunteer, place: Station) -> SignUp:
    """Return the shift that a volunteer comes for; refuse who has none."""
    holds = (SignUpState.SIGNED, SignUpState.ON_DUTY)
    for entry in sign_ups_of(mine):
        if entry.state in holds and entry.shift.station_id == place.id:
            return entry
    raise Refusal("shifts.none", "No shift is noted for you here. Sign up for one first.")


def _arrive(
    place: Station,
    *,
    refusal: Refusal | None = None,
    duty: SignUp | None = None,
    mine: Volunteer | None = None,
) -> str:
    url = presence_url(place)
    return station_page("volunteers/arrive", place, refusal, presence_url=url, duty=duty, mine=mine)


def _index(place: Station, refusal: Refusal | None = None) -> str:
    mine = known()
    days = days_of(place, clock.now())
    asked = request.args.get("day", "")
    chosen = next((line for line in days if line.day.isoformat() == asked), None)
    free = next((line for line in days if line.left), None)
    standing = {entry.shift_id: entry for entry in sign_ups_of(mine)} if mine else {}
    path = url_for("volunteers.shifts.index", station=place.code)
    return station_page(
        "volunteers/index",
        place,
        refusal,
        days=days,
        shown=chosen or free or days[0],
        mine=mine,
        standing={key: entry for key, entry in standing.items() if entry.stands},
        url=scanned_url(path),
    )


def _shift(
    place: Station, shift_id: int, refusal: Refusal | None = None, *, offer: str = ""
) -> str:
    shift = get_shift(place, shift_id)
    mine = None if access.is_kiosk(place) else known()
    return station_page(
        "volunteers/shift",
        place,
        refusal,
        shift=shift,
        offer=offer,
        mine=mine,
        standing=find_standing(shift, mine) if mine else None,
        is_over=shift.ends_at <= clock.now(),
        contact_until=clock.local(shift.ends_at + KEEPS_CONTACT, place.timezone),
        name_until=clock.local(shift.ends_at + KEEPS_NAME, place.timezone),
    )
