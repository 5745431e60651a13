"""Who asks, and what they may do: a visitor, a paired device, or somebody of the staff.

A browser proves itself with the signed session (staff, presence) or the device cookie; a
program with a bearer token. Which permission an address needs stands in the route tables.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from flask import Response, after_this_request, current_app, g, request, session
from limits import parse

from kiosk import clock
from kiosk.actor import Actor
from kiosk.idempotency import Request
from kiosk.refusal import Refusal, say
from kiosk.staff import permissions
from kiosk.staff.models import Member
from kiosk.staff.permissions import Role
from kiosk.staff.queries import find_session_member, find_token
from kiosk.stations import presence
from kiosk.stations.models import DeviceKind, Station
from kiosk.stations.queries import PairedDevice, Place, find_device, get_place
from kiosk.tokens import DEVICE, DEVICE_COOKIE, hashed

PUBLIC = "public"
VISITOR = "visitor"

LONGEST_KEY = 200
APPOINTMENT = "appointment"
HOLDER_COOKIE = "holder"
HOLDER_STAYS = timedelta(days=60)
VOLUNTEER_COOKIE = "volunteer"

# How many numbers a kiosk's page gives out, and how many one code that phones scan.
KIOSK_PACE = parse("30 per minute")
CODE_PACE = parse("10 per hour")
_KIOSK_IS_FAST = say(
    "This kiosk gave out many numbers within a minute. Wait a moment, then try again."
)
_CODE_IS_USED = say(
    "Many numbers were taken with this code. Scan the one on the kiosk's screen again."
)


@dataclass(frozen=True)
class Worker:
    """Somebody of the staff at work: the member, with the role and station that count now."""

    member: Member
    role: Role
    station_id: int | None
    is_bearer: bool

    def may(self, permission: str, station: Station | Place | None = None) -> bool:
        """Tell whether they may do this, at this station where one is named."""
        if station is not None and self.station_id not in (None, station.id):
            return False
        return permissions.may(self.role, permission)


class SignInFirst(Refusal):
    """Refuse until somebody of the staff signs in, or sets a password of their own."""

    def __init__(self, code: str, words: str, page: str) -> None:
        super().__init__(code, words, HTTPStatus.UNAUTHORIZED)
        self.page = page


def bearer() -> str | None:
    """Return the token that a program sent, if it sent one."""
    scheme, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def worker() -> Worker | None:
    """Return who of the staff asks."""
    if "worker" not in g:
        g.worker = _bearer_worker() if bearer() is not None else _session_worker()
    found: Worker | None = g.worker
    return found


def device() -> PairedDevice | None:
    """Return the paired device that asks."""
    if "device" not in g:
        token = bearer() or request.cookies.get(DEVICE_COOKIE, "")
        g.device = find_device(token) if token.startswith(DEVICE) else None
    found: PairedDevice | None = g.device
    return found


def place(code: str) -> Place:
    """Return which station's address is asked; refuse an unknown one."""
    if "place" not in g or g.place.code != code:
        g.place = get_place(code)
    found: Place = g.place
    return found


def _bearer_worker() -> Worker | None:
    token = find_token(bearer() or "")
    return Worker(token.member, token.role, token.station_id, is_bearer=True) if token else None


def _session_worker() -> Worker | None:
    member_id, epoch = session.get("member", (0, 0))
    member = find_session_member(member_id, epoch) if member_id else None
    return Worker(member, member.role, member.station_id, is_bearer=False) if member else None


def sign_in(member: Member) -> None:
    """Open a fresh session for a member; what the browser had before is dropped."""
    language = session.get("lang")
    session.clear()
    session["member"] = (member.id, member.session_epoch)
    session["lang"] = language
    session.permanent = True


def note_presence(station: Station, code: str) -> bool:
    """Remember that this browser scanned the station's rotating code, if it is fresh."""
    if not presence.is_present(secret_key(), station.code, code):
        return False
    session["presence"] = {station.code: clock.now().timestamp()}
    session["scanned"] = code
    session.setdefault("phone", secrets.token_urlsafe(16))
    return True


def holder() -> str | None:
    """Return the mark of the visitor's phone that asks; staff, kiosks and programs have none."""
    phone = session.get("phone") if bearer() is None else None
    if phone is None or device() is not None or worker() is not None:
        return None
    return hashed(phone)


def pace(station: Station | Place) -> Refusal | None:
    """Count a number that a kiosk's page or a scanned code asks for; return why it is too many.

    Programs with a token of their own, and staff, are not counted.
    """
    if bearer() is not None:
        return None
    if (paired := device()) is not None:
        limit, key, words = KIOSK_PACE, f"kiosk:{paired.id}", _KIOSK_IS_FAST
    elif worker() is None:
        code = request.headers.get("Presence-Code") or session.get("scanned", "")
        limit, key, words = CODE_PACE, f"code:{station.code}:{hashed(code)}", _CODE_IS_USED
    else:
        return None
    if current_app.extensions["pace"].hit(limit, key):
        return None
    return Refusal("tickets.too_many", words, HTTPStatus.TOO_MANY_REQUESTS)


def presence_code(station: Station) -> str:
    """Return the code to show on the station's kiosk now."""
    return presence.presence_code(secret_key(), station.code)


def is_kiosk(station: Station | Place) -> bool:
    """Tell whether a paired kiosk of this station asks."""
    paired = device()
    return (
        paired is not None and paired.kind is DeviceKind.KIOSK and paired.station_id == station.id
    )


def is_present(station: Station | Place) -> bool:
    """Tell whether this visitor scanned the station's code a short while ago."""
    scanned = session.get("presence", {}).get(station.code)
    if scanned is not None and clock.now().timestamp() - scanned < presence.STAY.total_seconds():
        return True
    code = request.headers.get("Presence-Code", "")
    return bool(code) and presence.is_present(secret_key(), station.code, code)


def may_take(station: Station | Place) -> bool:
    """Tell whether whoever asks may take a number here."""
    at_work = worker()
    return (
        is_kiosk(station)
        or is_present(station)
        or (at_work is not None and at_work.may(permissions.CALL, station))
    )


def require(needs: str, station_code: str | None) -> None:
    """Refuse whoever may not use an address that needs this."""
    if needs == PUBLIC:
        return
    station = place(station_code) if station_code else None
    if needs == VISITOR:
        require_presence(station)
        return
    at_work = worker()
    if at_work is None:
        raise SignInFirst("staff.sign_in", "Sign in first.", "admin.signin.show")
    must_change = at_work.member.must_change_password and not at_work.is_bearer
    if must_change and needs != permissions.CHANGE_PASSWORD:
        raise SignInFirst(
            "staff.change_password",
            "Set a password of your own first.",
            "admin.signin.show_password",
        )
    if not at_work.may(needs, station):
        raise forbidden()


def require_presence(station: Station | Place | None) -> None:
    """Refuse whoever may not take a number here."""
    if station is None or not may_take(station):
        raise Refusal(
            "presence.missing",
            "Scan the code on the kiosk's screen with your phone, then take a number.",
            HTTPStatus.FORBIDDEN,
        )


def browser_mark() -> str | None:
    """Return the mark of this visitor's browser, hashed; None for devices and staff.

    It is random and says nothing of the person. It outlives the session, because rules about
    appointments that were missed look back that far.
    """
    if device() is not None or worker() is not None:
        return None
    if "holder" not in g:
        g.holder = request.cookies.get(HOLDER_COOKIE) or secrets.token_urlsafe(16)
        after_this_request(_keep_holder)
    return hashed(g.holder)


def _keep_holder(response: Response) -> Response:
    _keep(response, HOLDER_COOKIE, g.holder)
    return response


def _keep(response: Response, cookie: str, value: str) -> None:
    response.set_cookie(
        cookie,
        value,
        max_age=HOLDER_STAYS,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def remember_volunteer(token: str) -> None:
    """Let this phone find its volunteer's page again; devices and staff remember nobody."""
    if device() is not None or worker() is not None:
        return

    def keep(response: Response) -> Response:
        _keep(response, VOLUNTEER_COOKIE, token)
        return response

    after_this_request(keep)


def volunteer_token() -> str:
    """Return the token of the volunteer whose page this phone opened last."""
    return "" if device() is not None else request.cookies.get(VOLUNTEER_COOKIE, "")


def forbidden() -> Refusal:
    """Return the refusal of somebody whose role does not include what they asked for."""
    return Refusal(
        "staff.forbidden",
        "Your role does not include this. Ask the station's manager.",
        HTTPStatus.FORBIDDEN,
    )


def asker() -> str:
    """Return a name for whoever asks, under which their idempotency keys count."""
    if (at_work := worker()) is not None:
        return f"member:{at_work.member.id}"
    if (paired := device()) is not None:
        return f"device:{paired.id}"
    return "visitor"


def actor() -> Actor:
    """Return who acts in this request, as event rows keep it."""
    return Actor(asker(), _asker_role())


def _asker_role() -> str:
    if (at_work := worker()) is not None:
        return at_work.role.value
    return "device" if device() is not None else "visitor"


def secret_key() -> str:
    """Return the installation's key, which signs and hashes."""
    return str(current_app.config["SECRET_KEY"])


def asked(what: object) -> Request:
    """Return this request as idempotency sees it; `what` is the question without its key."""
    key = request.headers.get("Idempotency-Key") or request.form.get("key", "")
    if len(key) > LONGEST_KEY:
        raise Refusal(
            "idempotency.too_long",
            "The idempotency key is too long. Use at most 200 characters.",
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    return Request(asker(), key, f"{request.path} {what}")
