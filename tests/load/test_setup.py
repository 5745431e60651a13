"""From an empty PostgreSQL to a kiosk; browser stories start so on SQLite."""

import re
from pathlib import Path

import pytest

from admin import routes as admin
from kiosk import db
from kiosk import routes as kiosk
from kiosk.app import create_app
from kiosk.config import Config
from tests.pages import post
from tests.servers import ROOT, Postgres, Station


def test_what_setup_prints_makes_a_browser_the_kiosk(
    tmp_path: Path, postgres_server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Station(tmp_path, app=ROOT, DATABASE_URL=postgres_server.new_database("empty"))
    for name, value in place.settings.items():
        monkeypatch.setenv(name, value)
    app = create_app(Config.from_env(), kiosk, admin)
    printed = app.test_cli_runner().invoke(args=["setup"]).output
    assert "1265 services" in printed
    assert re.search(r"one-time password \S+", printed)
    addresses = re.findall(r"http://localhost:(\d+)(/\S+)", printed)
    assert {port for port, _path in addresses} == {str(place.port)}
    browser = app.test_client()
    for _port, path in addresses:
        assert browser.get(path, follow_redirects=True).status_code == 200, path
    link = re.findall(r"the kiosk \(once\): http://[^/]+(\S+)", printed)[0]
    assert 'data-face="kiosk"' in browser.get(post(browser, link, link).location).text
    db.session.remove()
    app.extensions["engine"].dispose()
