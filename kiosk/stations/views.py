"""A device asks to be let in, and is."""

from datetime import timedelta

from flask import current_app, jsonify, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from kiosk import clock
from kiosk.db import transaction
from kiosk.stations import actions
from kiosk.stations.links import read_link, used_up
from kiosk.stations.models import Device, DeviceKind, Pairing
from kiosk.stations.queries import find_pairing, get_device
from kiosk.tokens import DEVICE_COOKIE


def pair() -> str:
    """Show the code that staff confirm, or the button that asks for one."""
    pairing = find_pairing(session.get("pairing", ""))
    return render_template(
        "kiosk/stations/pair.html", pairing=pairing, pairing_state=_pairing_state(pairing)
    )


def start_pairing() -> ResponseReturnValue:
    """Ask for a code."""
    with transaction():
        _pairing, secret = actions.ask_pairing(at=clock.now())
    session["pairing"] = secret
    return redirect(url_for("stations.pair"), 303)


def pairing_state() -> ResponseReturnValue:
    """Tell the device's page whether staff have confirmed its code."""
    return jsonify(state=_pairing_state(find_pairing(session.get("pairing", ""))))


def _pairing_state(pairing: Pairing | None) -> str:
    if pairing is None:
        return "none"
    if pairing.device is not None:
        return "confirmed"
    return "waiting" if pairing.expires_at >= clock.now() else "expired"


def finish_pairing() -> ResponseReturnValue:
    """Give the confirmed device its cookie, and send it to its place."""
    with transaction():
        device, token = actions.finish_pairing(session.pop("pairing", ""))
    return _at_home(device, token)


def adopt(token: str) -> str:
    """Ask whether this browser shall become the device that a one-time link names."""
    device_id, epoch = read_link(token, current_app.config["SECRET_KEY"])
    device = get_device(device_id)
    if device.epoch != epoch:
        raise used_up()
    return render_template("kiosk/stations/adopt.html", device=device, token=token)


def finish_adoption(token: str) -> ResponseReturnValue:
    """Use the one-time link up: this browser is the device from now on."""
    device_id, epoch = read_link(token, current_app.config["SECRET_KEY"])
    with transaction():
        device, secret = actions.adopt(device_id, epoch)
    return _at_home(device, secret)


def _at_home(device: Device, token: str) -> ResponseReturnValue:
    page = "home.show" if device.kind is DeviceKind.KIOSK else "screens.board"
    answer = make_response(redirect(url_for(page, station=device.station.code), 303))
    answer.set_cookie(
        DEVICE_COOKIE,
        token,
        max_age=timedelta(days=365),
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer
