"""A sound is known by its bytes; anything else is refused in words."""

import struct

import pytest

from kiosk.refusal import Refusal
from kiosk.voice.sound import LARGEST, kind_of
from tests.sounds import M4A, MP3, MP3_FRAME, OGG, tagged, tone


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (tone(), "audio/wav"),
        (MP3, "audio/mpeg"),
        (tagged(MP3), "audio/mpeg"),
        (OGG, "audio/ogg"),
        (M4A, "audio/mp4"),
    ],
    ids=["wav", "mp3", "tagged", "ogg", "m4a"],
)
def test_kind_is_told_by_the_content(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "voice.empty"),
        (b"<!doctype html><script>alert(1)</script>" * 20, "voice.no_sound"),
        (b"%PDF-1.7", "voice.no_sound"),
        (MP3_FRAME + b"<html>" * 200, "voice.no_sound"),
        (b"ID3\x04\0\0\0\0\x7f\x7f" + b"<html>", "voice.no_sound"),
        (M4A + b"vide", "voice.no_sound"),
        (b"OggS" + b"\0" * 24 + b"\x80theora", "voice.no_sound"),
        (b"RIFF\0\0\0\0WAVE", "voice.no_sound"),
        (b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" + struct.pack("<HHIIHH", 1, 1, 8000, 0, 2, 16), ""),
        (tone(loud=0), "voice.silent"),
        (tone(10.2), "voice.too_long"),
        (tone(40), "voice.too_large"),
    ],
)
def test_what_is_no_piece_of_speech_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        kind_of(data)
    assert refused.value.code == (code or "voice.no_sound")


def test_largest_piece_fits() -> None:
    assert kind_of(tagged(MP3) + b"\0" * (LARGEST - len(tagged(MP3)))) == "audio/mpeg"
