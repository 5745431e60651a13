"""The board: calls take turns and are spoken, a recall anew, a sleep is not made up for loudly.

Each piece of speech is a tone of a length of its own, so that the lengths tell what was said.
Time runs as fast as the story needs: the page's clock is the test's.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kiosk.voice.phrases import PIECES, Language, call
from tests.browser.people import BOARD, Hall
from tests.servers import Station
from tests.sounds import tone

ZH, EN = Language.ZH, Language.EN
SECONDS = {
    (language, name): 0.032 + 0.004 * place
    for place, (language, name) in enumerate(
        (language, name) for language in Language for name in PIECES[language]
    )
}
NAMES = {round(seconds * 250): piece for piece, seconds in SECONDS.items()}
# What the browser is asked to play: a piece's length in 250ths of a second, 0 for the chime.
LISTEN = """
window.heard = [];
for (const [Source, length] of [
    [AudioBufferSourceNode, (source) => Math.round(source.buffer.duration * 250)],
    [OscillatorNode, () => 0],
]) {
    const { start } = Source.prototype;
    Source.prototype.start = function (at) {
        heard.push(length(this));
        return start.call(this, at);
    };
}
"""
HOLD_MS = 9_000
CHIME = [0, 0]


class Lobby:
    """A board with its voice, and the counters that call."""

    def __init__(self, hall: Hall, kiosk: dict[str, str], clerk: dict[str, str]) -> None:
        self.hall = hall
        self.page = hall.window(BOARD)
        self.home = hall.url("/api/v1/stations/raffles-city")
        self.kiosk, self.clerk = kiosk, clerk

    def open(self, path: str = "/s/raffles-city/board") -> Page:
        """Open the board; what was called before is two minutes old."""
        self.hall.let_calls_age()
        self.page.clock.install()
        self.page.add_init_script(LISTEN)
        self.page.goto(self.hall.url(path))
        expect(self.page.locator("[data-age-is=fresh]")).to_be_visible()
        return self.page

    def take(self, queue: str) -> None:
        sent = self.page.request.post(
            f"{self.home}/tickets", headers=self.kiosk, data={"queue": queue}
        )
        assert sent.status == 201, sent.text()

    def at_counter(self, counter: int, verb: str) -> str:
        sent = self.page.request.post(f"{self.home}/counters/{counter}/{verb}", headers=self.clerk)
        assert sent.status == 200, sent.text()
        ticket = sent.json()["ticket"]
        return str(ticket["number"]) if ticket else ""

    def call(self, counter: int, queue: str) -> str:
        """Take a number and call it; whoever was called there before has not come."""
        self.take(queue)
        return self.at_counter(counter, "call-next")

    def heard(self) -> list[int]:
        found: list[int] = self.page.evaluate("heard.splice(0)")
        return found

    def wait_heard(self, count: int) -> None:
        self.page.wait_for_function("count => heard.length >= count", arg=count)

    def expect_panel(self, number: str, counter: int) -> None:
        expect(self.page.locator("[data-now] [data-fill=number]")).to_have_text(number)
        expect(self.page.locator("[data-now] [data-fill=counter]").first).to_have_text(str(counter))

    def next(self) -> None:
        """Let the call on the panel have had its time."""
        self.page.clock.fast_forward(HOLD_MS)


def spoken(number: str, counter: int) -> list[int]:
    """Return the lengths of a whole call: Mandarin twice, English once."""
    lengths = {
        language: [round(SECONDS[language, name] * 250) for name in call(language, number, counter)]
        for language in Language
    }
    return [*CHIME, *lengths[ZH], *lengths[ZH], *lengths[EN]]


@pytest.fixture(scope="module")
def voice(station: tuple[Station, str]) -> Iterator[None]:
    """Give the station a voice."""
    place, _printed = station
    folder = Path(place.settings["DATA_DIR"]) / "voice"
    for (language, name), seconds in SECONDS.items():
        (folder / language).mkdir(parents=True, exist_ok=True)
        (folder / language / f"{name}.wav").write_bytes(tone(seconds))
    yield
    shutil.rmtree(folder)


@pytest.fixture
def lobby(hall: Hall, voice: None, callers: tuple[dict[str, str], dict[str, str]]) -> Lobby:
    return Lobby(hall, *callers)


def test_two_calls_at_once_are_shown_and_spoken_in_turn(lobby: Lobby) -> None:
    page = lobby.open()
    page.get_by_role("button", name="点一下，打开声音").click()
    expect(page.locator("[data-board]")).to_have_attribute("data-sound", "on")
    lobby.heard()
    first, second = lobby.call(1, "A"), lobby.call(2, "B")
    lobby.expect_panel(first, 1)
    expect(page.locator("[data-next] [data-fill=next]")).to_have_text(second)
    lobby.wait_heard(len(spoken(first, 1)))
    assert lobby.heard() == spoken(first, 1)
    lobby.next()
    lobby.expect_panel(second, 2)
    lobby.wait_heard(len(spoken(second, 2)))
    assert lobby.heard() == spoken(second, 2)
    lobby.next()
    expect(page.locator("[data-board]")).to_have_attribute("data-call", "shown")

    lobby.at_counter(1, "recall")
    lobby.expect_panel(first, 1)
    lobby.wait_heard(len(spoken(first, 1)))
    assert lobby.heard() == spoken(first, 1)


def test_sleep_is_not_made_up_for_aloud(lobby: Lobby) -> None:
    page = lobby.open()
    page.locator("body").click()
    first = lobby.call(1, "A")
    lobby.expect_panel(first, 1)
    missed = lobby.call(2, "B")
    expect(page.locator("[data-next] [data-fill=next]")).to_have_text(missed)
    lobby.wait_heard(1)
    lobby.heard()
    page.clock.fast_forward(5 * 60_000)
    expect(page.locator("[data-board]")).to_have_attribute("data-call", "shown")
    lobby.expect_panel(missed, 2)
    expect(page.locator("[data-call-row]:visible").first).to_contain_text(first)
    assert lobby.heard() == []
    later = lobby.call(3, "C")
    lobby.expect_panel(later, 3)
    lobby.wait_heard(1)


def test_board_without_the_server_keeps_what_it_shows(lobby: Lobby) -> None:
    page = lobby.open()
    number = lobby.call(1, "A")
    lobby.expect_panel(number, 1)
    page.route("**/api/v1/live/**", lambda route: route.fulfill(status=503, body="{}"))
    page.context.set_offline(True)
    page.clock.fast_forward(60_000)
    expect(page.locator("[data-age-is=late]")).to_be_visible()
    lobby.expect_panel(number, 1)
    page.unroute("**/api/v1/live/**")
    page.context.set_offline(False)
    page.clock.fast_forward(10_000)
    expect(page.locator("[data-age-is=fresh]")).to_be_visible()
    lobby.expect_panel(number, 1)
    expected = re.compile("503|ERR_INTERNET_DISCONNECTED")
    lobby.hall.complaints = [text for text in lobby.hall.complaints if not expected.search(text)]


def test_board_that_starts_announces_what_was_just_called_and_no_more(lobby: Lobby) -> None:
    old = lobby.call(1, "A")
    page = lobby.open()
    board = page.locator("[data-board]")
    lobby.expect_panel(old, 1)
    expect(board).to_have_attribute("data-call", "shown")
    fresh = lobby.call(2, "B")
    expect(board).to_have_attribute("data-call", "calling")
    page.reload()  # in mid-call
    lobby.expect_panel(fresh, 2)
    expect(board).to_have_attribute("data-call", "calling")
    lobby.next()
    expect(board).to_have_attribute("data-call", "shown")
    page.reload()
    lobby.expect_panel(fresh, 2)
    expect(board).to_have_attribute("data-call", "shown")


def test_second_screen_shows_who_waits_and_never_speaks(lobby: Lobby) -> None:
    page = lobby.open("/s/raffles-city/board?screen=2")
    expect(page.locator("[data-board]")).to_have_attribute("data-sound", "off")
    expect(page.locator("[data-queue=A]")).to_be_visible()
    expect(page.locator("[data-now]")).to_be_hidden()


# What stands in static/js, asked without a page of its own.
MODULE = (
    """async ([file, name, ...given]) => (await import(`/static/js/${file}`))[name](...given)"""
)


def test_quiet_hours_may_pass_midnight(hall: Hall) -> None:
    page = hall.window(BOARD)
    page.goto(hall.url("/s/raffles-city/board"))

    def is_quiet(begin: int | None, end: int | None, minute: int) -> bool:
        hours = {"quiet_from": begin, "quiet_until": end}
        return bool(page.evaluate(MODULE, ["quiet.js", "isQuiet", hours, minute]))

    noon, night = (720, 810), (1320, 420)
    assert [is_quiet(*noon, minute) for minute in (719, 720, 809, 810)] == [0, 1, 1, 0]
    assert [is_quiet(*night, minute) for minute in (1319, 1320, 0, 419, 420)] == [0, 1, 1, 1, 0]
    assert not is_quiet(None, None, 0)


# Cap heights in minutes of arc at 8 m on a 43-inch panel; normal sight resolves 5.
CAP_HEIGHT = """selector => {
    const style = getComputedStyle(document.querySelector(selector));
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    return pen.measureText("0").actualBoundingBoxAscent;
}"""


@pytest.mark.parametrize("screen", ["", "?screen=1"])
def test_numbers_are_legible_at_eight_metres(hall: Hall, screen: str) -> None:
    page = hall.window(BOARD)
    for width, height in ((1920, 1080), (1080, 1920)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(hall.url(f"/s/raffles-city/board{screen}"))
        mm = 43 * 25.4 / (1920**2 + 1080**2) ** 0.5
        arc = {
            part: page.evaluate(CAP_HEIGHT, selector) * mm / 8000 * 3437.7
            for part, selector in (
                ("number", ".board-number"),
                ("counter", ".board-place b"),
                ("recent", ".board-call-number"),
            )
        }
        assert arc["number"] > 50
        assert arc["counter"] > 20
        assert arc["recent"] > 11
