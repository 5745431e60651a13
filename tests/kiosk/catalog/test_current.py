"""The index follows the catalog, and keeps nobody waiting."""

import time
from collections.abc import Iterator

import pytest

from kiosk.catalog import current
from kiosk.catalog.actions import note_change
from kiosk.catalog.queries import get_service
from kiosk.catalog.search import search
from kiosk.db import transaction
from tests.cast import Cast

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def rename(code: str, name: str) -> None:
    with transaction():
        get_service(code).name_zh = name
        note_change()


@pytest.fixture
def in_haste() -> Iterator[None]:
    """Let nobody wait for a new index."""
    patience, current.PATIENCE = current.PATIENCE, 0.0
    yield
    current.PATIENCE = patience


def test_change_is_found_at_once(cast: Cast) -> None:
    rename("BM-0103", "借一把油纸伞")
    assert [hit.service.code for hit in search("油纸伞")] == ["BM-0103"]


@pytest.mark.usefixtures("in_haste")
def test_old_index_answers_until_the_new_one_is_there(cast: Cast) -> None:
    search("雨伞")
    rename("BM-0103", "借一把油纸伞")
    assert search("雨伞")[0].service.code == "BM-0103"
    until = time.monotonic() + 60
    while "借一把油纸伞" not in names("油纸伞") and time.monotonic() < until:
        time.sleep(0.01)
    assert names("油纸伞")[0] == "借一把油纸伞"


def names(typed: str) -> list[str]:
    return [hit.service.name_zh for hit in search(typed)]
