"""What a call says, piece by piece.

请 A 零 零 三 号，到 二 号窗口; Number A zero zero three, please go to counter two.
A ticket's number is spoken one by one, a counter's as a number.
"""

import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

_SPOKEN = json.loads((Path(__file__).parent / "pieces.json").read_text(encoding="utf-8"))
_HUNDRED, _TEN, _TWENTY = 100, 10, 20


class Language(StrEnum):
    """A language that calls are spoken in."""

    ZH = "zh"
    EN = "en"


# The words of each piece by its name: first the figures and phrases, then the letters.
PIECES: dict[Language, dict[str, str]] = {
    Language.ZH: {name: words for name, (words, _pinyin) in _SPOKEN["zh"].items()}
    | {letter: letter.upper() for letter in _SPOKEN["letters"]},
    Language.EN: _SPOKEN["en"] | {letter: letter.upper() for letter in _SPOKEN["letters"]},
}
BEFORE = {Language.ZH: ["please"], Language.EN: ["number"]}
BETWEEN = {Language.ZH: ["to"], Language.EN: ["go"]}


def call(language: Language, number: str, counter: int) -> list[str]:
    """Return the names of the pieces that call a ticket, `A003`, to a counter."""
    return [*BEFORE[language], *number.lower(), *BETWEEN[language], *place(language, counter)]


def place(language: Language, counter: int) -> list[str]:
    """Return the names of the pieces at the end of a call: where to go."""
    if language is Language.ZH:
        return [*_number_zh(counter), "counter"]
    return _number_en(counter)


def needed(language: Language, letters: Iterable[str], counters: Iterable[int]) -> set[str]:
    """Return what must be there to speak every call of queues and counters."""
    ends = (piece for counter in counters for piece in place(language, counter))
    spelt = (letter.lower() for letter in letters)
    return {*BEFORE[language], *BETWEEN[language], *"0123456789", *spelt, *ends}


def _number_zh(number: int) -> list[str]:
    """110 is 一 百 一 十, 105 is 一 百 零 五, 12 is 十 二."""
    hundreds, rest = divmod(number, _HUNDRED)
    tens, ones = divmod(rest, _TEN)
    pieces = [str(hundreds), "hundred"] if hundreds else []
    if tens:
        pieces += ["ten"] if number < _TWENTY else [str(tens), "ten"]
    elif hundreds and ones:
        pieces.append("0")
    return [*pieces, str(ones)] if ones or not number else pieces


def _number_en(number: int) -> list[str]:
    """105 is one hundred five, 21 is twenty one."""
    hundreds, rest = divmod(number, _HUNDRED)
    pieces = [str(hundreds), "hundred"] if hundreds else []
    if rest < _TWENTY:
        return [*pieces, str(rest)] if rest or not hundreds else pieces
    tens, ones = divmod(rest, _TEN)
    return [*pieces, str(tens * _TEN), *([str(ones)] if ones else [])]
