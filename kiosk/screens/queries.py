"""What a board shows and speaks besides the calls: its own settings, notices, the voice."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kiosk import clock
from kiosk.notices.models import Notice
from kiosk.notices.queries import standing_notices
from kiosk.stations.models import DeviceKind, Shows, Speech, Station
from kiosk.stations.queries import PairedDevice, counters_of, get_device, opening_of
from kiosk.tickets.queries import queues_of
from kiosk.voice.phrases import BEFORE, BETWEEN, Language, needed, place
from kiosk.voice.queries import voice_of

LANGUAGES = {
    Speech.BOTH: [Language.ZH, Language.EN],
    Speech.ZH: [Language.ZH],
    Speech.EN: [Language.EN],
}


@dataclass(frozen=True)
class Settings:
    """How a board looks and sounds; quiet hours are minutes since midnight.

    `ways` are where counters lie for who reads it, by their number: `left`, `ahead`, `right`.
    """

    shows: Shows = Shows.ALL
    speaks: Speech = Speech.BOTH
    volume: int = 80
    quiet_from: int | None = None
    quiet_until: int | None = None
    ways: dict[str, str] = field(default_factory=dict)


def settings_of(station: Station, paired: PairedDevice | None) -> Settings:
    """Return the settings of a paired board; any other browser gets the usual ones."""
    if paired is None or paired.kind is not DeviceKind.BOARD or paired.station_id != station.id:
        return Settings()
    device = get_device(paired.id)
    return Settings(**{name: getattr(device, name) for name in Settings.__dataclass_fields__})


def screen_of(station: Station, settings: Settings, data_dir: Path) -> dict[str, Any]:
    """Return what a board of this station needs; a piece is named with its sound's mark."""
    at = clock.now()
    opens = opening_of(station, at).next_opens
    letters = [queue.letter for queue in queues_of(station)]
    counters = [counter.number for counter in counters_of(station)]
    voice = voice_of(station.id, data_dir)
    return {
        "changes": station.screen_changes,
        "settings": asdict(settings),
        "opens_at": opens.isoformat() if opens else None,
        "notices": [_notice(notice) for notice in standing_notices(station, at)],
        "voice": [
            {
                "language": language,
                "before": BEFORE[language],
                "between": BETWEEN[language],
                "counters": {number: place(language, number) for number in counters},
                "pieces": {
                    name: voice[language][name].mark
                    for name in sorted(needed(language, letters, counters))
                    if name in voice[language]
                },
            }
            for language in LANGUAGES[settings.speaks]
        ],
        "at": at.isoformat(),
    }


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "zh": notice.text_zh,
        "en": notice.text_en,
        "starts_at": notice.starts_at.isoformat(),
        "ends_at": notice.ends_at.isoformat() if notice.ends_at else None,
    }
