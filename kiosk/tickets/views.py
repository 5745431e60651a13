"""A visitor takes a number, follows it, and gives it back."""

from typing import Any

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from kiosk import access, clock
from kiosk.db import transaction
from kiosk.pages import refusal_words, scanned_url, station_page
from kiosk.refusal import Refusal
from kiosk.stations.queries import get_counter, get_station, opening_of, station_of
from kiosk.tickets import actions, snapshots
from kiosk.tickets.queries import QueueLine, get_ticket, lines_of


def choose(station: str) -> str:
    """Let a visitor pick a queue without knowing the service's name."""
    place = get_station(station)
    return station_page(
        "tickets/choose",
        place,
        queues=(lines := lines_of(place)),
        rules=_rules(lines),
        opening=opening_of(place, clock.now()),
        may_take=access.may_take(place),
    )


def _rules(lines: list[QueueLine]) -> list[dict[str, Any]]:
    """Return what happens to missed numbers, and in which queues."""
    letters: dict[tuple[str, int], str] = {}
    for queue in (line.queue for line in lines):
        rule = queue.missed_rule.value, queue.missed_limit
        letters[rule] = letters.get(rule, "") + queue.letter
    return [
        {"rule": rule, "limit": limit, "letters": " ".join(found)}
        for (rule, limit), found in letters.items()
    ]


def taken(station: str, token: str) -> str:
    """Show a fresh number on the kiosk, with the code that takes it along on a phone."""
    place = get_station(station)
    station_id, data = snapshots.ticket(token)
    if station_id != place.id:
        abort(404)
    ticket = data | {"url": scanned_url(data["url"])}
    return station_page("tickets/taken", place, ticket=ticket)


def show(token: str) -> str:
    """Show one ticket on a phone, live."""
    station_id, data = snapshots.ticket(token)
    place = station_of(station_id)
    counter = get_counter(place, data["counter"]) if data["counter"] else None
    return station_page("tickets/show", place, is_phone=True, ticket=data, counter=counter)


def cancel(token: str) -> ResponseReturnValue:
    """Give a number back from the phone."""
    return _wish(token, actions.cancel)


def postpone(token: str) -> ResponseReturnValue:
    """Let the next three go first."""
    return _wish(token, actions.postpone)


def rejoin(token: str) -> ResponseReturnValue:
    """Come back into the line after having been missed."""
    return _wish(token, actions.rejoin)


def _wish(token: str, verb: Any) -> ResponseReturnValue:  # noqa: ANN401 - one of the actions
    """Do what a visitor wishes, or say on the ticket's own page why not."""
    ticket = get_ticket(token)
    try:
        with transaction():
            verb(ticket, by=access.actor(), at=clock.now())
    except Refusal as refusal:
        flash(refusal_words(refusal), "refused")
    return redirect(url_for("tickets.show", token=token), 303)
