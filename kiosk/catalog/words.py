"""Words that a kiosk's keyboard offers: the catalog's own, and everyday ones from a list."""

from collections import defaultdict
from functools import lru_cache

from kiosk.catalog.index import Index, Kind
from kiosk.catalog.pinyin import is_hanzi, plain, syllables
from kiosk.config import ROOT

WORD_LIST = ROOT / "kiosk" / "catalog" / "words.txt"
LONGEST_WORD = 12
# What comes first among words that are typed alike.
WEIGHTS = {Kind.SYNONYM: 40, Kind.KEYWORD: 20, Kind.CATEGORY: 15, Kind.NAME: 10}
EVERYDAY = 50

Word = tuple[str, str, int]


def words(index: Index, station: int) -> list[Word]:
    """Return words with their readings and weights, heaviest first; pure Chinese ones only."""
    weights: dict[str, int] = defaultdict(int)
    for phrase in index.phrases:
        if phrase.kind in WEIGHTS and phrase.station in (None, station):
            weights[phrase.text] += WEIGHTS[phrase.kind] + len(phrase.services)
    for word in _everyday():
        weights[word] += EVERYDAY
    found = [
        (word, " ".join(syllables(word)), weight)
        for word, weight in weights.items()
        if 1 < len(word) <= LONGEST_WORD and all(map(is_hanzi, word))
    ]
    return sorted(found, key=lambda word: (-word[2], len(word[0]), word[0]))


@lru_cache(maxsize=1)
def _everyday() -> list[str]:
    return [plain(word) for word in WORD_LIST.read_text(encoding="utf-8").split()]
