"""How often what somebody means stands first, or among the first three."""

from collections.abc import Iterator

import pytest

from kiosk.catalog.search import search
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.kiosk.catalog.questions import QUESTIONS

pytestmark = on_sqlite

LEAST_FIRST = 0.9
SHOWN = 3


def questions() -> Iterator[tuple[str, list[str]]]:
    """Split each line into what was typed and the codes at its end."""
    for line in QUESTIONS.strip().splitlines():
        if not line.startswith("#"):
            words = line.split()
            codes = [word for word in words if is_code(word)]
            typed = line.removesuffix(" " + " ".join(codes)) if len(words) > 2 else words[0]
            yield typed, codes[1:] if is_code(typed) else codes


def is_code(word: str) -> bool:
    letters, dash, figures = word.partition("-")
    return bool(dash) and letters.isupper() and figures.isdigit()


def test_what_is_meant_stands_first(cast: Cast) -> None:
    asked = list(questions())
    assert len(asked) > 100
    firsts = 0
    missed = {}
    for typed, codes in asked:
        found = [hit.service.code for hit in search(typed)[:SHOWN]]
        firsts += bool(found) and found[0] in codes
        if not set(found) & set(codes):
            missed[typed] = found
    assert missed == {}
    assert firsts / len(asked) > LEAST_FIRST


@pytest.mark.parametrize(
    "typed", ["x" * 10_000, "%", "_", "' OR 1=1 --", "<b>", "\x00\x07", "😀", "\u202e", "ＳＢ", "'"]
)
def test_strange_questions_find_something_or_nothing(cast: Cast, typed: str) -> None:
    assert all(0 < hit.score <= 100 for hit in search(typed))
