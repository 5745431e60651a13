"""Two versions of a guide side by side: what differs, field by field and word by word. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

_WORDS = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)
# What a reader does not need to hear of: a material's key follows from its name; the ticks of a
# row that is new or gone say nothing.
_SILENT = {"key"}


@dataclass(frozen=True)
class Piece:
    """Some words of a text; `is_other` where the other side does not have them."""

    words: str
    is_other: bool


@dataclass(frozen=True)
class Difference:
    """A part of a field that differs; `row` counts from 1, and is 0 where there are no rows.

    `before` and `after` are the values, None where there is none; texts come in pieces too.
    """

    field: str
    row: int
    part: str
    before: Any
    after: Any
    before_pieces: tuple[Piece, ...] = ()
    after_pieces: tuple[Piece, ...] = ()

    @property
    def path(self) -> str:
        """Where it is: `materials.3.name.zh`, rows counted from 1."""
        return ".".join(filter(None, (self.field, str(self.row or ""), self.part)))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what differs between two contents, in the order of their fields."""
    names = list(dict.fromkeys([*after, *before]))
    return [found for name in names for found in _in_field(name, before.get(name), after.get(name))]


def _in_field(name: str, before: Any, after: Any) -> Iterator[Difference]:  # noqa: ANN401 - JSON
    if isinstance(before, list) or isinstance(after, list):
        for place, (old, new) in enumerate(_aligned(before or [], after or []), 1):
            yield from _in_value(name, place, old, new)
    else:
        yield from _in_value(name, 0, before, after)


def _in_value(name: str, row: int, before: Any, after: Any) -> Iterator[Difference]:  # noqa: ANN401
    old, new = dict(_leaves(before)), dict(_leaves(after))
    for part in dict.fromkeys([*new, *old]):
        was, becomes = old.get(part), new.get(part)
        is_tick = isinstance(was if becomes is None else becomes, bool) and not (old and new)
        if was != becomes and part not in _SILENT and not is_tick:
            yield Difference(name, row, part, was, becomes, *_pieces(was, becomes))


def _leaves(value: Any, part: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{part}.{name}".strip("."))
    elif value not in (None, ""):
        yield part, value


def _aligned(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Pair the rows that are the same thing; a row without a partner stands beside None."""
    matcher = SequenceMatcher(None, [_who(row) for row in before], [_who(row) for row in after])
    for _, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        yield from zip_longest(before[old_from:old_to], after[new_from:new_to])


def _who(row: Any) -> str:  # noqa: ANN401 - JSON
    """Return by what a row is known again: its key, else its first words."""
    if not isinstance(row, Mapping):
        return str(row)
    return str(row.get("key") or next((text for _, text in _leaves(row)), ""))


def _pieces(before: Any, after: Any) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:  # noqa: ANN401
    if not isinstance(before, str) or not isinstance(after, str):
        return (), ()
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left, right = [], []
    for verb, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        is_other = verb != "equal"
        left.append(Piece("".join(old[old_from:old_to]), is_other))
        right.append(Piece("".join(new[new_from:new_to]), is_other))
    return tuple(piece for piece in left if piece.words), tuple(p for p in right if p.words)
