"""A guide: all that somebody must know to get a service done, in the order of GB/T 36114.

Pure nouns. Every text stands in Chinese and English; None means unknown, and is shown as such.
"""

import json
import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+\- ]{3,20}$")]

# What a guide must not ask for: nobody can prepare it (上海市优化营商环境条例, Art. 24).
_PAPERS = "(?:证明)?(?:材料|资料|文件|证件|证明|手续)"
_VAGUE = "有关|相关|必要|必需|所需|需要|应当|提供|提交|补充|要求|规定|申请|辅助"
CATCH_ALL = re.compile(
    rf"(?:其他|其它|其余)的?(?:(?:{_VAGUE})的?)*{_PAPERS}"
    rf"|(?:有关|相关)的?{_PAPERS}"
    r"|等(?:材料|资料|文件)$"
    r"|\b(?:other|further|additional|relevant|related|necessary)"
    r"(?: (?:relevant|related|necessary|required|supporting))?"
    r" (?:materials?|documents?|papers|files|certificates|evidence)\b",
    re.IGNORECASE,
)


class Part(BaseModel):
    """A part of a guide: what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Part):
    """The same words in both languages."""

    zh: Line
    en: Line


def is_catch_all(name: str) -> bool:
    """Tell whether a material's name names nothing that somebody could bring."""
    return CATCH_ALL.search(name.strip()) is not None


def _no_catch_all(name: Text) -> Text:
    for words in (name.zh, name.en):
        if is_catch_all(words):
            raise PydanticCustomError(
                "catch_all",
                "{name} names nothing that somebody could bring; say what it is",
                {"name": words},
            )
    return name


class Form(StrEnum):
    """In which form a material is taken."""

    PAPER = "paper"
    ELECTRONIC = "electronic"
    EITHER = "either"


class Unit(StrEnum):
    """What a time limit counts."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    UNKNOWN = "unknown"


class Help(StrEnum):
    """How far somebody of the station goes along: 帮办 helps to do it, 代办 does it for them."""

    ASSISTED = "assisted"
    ON_BEHALF = "on_behalf"


class Material(Part):
    """Something to bring. Two guides that name the same `key` mean the same thing."""

    key: Key
    name: Annotated[Text, AfterValidator(_no_catch_all)]
    original: bool | None = None
    copies: Annotated[int, Field(ge=0, le=20)] | None = None
    form: Form | None = None
    is_required: bool = True
    may_follow: bool = False  # 容缺: can be handed in later
    source: Text | None = None
    note: Text | None = None
    sample: Text | None = None


class Step(Part):
    """One step: what is done, and more words on it."""

    name: Text
    words: Text | None = None


class Limit(Part):
    """How long it may take; 0 is on the spot. Where no number can be given, the note says why."""

    amount: Annotated[int, Field(ge=0, le=3650)] | None = None
    unit: Unit = Unit.UNKNOWN
    note: Text | None = None

    @model_validator(mode="after")
    def says_something(self) -> Self:
        """Refuse a limit of neither days nor words."""
        if self.amount is None and self.note is None:
            raise PydanticCustomError("silent", "say how many days, or why there is no number")
        return self


class Fee(Part):
    """Whether it costs something, how much, and by which rule."""

    is_charged: bool
    standard: Text | None = None
    basis: Text | None = None


class Contact(Part):
    """Whom to ask."""

    name: Text
    phone: Phone | None = None
    words: Text | None = None


class Question(Part):
    """What people ask, and the answer."""

    question: Text
    answer: Text


class Guide(Part):
    """The guide of one service."""

    applicants: Text
    conditions: list[Text] = []
    materials: list[Material] = []
    needs_nothing: bool = False  # decided; without it, no materials means that nobody looked
    steps: list[Step] = []
    legal_limit: Limit | None = None
    promised_limit: Limit | None = None
    fee: Fee | None = None
    visits: Annotated[int, Field(ge=0, le=9)] | None = None
    visits_reason: Text | None = None
    place: Text | None = None
    hours: Text | None = None
    contacts: list[Contact] = []
    questions: list[Question] = []
    basis: list[Text] = []
    help: list[Help] = []
    source: Text
    compiled_on: date
    checked_on: date | None = None
    is_sample: bool = False

    @model_validator(mode="after")
    def visits_have_a_reason(self) -> Self:
        """Ask why somebody must come, wherever they must."""
        if self.visits and self.visits_reason is None:
            raise PydanticCustomError("no_reason", "visits: say why somebody must come in person")
        return self

    @model_validator(mode="after")
    def materials_stand_once(self) -> Self:
        """Refuse the same material twice."""
        keys = [material.key for material in self.materials]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise PydanticCustomError(
                "twice", "materials: {keys} stands twice", {"keys": ", ".join(sorted(twice))}
            )
        return self

    @property
    def limit(self) -> Limit | None:
        """The time that a visitor counts on, in days: as promised, or else by law."""
        limits = (self.promised_limit, self.legal_limit)
        return next((one for one in limits if one and one.amount is not None), None)

    @property
    def may_follow(self) -> bool:
        """Whether something can be handed in later (容缺)."""
        return any(material.may_follow for material in self.materials)

    @property
    def content(self) -> dict[str, Any]:
        """The guide as JSON."""
        return self.model_dump(mode="json")


class WrongGuides(Exception):
    """A file of guides with wrong entries; nothing of it was taken over."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


def read_guides(text: str) -> dict[str, Guide]:
    """Return the guides of a JSON file, by their service's code, or raise WrongGuides."""
    try:
        raw = json.loads(text, object_pairs_hook=_no_name_twice)
    except ValueError as error:
        raise WrongGuides([f"no JSON: {error}"]) from error
    if not isinstance(raw, dict) or not raw:
        raise WrongGuides(["the file is no object of guides by their service's code"])
    guides: dict[str, Guide] = {}
    wrong: list[str] = []
    for code, content in raw.items():
        try:
            guides[code] = Guide.model_validate(content)
        except ValidationError as error:
            wrong += [f"{code}: {_place(bad['loc'])}{bad['msg']}" for bad in error.errors()]
    if wrong:
        raise WrongGuides(wrong)
    return guides


def _place(parts: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in parts) + ": " if parts else ""


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _value in pairs]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{', '.join(sorted(twice))} stands twice")
    return dict(pairs)
