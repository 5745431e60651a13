"""`make voice` speaks every piece that a call may be made of."""

import os
import subprocess
import wave
from array import array
from pathlib import Path

import pytest

from kiosk.voice.phrases import PIECES, Language
from tests import programs
from tests.servers import ROOT


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    speaker = programs.speaker()
    folder = tmp_path_factory.mktemp("spoken")
    subprocess.run(
        [speaker, ROOT / "deploy" / "voice.py"],
        env={**os.environ, "DATA_DIR": str(folder)},
        check=True,
        capture_output=True,
    )
    return folder / "voice"


@pytest.mark.parametrize("language", Language)
def test_every_piece_is_spoken_aloud(spoken: Path, language: Language) -> None:
    files = {file.stem: file for file in (spoken / language).iterdir()}
    assert files.keys() == PIECES[language].keys()
    for name, file in files.items():
        with wave.open(str(file)) as sound:
            samples = array("h", sound.readframes(sound.getnframes()))
            seconds = len(samples) / sound.getframerate()
        assert 0.1 < seconds < 3, name
        assert max(map(abs, samples)) > 20_000, name


def test_station_does_not_import_what_speaks() -> None:
    code = [*(ROOT / "kiosk").rglob("*.py"), *(ROOT / "admin").rglob("*.py")]
    assert [path for path in code if "espeak" in path.read_text(encoding="utf-8")] == []
    locked = (ROOT / "requirements.txt").read_text() + (ROOT / "requirements-test.txt").read_text()
    assert "espeak" not in locked
