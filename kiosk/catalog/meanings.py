"""Meanings: what people say for what offices call it, and short for long names; data, not code."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kiosk.catalog.english import stem, telling_words
from kiosk.catalog.pinyin import ASKS, parts, plain, syllables
from kiosk.config import ROOT

FILE = ROOT / "kiosk" / "catalog" / "meanings.txt"
MOST_SHORT = 4

Signs = tuple[str, ...]


@dataclass(frozen=True)
class Meaning:
    """A word that people say, at its place in a question, and what it may be called."""

    start: int
    end: int
    terms: tuple[str, ...]


@dataclass
class Words:
    """Words of one script, as signs: characters, syllables, or stems of English words."""

    terms: dict[Signs, tuple[str, ...]] = field(default_factory=dict)
    idle: set[Signs] = field(default_factory=set)
    longest: int = 1

    def add(self, said: Sequence[str], terms: Sequence[str]) -> None:
        """Note what a word may be called, besides what is known of it."""
        known = self.terms.get(tuple(said), ())
        self.terms[tuple(said)] = tuple(dict.fromkeys((*known, *terms)))
        self.longest = max(self.longest, len(said))

    def add_idle(self, said: Sequence[str]) -> None:
        """Note a word that says nothing, but ends where another may begin."""
        if tuple(said) not in self.terms:
            self.add(said, ())
            self.idle.add(tuple(said))

    def within(self, signs: Sequence[str]) -> Iterator[Meaning]:
        """Find the known words of a question from left to right, the longest first."""
        at = 0
        while at < len(signs):
            for size in range(min(self.longest, len(signs) - at), 0, -1):
                terms = self.terms.get(tuple(signs[at : at + size]))
                if terms is not None:
                    yield Meaning(at, at + size, terms)
                    at += size
                    break
            else:
                at += 1


@dataclass
class Meanings:
    """All that the file says."""

    written: Words = field(default_factory=Words)
    read: Words = field(default_factory=Words)
    english: Words = field(default_factory=Words)
    short: list[tuple[str, str]] = field(default_factory=list)
    initials: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def shortened(self, name: str) -> list[str]:
        """Return the short names that a long one goes by: 居民身份证丢失补领 → 身份证补领."""
        names = [name]
        for long, short in self.short:
            names.extend([one.replace(long, short) for one in names if long in one])
            if len(names) > MOST_SHORT:
                break
        return list(dict.fromkeys(names))[1 : MOST_SHORT + 1]

    def shortened_to(self, typed: str) -> list[str]:
        """Return the known words that a letter for each syllable stands for: cx → 查询."""
        return self.initials.get(typed, [])


@lru_cache(maxsize=1)
def meanings() -> Meanings:
    """Return what the file says."""
    found = Meanings()
    said: dict[str, list[str]] = defaultdict(list)
    idle: list[str] = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if " > " in line:
            long, short = line.split(" > ")
            found.short.extend((long, one) for one in short.split())
        elif line.startswith("~ "):
            idle.extend(map(plain, line.split()[1:]))
        elif " = " in line:
            left, right = line.split(" = ")
            for word in left.split():
                said[word].extend(right.split())
    for word, terms in said.items():
        _add(found, plain(word.replace("_", " ")), [plain(t.replace("_", " ")) for t in terms])
    for word in idle:
        found.written.add_idle(parts(word))
        if len(word) > 1:
            found.read.add_idle(syllables(word))
    return found


def _add(found: Meanings, word: str, terms: list[str]) -> None:
    if word.isascii():
        found.english.add([stem(one) for one in telling_words(word)], terms)
        return
    found.written.add(parts(word), [term for term in terms if term != word])
    if len(word) > 1:
        found.read.add(syllables(word), terms)
    for one in (word, *terms):
        short = found.initials["".join(sound[0] for sound in syllables(one))]
        if len(one) > 1 and one not in short:
            short.append(one)


@lru_cache(maxsize=1)
def _asks() -> re.Pattern[str]:
    """Match words that only ask, and in a group the known words that have such in them."""
    written = meanings().written
    known = {"".join(word) for word in written.terms.keys() - written.idle}
    kept = sorted((word for word in known if re.search(ASKS, word)), key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, kept))})|{ASKS}")


def without_asking(text: str) -> str:
    """Return a plain question without the words that only ask: 社保卡丢了怎么办 → 社保卡丢了."""
    return _asks().sub(lambda found: found[1] or "", text)
