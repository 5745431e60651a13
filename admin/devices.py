"""The kiosks and boards of a station."""

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from admin.access import note_change, page, station
from admin.forms import PairForm
from kiosk import clock
from kiosk.db import transaction
from kiosk.pages import public_url
from kiosk.refusal import NotFound, Refusal
from kiosk.stations import actions
from kiosk.stations.links import adoption_path
from kiosk.stations.models import Device
from kiosk.stations.queries import devices_of, get_device


def index() -> str:
    """List the devices."""
    return _list()


def pair(body: PairForm) -> ResponseReturnValue:
    """Let in the device that shows this code."""
    try:
        with transaction():
            device = actions.confirm_pairing(
                station(), body.code, body.kind, body.name, at=clock.now()
            )
            note_change("devices.pair", device.name, device.kind)
    except Refusal as refusal:
        return _list(refusal, form=body.model_dump()), refusal.status
    return redirect(url_for("admin.devices.index"), 303)


def revoke(device: int) -> ResponseReturnValue:
    """Put a device out of use."""
    with transaction():
        gone = _mine(device)
        actions.revoke(gone, at=clock.now())
        note_change("devices.revoke", gone.name)
    return redirect(url_for("admin.devices.index"), 303)


def link(device: int) -> str:
    """Show a one-time link that makes a browser this device; its old token stops working."""
    with transaction():
        mine = _mine(device)
        actions.give_device_token(mine)
        note_change("devices.link", mine.name)
    path = adoption_path(mine, current_app.config["SECRET_KEY"])
    return _list(link={"name": mine.name, "url": public_url(path)})


def _mine(device_id: int) -> Device:
    device = get_device(device_id)
    if device.station_id != station().id or device.revoked_at is not None:
        raise NotFound("devices.unknown", "There is no such device. Look at the list again.")
    return device


def _list(refusal: Refusal | None = None, **context: object) -> str:
    devices = devices_of(station())
    return page("devices/index", refusal, devices=devices, **({"link": None} | context))
