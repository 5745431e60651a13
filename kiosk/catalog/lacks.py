"""What a guide still lacks, how complete it is, and where it contradicts the facts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What a visitor asks of a guide, by its field; in the order of the guide.
ASKED = (
    "applicants",
    "conditions",
    "materials",
    "steps",
    "legal_limit",
    "promised_limit",
    "fee",
    "visits",
    "place",
    "hours",
    "contacts",
    "questions",
    "basis",
)


def lacks(content: Mapping[str, Any] | None) -> list[str]:
    """Return the fields that a guide, or a draft of one, does not answer yet."""
    if content is None:
        return list(ASKED)
    return [field for field in ASKED if not _answers(content, field)]


def percent(content: Mapping[str, Any] | None) -> int:
    """Return how much of what visitors ask is answered, 0 to 100."""
    return round(100 * (1 - len(lacks(content)) / len(ASKED)))


@dataclass(frozen=True)
class Clash:
    """A field of a guide whose figure is not the one among the service's facts."""

    field: str
    guide: int
    facts: int


def clashes(content: Mapping[str, Any] | None, facts: Mapping[str, int | None]) -> list[Clash]:
    """Return where a guide, or a draft of one, and the facts both know, and do not agree."""
    found = []
    for field, part, fact in _TWICE:
        value = (content or {}).get(field)
        said = value.get(part) if part and isinstance(value, dict) else value
        known = facts[fact]
        if isinstance(said, int) and known is not None and said != known:
            found.append(Clash(field, said, known))
    return found


# What a guide and the facts both say: the guide's field, the part with the figure, the fact.
_TWICE = (
    ("legal_limit", "amount", "legal_days"),
    ("promised_limit", "amount", "promised_days"),
    ("fee", "is_charged", "fee"),
    ("visits", "", "on_site_visits"),
)


def _answers(content: Mapping[str, Any], field: str) -> bool:
    """Tell whether a field is answered: 0 visits are, and so is that nothing is to be brought."""
    if field == "materials" and content.get("needs_nothing"):
        return True
    return content.get(field) not in (None, "", [], {})
