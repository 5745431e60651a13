"""The board holds all it shows: many calls, long names, pickups; nothing is cut or covered."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.people import BOARD, KIOSK, Hall

CALLS = [(1, "A"), (2, "B"), (3, "C"), (4, "D"), (1, "E"), (2, "C"), (3, "B")]
# Fills the strip and the names as the board's own modules would, with the longest that may come.
FILL = """() => {
    const say = (selector, words) => {
        for (const place of document.querySelectorAll(selector)) place.textContent = words;
    };
    document.querySelector("[data-pickups]").hidden = false;
    for (const row of document.querySelectorAll("[data-pickup-row]")) row.hidden = false;
    say("[data-pickup-row] [data-fill=tag]", "88888");
    say("[data-pickup-row] [data-fill=place]", "18F-B12-108");
    say(".board-name > span", "南京东路街道江苏路片区楼宇党群综合服务中心（示例）");
    say(".board-queue-name b", "社会保险与医疗保障综合受理");
    say(".board-queue-name .board-en", "Social insurance and medical benefits");
    say("[data-fill=waiting]", "128");
    for (const wait of document.querySelectorAll("[data-wait]")) wait.dataset.is = "range";
    say("[data-wait] [data-fill=range]", "120–185");
    for (const promise of document.querySelectorAll("[data-promise]")) promise.hidden = false;
    say("[data-next] [data-fill=next]", "A128");
    document.querySelector("[data-next]").hidden = false;
    document.querySelector("[data-board]").dataset.call = "calling";
}"""
# What lies outside of the box that holds it, and what lies over its neighbour.
FAULTS = """() => {
    const groups = [
        [".board", ".board-head, .board-main, .board-pickups, .board-foot"],
        [".board-main", ".board-panel, .board-recent, .board-queues-box"],
        [".board-panel", ".board-label, .board-next, .board-number, .board-place, .board-place-en"],
        [".board-calls", ".board-call-row"],
        [".board-call-row", ".board-call-number, .board-call-counter"],
        [".board-queues", ".board-queue"],
        [".board-queue", ".queue-badge, .board-queue-name, .board-queue-count, .board-queue-wait"],
        [".board-pickups", ".board-label, .board-pickup-list"],
        [".board-head", ".board-name, .board-date, .board-clock"],
        [".board-foot", ".board-foot > *"],
    ];
    const isShown = (part) => part.checkVisibility() && part.getBoundingClientRect().width > 0;
    const isOver = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
        && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    const isIn = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1
        && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
    const faults = [];
    for (const [holder, selector] of groups) {
        for (const box of [...document.querySelectorAll(holder)].filter(isShown)) {
            const parts = [...box.querySelectorAll(selector)].filter(isShown);
            const boxes = parts.map((part) => part.getBoundingClientRect());
            const names = parts.map((part) => `${holder} ${part.className} ${part.innerText}`);
            boxes.forEach((one, place) => {
                if (!isIn(one, box.getBoundingClientRect())) faults.push(`cut: ${names[place]}`);
                boxes.slice(place + 1).forEach((other, later) => {
                    const neighbour = names[place + 1 + later];
                    if (isOver(one, other)) faults.push(`${names[place]} over ${neighbour}`);
                });
            });
        }
    }
    const list = document.querySelector(".board-pickup-list").getBoundingClientRect();
    for (const item of document.querySelectorAll(".board-pickup")) {
        const box = item.getBoundingClientRect();
        const isBelow = box.top >= list.bottom - 1;
        if (box.width && !isBelow && !isIn(box, list)) faults.push(`cut: ${item.innerText}`);
    }
    return faults;
}"""


def without_news(page: Page) -> None:
    """Let the strip of pickups show what the test writes into it."""

    def nothing(route: Route) -> None:
        route.fulfill(body="", content_type="text/javascript")

    page.route("**/js/board_pickups.js*", nothing)


@pytest.mark.parametrize("screen", ["", "?screen=1"], ids=["whole", "calls"])
def test_nothing_is_cut_or_covered_with_and_without_pickups(
    hall: Hall, callers: tuple[dict[str, str], dict[str, str]], screen: str
) -> None:
    kiosk, clerk = callers
    page = hall.window(BOARD)
    home = hall.url("/api/v1/stations/raffles-city")
    for counter, queue in CALLS:
        page.request.post(f"{home}/tickets", headers=kiosk, data={"queue": queue})
        page.request.post(f"{home}/counters/{counter}/call-next", headers=clerk)
    hall.let_calls_age()
    without_news(page)
    for size in (BOARD, KIOSK):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(hall.url(f"/s/raffles-city/board{screen}"))
        expect(page.locator("[data-age-is=fresh]")).to_be_visible()
        expect(page.locator("[data-now] [data-fill=number]")).not_to_be_empty()
        expect(page.locator("[data-call-row]:visible").nth(2)).to_be_visible()
        page.evaluate("document.fonts.ready")
        page.evaluate(FILL)
        assert page.evaluate(FAULTS) == [], size
        page.evaluate("document.querySelector('[data-pickups]').hidden = true")
        assert page.evaluate(FAULTS) == [], size
