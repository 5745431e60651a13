"""Speak the pieces of calls with espeak-ng, ahead of time: one WAV file a piece.

python deploy/voice.py              # into DATA_DIR/voice/zh and …/en

It runs in an environment of its own (`make voice`); the station only plays the files.
Mandarin is given to espeak-ng as pinyin with tones, because it reads characters as letters.
"""

import ctypes
import json
import os
import sys
import wave
from array import array
from pathlib import Path

import espeakng_loader

ROOT = Path(__file__).resolve().parent.parent
PIECES = ROOT / "kiosk" / "voice" / "pieces.json"

MANDARIN, ENGLISH = "cmn-latn-pinyin+f2", "en-us+f2"
WORDS_A_MINUTE = 165
SYNCHRONOUS, RATE, UTF8 = 2, 1, 1
LOUDEST = 26_000  # of 32,767
SILENT = 300
MARGIN_SECONDS = 0.02

Samples = array  # of signed 16-bit


class Speaker:
    """espeak-ng, which hands over what it speaks."""

    def __init__(self) -> None:
        self.library = ctypes.cdll.LoadLibrary(str(espeakng_loader.get_library_path()))
        data = str(espeakng_loader.get_data_path()).encode()
        self.rate = self.library.espeak_Initialize(SYNCHRONOUS, 0, data, 0)
        if self.rate <= 0:
            sys.exit("espeak-ng does not start.")
        self.library.espeak_SetParameter(RATE, WORDS_A_MINUTE, 0)
        self.heard = array("h")
        form = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
        )
        self.callback = form(self._hear)
        self.library.espeak_SetSynthCallback(self.callback)

    def _hear(self, samples: object, count: int, _events: object) -> int:
        if samples and count:
            self.heard.extend(samples[:count])  # type: ignore[index]
        return 0

    def say(self, voice: str, words: str) -> Samples:
        """Return a few words as samples, without silence around them, evenly loud."""
        if self.library.espeak_SetVoiceByName(voice.encode()) != 0:
            sys.exit(f"espeak-ng has no voice {voice}.")
        self.heard = array("h")
        text = words.encode() + b"\0"
        self.library.espeak_Synth(text, len(text), 0, 1, 0, UTF8, None, None)
        self.library.espeak_Synchronize()
        return self._trimmed(words)

    def _trimmed(self, words: str) -> Samples:
        loud = [at for at, sample in enumerate(self.heard) if abs(sample) > SILENT]
        if not loud:
            sys.exit(f"espeak-ng said nothing for {words}.")
        margin = int(MARGIN_SECONDS * self.rate)
        spoken = self.heard[max(0, loud[0] - margin) : loud[-1] + margin]
        peak = max(map(abs, spoken))
        return array("h", (sample * LOUDEST // peak for sample in spoken))


def wanted() -> list[tuple[str, str, str, str]]:
    """List the pieces as (language, name, voice, what is said)."""
    pieces = json.loads(PIECES.read_text(encoding="utf-8"))
    letters = [(letter, ENGLISH, letter.upper()) for letter in pieces["letters"]]
    mandarin = [(name, MANDARIN, pinyin) for name, (_words, pinyin) in pieces["zh"].items()]
    english = [(name, ENGLISH, words) for name, words in pieces["en"].items()]
    return [("zh", *piece) for piece in mandarin + letters] + [
        ("en", *piece) for piece in english + letters
    ]


def write(file: Path, samples: Samples, rate: int) -> None:
    """Write a WAV file; whoever reads meanwhile sees the old one or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    with wave.open(str(fresh), "wb") as sound:
        sound.setparams((1, 2, rate, len(samples), "NONE", ""))
        sound.writeframes(samples.tobytes())
    fresh.replace(file)


def main(folder: Path) -> None:
    """Speak every piece."""
    speaker = Speaker()
    pieces = wanted()
    for language, name, voice, words in pieces:
        write(folder / language / f"{name}.wav", speaker.say(voice, words), speaker.rate)
    print(f"{len(pieces)} pieces of speech stand in {folder}.")


if __name__ == "__main__":
    main(Path(os.environ.get("DATA_DIR") or ROOT / "instance") / "voice")
