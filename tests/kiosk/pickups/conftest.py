"""Every test here stands in the sample station's lobby."""

import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def here(app: Flask) -> None:
    """Open the database, though a test may not name it."""
