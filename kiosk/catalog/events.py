"""Life events: a way into the catalog by what happens in a life, not by who is in charge."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, TypeAdapter

from kiosk.catalog.guide import Part, Text

FILE = Path(__file__).with_name("events.json")


class LifeEvent(Part):
    """Something that happens: bundles for all of it, what is asked most, and categories."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]
    name: Text
    words: Text
    bundles: tuple[str, ...]
    services: Annotated[tuple[str, ...], Field(min_length=1)]
    categories: tuple[str, ...]

    @property
    def name_zh(self) -> str:
        """The name."""
        return self.name.zh

    @property
    def name_en(self) -> str:
        """The name in English."""
        return self.name.en


@lru_cache
def life_events() -> tuple[LifeEvent, ...]:
    """Return every life event in the order of the file, which is that of a life."""
    found = TypeAdapter(list[LifeEvent]).validate_json(FILE.read_text(encoding="utf-8"))
    return tuple(found)
