"""A device asks to be let in, and is."""

from flask import current_app, jsonify, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from kiosk import access, clock
from kiosk.db import transaction
from kiosk.refusal import Refusal
from kiosk.stations import actions
from kiosk.stations.models import Device, DeviceKind
from kiosk.stations.queries import find_pairing, get_device

LINK_LASTS = 24 * 60 * 60


def pair() -> str:
    """Show the code that staff confirm, or the button that asks for one."""
    pairing = find_pairing(session.get("pairing", ""))
    if pairing is not None and pairing.device is None and pairing.expires_at < clock.now():
        pairing = None
    return render_template("kiosk/stations/pair.html", pairing=pairing)


def start_pairing() -> ResponseReturnValue:
    """Ask for a code."""
    with transaction():
        _pairing, secret = actions.ask_pairing(at=clock.now())
    session["pairing"] = secret
    return redirect(url_for("stations.pair"), 303)


def pairing_state() -> ResponseReturnValue:
    """Tell the device's page whether staff have confirmed its code."""
    pairing = find_pairing(session.get("pairing", ""))
    if pairing is None or (pairing.device is None and pairing.expires_at < clock.now()):
        return jsonify(state="expired")
    return jsonify(state="confirmed" if pairing.device else "waiting")


def finish_pairing() -> ResponseReturnValue:
    """Give the confirmed device its cookie, and send it to its place."""
    with transaction():
        device, token = actions.finish_pairing(session.pop("pairing", ""))
    return _at_home(device, token)


def adopt(link: str) -> str:
    """Ask whether this browser shall become the device that a one-time link names."""
    device, _epoch = _from_link(link)
    return render_template("kiosk/stations/adopt.html", device=device, token=link)


def finish_adoption(link: str) -> ResponseReturnValue:
    """Use the one-time link up: this browser is the device from now on."""
    device, epoch = _from_link(link)
    with transaction():
        device, token = actions.adopt(device.id, epoch)
    return _at_home(device, token)


def adoption_link(device: Device, secret: str) -> str:
    """Return the path of a one-time link that makes a browser this device."""
    return f"/pair/{_links(secret).dumps([device.id, device.epoch])}"


def _from_link(link: str) -> tuple[Device, int]:
    try:
        device_id, epoch = _links(current_app.config["SECRET_KEY"]).loads(link, LINK_LASTS)
    except BadSignature as error:
        raise Refusal(
            "devices.link_used",
            "This pairing link was used before. Ask a manager to pair the device again.",
        ) from error
    device = get_device(device_id)
    if device.epoch != epoch:
        raise Refusal(
            "devices.link_used",
            "This pairing link was used before. Ask a manager to pair the device again.",
        )
    return device, epoch


def _links(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="adopt")


def _at_home(device: Device, token: str) -> ResponseReturnValue:
    page = "home.show" if device.kind is DeviceKind.KIOSK else "screens.board"
    answer = make_response(redirect(url_for(page, station=device.station.code), 303))
    return access.pair(answer, token)
