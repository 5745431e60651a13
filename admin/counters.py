"""The counters of a station and the queues they serve."""

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from admin.access import note_change, page, station
from admin.forms import CounterForm, NewCounterForm
from kiosk import clock
from kiosk.db import transaction
from kiosk.refusal import Refusal
from kiosk.staff.queries import names_of
from kiosk.stations.queries import all_counters_of, get_counter
from kiosk.tickets import actions
from kiosk.tickets.queries import queues_of, served_queues


def index() -> Response:
    """List the counters."""
    return _list()


def add(body: NewCounterForm) -> ResponseReturnValue:
    """Add a counter."""
    try:
        with transaction():
            actions.add_counter(
                station(), body.number, body.name_zh, body.name_en, body.queues, at=clock.now()
            )
            note_change("counters.add", str(body.number), body.queues)
    except Refusal as refusal:
        return _list(refusal, body)
    return redirect(url_for("admin.counters.index"), 303)


def save(number: int, body: CounterForm) -> ResponseReturnValue:
    """Change a counter."""
    try:
        with transaction():
            actions.change_counter(
                get_counter(station(), number),
                body.name_zh,
                body.name_en,
                body.queues,
                is_active=body.is_active,
                at=clock.now(),
            )
            note_change("counters.change", str(number), body.queues)
    except Refusal as refusal:
        return _list(refusal, body, row=number)
    return redirect(url_for("admin.counters.index"), 303)


def _list(
    refusal: Refusal | None = None, body: CounterForm | None = None, row: int | None = None
) -> Response:
    place = station()
    counters = all_counters_of(place)
    names = names_of(counter.member_id for counter in counters)
    rows = [
        {
            "counter": counter,
            "queues": served_queues(counter),
            "member": names.get(counter.member_id),
        }
        for counter in counters
    ]
    form = body.model_dump() | {"row": row} if body else {}
    return page("counters/index", refusal, rows=rows, queues=queues_of(place), form=form)
