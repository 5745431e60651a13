"""A table of services: rows of text → checked services, or every line that is wrong and why.

The header names the columns as the catalog's files do (`name_zh`) or as the national schema of
service guides does (事项名称). Both files that are exported use the second.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from kiosk.catalog.models import Delivery, Domain, Service
from kiosk.refusal import say

LONGEST_SHOWN = 60
MOST_WRONG = 1000
_DOMAINS = {domain.name_zh: domain for domain in Domain}
_DELIVERIES = {delivery.name_zh: delivery for delivery in Delivery}
_FEES = {"免费": False, "收费": True, "": None}

NATIONAL = {
    "code": "地方编码",
    "name_zh": "事项名称",
    "name_en": "英文名称",
    "domain": "领域",
    "category_zh": "类别",
    "category_en": "类别英文名称",
    "department_zh": "实施主体",
    "audience": "服务对象",
    "item_type": "事项类型",
    "delivery": "办理形式",
    "legal_days": "法定办结时限",
    "promised_days": "承诺办结时限",
    "fee": "是否收费",
    "on_site_visits": "到办事现场次数",
    "keywords": "别名",
    "source": "来源",
}
COLUMNS = {national: name for name, national in NATIONAL.items()}


def _one_of(words: dict[str, Any]) -> BeforeValidator:
    def look_up(word: str) -> Any:  # noqa: ANN401 - the value that the word stands for
        if word not in words:
            raise ValueError(word)
        return words[word]

    return BeforeValidator(look_up)


def _blank_is_unknown(text: str) -> str | None:
    return text or None


# A line break or a control character would not come through every spreadsheet as it was.
_ONE_LINE = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def _on_one_line(text: str) -> str:
    if _ONE_LINE.search(text):
        raise PydanticCustomError("line_break", "a line break or a control character")
    return text


OneLine = Annotated[str, AfterValidator(_on_one_line)]
Line = Annotated[OneLine, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Days = Annotated[Annotated[int, Field(ge=0, le=3650)] | None, BeforeValidator(_blank_is_unknown)]
Words = Annotated[
    list[str],
    BeforeValidator(lambda text: [w for w in _on_one_line(text).split("|") if w.strip()]),
]


class ServiceRow(BaseModel):
    """One service in a table; every field is what the column of that name says."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}-\d{4}$")]
    name_zh: Line
    name_en: Line
    domain: Annotated[Domain, _one_of(_DOMAINS)]
    category_zh: Line
    category_en: Line
    department_zh: Annotated[OneLine, StringConstraints(max_length=200)]
    audience: Line
    item_type: Line
    delivery: Annotated[Delivery, _one_of(_DELIVERIES)]
    legal_days: Days
    promised_days: Days
    fee: Annotated[bool | None, _one_of(_FEES)]
    on_site_visits: Days
    keywords: Words
    source: Annotated[OneLine, StringConstraints(max_length=500)]

    @property
    def category_code(self) -> str:
        """The category's code is the service's without its last two digits: `DJ-01`."""
        return self.code[:-2]

    @property
    def values(self) -> dict[str, Any]:
        """What the row says of the service itself, by the model's own names."""
        values = self.model_dump(exclude={"domain", "category_zh", "category_en", "department_zh"})
        return values | {"category_code": self.category_code, "department": self.department_zh}

    @property
    def record(self) -> dict[str, str]:
        """The row as text, column by column, as a file holds it."""
        texts = {
            "domain": self.domain.name_zh,
            "delivery": self.delivery.name_zh,
            "fee": next(word for word, value in _FEES.items() if value is self.fee),
            "keywords": "|".join(self.keywords),
        }
        return {column: texts.get(column, _text(getattr(self, column))) for column in NATIONAL}


class WrongRow:
    """A line that cannot be taken over, and why: English words, filled with `values`."""

    def __init__(self, line: int, words: str, **values: object) -> None:
        self.line = line
        self.words = words
        self.values = values

    @property
    def told(self) -> list[Any]:
        """The line, the words and their values as JSON; `WrongRow.read` makes them a row again."""
        return [self.line, self.words, self.values]

    @classmethod
    def read(cls, told: Sequence[Any]) -> "WrongRow":
        """Return the wrong line that was told as JSON."""
        line, words, values = told
        return cls(line, words, **values)

    def __str__(self) -> str:
        return f"line {self.line}: {self.words % self.values}"


@dataclass
class Checked:
    """What a table holds: the rows that are right, and the lines that are wrong."""

    rows: list[ServiceRow] = field(default_factory=list)
    wrong: list[WrongRow] = field(default_factory=list)


class WrongFile(Exception):
    """A table with wrong rows; nothing of it was taken over."""

    def __init__(self, rows: Sequence[WrongRow]) -> None:
        super().__init__("\n".join(map(str, rows)))
        self.rows = rows

    @classmethod
    def of(cls, row: WrongRow) -> "WrongFile":
        """Return the refusal of a file that cannot be read past this line."""
        return cls([row])


def check(records: Iterable[tuple[int, Mapping[str, str]] | WrongRow]) -> Checked:
    """Check the records of a table, each with its line, one by one and against each other."""
    checked = Checked()
    first_line: dict[str, int] = {}
    groups: dict[str, tuple[str, ...]] = {}
    for found in records:
        if isinstance(found, WrongRow):
            checked.wrong.append(found)
            continue
        line, record = found
        if len(checked.wrong) >= MOST_WRONG:
            words = WrongRow(line, "%(most)s lines are wrong; reading stopped", most=MOST_WRONG)
            raise WrongFile([*checked.wrong, words])
        row = _row(line, record, checked.wrong)
        if row is None:
            continue
        if row.code in first_line:
            first = first_line[row.code]
            words = WrongRow(
                line, "%(code)s stands on line %(first)s too", code=row.code, first=first
            )
            checked.wrong.append(words)
        first_line.setdefault(row.code, line)
        group = (row.domain, row.category_zh, row.category_en)
        if groups.setdefault(row.category_code, group) != group:
            words = WrongRow(
                line, "category %(code)s has another name here", code=row.category_code
            )
            checked.wrong.append(words)
        checked.rows.append(row)
    if not checked.rows and not checked.wrong:
        checked.wrong.append(WrongRow(1, "the file has no rows"))
    return checked


def row_of(service: Service) -> ServiceRow:
    """Return a service as a row of a table, from which `check` makes the same service."""
    return ServiceRow.model_construct(
        code=service.code,
        name_zh=service.name_zh,
        name_en=service.name_en,
        domain=service.domain,
        category_zh=service.category.name_zh,
        category_en=service.category.name_en,
        department_zh=service.department,
        audience=service.audience,
        item_type=service.item_type,
        delivery=service.delivery,
        legal_days=service.legal_days,
        promised_days=service.promised_days,
        fee=service.fee,
        on_site_visits=service.on_site_visits,
        keywords=service.keywords,
        source=service.source,
    )


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _row(line: int, record: Mapping[str, str], wrong: list[WrongRow]) -> ServiceRow | None:
    try:
        return ServiceRow.model_validate(record)
    except ValidationError as error:
        for detail in error.errors():
            column = str(detail["loc"][0])
            value = str(detail["input"])[:LONGEST_SHOWN]
            values = {"column": NATIONAL.get(column, column), "value": value}
            values |= {"choices": ", ".join(_CHOICES.get(column, ()))}
            wrong.append(WrongRow(line, _WORDS.get(detail["type"], _WORDS[""]), **values))
        return None


_CHOICES = {"domain": tuple(_DOMAINS), "delivery": tuple(_DELIVERIES), "fee": ("免费", "收费")}
_WORDS = {
    "": say("%(column)s: %(value)s cannot be used"),
    "string_too_short": say("%(column)s: must not be empty"),
    "string_too_long": say("%(column)s: too long"),
    "string_pattern_mismatch": say("%(column)s: %(value)s does not look like DJ-0101"),
    "int_parsing": say("%(column)s: %(value)s is not a whole number"),
    "line_break": say("%(column)s: must be one line without control characters"),
    "value_error": say("%(column)s: %(value)s is none of %(choices)s"),
}
