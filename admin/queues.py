"""The queues of a station."""

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from admin.access import note_change, page, station
from admin.forms import NewQueueForm, QueueForm, RulesForm
from kiosk import clock
from kiosk.db import transaction
from kiosk.refusal import Refusal
from kiosk.tickets import actions
from kiosk.tickets.queries import get_queue, lines_of, offers_of, serving_counters


def index() -> Response:
    """List the queues."""
    return _list()


def add(body: NewQueueForm) -> ResponseReturnValue:
    """Add a queue."""
    try:
        with transaction():
            actions.add_queue(
                station(),
                body.letter,
                body.name_zh,
                body.name_en,
                body.usual_minutes,
                at=clock.now(),
            )
            note_change("queues.add", body.letter, body.name_zh)
    except Refusal as refusal:
        return _list(refusal, body)
    return redirect(url_for("admin.queues.index"), 303)


def save(letter: str, body: QueueForm) -> ResponseReturnValue:
    """Change a queue."""
    with transaction():
        actions.change_queue(
            get_queue(station(), letter),
            body.name_zh,
            body.name_en,
            body.usual_minutes,
            is_open=body.is_open,
            at=clock.now(),
        )
        note_change("queues.change", letter, body.name_zh)
    return redirect(url_for("admin.queues.index"), 303)


def rules(letter: str) -> Response:
    """Show a queue's rules."""
    return page("queues/rules", queue=get_queue(station(), letter))


def set_rules(letter: str, body: RulesForm) -> ResponseReturnValue:
    """Change a queue's rules."""
    with transaction():
        actions.set_rules(get_queue(station(), letter), **dict(body), at=clock.now())
        note_change("queues.rules", letter)
    return redirect(url_for("admin.queues.index"), 303)


def _list(refusal: Refusal | None = None, body: NewQueueForm | None = None) -> Response:
    place = station()
    numbers = serving_counters(place)
    offers = [offer.queue_id for offer in offers_of(place).values()]
    rows = [
        {
            "line": line,
            "counters": numbers.get(line.queue.id, []),
            "services": offers.count(line.queue.id),
        }
        for line in lines_of(place)
    ]
    return page("queues/index", refusal, rows=rows, form=body.model_dump() if body else {})
