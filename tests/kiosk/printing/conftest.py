"""A printer on the network, and a folder of its own for files."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.config import Config
from tests.printers import ENOUGH, FakePrinter


@pytest.fixture
def config(app: Flask, tmp_path: Path) -> Config:
    found: Config = app.extensions["config"]
    return replace(found, data_dir=tmp_path)


@pytest.fixture
def printer() -> Iterator[FakePrinter]:
    with FakePrinter(ENOUGH) as fake:
        yield fake
