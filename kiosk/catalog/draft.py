"""A guide while it is written: what a form sends ↔ the content, and what is wrong with it where.

A form names its fields by their place: `materials.3.name.zh`. The figure only tells rows apart;
they stand in the order in which they are sent. Content that is not right yet is kept as it is.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from kiosk.catalog.guide import Guide, Unit, is_catch_all
from kiosk.catalog.pinyin import plain, syllables
from kiosk.refusal import say

Content = dict[str, Any]

# The fields of one bilingual text, of a list of them, and of rows with parts.
TEXTS = ("applicants", "visits_reason", "place", "hours", "source")
LISTS = ("conditions", "basis")
ROWS = ("materials", "steps", "contacts", "questions")
LIMITS = ("legal_limit", "promised_limit")
LONGEST_KEY = 60
MOST_ROWS = 60

_FIGURE = re.compile(r"^\d{1,9}$")


@dataclass(frozen=True)
class Problem:
    """Why a guide cannot be shown to visitors yet: the field, and English words with values."""

    path: str
    words: str
    values: dict[str, object] = field(default_factory=dict)


def content_of(sent: Iterable[tuple[str, str]]) -> Content:
    """Return the content that a form sent; rows without a word in them are left out."""
    raw = _nested(sent)
    content: Content = {name: _text(raw.get(name)) for name in TEXTS}
    content |= {name: _some(map(_text, _rows(raw, name))) for name in LISTS}
    content |= {name: _some(map(_ROWS[name], _rows(raw, name))) for name in ROWS}
    content |= {name: _limit(raw.get(name)) for name in LIMITS}
    content["fee"] = _fee(raw.get("fee"))
    content["visits"] = _number(raw.get("visits"))
    content["help"] = sorted(_branch(raw.get("help")))
    content["needs_nothing"] = "needs_nothing" in raw
    content["is_sample"] = "is_sample" in raw
    content["compiled_on"] = _line(raw.get("compiled_on"))
    content["checked_on"] = _line(raw.get("checked_on")) or None
    return content


def empty_content(today: date) -> Content:
    """Return the content of a guide that nobody began."""
    return content_of([]) | {"compiled_on": today.isoformat()}


def with_keys(content: Content, known: Mapping[str, str]) -> Content:
    """Return the content with a key for each material: what others call so has one already."""
    taken = set(known.values())
    rows = []
    for row in content["materials"]:
        name = (row.get("name") or {}).get("zh", "")
        rows.append(row | {"key": known.get(name) or _new_key(name, taken)})
    return content | {"materials": rows}


def changed_rows(content: Content, verb: str, path: str) -> Content:
    """Return the content with a row added to a field, or with one removed or moved.

    `verb` is add, remove, up or down; `path` is `materials` or `materials.3`.
    """
    name, _, place = path.partition(".")
    if name not in (*LISTS, *ROWS):
        return content
    rows = list(content[name])
    at = int(place) if _FIGURE.match(place) else len(rows)
    if verb == "add" and len(rows) < MOST_ROWS:
        rows.append({} if name in ROWS else {"zh": "", "en": ""})
    elif at < len(rows) and verb == "remove":
        del rows[at]
    elif at < len(rows) and verb in ("up", "down"):
        to = max(0, min(len(rows) - 1, at + (1 if verb == "down" else -1)))
        rows.insert(to, rows.pop(at))
    return content | {name: rows}


def check(content: Content) -> tuple[Guide | None, list[Problem]]:
    """Return the guide that a content is, or every reason why it is none yet.

    Rows that were only just added are no reason.
    """
    content = content | {name: [row for row in content[name] if row] for name in ROWS}
    content |= {name: [row for row in content[name] if any(row.values())] for name in LISTS}
    problems = [*_catch_alls(content), *_twice(content), *_missing_reason(content)]
    try:
        guide = Guide.model_validate(content)
    except ValidationError as error:
        found = [_problem(bad) for bad in error.errors() if bad["type"] not in _BY_HAND]
        return None, sorted({p.path: p for p in [*found, *problems]}.values(), key=_order)
    return (None if problems else guide), problems


def readable(content: Content) -> Guide | None:
    """Return what visitors could read of a draft: what is not right yet is left out."""
    for _ in range(2):
        guide, problems = check(content)
        if guide is not None:
            return guide
        content = _without(content, problems)
    return check(content)[0]


def _without(content: Content, problems: Iterable[Problem]) -> Content:
    wrong = {tuple(problem.path.split(".")[:2]) for problem in problems}
    kept = dict(content)
    for name in {place[0] for place in wrong if place[0] in content}:
        value = content[name]
        if isinstance(value, list):
            kept[name] = [row for at, row in enumerate(value) if (name, str(at)) not in wrong]
        else:
            kept[name] = None
    if ("visits_reason",) in wrong:
        kept["visits"] = None
    return kept


def _order(problem: Problem) -> tuple[int, list[int]]:
    name = problem.path.partition(".")[0]
    fields = list(Guide.model_fields)
    rows = [int(part) for part in problem.path.split(".") if _FIGURE.match(part)]
    return (fields.index(name) if name in fields else len(fields), rows)


def _nested(sent: Iterable[tuple[str, str]]) -> Content:
    raw: Content = {}
    for name, value in sent:
        *parts, last = name.split(".")
        place = raw
        for part in parts:
            deeper = place.setdefault(part, {})
            place = deeper if isinstance(deeper, dict) else {}
        place[last] = value
    return raw


def _branch(raw: object) -> Content:
    return raw if isinstance(raw, dict) else {}


def _rows(raw: Content, name: str) -> list[object]:
    return list(_branch(raw.get(name)).values())[:MOST_ROWS]


def _some(rows: Iterable[Content | None]) -> list[Content]:
    return [row for row in rows if row is not None]


def _line(raw: object) -> str:
    return "\n".join(raw.split("\r\n")).strip() if isinstance(raw, str) else ""


def _text(raw: object) -> Content | None:
    words = {lang: _line(_branch(raw).get(lang)) for lang in ("zh", "en")}
    return words if any(words.values()) else None


def _number(raw: object) -> int | str | None:
    line = _line(raw)
    return int(line) if _FIGURE.match(line) else line or None


def _yes_or_no(raw: object) -> bool | None:
    return {"yes": True, "no": False}.get(_line(raw))


def _parts(raw: object, *names: str) -> Content:
    return {name: _text(_branch(raw).get(name)) for name in names}


def _said(row: Content) -> Content | None:
    """Return a row, or None where nothing was said in it; ticks say nothing by themselves."""
    told = [value for value in row.values() if not isinstance(value, bool)]
    return row if any(value not in (None, "") for value in told) else None


def _material(raw: object) -> Content | None:
    sent = _branch(raw)
    row = _parts(raw, "name", "source", "note", "sample") | {
        "copies": _number(sent.get("copies")),
        "form": _line(sent.get("form")) or None,
    }
    ticks = {
        "original": _yes_or_no(sent.get("original")),
        "is_required": "is_required" in sent,
        "may_follow": "may_follow" in sent,
    }
    return row | ticks if _said(row) else None


def _contact(raw: object) -> Content | None:
    return _said(_parts(raw, "name", "words") | {"phone": _line(_branch(raw).get("phone")) or None})


_ROWS: dict[str, Callable[[object], Content | None]] = {
    "materials": _material,
    "steps": lambda raw: _said(_parts(raw, "name", "words")),
    "contacts": _contact,
    "questions": lambda raw: _said(_parts(raw, "question", "answer")),
}


def _limit(raw: object) -> Content | None:
    sent = _branch(raw)
    row = {"amount": _number(sent.get("amount")), "note": _text(sent.get("note"))}
    unit = _line(sent.get("unit")) or Unit.UNKNOWN.value
    return row | {"unit": unit} if _said(row) else None


def _fee(raw: object) -> Content | None:
    is_charged = _yes_or_no(_branch(raw).get("is_charged"))
    row = _parts(raw, "standard", "basis")
    return row | {"is_charged": is_charged} if _said(row) or is_charged is not None else None


def _new_key(name: str, taken: set[str]) -> str:
    read = "-".join(re.findall(r"[a-z0-9]+", " ".join(syllables(plain(name)))))
    first = key = read[: LONGEST_KEY - 4].strip("-") or "material"
    number = 1
    while key in taken:
        number += 1
        key = f"{first}-{number}"
    return key


def _missing_reason(content: Content) -> list[Problem]:
    if not content.get("visits") or content.get("visits_reason"):
        return []
    words = say("Say why somebody must come in person, or write 0 visits.")
    return [Problem("visits_reason", words)]


def _catch_alls(content: Content) -> list[Problem]:
    words = say(
        "“%(name)s” is no thing that somebody could bring. Name it, or remove the row."
        " Nothing outside a guide may be asked for (Shanghai's Art. 24)."
    )
    return [
        Problem(f"materials.{at}.name", words, {"name": name})
        for at, row in enumerate(content["materials"])
        for name in (row.get("name") or {}).values()
        if is_catch_all(name)
    ]


def _twice(content: Content) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for at, row in enumerate(content.get("materials") or []):
        name = (row.get("name") or {}).get("zh", "")
        if name and name in first:
            words = say("This stands in row %(row)s already. Remove one of them.")
            problems.append(Problem(f"materials.{at}.name", words, {"row": first[name]}))
        first.setdefault(name, at + 1)
    return problems


def _problem(bad: Mapping[str, Any]) -> Problem:
    path = ".".join(map(str, bad["loc"]))
    context = bad.get("ctx", {})
    values: dict[str, object] = {"value": str(bad["input"])[:60]}
    values |= {"most": context.get("max_length", context.get("le", ""))}
    values |= {"least": context.get("ge", "")}
    if bad["type"] == "string_too_short":
        words = _NO_CHINESE if path.endswith(".zh") else _NO_ENGLISH
        return Problem(path, words)
    return Problem(path, _WORDS.get(bad["type"], _WORDS[""]), values)


# What `check` finds by itself, because a guide that is wrong elsewhere is not asked for it.
_BY_HAND = {"catch_all", "no_reason", "twice"}
_NO_CHINESE = say("The Chinese is missing.")
_NO_ENGLISH = say("The English is missing.")
_WORDS = {
    "": say("This cannot be used like that."),
    "model_type": say("Write it in Chinese and in English."),
    "missing": say("Write it in Chinese and in English."),
    "string_too_long": say("Too long: at most %(most)s characters."),
    "string_pattern_mismatch": say("%(value)s is no telephone number."),
    "int_parsing": say("%(value)s is no whole number."),
    "int_type": say("Write a number; 0 is on the spot."),
    "greater_than_equal": say("Write at least %(least)s."),
    "less_than_equal": say("Write at most %(most)s."),
    "bool_type": say("Say whether it costs something."),
    "enum": say("Choose one of the list."),
    "date_from_datetime_parsing": say("%(value)s is no date."),
}
