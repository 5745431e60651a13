"""The voice of a station: which pieces of speech there are, and the station's own recordings."""

from http import HTTPStatus

from flask import Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.access import note_change, page, station
from kiosk import clock
from kiosk.config import Config
from kiosk.db import transaction
from kiosk.refusal import Refusal
from kiosk.stations.queries import counters_of
from kiosk.tickets.actions import refresh
from kiosk.tickets.queries import queues_of
from kiosk.voice import actions
from kiosk.voice.phrases import PIECES, Language, needed
from kiosk.voice.queries import voice_of

# Larger than a piece may be, so that the page itself can say what is too large.
LARGEST_FILE = 4 * 1024 * 1024


def index() -> Response:
    """List the pieces that this station's calls are made of, and what is missing."""
    return _list()


def record(language: str, piece: str) -> ResponseReturnValue:
    """Take a recording in place of the piece that was made ahead of time."""
    place, spoken = station(), _language(language)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _list(Refusal("voice.missing", "Choose a file first."))
    with sent.stream as stream:
        data = stream.read()
    try:
        with transaction():
            actions.record(place, spoken, piece, data, at=clock.now())
            refresh(place, at=clock.now())
            note_change("voice.record", PIECES[spoken][piece], language)
    except Refusal as refusal:
        if refusal.status is HTTPStatus.NOT_FOUND:
            raise
        return _list(refusal)
    return redirect(url_for("admin.voice.index", _anchor=f"{language}-{piece}"), 303)


def remove(language: str, piece: str) -> ResponseReturnValue:
    """Go back to the piece that was made ahead of time."""
    place, spoken = station(), _language(language)
    if piece not in PIECES[spoken]:
        raise actions.unknown()
    with transaction():
        actions.remove(place, spoken, piece)
        refresh(place, at=clock.now())
        note_change("voice.remove", PIECES[spoken][piece], language)
    return redirect(url_for("admin.voice.index", _anchor=f"{language}-{piece}"), 303)


def _language(name: str) -> Language:
    if name not in set(Language):
        raise actions.unknown()
    return Language(name)


def _list(refusal: Refusal | None = None) -> Response:
    place = station()
    config: Config = current_app.extensions["config"]
    voice = voice_of(place.id, config.data_dir)
    letters = [queue.letter for queue in queues_of(place)]
    counters = [counter.number for counter in counters_of(place)]
    tables = {
        language: [
            {"name": name, "words": words, "source": voice[language].get(name)}
            for name, words in PIECES[language].items()
            if name in needed(language, letters, counters)
        ]
        for language in Language
    }
    return page(
        "voice/index",
        refusal,
        tables=tables,
        example=(letters[0] if letters else "A", counters[0] if counters else 1),
    )
