"""The search: how long a question takes, and how often it finds, beside SQLite's own search.

FTS5 with its trigram tokenizer has the same words of the same services, and is asked the same
questions in the same process: any piece of a question may fit, the best by its own rank.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import quantiles

from kiosk.catalog.commands import read
from kiosk.catalog.index import Index
from kiosk.catalog.models import Category, Service
from kiosk.catalog.search import find
from kiosk.setup import CATALOG
from tests.kiosk.catalog.questions import Question, questions

SHOWN = 3
LARGE = 20_000
# Other places have the same services under names of their own.
PLACES = (
    *("徐汇", "静安", "黄浦", "虹口", "杨浦", "普陀", "闵行", "宝山", "嘉定"),
    *("浦东", "金山", "松江", "青浦", "奉贤", "崇明", "临港"),
)
Search = Callable[[str], list[str]]


@dataclass(frozen=True)
class Finding:
    """Milliseconds, and the share of questions whose answer was among the first three."""

    services: int
    p50: float
    p99: float
    hits: float


def finding(count: int) -> tuple[Finding, Finding]:
    """Measure the station's search and FTS5 over so many services."""
    services = _services(count)
    asked = questions()
    index = Index(services)
    ours = _measured(count, lambda typed: _codes(find(index, typed)), asked)
    return ours, _measured(count, _fts5(services), asked)


def _codes(hits: Sequence[object]) -> list[str]:
    return [hit.service.code for hit in hits[:SHOWN]]  # type: ignore[attr-defined]


def _measured(count: int, search: Search, asked: Sequence[Question]) -> Finding:
    milliseconds = []
    hits = 0
    for question in asked:
        started = time.perf_counter()
        found = search(question.typed)
        milliseconds.append((time.perf_counter() - started) * 1000)
        hits += bool(question.wanted & set(found))
    cuts = quantiles(milliseconds, n=100)
    return Finding(count, cuts[49], cuts[98], hits / len(asked))


def _services(count: int) -> list[Service]:
    """Make services of the catalog's rows, and more of them for other places."""
    rows = read(CATALOG)
    categories: dict[str, Category] = {}
    services: list[Service] = []
    for number in range(count):
        turn, at = divmod(number, len(rows))
        row = rows[at]
        values = row.values
        group = categories.setdefault(
            row.category_code,
            Category(
                code=row.category_code,
                domain=row.domain,
                name_zh=row.category_zh,
                name_en=row.category_en,
            ),
        )
        if turn:
            values |= {
                "code": f"{row.code}{turn}",
                "name_zh": PLACES[turn - 1] + values["name_zh"],
                "name_en": f"{values['name_en']} in district {turn}",
                "keywords": [_elsewhere(word, turn) for word in values["keywords"]],
            }
        services.append(Service(id=number, category=group, **values))
    return sorted(services, key=lambda service: service.code)


def _elsewhere(word: str, turn: int) -> str:
    return f"{word} in district {turn}" if word.isascii() else PLACES[turn - 1] + word


def _fts5(services: Sequence[Service]) -> Search:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE s USING fts5(code UNINDEXED, words, tokenize='trigram')")
    database.executemany(
        "INSERT INTO s VALUES (?, ?)",
        [(s.code, " ".join((s.name_zh, s.name_en, *s.keywords))) for s in services],
    )

    def search(typed: str) -> list[str]:
        pieces = {typed[at : at + 3] for at in range(max(1, len(typed) - 2))}
        asked = " OR ".join('"{}"'.format(piece.replace('"', "")) for piece in pieces)
        rows = database.execute(
            "SELECT code FROM s WHERE s MATCH ? ORDER BY rank LIMIT ?", (asked, SHOWN)
        )
        return [str(code) for (code,) in rows]

    return search
