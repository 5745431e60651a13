"""What staff typed about a service → checked values, or why a field is not right."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, ValidationError

from kiosk.catalog.draft import Problem
from kiosk.catalog.models import Delivery, Service
from kiosk.refusal import say

MOST_KEYWORDS = 40
LONGEST_KEYWORD = 40
_BETWEEN_WORDS = re.compile(r"[\n,，、;；|]+")

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


def _unknown_if_blank(text: object) -> object:
    return text.strip() or None if isinstance(text, str) else text


def _words(text: object) -> list[str]:
    found = [" ".join(word.split()) for word in _BETWEEN_WORDS.split(str(text))]
    return list(dict.fromkeys(word for word in found if word))


Days = Annotated[Annotated[int, Field(ge=0, le=3650)] | None, BeforeValidator(_unknown_if_blank)]
Visits = Annotated[Annotated[int, Field(ge=0, le=9)] | None, BeforeValidator(_unknown_if_blank)]
Fee = Annotated[
    bool | None, BeforeValidator(lambda sent: {"yes": True, "no": False}.get(str(sent)))
]
Keyword = Annotated[str, StringConstraints(max_length=LONGEST_KEYWORD)]


class Facts(BaseModel):
    """The facts of a service as a form sends them; an empty figure is not known."""

    name_zh: Name
    name_en: Name
    keywords: Annotated[
        list[Keyword], Field(max_length=MOST_KEYWORDS), BeforeValidator(_words)
    ] = []
    department: Line = ""
    audience: Name
    item_type: Name
    delivery: Delivery
    legal_days: Days = None
    promised_days: Days = None
    fee: Fee = None
    on_site_visits: Visits = None
    source: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


def read_facts(sent: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """Return the values of a form, or what is wrong with it, field by field."""
    known = {name: sent[name] for name in Facts.model_fields if name in sent}
    try:
        return Facts.model_validate(known).model_dump(), []
    except ValidationError as error:
        return {}, [_problem(bad) for bad in error.errors()]


def typed(service: Service) -> dict[str, str]:
    """Return the facts of a service as its form shows them."""
    values = {name: getattr(service, name) for name in Facts.model_fields}
    return {name: "" if value is None else str(value) for name, value in values.items()} | {
        "keywords": "、".join(service.keywords),
        "delivery": service.delivery.value,
        "fee": {True: "yes", False: "no", None: ""}[service.fee],
    }


def _problem(bad: Mapping[str, Any]) -> Problem:
    field = str(bad["loc"][0])
    context = bad.get("ctx", {})
    values: dict[str, object] = {
        "value": str(bad["input"])[:60],
        "most": context.get("max_length", context.get("le", "")),
    }
    if bad["type"] in ("missing", "string_too_short"):
        return Problem(field, _MISSING.get(field, _MISSING[""]))
    return Problem(field, _WORDS.get(bad["type"], _WORDS[""]), values)


_MISSING = {
    "": say("This must not be empty."),
    "name_zh": say("The Chinese name is missing. A service is called in both languages."),
    "name_en": say("The English name is missing. A service is called in both languages."),
}
_WORDS = {
    "": say("%(value)s cannot be used here."),
    "int_parsing": say("%(value)s is no whole number. Leave it empty if it is not known."),
    "greater_than_equal": say("Write 0 or more."),
    "less_than_equal": say("Write at most %(most)s."),
    "string_too_long": say("Too long: at most %(most)s characters."),
    "too_long": say("Too many words: at most %(most)s."),
    "enum": say("Choose one of the list."),
}
