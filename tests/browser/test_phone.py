"""A phone that waits: after one touch it rings when the turn is near, at a call and each recall."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import PHONE, Hall
from tests.browser.sight import objections

# Counts chimes and buzzes; keeps the wake lock where the test can see it.
FEEL = """
window.felt = { rings: 0, buzzes: 0 };
const { start } = OscillatorNode.prototype;
OscillatorNode.prototype.start = function (at) { felt.rings += 1; return start.call(this, at); };
navigator.vibrate = () => { felt.buzzes += 1; return true; };
Object.defineProperty(navigator, "wakeLock", { value: {
    request: async () => window.lock = {
        released: false, release: async () => { window.lock.released = true; },
    },
} });
"""
TONES = 2  # of one chime
QUEUE, COUNTER = "D", 4


class Visitor:
    """Somebody with a phone, four people ahead of them, and the counter that calls."""

    def __init__(self, hall: Hall, kiosk: dict[str, str], clerk: dict[str, str]) -> None:
        self.page = hall.window(PHONE)
        self.home = hall.url("/api/v1/stations/raffles-city")
        self.kiosk, self.clerk = kiosk, clerk
        addresses = [self.take() for _ in range(5)]
        self.page.clock.install()
        self.page.add_init_script(FEEL)
        self.page.goto(addresses[-1])

    def take(self) -> str:
        sent = self.page.request.post(
            f"{self.home}/tickets", headers=self.kiosk, data={"queue": QUEUE}
        )
        return str(sent.json()["url"])

    def counter(self, verb: str) -> bool:
        address = f"{self.home}/counters/{COUNTER}/{verb}"
        return bool(self.page.request.post(address, headers=self.clerk).json()["ticket"])

    def felt(self, rings: int) -> None:
        """Wait for chimes and buzzes since the last look; no more than these come."""
        self.page.clock.fast_forward(10_000)
        self.page.wait_for_function("rings => felt.rings === rings", arg=rings * TONES)
        self.page.wait_for_function("rings => felt.buzzes === rings", arg=rings)
        self.page.evaluate("felt = { rings: 0, buzzes: 0 }")


@pytest.fixture
def visitor(hall: Hall, callers: tuple[dict[str, str], dict[str, str]]) -> Visitor:
    return Visitor(hall, *callers)


def expect_state(page: Page, state: str) -> None:
    expect(page.locator("[data-ticket]")).to_have_attribute("data-state", state)


def test_phone_rings_when_near_when_called_and_when_called_again(visitor: Visitor) -> None:
    page = visitor.page
    expect(page).to_have_title(
        "前面 4 人 · " + page.locator(".ticket-number").inner_text().split()[-1]
    )
    page.get_by_role("button", name="叫到我时响铃、震动").click()
    visitor.felt(1)
    assert page.evaluate("lock.released") is False
    assert objections(page) == []

    visitor.counter("call-next")
    expect(page.get_by_text("快到您了，请往站点走。")).to_be_visible()
    visitor.felt(1)
    for _ in range(3):
        visitor.counter("call-next")
    expect(page.locator("[data-figures] [data-fill=ahead]").first).to_have_text("0")
    visitor.felt(0)

    visitor.counter("call-next")
    expect_state(page, "called")
    visitor.felt(3)
    assert objections(page) == []
    assert page.title().startswith(f"到您了：{COUNTER} 号窗口")
    visitor.counter("recall")
    visitor.felt(3)

    visitor.counter("start")
    expect_state(page, "serving")
    page.wait_for_function("lock.released")
    visitor.felt(0)


def test_nothing_rings_for_who_did_not_ask(visitor: Visitor) -> None:
    for _ in range(5):
        visitor.counter("call-next")
    expect_state(visitor.page, "called")
    visitor.felt(0)


def test_steps_of_one_number_go_with_it_to_the_next_window(
    hall: Hall, callers: tuple[dict[str, str], dict[str, str]]
) -> None:
    page, (kiosk, clerk) = hall.window(PHONE), callers
    home = hall.url("/api/v1/stations/raffles-city")
    took = page.request.post(f"{home}/tickets", headers=kiosk, data={"service": "DJ-0101"}).json()

    def counter(verb: str, **body: str) -> None:
        sent = page.request.post(f"{home}/counters/1/{verb}", headers=clerk, data=body or None)
        assert sent.status == 200, sent.text()

    page.goto(took["url"])
    expect_state(page, "waiting")
    counter("call", ticket=took["token"])
    counter("start")
    expect_state(page, "serving")
    counter("services", service="SB-0301")
    counter("finish")
    expect(page.locator("[data-step=A]")).to_have_attribute("data-is", "done")
    expect(page.locator("[data-step=B]")).to_have_attribute("data-is", "now")
    expect(page.get_by_text("共 2 步，已完成 1 步")).to_be_visible()
    expect_state(page, "waiting")
    assert objections(page) == []
