"""Stylesheets and modules are sent compressed to who takes it, and whole to others."""

import gzip
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.databases import on_sqlite

pytestmark = on_sqlite
SHEET = "/static/css/base.css"
WHOLE = Path("static/css/base.css").read_bytes()


def test_own_files_are_compressed_for_who_takes_it(cast: Cast) -> None:
    browser = cast.browser()
    for _time in range(2):
        answer = browser.get(SHEET, headers={"Accept-Encoding": "gzip, br"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert len(answer.data) == int(answer.headers["Content-Length"]) < len(WHOLE) / 2
        assert gzip.decompress(answer.data) == WHOLE
    again = browser.get(
        SHEET,
        headers={
            "Accept-Encoding": "gzip",
            "If-Modified-Since": answer.headers["Last-Modified"],
        },
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    "headers", [{}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip", "Range": "bytes=0-9"}]
)
def test_others_get_them_whole(cast: Cast, headers: dict[str, str]) -> None:
    answer = cast.browser().get(SHEET, headers=headers, buffered=True)
    assert "Content-Encoding" not in answer.headers
    assert WHOLE.startswith(answer.data)


def test_what_is_not_there_stays_not_there(cast: Cast) -> None:
    answer = cast.browser().get("/static/css/none.css", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 404
