"""Search: what somebody typed → services, best first.

A question is tried in several ways, and a service counts by the best of them: the words as they
are typed; as they are read aloud (pinyin, initials, a wrong character of the same sound); English
words; everyday names inside a longer question; and how much of a question it covers, in its own
words or in others that mean the same. If none of them finds anything, slips are repaired.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

from kiosk.catalog import coverage, slips
from kiosk.catalog.bundles import Bundle, bundles
from kiosk.catalog.current import current_index
from kiosk.catalog.english import telling_words
from kiosk.catalog.found import Found
from kiosk.catalog.index import Hit, Index, Kind
from kiosk.catalog.meanings import meanings, without_asking
from kiosk.catalog.models import Category, Domain, Service
from kiosk.catalog.pinyin import (
    heads,
    is_hanzi,
    literal,
    parts,
    pattern,
    plain,
    spelled,
    syllables,
)

LONGEST = 100
# From here on a service is what somebody meant; the looser ways need not be tried.
STRONG = 72
ENOUGH = 3
# Below this, slips are looked for.
DOUBTFUL = 66
MOST_SHARED = 60
# What has a question's words and others for them too covers more than all of it.
MOST_COVERED = 1.1
LONGEST_QUESTION = 40
# Nothing else is looked for; and a bundle stands above the services.
SURELY = 92
MOST_BUNDLES = 2
# What a word that many services have gains over others that are typed alike.
MOST_FAMILIAR = 5
# So many phrases with the same letters say enough about them.
MOST_HEARD = 2_000
# Other words for a part of a question: how sure they are, and how many are tried.
OTHER_WORDS = 0.97
MOST_OTHER_WORDS = 8
# Two words that are typed as one: how good they are, and how long both may be.
IN_PARTS = 70
LONGEST_SHORT = 10
# So many characters beside English words are a question of their own.
LONG_BESIDE = 4
# How sure a reading is that was made out of slips, and what each of them takes.
SLIPPED = 0.86
A_SLIP = 0.06
# What is Chinese in a question, and what is Latin: zunba课程.
_SCRIPTS = re.compile(r"[a-z]{3,}|[^a-z]{2,}")


def search(question: str, station: int | None = None) -> list[Hit]:
    """Return the services that fit at a station, best first; an empty question fits all."""
    return find(current_index(), question, station)


def search_bundles(question: str) -> list[Bundle]:
    """Return the bundles that somebody asks for by a name of theirs; seldom more than one."""
    if not question.strip():
        return []
    found = [hit for hit in find(_bundle_index(), question) if hit.score >= SURELY]
    known = {bundle.code: bundle for bundle in bundles()}
    return [known[hit.service.code] for hit in found][:MOST_BUNDLES]


@lru_cache(maxsize=1)
def _bundle_index() -> Index:
    """Index bundles as if each were a service: they differ in nothing that is searched."""
    event = Category(code="YJS", domain=Domain.CIVIC, name_zh="", name_en="")
    return Index(
        [
            Service(
                id=number,
                code=bundle.code,
                category=event,
                name_zh=bundle.name_zh,
                name_en=bundle.name_en,
                department="",
                keywords=[f"{bundle.name_zh}一件事", *bundle.asked],
            )
            for number, bundle in enumerate(bundles())
        ]
    )


def nearest(question: str, station: int | None = None, limit: int = 3) -> list[Hit]:
    """Return what comes closest to a question that found nothing."""
    return find_near(current_index(), question, station)[:limit]


def find(index: Index, question: str, station: int | None = None) -> list[Hit]:
    """Return what an index has for a question, best first."""
    asked = " ".join(plain(question[:LONGEST]).split())
    if not asked:
        return [Hit(service, 1) for service in index.services]
    found = _exactly(index, asked, station)
    if sum(way.score >= STRONG for way in found.values()) < ENOUGH:
        _loosely(found, asked)
    if found.best < SURELY:
        _in_parts(found, asked)
    if found.best < DOUBTFUL or (asked.isascii() and len(found) < ENOUGH):
        _repaired(found, asked)
    return found.hits(asked)


def find_near(index: Index, question: str, station: int | None = None) -> list[Hit]:
    """Return what has something of a question, closest first."""
    asked = " ".join(plain(question[:LONGEST]).split())
    found = Found(index, station)
    for word in asked.split():
        for way in _exactly(index, word, station).values():
            found.note(way.phrase, way.score, way.meant)
        _covered(found, coverage.chinese(index, without_asking(word)), least=0.15)
    if not found:
        _repaired(found, asked, like=0.5)
    return found.hits(asked)


def _exactly(index: Index, asked: str, station: int | None) -> Found:
    """Find what is called so: as it is written, as it is read, in English."""
    found = Found(index, station)
    _written(found, asked)
    _heard(found, asked)
    words = telling_words(asked) if _is_latin(asked) else []
    if words:
        _english(found, words)
        if asked.isascii():
            _covered(found, coverage.english(index, asked), is_english=True, sure=0.96, least=0.3)
    return found


def _is_latin(asked: str) -> bool:
    """Tell whether a question is English, but for a short word beside it: visa续签."""
    return asked.isascii() or sum(map(is_hanzi, without_asking(asked))) < LONG_BESIDE


def _loosely(found: Found, asked: str) -> None:
    """Find what a whole question is about; of several words, each must say something."""
    asking = [word for word in map(without_asking, asked.split()) if word]
    index = found.index
    if asked.isascii():
        read = spelled("".join(asked.split())[:LONGEST], index.syllables)
        _inside(found, read, is_read=True)
        _covered(found, coverage.heard(index, read), sure=0.95)
        _heard(found, asked, is_broad=True)
    elif len(asking) == 1:
        one = asking[0]
        if one != asked:
            for way in _exactly(index, one, found.station).values():
                found.note(way.phrase, way.score / index.phrases[way.phrase].kind.value)
            _inside(found, parts(asked)[:LONGEST_QUESTION])
        _in_other_words(found, one)
        _inside(found, parts(one)[:LONGEST_QUESTION])
        read = tuple(s if s.isalnum() else "" for s in syllables(one)[:LONGEST_QUESTION])
        _inside(found, read, is_read=True)
        _covered(found, coverage.chinese(index, one[:LONGEST_QUESTION]))
        if found.best < DOUBTFUL:
            _covered(found, coverage.heard(index, read), sure=0.85, least=0.5)
            _heard(found, one, is_broad=True)
        scripts = _SCRIPTS.findall(one)
        if "".join(scripts) == one and len(scripts) > 1:
            _every_word(found, scripts)
    elif asking:
        _every_word(found, asking)
        if not found and not any(word.isascii() for word in asking):
            _loosely(found, "".join(asking))


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


def _fit(share: float, *, is_start: bool, is_name: bool = False) -> float:
    """Rate a question that stands in a phrase by its share of it; 100 if it is the phrase.

    Names are long, and say with every part of them what they are.
    """
    if share >= 1:
        return 100
    return (80 + 12 * share if is_name else 76 + 16 * share) + (4 if is_start else 0)


def _written(found: Found, asked: str, sure: float = 1.0) -> None:
    has_figure = any(sign.isdigit() for sign in asked)
    for number, at in found.index.containing(asked):
        phrase = found.index.phrases[number]
        if phrase.kind is Kind.CODE and not has_figure:
            continue
        is_name = phrase.kind is Kind.NAME
        score = _fit(len(asked) / len(phrase.text), is_start=at == 0, is_name=is_name)
        found.note(number, score * sure, asked)


def _in_other_words(found: Found, asked: str) -> None:
    """Find what is called so when one word of the question is said in another way."""
    signs = parts(asked)
    words = list(meanings().written.within(signs))
    others = [(word, term) for word in words for term in word.terms if not term.isascii()]
    for word, term in others[: MOST_OTHER_WORDS * len(words)]:
        said = "".join((*signs[: word.start], term, *signs[word.end :]))
        if len(said) > len(term):
            _written(found, said, sure=OTHER_WORDS)


def _heard(found: Found, asked: str, *, is_broad: bool = False) -> None:
    """Find readings; the more of the letters were typed, the better, and familiar words first."""
    index = found.index
    lines = index.broad_readings if is_broad else index.readings
    read = literal(asked, is_broad=is_broad)
    if read is not None:
        places = lines.containing(read) if is_broad else index.read_as(read)
        matches = [(number, at, read) for number, at in places]
    else:
        wanted = pattern(asked, is_broad=is_broad)
        if wanted is None:
            return
        among = index.headed(heads(asked, index.starts))
        matches = list(lines.matching(wanted, among))
    _note_heard(found, matches, asked, sure=0.88 if is_broad else 0.92)


def _note_heard(
    found: Found, matches: Sequence[tuple[int, int, str]], asked: str, *, sure: float
) -> None:
    """Note readings: the phrase, the place in its reading, and what was heard there."""
    index = found.index
    typed = sum(2 if is_hanzi(sign) else sign != " " for sign in asked)
    often = Counter(heard for _, _, heard in matches)
    for number, at, heard in matches[:MOST_HEARD]:
        phrase = index.phrases[number]
        signs = parts(phrase.text)
        first = index.readings.syllables_before(number, at)
        meant = signs[first : first + len(heard.split())]
        whole = index.readings.letters(number, first, len(meant))
        is_initials = typed == len(meant) or not asked.isascii()
        told = 0.8 if is_initials else min(1.0, typed / max(1, whole))
        is_name = phrase.kind is Kind.NAME
        fit = _fit(len(meant) / max(1, len(signs)), is_start=first == 0, is_name=is_name)
        score = fit * (sure + 0.06 * told) + min(MOST_FAMILIAR, math.log2(often[heard]))
        found.note(number, score, "".join(meant))


def _in_parts(found: Found, asked: str) -> None:
    """Find what two words mean together that are typed short: sbkbl, sb卡丢失."""
    index = found.index
    if len(asked) > LONGEST_SHORT or not any(sign.isascii() for sign in asked):
        return
    for cut in range(len(asked) - 2, 1, -1):
        left = {index.phrases[number].text for number in index.shortened_to(asked[:cut])}
        left.update(meanings().shortened_to(asked[:cut]))
        right = _meant_by(index, asked[cut:]) if left else set()
        for meant in sorted(left):
            for place in right & index.having(meant):
                share = len(asked) / max(len(asked), len(index.services[place].name_zh))
                found.note_service(place, IN_PARTS + 8 * share, meant)
        if left:
            return


def _meant_by(index: Index, short: str) -> set[int]:
    if not short.isascii():
        return set(coverage.shares(coverage.chinese(index, short)))
    words = [index.having(word) for word in meanings().shortened_to(short)]
    if any(words):
        return set().union(*words)
    numbers = index.headed({short}) or ()
    return {place for number in numbers for place in index.phrases[number].services}


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


def _covered(
    found: Found,
    units: Sequence[coverage.Unit],
    *,
    is_english: bool = False,
    sure: float = 1.0,
    least: float = 0.24,
) -> None:
    """Find what covers most of a question; of several alike, what says little else."""
    index = found.index
    shares = coverage.shares(units)
    good = [place for place, share in shares.items() if share >= least]
    told = coverage.Told(units)
    lengths = index.name_lengths
    good.sort(key=lambda place: (-round(shares[place], 2), lengths[place], place))
    for place in good[:MOST_SHARED]:
        service = index.services[place]
        name = told.of_english(service.name_en) if is_english else told.of(service.name_zh)
        score = 24 + 58 * min(MOST_COVERED, shares[place]) + 3 * name
        found.note_service(place, score * sure)


def _repaired(found: Found, asked: str, like: float = 0.72) -> None:
    """Find what was meant by signs that nothing is called, if they are nearly some that are."""
    index = found.index
    typed = asked.replace(" ", "")
    if not typed.isascii():
        _swapped(found, typed[:LONGEST_SHORT])
        return
    if len(typed) < slips.FEWEST_LETTERS:
        return
    words = [slips.nearest_word(index, word, like) for word in telling_words(asked)]
    if all(words):
        units = coverage.english(index, " ".join(words))
        _english(found, words, sure=0.85)
        _covered(found, units, is_english=True, sure=0.85, least=0.4)
    if found.best < DOUBTFUL or len(found) < ENOUGH:
        _slipped(found, typed, like)


def _swapped(found: Found, typed: str) -> None:
    for at in range(len(typed) - 1):
        swapped = typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :]
        _written(found, swapped, sure=SLIPPED)


def _slipped(found: Found, typed: str, like: float) -> None:
    index = found.index
    readings = slips.readings(index, typed[:LONGEST_QUESTION])
    for count, read in readings:
        sure = SLIPPED - A_SLIP * count
        line = f" {' '.join(read)} "
        matches = [(number, at, line) for number, at in index.read_as(line)]
        _note_heard(found, matches, "".join(read), sure=sure)
        _covered(found, coverage.heard(index, read), sure=sure, least=0.5)
    near = [] if readings else slips.near(typed, index.spelled_like(typed), like)
    for spelling, likeness in near:
        for number in index.whole[index.spellings[spelling]]:
            found.note(number, 74 * likeness, index.phrases[number].text)
