"""What visitors asked and did not find, and the words that a station adds for it."""

from datetime import timedelta

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from admin.access import note_change, page, station
from admin.forms import SynonymForm
from kiosk.catalog.actions import add_synonym, remove_synonym
from kiosk.catalog.queries import get_service, missed_questions, synonyms_of
from kiosk.catalog.search import nearest, search
from kiosk.db import transaction
from kiosk.tickets.queries import today_of

LOOK_BACK = timedelta(days=30)
SHOWN = 50
SUGGESTED = 3


def index() -> Response:
    """List what found nothing or was not opened, with services that may be meant."""
    place = station()
    missed = missed_questions(place.id, today_of(place) - LOOK_BACK, SHOWN)
    rows = [
        {
            "missed": one,
            "suggested": [
                hit.service
                for hit in (search(one.question, place.id) or nearest(one.question, place.id))
            ][:SUGGESTED],
        }
        for one in missed
    ]
    return page("words/index", rows=rows, synonyms=synonyms_of(place.id))


def add(body: SynonymForm) -> ResponseReturnValue:
    """Let visitors of this station find a service by a word of theirs."""
    service = get_service(body.code)
    with transaction():
        add_synonym(station().id, service, body.word)
        note_change("words.add", body.word, service.code)
    return redirect(url_for("admin.words.index"), 303)


def remove(body: SynonymForm) -> ResponseReturnValue:
    """Take a word of this station back."""
    service = get_service(body.code)
    with transaction():
        remove_synonym(station().id, service, body.word)
        note_change("words.remove", body.word, service.code)
    return redirect(url_for("admin.words.index"), 303)
