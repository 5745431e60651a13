"""A station's own recordings: they come, are heard, and go; what is missing is named."""

import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from kiosk.db import session
from kiosk.staff.models import AuditEntry
from kiosk.staff.permissions import Role
from kiosk.voice.models import Recording
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.pages import form_token, post
from tests.sounds import MP3, tone

PAGE = "/admin/voice"
PLEASE = "/s/raffles-city/voice/zh/please"
SCREEN = "/s/raffles-city/screen.json"


def manager(cast: Cast) -> FlaskClient:
    return cast.browser("zhou", Role.MANAGER)


def send(
    browser: FlaskClient, data: bytes, name: str = "please.wav", to: str = f"{PAGE}/zh/please"
) -> TestResponse:
    file = FileStorage(io.BytesIO(data), name)
    boundary, body = encode_multipart({"csrf_token": form_token(browser, PAGE), "file": file})
    return browser.post(to, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_recording_is_heard_until_it_is_removed(cast: Cast) -> None:
    browser = manager(cast)
    assert browser.get(PLEASE).status_code == 404
    first, second = tone(0.1), tone(0.3)
    for sound in (first, second):
        assert send(browser, sound).status_code == 303
    heard = cast.browser().get(PLEASE)
    assert (heard.data, heard.content_type) == (second, "audio/wav")
    assert heard.headers["X-Content-Type-Options"] == "nosniff"
    assert "请" in session.query(AuditEntry).first().subject  # type: ignore[union-attr]
    assert post(browser, PAGE, f"{PAGE}/zh/please/remove").status_code == 303
    assert browser.get(PLEASE).status_code == 404
    assert session.query(Recording).count() == 0


@on_sqlite
def test_piece_made_ahead_is_heard_where_nothing_was_recorded(cast: Cast) -> None:
    browser = manager(cast)
    folder: Path = cast.app.extensions["config"].data_dir / "voice" / "zh"
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "please.wav"
    made.write_bytes(tone(0.5))
    try:
        assert browser.get(PLEASE).data == made.read_bytes()
        assert "机器合成" in browser.get(PAGE).text
        send(browser, MP3, "please.mp3")
        assert browser.get(PLEASE).content_type == "audio/mpeg"
        post(browser, PAGE, f"{PAGE}/zh/please/remove")
        assert browser.get(PLEASE).data == made.read_bytes()
    finally:
        made.unlink()


@on_sqlite
def test_address_changes_with_the_sound_and_is_kept(cast: Cast) -> None:
    browser = manager(cast)
    send(browser, tone())
    pieces = browser.get(SCREEN).get_json()["voice"][0]["pieces"]
    assert list(pieces) == ["please"]
    kept = browser.get(f"{PLEASE}?v={pieces['please']}")
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert browser.get(PLEASE).headers["Cache-Control"] == "no-store"


@on_sqlite
def test_boards_are_told(cast: Cast) -> None:
    browser = manager(cast)
    topic = "/api/v1/live/board:raffles-city"
    before = browser.get(topic).get_json()
    send(browser, tone())
    after = browser.get(topic).get_json()
    assert after["version"] > before["version"]
    assert after["data"]["screen"] == before["data"]["screen"] + 1


@on_sqlite
def test_page_names_what_is_missing(cast: Cast) -> None:
    browser = manager(cast)
    page = browser.get(PAGE).text
    assert "make voice" in page
    assert "18 段里有 0 段" in page
    send(browser, tone())
    page = browser.get(PAGE).text
    assert "18 段里有 1 段，其中自己录的 1 段" in page
    assert "缺：零、一" in page


@on_sqlite
@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"<html><script>alert(1)</script></html>" * 30, "please.mp3", "这不是 WAV"),
        (tone(40), "please.wav", "512 KB"),
        (tone(loud=0), "please.wav", "没有声音"),
        (b"", "please.ogg", "文件是空的"),
        (tone(), "", "先选一个文件"),
    ],
)
def test_bad_file_is_refused_in_words(cast: Cast, data: bytes, name: str, words: str) -> None:
    answer = send(manager(cast), data, name)
    assert answer.status_code == 409
    assert words in answer.text
    assert session.query(Recording).count() == 0


@on_sqlite
def test_huge_file_is_not_read(cast: Cast) -> None:
    assert send(manager(cast), b"RIFF" * 1024 * 1024 * 2).status_code == 413


@on_sqlite
@pytest.mark.parametrize("piece", ["zh/thanks", "fr/please", "zh/..%2Fsecret_key"])
def test_unknown_piece_is_not_found(cast: Cast, piece: str) -> None:
    browser = manager(cast)
    assert send(browser, tone(), to=f"{PAGE}/{piece}").status_code == 404
    assert browser.get(f"/s/raffles-city/voice/{piece}").status_code == 404


@on_sqlite
def test_clerk_records_nothing(cast: Cast) -> None:
    assert cast.browser("li").get(PAGE).status_code == 403
