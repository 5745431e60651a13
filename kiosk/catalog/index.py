"""The index behind the search: what services are called, read aloud and in English.

It is built once and never changes; a phrase is one thing that services are called, and belongs
to all services that are called so. Lines of text are searched as one long string, which is the
quickest way that Python has.
"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from re import Pattern

import snowballstemmer

from kiosk.catalog.models import Service
from kiosk.catalog.pinyin import ASKING, is_hanzi, plain, reading, syllables

_stemmer = snowballstemmer.stemmer("english")
# Words of an English sentence that say nothing about what somebody wants.
IDLE_WORDS = frozenset(
    (
        *("a", "an", "and", "are", "at", "be", "can", "cannot", "could"),
        *("did", "do", "does", "for", "from", "get", "got", "had", "has"),
        *("have", "how", "i", "if", "in", "is", "it", "its", "me"),
        *("my", "need", "of", "on", "or", "our", "please", "should", "some"),
        *("that", "the", "their", "there", "this", "to", "want", "was", "we"),
        *("what", "when", "where", "which", "who", "with", "would", "you", "your"),
    )
)


# What a piece is worth that stands nowhere in the catalog.
UNKNOWN = 2.5
# Words with so many letters in common are of one family: registering, registration.
FAMILY = 6


class Kind(Enum):
    """What a phrase is to a service, and how much it says."""

    CODE = 1.0
    NAME = 0.999
    SYNONYM = 0.998
    KEYWORD = 0.99
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


class Lines:
    """Many lines as one string: where something stands, by the line's number."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.text = "\n".join(lines) + "\n"
        self._starts: list[int] = []
        at = 0
        for line in lines:
            self._starts.append(at)
            at += len(line) + 1

    def containing(self, piece: str) -> Iterator[tuple[int, int]]:
        """Find the lines that have this in them, and at which place first."""
        at = self.text.find(piece)
        while at >= 0:
            line = bisect_right(self._starts, at) - 1
            yield line, at - self._starts[line]
            at = self.text.find(piece, self._end(line))

    def matching(self, pattern: Pattern[str]) -> Iterator[tuple[int, int, str]]:
        """Find the lines where a pattern fits: the line, the place, and what fitted."""
        found = pattern.search(self.text)
        while found:
            line = bisect_right(self._starts, found.start()) - 1
            yield line, found.start() - self._starts[line], found.group()
            found = pattern.search(self.text, self._end(line))

    def syllables_before(self, line: int, at: int) -> int:
        """Return how many syllables of a line stand before a place."""
        start = self._starts[line]
        return self.text.count(" ", start, start + at)

    def letters(self, line: int, first: int, count: int) -> int:
        """Return how many letters some syllables of a line have."""
        text = self.text[self._starts[line] : self._end(line)]
        return sum(map(len, text.split()[first : first + count]))

    def _end(self, line: int) -> int:
        return self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)


class Index:
    """Everything that services are called, ready to be asked."""

    def __init__(
        self,
        services: Sequence[Service],
        synonyms: Iterable[tuple[int, int, str]] = (),
    ) -> None:
        """Read services by code, and synonyms: station's id, service's id, word."""
        self.services = services
        self.phrases = list(_phrases(services, synonyms))
        self.texts = Lines([phrase.text for phrase in self.phrases])
        self.readings = Lines(["" if p.is_english else reading(p.text) for p in self.phrases])
        self.whole: dict[str, list[int]] = defaultdict(list)
        self.spellings: dict[str, str] = {}
        self._english: dict[str, set[int]] = defaultdict(set)
        self._pieces: dict[str, set[int]] = defaultdict(set)
        self.lengths: list[int] = []
        self.names: dict[int, int] = {}
        for number, phrase in enumerate(self.phrases):
            self._add(number, phrase)
        self._stems = sorted(self._english)
        self.called = list(dict.fromkeys(self.spellings.values()))
        self.spelled = list(self.spellings)
        self.english_words = sorted({word for p in self.phrases for word in _latin(p.text)})
        self.syllables = frozenset(
            syllable for syllable in set(self.readings.text.split()) if syllable.isalpha()
        ) | {syllable for word in ASKING for syllable in syllables(word)}

    def _add(self, number: int, phrase: Phrase) -> None:
        words = [stem(word) for word in _latin(phrase.text) if word not in IDLE_WORDS]
        self.lengths.append(len(words))
        for word in words:
            self._english[word].add(number)
        if phrase.kind is Kind.NAME:
            self.names.update(dict.fromkeys(phrase.services, number))
        if phrase.is_english:
            return
        self.whole[phrase.text].append(number)
        self.whole[reading(phrase.text)].append(number)
        if phrase.kind is not Kind.DEPARTMENT:
            self.spellings[reading(phrase.text).replace(" ", "")] = phrase.text
        # What is shared has no station: a station's own words are found whole.
        if phrase.kind is not Kind.DEPARTMENT and phrase.station is None:
            written, read = pieces(phrase.text)
            for piece in (*written, *read):
                self._pieces[piece].update(phrase.services)

    def sharing(self, piece: str) -> set[int]:
        """Return the services whose words have this piece: a character, a syllable, or two."""
        return self._pieces.get(piece, set())

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


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return an English word without its ending."""
    return str(_stemmer.stemWord(word))


def pieces(text: str) -> tuple[list[str], list[str]]:
    """Return a text's pieces, of one to three, as they are written and as they are read."""
    signs = [sign if is_hanzi(sign) else "" for sign in text]
    return _runs(signs), read_pieces([s if s.isalnum() else "" for s in syllables(text)])


def read_pieces(read: Sequence[str]) -> list[str]:
    """Return the pieces of a reading; blanks tell them from what is written."""
    return [f" {piece}" for piece in _runs([one and f"{one} " for one in read])]


def _runs(signs: list[str]) -> list[str]:
    return list(
        dict.fromkeys(
            "".join(signs[start : start + size])
            for size in (1, 2, 3)
            for start in range(len(signs) - size + 1)
            if all(signs[start : start + size])
        )
    )


def _phrases(
    services: Sequence[Service], synonyms: Iterable[tuple[int, int, str]]
) -> Iterator[Phrase]:
    places = {service.id: place for place, service in enumerate(services)}
    called: dict[tuple[Kind, str, int | None], list[int]] = defaultdict(list)
    for place, service in enumerate(services):
        for kind, word in _called(service):
            called[kind, word, None].append(place)
    for station, service_id, word in synonyms:
        if service_id in places:
            called[Kind.SYNONYM, word, station].append(places[service_id])
    for (kind, word, of), owners in called.items():
        text = plain(word).replace("\n", " ")
        if text.strip():
            yield Phrase(kind, text, word, tuple(owners), of)


def _called(service: Service) -> Iterator[tuple[Kind, str]]:
    category = service.category
    yield Kind.CODE, service.code
    yield Kind.NAME, service.name_zh
    yield from ((Kind.KEYWORD, word) for word in dict.fromkeys(service.keywords))
    yield Kind.ENGLISH, service.name_en
    yield Kind.CATEGORY, category.name_zh
    yield Kind.CATEGORY, category.name_en
    yield Kind.DEPARTMENT, service.department


def _latin(text: str) -> list[str]:
    """Return the words of Latin letters and digits in a text."""
    signs = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in text)
    return signs.split()


def telling_words(question: str) -> list[str]:
    """Return the words of an English question that say what somebody wants."""
    words = _latin(question.replace("'s", "").replace("'", ""))
    telling = [word for word in words if word not in IDLE_WORDS]
    return telling or words
