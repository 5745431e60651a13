"""Search: what somebody typed → services, best first. Pure calculation over the catalog.

Every word of the question must be found. A service scores by its best place: its code, the
start of its name, anywhere in its name, an everyday word for it, its English name, and last
its category and department.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kiosk.catalog.models import Service

LONGEST = 100


@dataclass(frozen=True)
class Hit:
    """A service found and how well it fits, 0 to 100."""

    service: Service
    score: int


def search(question: str, services: Iterable[Service]) -> list[Hit]:
    """Return the services that fit, best first; an empty question fits all of them."""
    words = plain(question[:LONGEST]).split()
    hits = [Hit(service, score) for service in services if (score := _score(words, service))]
    return sorted(hits, key=lambda hit: (-hit.score, hit.service.code))


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Return text without case, full-width forms and control characters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in folded)


def _score(words: list[str], service: Service) -> int:
    if not words:
        return 1
    scores = [_word_score(word, service) for word in words]
    return sum(scores) // len(scores) if all(scores) else 0


def _word_score(word: str, service: Service) -> int:
    name, code = plain(service.name_zh), plain(service.code)
    keywords = [plain(keyword) for keyword in service.keywords]
    english = plain(service.name_en)
    around = (english, code, plain(service.category.name_zh), plain(service.department))
    places = (
        (100, word in (name, code)),
        (90, name.startswith(word)),
        (85, word in keywords),
        (80, word in name),
        (70, any(word in keyword for keyword in keywords)),
        (60, any(part.startswith(word) for part in english.split())),
        (50, any(len(keyword) > 1 and keyword in word for keyword in keywords)),
        (30, any(word in text for text in around)),
    )
    return next((score for score, fits in places if fits), 0)
