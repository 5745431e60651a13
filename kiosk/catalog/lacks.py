"""What a guide still lacks, and how complete it is. Pure."""

from collections.abc import Mapping
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


def _answers(content: Mapping[str, Any], field: str) -> bool:
    """Tell whether a field is answered: 0 visits are, and so is that nothing is to be brought."""
    if field == "materials" and content.get("needs_nothing"):
        return True
    return content.get(field) not in (None, "", [], {})
