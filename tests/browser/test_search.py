"""A visitor finds a service with the kiosk's own keyboard."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.people import BOARD, KIOSK, PHONE, Hall

SEARCH = "/s/raffles-city/services"
TARGET_PX = 54


def touch(page: Page, letters: str) -> None:
    for letter in letters:
        key(page, letter).click()


def key(page: Page, name: str) -> Locator:
    return page.locator(f".keyboard-keys [data-skbtn='{name}']")


def open_search(hall: Hall, size: tuple[int, int] = KIOSK, lang: str = "zh") -> Page:
    page = hall.kiosk(size, lang)
    page.goto(hall.url(SEARCH))
    expect(key(page, "q")).to_be_visible()
    return page


@pytest.mark.parametrize(
    ("letters", "word", "service"),
    [("waimai", "外卖", "XJ-0106"), ("sbk", "社保卡", "SB-0301"), ("gjj", "公积金", "GJJ-")],
)
def test_touched_letters_become_a_word_and_a_number(
    hall: Hall, letters: str, word: str, service: str
) -> None:
    page = open_search(hall)
    touch(page, letters)
    page.locator(".keyboard-word").get_by_text(word, exact=True).click()
    expect(page.locator("#q")).to_have_value(word)
    first = page.locator("#found [data-code]").first
    expect(first).to_have_attribute("data-code", re.compile(service))
    expect(page.locator("#found mark").first).to_be_visible()
    first.click()
    page.wait_for_url("**/services/*")
    page.locator("form[action$='/tickets'] button").click()
    page.wait_for_url("**/tickets/*")
    expect(page.locator(".ticket-number").first).to_be_visible()


def test_results_change_while_one_types(hall: Hall) -> None:
    page = open_search(hall)
    loaded = page.evaluate("performance.timeOrigin")
    touch(page, "shebaok")
    expect(page.locator("#found [data-code]").first).to_have_attribute("data-code", "SB-0301")
    key(page, "{clear}").click()
    expect(page.locator("#q")).to_have_value("")
    expect(page.locator("#found mark")).to_have_count(0)
    assert page.evaluate("performance.timeOrigin") == loaded


def test_search_that_takes_long_says_so(hall: Hall) -> None:
    page = hall.window(PHONE)
    page.goto(hall.url(SEARCH))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/services?q=*", hold)
    page.fill("[name=q]", "社保卡")
    expect(page.locator("[data-waits]")).to_be_visible()
    held.pop(0).continue_()
    expect(page.locator("#found")).to_contain_text("社会保障卡")
    expect(page.locator("[data-waits]")).to_be_hidden()


def test_english_letters_stay_letters(hall: Hall) -> None:
    page = open_search(hall, lang="en")
    touch(page, "umbrella")
    expect(page.locator(".keyboard-word")).to_have_count(0)
    expect(page.locator("#found [data-code]").first).to_have_attribute("data-code", "BM-0103")
    key(page, "{mode}").click()
    key(page, "{clear}").click()
    touch(page, "kd")
    expect(page.locator(".keyboard-word").get_by_text("快递", exact=True)).to_be_visible()


def test_figures_and_erasing(hall: Hall) -> None:
    page = open_search(hall)
    key(page, "{figures}").click()
    touch(page, "120")
    expect(page.locator("#q")).to_have_value("120")
    key(page, "{erase}").click()
    expect(page.locator("#q")).to_have_value("12")
    key(page, "{erase}").hover()
    page.mouse.down()
    expect(page.locator("#q")).to_have_value("")
    page.mouse.up()


def test_more_words_are_a_page_away(hall: Hall) -> None:
    page = open_search(hall)
    touch(page, "s")
    first = page.locator(".keyboard-word").first
    expect(first).to_be_in_viewport()
    page.locator("[data-more]").click()
    assert page.locator("[data-candidates]").evaluate("bar => bar.scrollTop") > 0


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [KIOSK, BOARD], ids=["portrait", "landscape"])
def test_keyboard_covers_nothing_and_has_large_keys(
    hall: Hall, size: tuple[int, int], lang: str
) -> None:
    page = open_search(hall, size, lang)
    touch(page, "sbk")
    results = page.locator("#found [data-code]")
    expect(results.first).to_have_attribute("data-code", "SB-0301")
    keyboard = page.locator(".keyboard").bounding_box()
    assert keyboard
    for part in (page.locator("#q"), results.nth(0), results.nth(1)):
        box = part.bounding_box()
        assert box
        is_beside = box["x"] + box["width"] <= keyboard["x"] + 1
        assert is_beside or box["y"] + box["height"] <= keyboard["y"] + 1
    boxes = [one.bounding_box() for one in page.locator(".keyboard button:visible").all()]
    assert len(boxes) > 30
    assert all(box and box["height"] >= TARGET_PX and box["width"] >= TARGET_PX for box in boxes)
    assert keyboard["y"] + keyboard["height"] <= size[1]


def test_phone_has_no_keyboard_of_ours(hall: Hall) -> None:
    phone = hall.window(PHONE)
    phone.goto(hall.url(SEARCH))
    expect(phone.locator("#q")).to_be_visible()
    expect(phone.locator(".keyboard")).to_have_count(0)


def test_nothing_found_says_what_comes_close(hall: Hall) -> None:
    page = hall.kiosk()
    page.goto(hall.url(f"{SEARCH}?q=居住证 xyzzy"))
    expect(page.locator("#found [data-code]")).to_have_count(3)
    expect(page.locator("#found").get_by_text("窗口").first).to_be_visible()
