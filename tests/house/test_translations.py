"""Everything the station says stands in its translation files, and is said in Chinese."""

import re
import subprocess
from pathlib import Path

import polib
import pytest

from tests.servers import ROOT

FACES = ["kiosk", "admin"]


def _catalog(face: str) -> polib.POFile:
    return polib.pofile(str(ROOT / face / "translations/zh/LC_MESSAGES/messages.po"))


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("messages")
    subprocess.run([ROOT / "deploy/messages.sh", "--templates", folder], check=True)
    return folder


@pytest.mark.parametrize("face", FACES)
def test_messages_are_collected(collected: Path, face: str) -> None:
    said = {entry.msgid for entry in polib.pofile(str(collected / f"{face}.pot"))}
    assert {entry.msgid for entry in _catalog(face)} == said, "make messages"


@pytest.mark.parametrize("face", FACES)
def test_messages_are_translated(face: str) -> None:
    assert [entry.msgid for entry in _catalog(face) if not entry.translated()] == []


@pytest.mark.parametrize("face", FACES)
def test_translations_keep_the_placeholders(face: str) -> None:
    for entry in _catalog(face):
        wanted = set(re.findall(r"%\(\w+\)[sd]", entry.msgid + entry.msgid_plural))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text:
                assert set(re.findall(r"%\(\w+\)[sd]", text)) == wanted, entry.msgid
