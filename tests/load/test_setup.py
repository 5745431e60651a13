"""From an empty PostgreSQL to a kiosk; browser stories start so on SQLite."""

import re
from pathlib import Path

import httpx

from tests.servers import ROOT, Postgres, Station, running


def test_what_setup_prints_makes_a_browser_the_kiosk(
    tmp_path: Path, postgres_server: Postgres
) -> None:
    place = Station(tmp_path, app=ROOT, DATABASE_URL=postgres_server.new_database("empty"))
    printed = place.flask("setup")
    assert "1265 services" in printed
    assert re.search(r"one-time password \S+", printed)
    addresses = re.findall(r"http://localhost:(\d+)(/\S+)", printed)
    assert {port for port, _path in addresses} == {str(place.port)}
    with running(place), httpx.Client(base_url=place.url) as browser:
        for _port, path in addresses:
            assert browser.get(path, follow_redirects=True).is_success, path
        link = re.findall(r"the kiosk \(once\): http://[^/]+(\S+)", printed)[0]
        token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(link).text)[0]
        kiosk = browser.post(link, data={"csrf_token": token}).headers["Location"]
        assert 'data-face="kiosk"' in browser.get(kiosk).text
