"""What visitors ask, and which services they mean: data, written without a look at the keywords.

`questions.csv` was written out of the services' names and of what people say; `strangers.csv` by
somebody who did not know the catalog, and its end for services drawn by lot.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

OWN = Path(__file__).with_name("questions.csv")
STRANGERS = Path(__file__).with_name("strangers.csv")


@dataclass(frozen=True)
class Question:
    """What was typed, of which kind it is, and the codes that are right."""

    typed: str
    kind: str
    wanted: frozenset[str]


def questions(*files: Path) -> list[Question]:
    """Read questions from these files, or from all."""
    found: list[Question] = []
    for path in files or (OWN, STRANGERS):
        with path.open(encoding="utf-8", newline="") as file:
            found.extend(
                Question(row["typed"], row["kind"], frozenset(row["wanted"].split()))
                for row in csv.DictReader(file)
            )
    return found
