"""Questions about the voice: which pieces are there, and where each comes from."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import undefer

from kiosk.db import session
from kiosk.voice.models import Recording
from kiosk.voice.phrases import PIECES, Language

FOLDER = "voice"


class Source(NamedTuple):
    """Where a piece comes from; `mark` changes when the sound does."""

    is_own: bool
    mark: str


Voice = dict[Language, dict[str, Source]]


def voice_of(station_id: int, data_dir: Path) -> Voice:
    """Return every piece that can be heard: own recordings stand in for what was made."""
    made = {
        language: {
            file.stem: Source(is_own=False, mark=f"{file.stat().st_mtime_ns:x}"[-8:])
            for file in (data_dir / FOLDER / language).glob("*.wav")
            if file.stem in PIECES[language]
        }
        for language in Language
    }
    for one in _recordings(station_id):
        made[one.language][one.piece] = Source(
            is_own=True, mark=f"{one.recorded_at:%y%m%d%H%M%S%f}"
        )
    return made


def _recordings(station_id: int) -> Sequence[Recording]:
    return session.scalars(select(Recording).where(Recording.station_id == station_id)).all()


def find_recording(station_id: int, language: Language, piece: str) -> Recording | None:
    """Return a station's own recording of a piece, with its sound."""
    return session.scalar(
        select(Recording)
        .where(
            Recording.station_id == station_id,
            Recording.language == language,
            Recording.piece == piece,
        )
        .options(undefer(Recording.data))
    )


def find_made(data_dir: Path, language: Language, piece: str) -> bytes | None:
    """Return the sound of a piece that was made ahead of time."""
    file = data_dir / FOLDER / language / f"{piece}.wav"
    return file.read_bytes() if piece in PIECES[language] and file.is_file() else None
