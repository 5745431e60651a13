"""A real station, and real browsers: a kiosk, a phone, a board, a desk."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import programs
from tests.browser.people import Hall
from tests.hours import until_midnight_is_past
from tests.servers import CHROMIUM_ARGS, PATIENCE_SECONDS, Station, running

expect.set_options(timeout=PATIENCE_SECONDS * 1000)


@pytest.fixture(autouse=True)
def in_one_day() -> None:
    """Let no story begin on one day and end on the next."""
    until_midnight_is_past()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=programs.chromium(), args=CHROMIUM_ARGS
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Station, str]]:
    """Start a station; returns it with what its setup printed."""
    place = Station(tmp_path_factory.mktemp("station"))
    printed = place.flask("setup")
    with running(place):
        yield place, printed


@pytest.fixture
def hall(browser: Browser, station: tuple[Station, str]) -> Iterator[Hall]:
    place, printed = station
    people = Hall(browser, place, printed)
    yield people
    people.leave()
    assert people.complaints == []


@pytest.fixture(scope="session")
def _callers(station: tuple[Station, str]) -> tuple[dict[str, str], dict[str, str]]:
    place, _printed = station
    here = ("--station", "raffles-city")
    kiosk = place.flask("stations", "device", "发号", "--kind", "kiosk", *here)
    clerk = place.flask("staff", "token", "caller", "--role", "clerk", *here)
    giving, calling = ({"Authorization": f"Bearer {said.split()[-1]}"} for said in (kiosk, clerk))
    return giving, calling


@pytest.fixture
def callers(
    station: tuple[Station, str], _callers: tuple[dict[str, str], dict[str, str]]
) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Yield the headers with which a kiosk takes numbers and a clerk calls them.

    Afterwards nobody is left at a counter or in a queue.
    """
    yield _callers
    counters = f"{station[0].url}/api/v1/stations/raffles-city/counters"
    with httpx.Client(headers=_callers[1], timeout=PATIENCE_SECONDS) as clerk:
        for counter in (1, 2, 3, 4):
            while clerk.post(f"{counters}/{counter}/call-next").json()["ticket"]:
                pass
