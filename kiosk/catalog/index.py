"""The index behind the search: what services are called, read aloud and in English.

It is made once and never changes; a phrase is one thing that services are called, and belongs
to all services that are called so.
"""

import math
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

from kiosk.catalog.english import IDLE_WORDS, latin, stem, telling_words
from kiosk.catalog.lines import Lines
from kiosk.catalog.meanings import meanings
from kiosk.catalog.models import Service
from kiosk.catalog.pinyin import ASKING, HANZI, broad, plain, reading, syllables

T = TypeVar("T")

# What a piece is worth that stands nowhere in the catalog.
UNKNOWN = 1.5
# Words with so many letters in common are of one family: registering, registration.
FAMILY = 6
# Phrases are found by the first sounds of so many syllables that stand together.
HEADS = (2, 3)
# From so many services on, looking through all text is quicker than through theirs.
FEW = 2_000
# Longer words are not typed by their first letters and something else.
LONGEST_SHORT = 5
# A shorter keyword in Latin letters is typed beside Chinese: aed在哪.
SHORTEST_WORD = 4
# How many letters too many or too few are a slip.
SLIPS = 2
# While an index is made, others get their turn after so many phrases.
TURN = 25


class Kind(Enum):
    """What a phrase is to a service, and how much it says."""

    CODE = 1.0
    NAME = 0.999
    SYNONYM = 0.998
    KEYWORD = 0.99
    SHORT = 0.985
    ENGLISH = 0.95
    CATEGORY = 0.62
    DEPARTMENT = 0.5


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing that some services are called; a station's own word has that station."""

    kind: Kind
    text: str
    shown: str
    services: tuple[int, ...]
    station: int | None = None

    @property
    def is_english(self) -> bool:
        """Tell whether it is in English: whole words of it are found, and no pinyin."""
        if self.kind is Kind.KEYWORD:
            is_word = len(self.text) >= SHORTEST_WORD and self.text.isalpha()
            return self.text.isascii() and (" " in self.text or is_word)
        return self.text.isascii() and self.kind in (Kind.ENGLISH, Kind.CATEGORY)


@dataclass(frozen=True, slots=True)
class Hit:
    """A service found: how well it fits, 0 to 100, and which words of it were meant.

    `alias` is what it is also called, where that fitted better than its name.
    """

    service: Service
    score: int = 0
    alias: str = ""
    meant: str = ""


class Index:
    """Everything that services are called, ready to be asked."""

    def __init__(
        self,
        services: Sequence[Service],
        synonyms: Iterable[tuple[int, int, str]] = (),
    ) -> None:
        """Read services by code, and synonyms: station's id, service's id, word."""
        self.services = services
        self.name_lengths = [len(service.name_zh) for service in services]
        self.phrases = list(_phrases(services, synonyms))
        self.texts = Lines(["" if p.is_english else p.text for p in self.phrases])
        read = ["" if p.is_english else reading(p.text) for p in _in_turns(self.phrases)]
        self.readings = Lines(read)
        self.broad_readings = Lines([broad(line) for line in _in_turns(read)])
        self.whole: dict[str, list[int]] = defaultdict(list)
        self.spellings: dict[str, str] = {}
        self.lengths: list[int] = []
        self.names: dict[int, int] = {}
        self._called: dict[int, list[int]] = defaultdict(list)
        self._own: list[int] = []
        self._words: set[str] = set()
        self._initials: dict[str, list[int]] = defaultdict(list)
        self._theme_phrases: list[int] = []
        self._spelled: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._english: dict[str, set[int]] = defaultdict(set)
        self._english_whole: dict[str, list[int]] = defaultdict(list)
        self._pieces: dict[str, set[int]] = defaultdict(set)
        self._themes: dict[str, set[int]] = defaultdict(set)
        self._heads: dict[str, list[int]] = defaultdict(list)
        self._having: dict[str, set[int]] = {}
        for number, phrase in enumerate(_in_turns(self.phrases)):
            self._add(number, phrase, read[number])
        self._stems = sorted(self._english)
        self.english_words = sorted(self._words)
        self._spell()

    def _spell(self) -> None:
        """Note the syllables of the catalog, and the letters that they start with."""
        sounds = frozenset(self.readings.text.split())
        self.syllables = frozenset(
            sound for sound in sounds if sound.isalpha() and (len(sound) > 1 or sound in "aeo")
        ) | {syllable for word in ASKING for syllable in syllables(word)}
        self.starts = frozenset(
            sound[:size]
            for sound in sounds | set(self.broad_readings.text.split())
            for size in range(1, len(sound) + 1)
        )

    def _add(self, number: int, phrase: Phrase, read: str) -> None:
        latin_words = latin(phrase.text)
        self._words.update(latin_words)
        words = [stem(word) for word in latin_words if word not in IDLE_WORDS]
        is_theme = phrase.kind in (Kind.CATEGORY, Kind.DEPARTMENT)
        self.lengths.append(len(words))
        for word in words if phrase.kind is not Kind.CODE else ():
            if is_theme:
                self._themes[word].update(phrase.services)
            else:
                self._english[word].add(number)
        if phrase.kind is Kind.NAME:
            self.names.update(dict.fromkeys(phrase.services, number))
        if phrase.is_english:
            self._english_whole[phrase.text].append(number)
        else:
            self._add_chinese(number, phrase, read, is_theme=is_theme)

    def _add_chinese(self, number: int, phrase: Phrase, read: str, *, is_theme: bool) -> None:
        self.whole[phrase.text].append(number)
        self.whole[read].append(number)
        if is_theme:
            self._theme_phrases.append(number)
        first = "".join(syllable[0] for syllable in read.split())
        if len(first) <= LONGEST_SHORT and not is_theme:
            self._initials[first].append(number)
        for head in _heads(first):
            self._heads[head].append(number)
        if not is_theme:
            spelling = read.replace(" ", "")
            if spelling not in self.spellings:
                self._spelled[spelling[0], len(spelling)].append(spelling)
            self.spellings[spelling] = phrase.text
        # What is shared has no station: a station's own words are found whole.
        if phrase.station is not None:
            self._own.append(number)
        else:
            shared = self._themes if is_theme else self._pieces
            for place in phrase.services if not is_theme else ():
                self._called[place].append(number)
            for piece in written_pieces(phrase.text, (1, 2, 3)):
                shared[piece].update(phrase.services)
            for piece in read_pieces(read.split()) if not is_theme else ():
                shared[piece].update(phrase.services)

    def spelled_like(self, typed: str) -> list[str]:
        """Return what is spelled with the same first letter and about as many letters."""
        return [
            spelling
            for length in range(len(typed) - SLIPS, len(typed) + SLIPS + 1)
            for spelling in self._spelled.get((typed[0], length), ())
        ]

    def containing(self, text: str) -> Iterator[tuple[int, int]]:
        """Find the phrases with a text in them, and at which place first; English ones whole."""
        yield from ((number, 0) for number in self._english_whole.get(text, ()))
        runs = HANZI.findall(text)
        places = set.intersection(*map(self._chinese_term, runs)) if runs else None
        yield from self._among(self.texts, text, places)

    def read_as(self, read: str) -> Iterator[tuple[int, int]]:
        """Find the phrases with a reading in theirs, and at which place first."""
        pairs = read_pieces(read.split())
        places = set.intersection(*map(self.sharing, pairs)) if pairs else None
        return self._among(self.readings, read, places)

    def _among(self, lines: Lines, text: str, places: set[int] | None) -> Iterator[tuple[int, int]]:
        if places is None or len(places) > FEW:
            yield from lines.containing(text)
            return
        numbers = {number for place in places for number in self._called[place]}
        for number in (*numbers, *self._own, *self._theme_phrases):
            at = lines.find(number, text)
            if at >= 0:
                yield number, at

    @cached_property
    def letters(self) -> dict[str, list[Service]]:
        """The services by the first letter of their reading, in its order."""
        letters: dict[str, list[tuple[tuple[str, ...], str, Service]]] = defaultdict(list)
        for service in self.services:
            read = syllables(plain(service.name_zh))
            first = next((sound[0].upper() for sound in read if sound[0].isalpha()), "Z")
            letters[first].append((read, service.code, service))
        return {
            letter: [service for _, _, service in sorted(entries)]
            for letter, entries in sorted(letters.items())
        }

    def sharing(self, piece: str) -> set[int]:
        """Return the services whose words have this piece: a character, a syllable, or two."""
        return self._pieces.get(piece, _NONE)

    def themed(self, piece: str) -> set[int]:
        """Return the services whose category or department has this piece."""
        return self._themes.get(piece, _NONE)

    def headed(self, heads: Iterable[str]) -> list[int] | None:
        """Return the phrases with syllables that begin so; None if that is nearly all of them."""
        found: set[int] = set()
        for head in heads:
            if len(head) not in HEADS:
                return None
            found.update(self._heads.get(head, ()))
        return sorted(found) if len(found) < len(self.phrases) // 3 else None

    def shortened_to(self, typed: str) -> list[int]:
        """Return the phrases that a few letters stand for, one for each syllable: sbk, sb卡."""
        first = "".join(sound[0] for sound in syllables(" ".join(typed)) if sound != "|")
        written = set(HANZI.findall(typed))
        numbers = self._initials.get(first, ())
        return [n for n in numbers if all(w in self.phrases[n].text for w in written)]

    def having(self, term: str) -> set[int]:
        """Return the services that are called something with this term in it."""
        known = self._having.get(term)
        if known is None:
            known = self._english_term(term) if term.isascii() else self._chinese_term(term)
            self._having[term] = known
        return known

    def _chinese_term(self, term: str) -> set[int]:
        runs = written_pieces(term, (min(3, len(term)),))
        if not runs:
            return _NONE
        return set.intersection(*(self.sharing(run) for run in runs))

    def _english_term(self, term: str) -> set[int]:
        words = telling_words(term)
        numbers = set.intersection(*(self._english.get(stem(word), _NONE) for word in words))
        return {place for number in numbers for place in self._owners(number)}

    def _owners(self, number: int) -> tuple[int, ...]:
        phrase = self.phrases[number]
        return phrase.services if phrase.station is None else ()

    def worth(self, found: int) -> float:
        """Return how much it says to have one of the things that so many services have.

        What none of them has says little: it is a seam between words as a rule.
        """
        if not found:
            return UNKNOWN
        return math.log(1 + len(self.services) / (1 + found))

    def english(self, word: str, *, is_family: bool = True) -> dict[int, float]:
        """Return the phrases with an English word, or with one that starts so, and how surely."""
        root = stem(word)
        found = dict.fromkeys(self._english.get(root, ()), 1.0)
        starts = [(word, 0.9)] if len(word) > 1 else []
        if is_family and len(root) >= FAMILY:
            starts.append((root[:FAMILY], 0.85))
        for start, sure in starts:
            at = bisect_left(self._stems, start)
            while at < len(self._stems) and self._stems[at].startswith(start):
                for number in self._english[self._stems[at]]:
                    found.setdefault(number, sure)
                at += 1
        return found

    def english_services(self, word: str) -> tuple[set[int], set[int]]:
        """Return the services with an English word, and those with one of its family."""
        sure: set[int] = set()
        maybe: set[int] = set()
        for number, how in self.english(word).items():
            (sure if how == 1 else maybe).update(self._owners(number))
        return sure, maybe - sure


_NONE: set[int] = set()


def _in_turns(things: Iterable[T]) -> Iterator[T]:
    """Go through things, and let whoever else waits for this process have a turn now and then."""
    for number, thing in enumerate(things):
        if number % TURN == 0:
            time.sleep(0)
        yield thing


def _heads(first: str) -> set[str]:
    return {first[start : start + size] for size in HEADS for start in range(len(first) - size + 1)}


def written_pieces(text: str, sizes: Sequence[int]) -> list[str]:
    """Return a text's pieces of Chinese characters that stand together, each once."""
    return list(
        dict.fromkeys(
            run[start : start + size]
            for run in HANZI.findall(text)
            for size in sizes
            for start in range(len(run) - size + 1)
        )
    )


def read_pieces(read: Sequence[str]) -> list[str]:
    """Return the pairs of a reading's syllables; blanks tell them from what is written."""
    return [f" {one} {two} " for one, two in pairwise(read) if one.isalnum() and two.isalnum()]


def _phrases(
    services: Sequence[Service], synonyms: Iterable[tuple[int, int, str]]
) -> Iterator[Phrase]:
    places = {service.id: place for place, service in enumerate(services)}
    called: dict[tuple[Kind, str, int | None], list[int]] = defaultdict(list)
    for place, service in enumerate(_in_turns(services)):
        for kind, word in _called(service):
            called[kind, word, None].append(place)
    for station, service_id, word in synonyms:
        if service_id in places:
            called[Kind.SYNONYM, word, station].append(places[service_id])
    for (kind, word, of), owners in _in_turns(called.items()):
        text = plain(word).replace("\n", " ")
        if text.strip():
            shown = "" if kind is Kind.SHORT else word
            yield Phrase(kind, text, shown, tuple(owners), of)


def _called(service: Service) -> Iterator[tuple[Kind, str]]:
    category = service.category
    yield Kind.CODE, service.code
    yield Kind.NAME, service.name_zh
    yield from ((Kind.KEYWORD, word) for word in dict.fromkeys(service.keywords))
    yield from ((Kind.SHORT, word) for word in meanings().shortened(service.name_zh))
    yield Kind.ENGLISH, service.name_en
    yield Kind.CATEGORY, category.name_zh
    yield Kind.CATEGORY, category.name_en
    yield Kind.DEPARTMENT, service.department
