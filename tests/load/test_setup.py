"""From an empty PostgreSQL to a visitor with a number; browser stories start so on SQLite."""

import re
from pathlib import Path

from tests.load.lobby import Lobby
from tests.servers import ROOT, Postgres, Station, running


def test_what_setup_prepares_can_be_used(tmp_path: Path, postgres_server: Postgres) -> None:
    url = postgres_server.new_database("empty")
    place = Station(tmp_path, app=ROOT, DATABASE_URL=url)
    printed = place.flask("setup")
    assert "1265 services" in printed
    assert re.search(r"one-time password \S+", printed)
    assert re.findall(r"http://localhost:(\d+)/", printed) == [str(place.port)] * 5
    kiosk = place.flask("stations", "device", "k", "--kind", "kiosk", "--station", "raffles-city")
    with running(place):
        assert Lobby(place, kiosk.split()[-1], "").take("A")[0]["number"] == "A001"
