"""The kiosks and boards of a station."""

import re
from typing import Annotated

from flask import Response, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from admin.access import note_change, page, station
from admin.forms import Line, Name, PairForm
from kiosk import clock
from kiosk.db import transaction
from kiosk.pages import public_url
from kiosk.printing.queries import printers_of
from kiosk.refusal import NotFound, Refusal
from kiosk.stations import actions
from kiosk.stations.links import adoption_path
from kiosk.stations.models import Device, Shows, Speech, Way
from kiosk.stations.queries import counters_of, devices_of, get_device
from kiosk.tickets.actions import refresh

_WAY = rf"^(\d{{1,3}}:({'|'.join(Way)}))?$"
_TIME = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)$")


class ScreenForm(BaseModel):
    """What a device is called; of a board also what it shows and speaks, how loud and when."""

    name: Name
    shows: Shows = Shows.ALL
    speaks: Speech = Speech.BOTH
    volume: Annotated[int, Field(ge=0, le=100)] = 80
    quiet_from: Line = ""
    quiet_until: Line = ""
    ways: Annotated[list[Annotated[str, Field(pattern=_WAY)]], Field(max_length=999)] = []

    def counters(self) -> dict[int, Way]:
        """Return where the counters lie that have a way, by their number."""
        named = [way.partition(":") for way in self.ways if way]
        return {int(number): Way(way) for number, _colon, way in named}

    def quiet(self) -> tuple[int, int] | None:
        """Return the quiet hours in minutes since midnight; refuse half a span."""
        if not self.quiet_from and not self.quiet_until:
            return None
        times = [_TIME.match(text) for text in (self.quiet_from, self.quiet_until)]
        minutes = [int(time[1]) * 60 + int(time[2]) for time in times if time]
        if len(minutes) < len(times) or minutes[0] == minutes[1]:
            raise Refusal(
                "devices.quiet", "Quiet hours have two different times, such as 12:00 and 13:30."
            )
        return minutes[0], minutes[1]


def index() -> Response:
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
        return _list(refusal, form=body.model_dump())
    return redirect(url_for("admin.devices.index"), 303)


def show(device: int) -> Response:
    """Show one device, to set it up."""
    return _page(my_device(device))


def save(device: int, body: ScreenForm) -> ResponseReturnValue:
    """Change how a device is called, and how a board looks and sounds."""
    mine = my_device(device)
    try:
        with transaction():
            mine.name = body.name
            actions.set_up_screen(
                mine,
                shows=body.shows,
                speaks=body.speaks,
                volume=body.volume,
                quiet=body.quiet(),
                ways=body.counters(),
            )
            refresh(station(), at=clock.now())
            note_change("devices.set_up", mine.name)
    except Refusal as refusal:
        return _page(mine, refusal, form=body.model_dump())
    return redirect(url_for("admin.devices.index"), 303)


def revoke(device: int) -> ResponseReturnValue:
    """Put a device out of use."""
    with transaction():
        gone = my_device(device)
        actions.revoke(gone, at=clock.now())
        note_change("devices.revoke", gone.name)
    return redirect(url_for("admin.devices.index"), 303)


def link(device: int) -> Response:
    """Show a one-time link that makes a browser this device; its old token stops working."""
    with transaction():
        mine = my_device(device)
        actions.give_device_token(mine)
        note_change("devices.link", mine.name)
    path = adoption_path(mine, current_app.config["SECRET_KEY"])
    return _list(link={"name": mine.name, "url": public_url(path)})


def my_device(device_id: int) -> Device:
    """Return a device of this station that is in use; refuse others."""
    device = get_device(device_id)
    if device.station_id != station().id or device.revoked_at is not None:
        raise NotFound("devices.unknown", "There is no such device. Look at the list again.")
    return device


def _page(device: Device, refusal: Refusal | None = None, **context: object) -> Response:
    return page(
        "devices/show", refusal, device=device, counters=counters_of(device.station), **context
    )


def _list(refusal: Refusal | None = None, **context: object) -> Response:
    devices = devices_of(station())
    return page(
        "devices/index",
        refusal,
        devices=devices,
        printers=printers_of(station()),
        **({"link": None} | context),
    )
