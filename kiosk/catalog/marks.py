"""Marks: which words of a name somebody meant, so that a page can show why it was found."""

import re
from collections.abc import Iterator
from itertools import pairwise

from kiosk.catalog.english import stem, telling_words
from kiosk.catalog.pinyin import is_hanzi, plain, syllables

Piece = tuple[str, bool]
_WORDS = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9]+")
# 社保卡 stands for 社会保障卡: a short name may be stretched to nearly twice its length.
STRETCH = 2
SHORT = range(3, 6)


def marked(name: str, meant: str) -> list[Piece]:
    """Split a name into pieces, and tell of each whether it was meant; whole words only."""
    text, meant = plain(name), plain(meant).strip()
    if not meant or len(text) != len(name):
        return [(name, False)]
    if name.isascii():
        return list(_english(name, telling_words(meant)))
    at = text.find(meant)
    spans = [(at, at + len(meant))] if at >= 0 else _stretched(text, meant)
    return list(_split(name, spans or _common(text, meant)))


def _english(name: str, words: list[str]) -> Iterator[Piece]:
    stems = {stem(word) for word in words}
    for piece in _WORDS.findall(name):
        word = piece.casefold()
        yield piece, stem(word) in stems or any(word.startswith(start) for start in words)


def _stretched(text: str, meant: str) -> list[tuple[int, int]]:
    """Find the long name that a short one stands for, by its characters in order."""
    if len(meant) not in SHORT or not all(map(is_hanzi, meant)):
        return []
    for start in (place for place, sign in enumerate(text) if sign == meant[0]):
        at = start
        for sign in meant[1:]:
            at = text.find(sign, at + 1)
            if at < 0:
                return []
        if at + 1 - start < STRETCH * len(meant):
            return [(start, at + 1)]
    return []


def _common(text: str, meant: str) -> list[tuple[int, int]]:
    """Find what a name and a question share, two characters or more, by their sound."""
    read = [sound if is_hanzi(sound_of) else "" for sound_of, sound in _sounds(text)]
    asked = set(pairwise(sound for _, sound in _sounds(meant)))
    spans: list[tuple[int, int]] = []
    for place, pair in enumerate(pairwise(read)):
        if all(pair) and pair in asked:
            if spans and spans[-1][1] > place:
                spans[-1] = (spans[-1][0], place + 2)
            else:
                spans.append((place, place + 2))
    return spans


def _sounds(text: str) -> list[tuple[str, str]]:
    """Return each sign of a text with its syllable; other signs stand for themselves."""
    read = iter(syllables("".join(filter(is_hanzi, text))))
    return [(sign, next(read)) if is_hanzi(sign) else (sign, sign) for sign in text]


def _split(name: str, spans: list[tuple[int, int]]) -> Iterator[Piece]:
    at = 0
    for start, end in spans:
        if start > at:
            yield name[at:start], False
        yield name[start:end], True
        at = end
    if at < len(name):
        yield name[at:], False
