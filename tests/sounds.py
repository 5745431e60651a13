"""Sounds for tests: a tone as a WAV file, and files that only look like sound."""

import io
import math
import struct
import wave
from array import array
from functools import cache

RATE = 8000
FREQUENCY = 440  # whole waves in a second, so that seconds fit together
MP3_FRAME = b"\xff\xfb\x90\x00" + b"\0" * 413  # MPEG-1 layer III, 128 kbit/s, 44.1 kHz
MP3 = MP3_FRAME * 3
OGG = b"OggS" + b"\0" * 24 + b"OpusHead" + b"\0" * 100
M4A = b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + b"....moov....hdlr....soun....mp4a" + b"\0" * 50


@cache
def _second(loud: int) -> "array[int]":
    waves = (math.sin(2 * math.pi * FREQUENCY * step / RATE) for step in range(RATE))
    return array("h", (int(loud * high) for high in waves))


def tone(seconds: float = 0.2, loud: int = 12_000) -> bytes:
    """Return a WAV file with a tone in it."""
    file = io.BytesIO()
    whole, rest = divmod(int(seconds * RATE), RATE)
    second = _second(loud)
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, RATE, 0, "NONE", ""))
        sound.writeframes((second * whole + second[:rest]).tobytes())
    return file.getvalue()


def tagged(mp3: bytes, size: int = 300) -> bytes:
    """Put an ID3 tag of this size in front."""
    digits = struct.pack("4B", *(size >> shift & 0x7F for shift in (21, 14, 7, 0)))
    return b"ID3\x04\0\0" + digits + b"\0" * size + mp3
