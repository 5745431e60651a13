"""What stands in every answer, and what keeps others out."""

from pathlib import Path

import pytest
from flask import Flask

from admin import routes as admin
from kiosk import db
from kiosk import routes as kiosk
from kiosk.app import create_app
from kiosk.config import Config
from tests.cast import Cast
from tests.databases import on_sqlite
from tests.pages import post


def make(folder: Path, **settings: str) -> Flask:
    """Make an app as it is served, with these settings and an empty database."""
    app = create_app(Config.from_env({"DATA_DIR": str(folder), **settings}), kiosk, admin)
    db.migrate()
    return app


@on_sqlite
@pytest.mark.parametrize("path", ["/s/raffles-city/", "/admin/sign-in", "/api/v1/stations", "/x"])
def test_policy_allows_nothing_inline(cast: Cast, path: str) -> None:
    headers = cast.app.test_client().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_cookies_are_secure_behind_tls(tmp_path: Path) -> None:
    browser = make(tmp_path, PUBLIC_URL="https://station.example").test_client()
    browser.get("/admin/sign-in", base_url="https://station.example")
    cookie = browser.get_cookie("session", domain="station.example")
    assert cookie is not None
    assert (cookie.secure, cookie.http_only, cookie.same_site) == (True, True, "Lax")


def test_strict_transport_behind_tls_only(tmp_path: Path) -> None:
    client = make(tmp_path).test_client()
    header = "Strict-Transport-Security"
    assert header in client.get("/", base_url="https://station.example").headers
    assert header not in client.get("/").headers


def test_proxy_is_believed_only_when_it_is_named(tmp_path: Path) -> None:
    sent = {"X-Forwarded-Proto": "https"}
    header = "Strict-Transport-Security"
    trusting = make(tmp_path / "a", TRUSTED_PROXIES="1").test_client()
    assert header in trusting.get("/", headers=sent).headers
    plain = make(tmp_path / "b").test_client()
    assert header not in plain.get("/", headers=sent).headers


def test_guessing_a_password_is_slowed_down_by_name(tmp_path: Path) -> None:
    app = make(tmp_path)
    browser = app.test_client()
    page = "/admin/sign-in"
    answers = [
        post(browser, page, page, name="manager", password="x").status_code for _ in range(11)
    ]
    assert answers == [403] * 10 + [429]
    assert post(browser, page, page, name="li", password="x").status_code == 403


def test_secret_key_is_kept_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    first = Config.from_env({"DATA_DIR": str(tmp_path)})
    second = Config.from_env({"DATA_DIR": str(tmp_path)})
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert first.secret_key not in repr(first)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://a@b/c", "postgresql+psycopg://a@b/c"),
        ("postgresql://a@b/c", "postgresql+psycopg://a@b/c"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_database_url_of_any_host_is_understood(tmp_path: Path, given: str, used: str) -> None:
    config = Config.from_env({"DATA_DIR": str(tmp_path), "DATABASE_URL": given})
    assert config.database == used
