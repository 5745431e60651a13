"""A visitor takes a number, follows it, and gives it back."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk import access, clock
from kiosk.db import transaction
from kiosk.pages import now_at, public_url
from kiosk.stations.queries import get_counter, get_station, opening_of, station_of
from kiosk.tickets import actions, api, snapshots
from kiosk.tickets.queries import get_ticket, lines_of


def choose(station: str) -> str:
    """Let a visitor pick a queue without knowing the service's name."""
    place = get_station(station)
    return render_template(
        "kiosk/tickets/choose.html",
        station=place,
        kiosk=access.is_kiosk(place),
        now=now_at(place),
        queues=lines_of(place),
        opening=opening_of(place, clock.now()),
        may_take=access.may_take(place),
    )


def taken(station: str, token: str) -> str:
    """Show a fresh number on the kiosk, with the code that takes it along on a phone."""
    place = get_station(station)
    station_id, data = snapshots.ticket(token)
    if station_id != place.id:
        abort(404)
    return render_template(
        "kiosk/tickets/taken.html",
        station=place,
        kiosk=access.is_kiosk(place),
        now=now_at(place),
        ticket=data | {"url": public_url(data["url"])},
    )


def show(token: str) -> str:
    """Show one ticket on a phone, live."""
    station_id, data = snapshots.ticket(token)
    place = station_of(station_id)
    counter = get_counter(place, data["counter"]) if data["counter"] else None
    return render_template(
        "kiosk/tickets/show.html",
        station=place,
        kiosk=False,
        now=now_at(place),
        ticket=data,
        counter=counter,
    )


def cancel(token: str) -> ResponseReturnValue:
    """Give a number back from the phone."""
    with transaction():
        actions.cancel(get_ticket(token), by=api.actor(), at=clock.now())
    return redirect(url_for("tickets.show", token=token), 303)


def postpone(token: str) -> ResponseReturnValue:
    """Let the next three go first."""
    with transaction():
        actions.postpone(get_ticket(token), by=api.actor(), at=clock.now())
    return redirect(url_for("tickets.show", token=token), 303)


def rejoin(token: str) -> ResponseReturnValue:
    """Come back into the line after having been missed."""
    with transaction():
        actions.rejoin(get_ticket(token), by=api.actor(), at=clock.now())
    return redirect(url_for("tickets.show", token=token), 303)
