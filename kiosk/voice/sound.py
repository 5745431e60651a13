"""What kind of sound a file is: told by its bytes, never by its name."""

import struct
from collections.abc import Callable

from kiosk.refusal import Refusal

LARGEST = 512 * 1024
LONGEST_SECONDS = 10
PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE

_MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_MP3_KBITS = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def kind_of(data: bytes) -> str:
    """Return the content type of a sound; refuse what is none, is too large or too long."""
    if not data:
        raise Refusal("voice.empty", "The file is empty. Record the piece again.")
    if len(data) > LARGEST:
        raise Refusal("voice.too_large", "A piece is a word or two: 512 KB at most.")
    for kind, is_of in _KINDS.items():
        if is_of(data):
            return kind
    raise Refusal("voice.no_sound", "This is no WAV, MP3, OGG or M4A file, whatever its name says.")


def _is_wav(data: bytes) -> bool:
    """Tell whether it is a WAV; refuse one that is silent or longer than a piece."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return False
    chunks = _chunks(data)
    form, sound = chunks.get(b"fmt ", b""), chunks.get(b"data", b"")
    if len(form) < 16:  # noqa: PLR2004 - the shortest description of samples
        return False
    encoding, _channels, _rate, bytes_a_second = struct.unpack_from("<HHII", form)
    if encoding not in (PCM, FLOAT, EXTENSIBLE) or not bytes_a_second:
        return False
    if not sound.strip(b"\0"):
        raise Refusal("voice.silent", "Nothing is to be heard in this file. Record it again.")
    if len(sound) > LONGEST_SECONDS * bytes_a_second:
        raise Refusal("voice.too_long", "A piece is a word or two: ten seconds at most.")
    return True


def _chunks(data: bytes) -> dict[bytes, bytes]:
    chunks: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        chunks.setdefault(name, data[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return chunks


def _is_mp3(data: bytes) -> bool:
    """Tell whether two frames follow each other, after the tag that may stand in front."""
    at = 0
    if data[:3] == b"ID3" and len(data) > 10:  # noqa: PLR2004 - the tag's head
        size = 0
        for byte in data[6:10]:
            size = size << 7 | byte & 0x7F
        at = 10 + size
    length = _mp3_frame(data, at)
    return bool(length) and bool(_mp3_frame(data, at + length))


def _mp3_frame(data: bytes, at: int) -> int:
    """Return the length of the frame that begins here, or 0 where none does."""
    head = int.from_bytes(data[at : at + 4], "big")
    version, layer = head >> 19 & 3, head >> 17 & 3
    bits, rate = head >> 12 & 15, head >> 10 & 3
    is_frame = head >> 21 == 0x7FF and version != 1 and layer == 1  # noqa: PLR2004 - all ones
    if not is_frame or bits in (0, 15) or rate == 3:  # noqa: PLR2004 - not allowed
        return 0
    is_first = version == 3  # noqa: PLR2004 - MPEG-1
    kbits = _MP3_KBITS[is_first][bits]
    samples = 144_000 if is_first else 72_000
    return samples * kbits // _MP3_RATES[version][rate] + (head >> 9 & 1)


def _is_ogg(data: bytes) -> bool:
    return data[:4] == b"OggS" and any(
        mark in data[:256] for mark in (b"OpusHead", b"\x01vorbis", b"\x7fFLAC")
    )


def _is_m4a(data: bytes) -> bool:
    """Tell whether an MP4 holds sound and no picture."""
    return data[4:8] == b"ftyp" and b"soun" in data and b"mp4a" in data and b"vide" not in data


_KINDS: dict[str, Callable[[bytes], bool]] = {
    "audio/wav": _is_wav,
    "audio/mpeg": _is_mp3,
    "audio/ogg": _is_ogg,
    "audio/mp4": _is_m4a,
}
