"""Bundles (一件事): several services done as one, with one checklist and one ticket."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, TypeAdapter

from kiosk.catalog.guide import Guide, Material, Part, Text

FILE = Path(__file__).with_name("bundles.json")
PREFIX = "YJS-"

Code = Annotated[str, StringConstraints(pattern=r"^YJS-\d{2}$")]


class Bundle(Part):
    """Several services done as one.

    `materials` are what no service's own guide names yet; `asked` is what people say for it.
    """

    code: Code
    name: Text
    words: Text
    asked: tuple[str, ...] = ()
    services: Annotated[list[str], Field(min_length=2)]
    materials: tuple[Material, ...] = ()
    source: Text
    is_sample: bool = False

    @property
    def name_zh(self) -> str:
        """The official name."""
        return self.name.zh

    @property
    def name_en(self) -> str:
        """The name in English."""
        return self.name.en


@dataclass(frozen=True)
class Needed:
    """A material, and the codes of the services that ask for it."""

    material: Material
    services: tuple[str, ...]


@lru_cache
def bundles() -> tuple[Bundle, ...]:
    """Return every bundle in the order of the file."""
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    return tuple(TypeAdapter(list[Bundle]).validate_python(raw))


def needed(bundle: Bundle, guides: dict[str, Guide]) -> list[Needed]:
    """Return what to bring for all of a bundle: each material once, in its strictest form."""
    asked: dict[str, list[tuple[str, Material]]] = {}
    for code in bundle.services:
        for material in guides[code].materials if code in guides else ():
            asked.setdefault(material.key, []).append((code, material))
    for material in bundle.materials:
        asked.setdefault(material.key, []).append(("", material))
    return [
        Needed(
            _strictest([material for _code, material in rows]),
            tuple(code for code, _material in rows if code),
        )
        for rows in asked.values()
    ]


def _strictest(same: list[Material]) -> Material:
    """Return one material for several: the original if anyone wants it, the most copies."""
    return same[0].model_copy(
        update={
            "original": _any(material.original for material in same),
            "copies": max((m.copies for m in same if m.copies is not None), default=None),
            "is_required": any(material.is_required for material in same),
            "may_follow": all(material.may_follow for material in same),
        }
    )


def _any(answers: Iterable[bool | None]) -> bool | None:
    known = [answer for answer in answers if answer is not None]
    return any(known) if known else None
