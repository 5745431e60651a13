"""A visitor takes a number, and on a kiosk with a printer the slip comes with it."""

from functools import partial
from http import HTTPStatus

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from kiosk import access, clock
from kiosk.catalog.queries import find_current
from kiosk.db import transaction
from kiosk.pages import language, scanned_url
from kiosk.printing import actions
from kiosk.printing.models import PrintJob
from kiosk.printing.press import press
from kiosk.printing.queries import last_job, may_repeat
from kiosk.refusal import Refusal
from kiosk.stations.queries import get_station
from kiosk.tickets import api
from kiosk.tickets.forms import TakeForm
from kiosk.tickets.models import Ticket
from kiosk.tickets.queries import get_ticket


def take(station: str, body: TakeForm) -> ResponseReturnValue:
    """Give out a number, then show it: on the kiosk's screen or on the phone's page.

    For a service that was withdrawn meanwhile it shows what is close to it instead.
    """
    if body.service and find_current(body.service, clock.now()) is None:
        return redirect(url_for("home.service", station=station, code=body.service), 303)
    device = access.device() if access.is_kiosk(get_station(station)) else None
    slip = partial(_ask_for, device_id=device.id) if device and device.prints else None
    answer = api.take(station, body, slip)
    token = answer.body["token"]
    if answer.status == HTTPStatus.OK:
        flash(gettext("You have a number in this queue already. Here it is."), "kept")
    if device is None:
        return redirect(url_for("tickets.show", token=token), 303)
    if device.prints:
        press.wake(device.id)
    return redirect(url_for("tickets.taken", station=station, token=token), 303)


def _ask_for(token: str, device_id: int) -> None:
    url = scanned_url(url_for("tickets.show", token=token))
    actions.ask_for(token, device_id, language=language(), url=url, at=clock.now())


def slip(station: str, token: str) -> str:
    """Show on the kiosk's number page how its slip does."""
    ticket, job = _mine(station, token)
    return render_template(
        "kiosk/printing/slip.html",
        station=ticket.queue.station,
        ticket=ticket,
        job=job,
        may_repeat=may_repeat(job, ticket, clock.now()),
    )


def again(station: str, token: str) -> ResponseReturnValue:
    """Print the slip once more, for who still stands at the kiosk."""
    at = clock.now()
    with transaction():
        ticket, job = _mine(station, token)
        if may_repeat(job, ticket, at):
            actions.again(job, at=at)
        elif job.ended_at is not None:
            raise Refusal(
                "printing.no_more", "The slip is not printed again here. Ask at a counter."
            )
    press.wake(job.device_id)
    return redirect(url_for("tickets.taken", station=station, token=token), 303)


def _mine(station: str, token: str) -> tuple[Ticket, PrintJob]:
    """Return a number and its slip, to the kiosk that printed it."""
    place, device, ticket = get_station(station), access.device(), get_ticket(token)
    if device is None or not access.is_kiosk(place):
        abort(404)
    job = last_job(ticket, device.id)
    if job is None:
        abort(404)
    return ticket, job
