"""A catalog file: lines of CSV → checked rows, or every line that is wrong and why."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from kiosk.catalog.models import Delivery, Domain

_DOMAINS = {domain.name_zh: domain for domain in Domain}
_DELIVERIES = {delivery.name_zh: delivery for delivery in Delivery}
_FEES = {"免费": False, "收费": True, "": None}


def _one_of(words: dict[str, Any]) -> BeforeValidator:
    def look_up(word: str) -> Any:  # noqa: ANN401 - the value that the word stands for
        if word not in words:
            raise ValueError(f"{word!r} is none of {', '.join(filter(None, words))}")
        return words[word]

    return BeforeValidator(look_up)


def _blank_is_unknown(text: str) -> str | None:
    return text or None


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Days = Annotated[Annotated[int, Field(ge=0, le=3650)] | None, BeforeValidator(_blank_is_unknown)]


class ServiceRow(BaseModel):
    """One line of a catalog file; the names are the file's header."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}-\d{4}$")]
    name_zh: Line
    name_en: Line
    domain: Annotated[Domain, _one_of(_DOMAINS)]
    category_zh: Line
    category_en: Line
    department_zh: str
    audience: Line
    item_type: Line
    delivery: Annotated[Delivery, _one_of(_DELIVERIES)]
    legal_days: Days
    promised_days: Days
    fee: Annotated[bool | None, _one_of(_FEES)]
    on_site_visits: Days
    keywords: Annotated[
        list[str], BeforeValidator(lambda text: [w for w in text.split("|") if w.strip()])
    ]
    source: str

    @property
    def category_code(self) -> str:
        """The category's code is the service's without its last two digits: `DJ-01`."""
        return self.code[:-2]


@dataclass(frozen=True)
class WrongRow:
    """A line that cannot be taken over, and why."""

    line: int
    reason: str


class WrongFile(Exception):
    """A catalog file with wrong rows; nothing of it was taken over."""

    def __init__(self, rows: Sequence[WrongRow]) -> None:
        super().__init__("\n".join(f"line {row.line}: {row.reason}" for row in rows))
        self.rows = rows


def read(lines: Iterable[str]) -> list[ServiceRow]:
    """Return the checked rows of a CSV file with a header, or raise WrongFile."""
    reader = csv.DictReader(lines, strict=True)
    rows: list[ServiceRow] = []
    wrong: list[WrongRow] = []
    seen: dict[str, int] = {}
    groups: dict[str, tuple[str, ...]] = {}
    try:
        for raw in reader:
            row = _row(raw, reader.line_num, wrong)
            if row is None:
                continue
            if row.code in seen:
                first = seen[row.code]
                wrong.append(WrongRow(reader.line_num, f"{row.code} stands on line {first} too"))
            seen.setdefault(row.code, reader.line_num)
            group = (row.domain, row.category_zh, row.category_en)
            if groups.setdefault(row.category_code, group) != group:
                wrong.append(WrongRow(reader.line_num, f"another category {row.category_code}"))
            rows.append(row)
    except csv.Error as error:
        wrong.append(WrongRow(reader.line_num, str(error)))
    if not rows and not wrong:
        wrong.append(WrongRow(1, "the file has no rows"))
    if wrong:
        raise WrongFile(wrong)
    return rows


def _row(raw: dict[str, str], line: int, wrong: list[WrongRow]) -> ServiceRow | None:
    if None in raw or None in raw.values():
        wrong.append(WrongRow(line, "the number of columns differs from the header's"))
        return None
    try:
        return ServiceRow.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors():
            column = ".".join(str(part) for part in detail["loc"])
            wrong.append(WrongRow(line, f"{column}: {detail['msg']}"))
        return None
