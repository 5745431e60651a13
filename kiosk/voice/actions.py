"""What happens to a station's own recordings: one comes, one goes."""

from datetime import datetime

from sqlalchemy import delete

from kiosk.db import insert_into, session
from kiosk.refusal import NotFound
from kiosk.stations.actions import change_screens
from kiosk.stations.models import Station
from kiosk.voice.models import Recording
from kiosk.voice.phrases import PIECES, Language
from kiosk.voice.sound import kind_of


def record(station: Station, language: Language, piece: str, data: bytes, *, at: datetime) -> None:
    """Speak a piece with this sound from now on, in place of what was there."""
    if piece not in PIECES[language]:
        raise unknown()
    sound = {"kind": kind_of(data), "recorded_at": at, "data": data}
    which = {"station_id": station.id, "language": language, "piece": piece}
    session.execute(
        insert_into(Recording)
        .values(**which, **sound)
        .on_conflict_do_update(index_elements=list(which), set_=sound)
    )
    change_screens(station)


def remove(station: Station, language: Language, piece: str) -> None:
    """Go back to the piece that was made ahead of time; removing twice is removing once."""
    session.execute(
        delete(Recording).where(
            Recording.station_id == station.id,
            Recording.language == language,
            Recording.piece == piece,
        )
    )
    change_screens(station)


def unknown() -> NotFound:
    """Return the refusal of a piece that no call is made of, or that nobody made."""
    return NotFound("voice.unknown", "There is no such piece of speech.")
