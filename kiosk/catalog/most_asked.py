"""What is asked for most, before a station has figures of its own."""

from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("most_asked.txt")


@lru_cache
def most_asked_first() -> tuple[str, ...]:
    """Return the codes of these services, most asked first."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return tuple(code for line in lines if not line.startswith("#") for code in line.split())
