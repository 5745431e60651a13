"""How often what somebody means stands first, or among the first three."""

import time
from collections import Counter
from pathlib import Path

import pytest

from kiosk.catalog.current import current_index
from kiosk.catalog.meanings import meanings
from kiosk.catalog.models import Service
from kiosk.catalog.search import nearest, search, search_bundles
from kiosk.db import session
from tests.cast import Cast
from tests.kiosk.catalog.questions import OWN, STRANGERS, questions

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

SHOWN = 3
LEAST = 0.97
LEAST_FIRST = 0.85
# Each kind of question, and how few there may be of it.
KINDS = {
    "exact": 20,
    "partial": 40,
    "everyday": 150,
    "pinyin": 35,
    "initials": 15,
    "mixed": 12,
    "homophone": 15,
    "english": 50,
    "slip": 15,
    "polyphonic": 10,
}


@pytest.mark.parametrize("path", [OWN, STRANGERS], ids=lambda path: path.stem)
def test_what_is_meant_stands_among_the_first(cast: Cast, path: Path) -> None:
    asked = questions(path)
    firsts = 0
    missed = {}
    for question in asked:
        found = [hit.service.code for hit in search(question.typed)[:SHOWN]]
        firsts += bool(found) and found[0] in question.wanted
        if not question.wanted & set(found):
            missed[question.typed] = found
    assert len(missed) <= (1 - LEAST) * len(asked), missed
    assert firsts >= LEAST_FIRST * len(asked)


def test_questions_are_of_all_kinds_and_about_everything(cast: Cast) -> None:
    kinds = Counter(question.kind for question in questions(OWN))
    assert {kind: kinds[kind] for kind, least in KINDS.items() if kinds[kind] < least} == {}
    codes = {code for question in questions() for code in question.wanted}
    services = {service.code: service for service in session.query(Service)}
    assert codes <= services.keys()
    categories = {service.category_code for service in services.values()}
    assert len({services[code].category_code for code in codes}) > 0.9 * len(categories)


def test_what_words_stand_for_is_in_the_catalog(cast: Cast) -> None:
    index = current_index()
    said = meanings()
    terms = {
        term
        for words in (said.written, said.english)
        for known in words.terms.values()
        for term in known
    }
    unknown = {term for term in terms if not index.having(term) and not index.themed(term)}
    assert unknown == set()


@pytest.mark.parametrize(
    "typed",
    [
        *("x" * 10_000, "公" * 10_000, "a公" * 5_000, "gong" * 2_500, "a " * 5_000, "1" * 10_000),
        *(
            "%",
            "_",
            "' OR 1=1 --",
            '"*',
            "<b>",
            "\x00\x07",
            "😀",
            "\u202e",
            "ＳＢ",
            "'",
            "(",
            "[a-",
            "\\",
        ),
        *("社保\n卡", "社保😀卡", "的", "吗", "怎么办", "how to", "\ud7ff", "é", "ﬁ"),
    ],
)
def test_strange_questions_find_something_or_nothing(cast: Cast, typed: str) -> None:
    started = time.process_time()
    assert all(0 < hit.score <= 100 for hit in search(typed))
    assert len(nearest(typed)) <= SHOWN
    assert search_bundles(typed) is not None
    assert time.process_time() - started < 1
