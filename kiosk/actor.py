"""Who acts, as event rows keep it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A name without personal data (`device:3`, `member:1`, `visitor`) and the role it acted in."""

    name: str
    role: str


CLOCK = Actor("clock", "clock")
OPERATOR = Actor("operator", "operator")
