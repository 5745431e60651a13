"""Search: what somebody typed → services, best first.

A question is tried in several ways, and a service counts by the best of them: the words as they
are typed; as they are read aloud (pinyin, initials, a wrong character of the same sound); English
words; everyday names inside a longer question; and what a question shares with a service, piece
by piece. If none of them finds anything, slips of the finger are repaired.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from kiosk.catalog.index import Hit, Index, Kind, pieces, read_pieces, telling_words
from kiosk.catalog.pinyin import is_hanzi, parts, pattern, plain, spelled, syllables, without_asking
from kiosk.catalog.queries import current_index

LONGEST = 100
# From here on a service is what somebody meant; the looser ways need not be tried.
STRONG = 72
# Below this, slips are looked for.
DOUBTFUL = 66
LEAST = 30
# What is much worse than the best is left out.
WORTH_SHOWING = 0.55
MOST_SHARED = 60
LONGEST_QUESTION = 40
FEWEST_LETTERS = 4
# What a word that many services have gains over others that are typed alike.
MOST_FAMILIAR = 3
# How much it says to share a character, two or three that stand together.
WORTH = (0, 0.4, 1, 0.5)


class Way(NamedTuple):
    """How a service was found: how well, by which phrase, and what of it was meant."""

    score: float
    phrase: int
    meant: str


class Found(dict[int, Way]):
    """The best way to each service, by its place in the index."""

    def __init__(self, index: Index, station: int | None) -> None:
        super().__init__()
        self.index = index
        self.station = station

    def note(self, number: int, score: float, meant: str = "") -> None:
        """Keep a way by a phrase where it is better than what was known."""
        phrase = self.index.phrases[number]
        if phrase.station in (None, self.station):
            way = Way(score * phrase.kind.value, number, meant)
            for service in phrase.services:
                if service not in self or way.score > self[service].score:
                    self[service] = way

    @property
    def best(self) -> float:
        """The best score."""
        return max((way.score for way in self.values()), default=0)


def search(question: str, station: int | None = None) -> list[Hit]:
    """Return the services that fit at a station, best first; an empty question fits all."""
    return find(current_index(), question, station)


def nearest(question: str, station: int | None = None, limit: int = 3) -> list[Hit]:
    """Return what comes closest to a question that found nothing."""
    return find_near(current_index(), question, station)[:limit]


def find(index: Index, question: str, station: int | None = None) -> list[Hit]:
    """Return what an index has for a question, best first."""
    asked = " ".join(plain(question[:LONGEST]).split())
    if not asked:
        return [Hit(service, 1) for service in index.services]
    found = _exactly(index, asked, station)
    if found.best < STRONG:
        _loosely(found, asked)
    if found.best < DOUBTFUL:
        _repaired(found, asked)
    return _hits(found, asked)


def find_near(index: Index, question: str, station: int | None = None) -> list[Hit]:
    """Return what has something of a question, closest first."""
    asked = " ".join(plain(question[:LONGEST]).split())
    found = Found(index, station)
    for word in asked.split():
        for way in _exactly(index, word, station).values():
            found.note(way.phrase, way.score, way.meant)
        _shared(found, *pieces(without_asking(word)), least=0.2)
    if not found:
        _repaired(found, asked, like=0.5)
    return _hits(found, asked)


def _exactly(index: Index, asked: str, station: int | None) -> Found:
    """Find what is called so: as it is written, as it is read, in English."""
    found = Found(index, station)
    _written(found, asked)
    _heard(found, asked)
    if telling_words(asked):
        _english(found, telling_words(asked))
    return found


def _loosely(found: Found, asked: str) -> None:
    """Find what a whole question is about; of several words, each must say something."""
    asking = [word for word in map(without_asking, asked.split()) if word]
    if asked.isascii():
        read = spelled("".join(asked.split())[:LONGEST], found.index.syllables)
        _inside(found, read, is_read=True)
        _shared(found, [], read_pieces(read))
        _heard(found, asked, is_broad=True)
    elif len(asking) == 1:
        if asking[0] != asked:
            for way in _exactly(found.index, asking[0], found.station).values():
                found.note(way.phrase, way.score / found.index.phrases[way.phrase].kind.value)
        _heard(found, asking[0], is_broad=True)
        _inside(found, parts(asking[0])[:LONGEST_QUESTION])
        _inside(found, syllables(asking[0])[:LONGEST_QUESTION], is_read=True)
        _alike(found, asking[0])
        _shared(found, *pieces(asking[0]))
    elif asking:
        _every_word(found, asking)


def _every_word(found: Found, words: Sequence[str]) -> None:
    each = []
    for word in words:
        alone = _exactly(found.index, word, found.station)
        if alone.best < STRONG:
            _loosely(alone, word)
        each.append(alone)
    for place in set[int]().union(*each):
        if all(place in alone for alone in each):
            score = sum(alone[place].score for alone in each) / len(each)
            first = max((alone[place] for alone in each), key=lambda way: len(way.meant))
            if place not in found or found[place].score < score:
                found[place] = first._replace(score=score)


def _fit(share: float, *, is_start: bool) -> float:
    """Rate a question that stands in a phrase by its share of it; 100 if it is the phrase."""
    return 100 if share >= 1 else 76 + 16 * share + (4 if is_start else 0)


def _written(found: Found, asked: str) -> None:
    has_figure = any(sign.isdigit() for sign in asked)
    for number, at in found.index.texts.containing(asked):
        phrase = found.index.phrases[number]
        if phrase.is_english or (phrase.kind is Kind.CODE and not has_figure):
            continue
        found.note(number, _fit(len(asked) / len(phrase.text), is_start=at == 0), asked)


def _heard(found: Found, asked: str, *, is_broad: bool = False) -> None:
    """Find readings; the more of the letters were typed, the better, and familiar words first."""
    wanted = pattern(asked, is_broad=is_broad)
    if wanted is None:
        return
    typed = sum(2 if is_hanzi(sign) else sign != " " for sign in asked)
    matches = list(found.index.readings.matching(wanted))
    often = Counter(heard for _, _, heard in matches)
    for number, at, heard in matches:
        signs = parts(found.index.phrases[number].text)
        first = found.index.readings.syllables_before(number, at)
        meant = signs[first : first + len(heard.split())]
        whole = found.index.readings.letters(number, first, len(meant))
        is_initials = typed == len(meant) or not asked.isascii()
        told = 0.8 if is_initials else min(1.0, typed / max(1, whole))
        sure = (0.88 if is_broad else 0.92) + 0.06 * told
        score = _fit(len(meant) / max(1, len(signs)), is_start=first == 0) * sure
        score += min(MOST_FAMILIAR, math.log2(often[heard]))
        found.note(number, score, "".join(meant))


def _english(found: Found, words: Sequence[str], sure: float = 1.0) -> None:
    """Find phrases with all of the words; of three or more, one may be missing in three."""
    index = found.index
    gained: dict[int, float] = defaultdict(float)
    had: dict[int, int] = defaultdict(int)
    total = 0.0
    is_known = True
    for word in words:
        numbers = index.english(word)
        worth = index.worth(len(numbers))
        total += worth
        is_known = is_known and bool(numbers)
        for number, how in numbers.items():
            gained[number] += worth * how
            had[number] += 1
    least = len(words) - (len(words) // 3 if is_known else len(words) // 4)
    for number, gain in gained.items():
        if had[number] >= least:
            share = had[number] / max(1, index.lengths[number])
            found.note(number, (66 * gain / total + 26 * min(share, 1)) * sure)


def _inside(found: Found, signs: Sequence[str], *, is_read: bool = False) -> None:
    """Find the names that stand whole inside a longer question."""
    for start, end in combinations(range(len(signs) + 1), 2):
        if end - start < (3 if is_read else 2):
            continue  # too many words sound so
        name = f" {' '.join(signs[start:end])} " if is_read else "".join(signs[start:end])
        share = (end - start) / len(signs)
        for number in found.index.whole.get(name, ()):
            score = (40 + 54 * share) * (0.95 if is_read else 1)
            found.note(number, score, found.index.phrases[number].text)


def _alike(found: Found, asked: str) -> None:
    """Find what is called nearly so: 居住证快到期了 is nearly 居住证到期."""
    index = found.index
    near = process.extract(
        asked, index.called, scorer=Indel.normalized_similarity, score_cutoff=0.6, limit=20
    )
    for text, likeness, _ in near:
        for number in index.whole[text]:
            found.note(number, 30 + 55 * likeness)


def _shared(found: Found, written: Sequence[str], read: Sequence[str], least: float = 0.36) -> None:
    """Find what shares the telling pieces of a question, rare ones above all."""
    index = found.index
    shares: dict[int, float] = {}
    for wanted, sure in ((written, 1.0), (read, 0.9)):
        gained: dict[int, float] = defaultdict(float)
        total = 0.0
        for piece in wanted:
            services = index.sharing(piece)
            size = piece.count(" ") - 1 if " " in piece else len(piece)
            worth = index.worth(len(services)) * WORTH[size]
            total += worth
            for place in services:
                gained[place] += worth
        for place, gain in gained.items():
            share = sure * gain / total
            if share >= least and share > shares.get(place, 0):
                shares[place] = share
    for place in sorted(shares, key=lambda place: -shares[place])[:MOST_SHARED]:
        found.note(index.names[place], 24 + 58 * shares[place])


def _repaired(found: Found, asked: str, like: float = 0.72) -> None:
    """Find what was meant by signs that nothing is called, if they are nearly some that are."""
    index = found.index
    typed = asked.replace(" ", "")
    if typed.isascii() and len(typed) >= FEWEST_LETTERS:
        for spelling, likeness in _near(typed, index.spelled, like):
            for number in index.whole[index.spellings[spelling]]:
                found.note(number, 74 * likeness, index.phrases[number].text)
        words = [_nearest_word(index, word, like) for word in telling_words(asked)]
        if all(words):
            _english(found, words, sure=0.85)


def _near(typed: str, among: Sequence[str], like: float) -> list[tuple[str, float]]:
    """Return what differs by few slips: a sign too many, too few, wrong, or two swapped."""
    near = process.extract(
        typed, among, scorer=OSA.normalized_similarity, score_cutoff=like, limit=8
    )
    return [(one, likeness) for one, likeness, _ in near]


def _nearest_word(index: Index, word: str, like: float) -> str:
    if index.english(word, is_family=False) or len(word) < FEWEST_LETTERS:
        return word
    near = _near(word, index.english_words, like)
    return near[0][0] if near else ""


def _hits(found: Found, asked: str) -> list[Hit]:
    """Return what was found, best first, and in the catalog's order where it is the same."""
    least = max(LEAST, found.best * WORTH_SHOWING)
    places = [place for place, way in found.items() if way.score >= least]
    places.sort(key=lambda place: (-round(found[place].score), place))
    return [_hit(found, place, asked) for place in places]


def _hit(found: Found, place: int, asked: str) -> Hit:
    way = found[place]
    phrase = found.index.phrases[way.phrase]
    is_alias = phrase.kind in (Kind.KEYWORD, Kind.SYNONYM, Kind.ENGLISH)
    return Hit(
        found.index.services[place],
        max(1, min(100, round(way.score))),
        phrase.shown if is_alias else "",
        way.meant or asked,
    )
