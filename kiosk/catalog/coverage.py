"""Coverage: how much of what a question says a service has, in its own or in other words.

A question falls into units: words whose meanings are known, and pieces of what is between them.
A unit weighs the more, the fewer services have it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kiosk.catalog.english import stem, telling_words
from kiosk.catalog.index import Index
from kiosk.catalog.meanings import Words, meanings
from kiosk.catalog.pinyin import is_hanzi, parts

# How much it says to share a character, two or three that stand together.
WORTH = (0, 0.25, 1.0, 0.5)
# A word of several characters that is known says more than a pair of them.
KNOWN_WORTH = (0, 0.9, 1.3, 1.5)
# How sure it is that a service is meant: by another word, by its category, by a word's family,
# by one word of several.
OTHER_WORD = 0.9
FURTHER_WORD = 0.84
THEME = 0.55
FAMILY = 0.85
PART = 0.6
# What a piece says that reaches over the end of a known word.
SEAM = 0.3
# What an English word is worth that stands nowhere in the catalog, or a pair of syllables.
UNKNOWN_WORD = 4.0
# A word that nearly everything has finds nothing new once so many services were found.
ENOUGH = 1_500


class Unit(NamedTuple):
    """What it is worth, and the services that have it, the surest first."""

    worth: float
    ways: list[tuple[float, set[int]]]
    is_needed: bool = True
    terms: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many services have it, at most."""
        return sum(len(services) for _, services in self.ways)


def shares(units: Sequence[Unit]) -> dict[int, float]:
    """Return which share of a question services have, by their place in the index."""
    gained: dict[int, float] = {}
    total = sum(unit.worth for unit in units if unit.is_needed)
    for unit in sorted(units, key=lambda unit: unit.size) if total else ():
        seen: set[int] = set()
        for sure, services in unit.ways:
            new = services - seen
            if len(gained) > ENOUGH and len(new) > ENOUGH:
                new &= gained.keys()
            gain = unit.worth * sure / total
            for place in new:
                gained[place] = gained.get(place, 0.0) + gain
            seen |= services
    return gained


class Told:
    """Which share of a name a question speaks of, in its own or in other words."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._terms = {term for unit in units for term in unit.terms if len(term) > 1}
        self._stems = {stem(one) for term in self._terms for one in telling_words(term)}

    def of(self, name: str) -> float:
        """Return the share of a Chinese name's characters."""
        is_told = [False] * len(name)
        for term in self._terms:
            at = name.find(term)
            if at >= 0:
                is_told[at : at + len(term)] = [True] * len(term)
        return sum(is_told) / len(name)

    def of_english(self, name: str) -> float:
        """Return the share of an English name's words; they are few, and count twice."""
        words = telling_words(name.casefold())
        return 2 * sum(stem(word) in self._stems for word in words) / max(1, len(words))


def chinese(index: Index, text: str) -> list[Unit]:
    """Split a question without blanks into units, as it is written."""
    return list(_units(index, parts(text), meanings().written, is_read=False))


def heard(index: Index, syllables: Sequence[str]) -> list[Unit]:
    """Split a question into units, as it is read aloud."""
    return list(_units(index, syllables, meanings().read, is_read=True))


def english(index: Index, question: str) -> list[Unit]:
    """Split an English question into units."""
    words = telling_words(question)
    stems = [stem(word) for word in words]
    units: list[Unit] = []
    at = 0
    for meaning in meanings().english.within(stems):
        units.extend(_word(index, word, ()) for word in words[at : meaning.start])
        if meaning.end - meaning.start == 1:
            units.append(_word(index, words[meaning.start], meaning.terms))
        else:
            units.append(_phrase(index, words[meaning.start : meaning.end], meaning.terms))
        at = meaning.end
    units.extend(_word(index, word, ()) for word in words[at:])
    return units


def _word(index: Index, word: str, terms: Sequence[str]) -> Unit:
    sure, maybe = index.english_services(word)
    others = _others(index, terms)
    known = sure.union(*(services for _, services in others)) or maybe
    worth = index.worth(len(known)) if known else UNKNOWN_WORD
    ways = [(1.0, sure), *others, (FAMILY, maybe), (THEME, index.themed(stem(word)))]
    return Unit(worth, ways, terms=(word, *terms))


def _phrase(index: Index, words: Sequence[str], terms: Sequence[str]) -> Unit:
    whole = set.intersection(*(index.english_services(word)[0] for word in words))
    others = [(sure / OTHER_WORD, services) for sure, services in _others(index, terms)]
    known = whole.union(*(services for _, services in others))
    part = set[int]().union(*(index.english_services(word)[0] for word in words))
    both = whole.intersection(set().union(*(services for _, services in others)))
    ways = [(1.05, both), *others, (OTHER_WORD, whole), (PART, part)]
    return Unit(1.25 * index.worth(len(known)), ways, terms=(*words, *terms))


def _others(index: Index, terms: Sequence[str]) -> list[tuple[float, set[int]]]:
    """Return the services that have another word for it; the first is the best."""
    sure = [OTHER_WORD, *[FURTHER_WORD] * len(terms)]
    return [(how, index.having(term)) for how, term in zip(sure, terms, strict=False)]


def _units(index: Index, signs: Sequence[str], words: Words, *, is_read: bool) -> Iterator[Unit]:
    signs = list(signs)
    free = [True] * len(signs)
    for meaning in words.within(signs):
        word = signs[meaning.start : meaning.end]
        if tuple(word) in words.idle:
            signs[meaning.start : meaning.end] = [""] * len(word)
            continue
        unit = _known(index, word, meaning.terms, is_read=is_read)
        if unit:
            yield unit
            free[meaning.start : meaning.end] = [False] * len(word)
    if not is_read:
        latin = [at for at, sign in enumerate(signs) if free[at] and _is_latin(sign)]
        yield from (_latin(index, signs[at]) for at in latin)
        signs = ["" if at in latin else sign for at, sign in enumerate(signs)]
    yield from _pieces(index, signs, free, is_read=is_read)


def _pieces(
    index: Index, signs: Sequence[str], free: Sequence[bool], *, is_read: bool
) -> Iterator[Unit]:
    """Return units of what is between the known words, and of what reaches over their ends."""
    for size in (2,) if is_read else (1, 2, 3):
        for start in range(len(signs) - size + 1):
            run, inside = signs[start : start + size], free[start : start + size]
            if any(inside) and all(map(_is_sign, run)):
                services = index.sharing(_piece(run, is_read=is_read))
                if all(inside) or (services and not is_read):
                    themed = index.themed("".join(run))
                    worth = index.worth(len(services)) * WORTH[size]
                    if is_read and not services:
                        worth = UNKNOWN_WORD
                    ways = [(1.0, services), (THEME, themed)]
                    if not all(inside):
                        worth *= SEAM
                    yield Unit(worth, ways, all(inside), ("".join(run),))


def _latin(index: Index, word: str) -> Unit:
    """Return a unit of a word of letters and digits that stands among Chinese characters."""
    services = index.having(word)
    return Unit(index.worth(len(services)), [(1.0, services)], terms=(word,))


def _known(
    index: Index, word: Sequence[str], terms: Sequence[str], *, is_read: bool
) -> Unit | None:
    """Return a unit of a word whose meanings are known; None if the catalog has none of them."""
    own = _having(index, word, is_read=is_read)
    others = _others(index, terms)
    known = own.union(*(services for _, services in others))
    if not known:
        return None
    # What has another word for it too is meant most surely.
    both = own.intersection(set().union(*(services for _, services in others)))
    ways = [(1.0, own), *others]
    themes = set[int]().union(*(index.themed(term) for term in ("".join(word), *terms)))
    # What is called so itself says more than what other words for it are found in.
    found = (len(own) + len(known)) // 2 if own else len(known)
    worth = index.worth(found) * KNOWN_WORTH[min(3, len(word))]
    surest = [(1.05, both)] if both else []
    return Unit(worth, [*surest, *ways, (THEME, themes)], terms=("".join(word), *terms))


def _having(index: Index, word: Sequence[str], *, is_read: bool) -> set[int]:
    if not is_read:
        return index.having("".join(word))
    pairs = [index.sharing(_piece(word[at : at + 2], is_read=True)) for at in range(len(word) - 1)]
    return set.intersection(*pairs) if pairs else set()


def _piece(run: Sequence[str], *, is_read: bool) -> str:
    return f" {' '.join(run)} " if is_read else "".join(run)


def _is_sign(sign: str) -> bool:
    return is_hanzi(sign) or _is_latin(sign)


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
