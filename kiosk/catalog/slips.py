"""Slips of the finger: what was meant by letters that nothing is called."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kiosk.catalog.index import Index

FEWEST_LETTERS = 4
# How long a syllable may be with a slip in it, and how many readings are followed at once.
LONGEST_SYLLABLE = 7
WIDTH = 6
MOST_SLIPS = 2
MOST_NEAR = 8
# Letters with more slips than one in so many are another word.
LETTERS_A_SLIP = 5

Read = tuple[int, tuple[str, ...]]


def near(typed: str, among: Sequence[str], like: float) -> list[tuple[str, float]]:
    """Return what differs by few slips: a sign too many, too few, wrong, or two swapped."""
    found = process.extract(
        typed, among, scorer=OSA.normalized_similarity, score_cutoff=like, limit=MOST_NEAR
    )
    return [(one, likeness) for one, likeness, _ in found]


def nearest_word(index: Index, word: str, like: float) -> str:
    """Return the English word that was meant, or none."""
    if index.english(word, is_family=False) or len(word) < FEWEST_LETTERS:
        return word
    found = near(word, index.english_words, like)
    return found[0][0] if found else ""


def readings(index: Index, letters: str) -> list[Read]:
    """Split letters into syllables that stand together in the catalog, in spite of slips.

    Returns how many slips there are, as few as possible, and the syllables.
    """
    most = min(MOST_SLIPS, max(1, len(letters) // LETTERS_A_SLIP))
    best: list[set[Read]] = [set() for _ in range(len(letters) + 1)]
    best[0].add((0, ()))
    for at in range(len(letters)):
        for slips, read in sorted(best[at], key=lambda one: (one[0], len(one[1])))[:WIDTH]:
            for end, more, syllable in _next(index, letters, at):
                if slips + more <= most and _stand_together(index, read, syllable):
                    best[end].add((slips + more, (*read, syllable)))
    fewest = min((slips for slips, _ in best[-1]), default=0)
    whole = [one for one in best[-1] if one[0] == fewest]
    return sorted(whole, key=lambda one: (len(one[1]), one))[:MOST_NEAR]


def _stand_together(index: Index, read: tuple[str, ...], syllable: str) -> bool:
    return not read or bool(index.sharing(f" {read[-1]} {syllable} "))


def _next(index: Index, letters: str, at: int) -> Iterator[tuple[int, int, str]]:
    for end in range(at + 1, min(len(letters), at + LONGEST_SYLLABLE) + 1):
        piece = letters[at:end]
        if len(piece) > 1:
            yield from ((end, slips, one) for slips, one in _syllables(piece, index.syllables))


@lru_cache(maxsize=20_000)
def _syllables(piece: str, known: frozenset[str]) -> list[tuple[int, str]]:
    """Return the known syllables that some letters are, or are with one slip."""
    found = process.extract(piece, known, scorer=OSA.distance, score_cutoff=1, limit=None)
    return [(int(slips), one) for one, slips, _ in found]
