"""The browser that the tests drive, on this machine."""

from playwright.sync_api import sync_playwright

from tests import programs
from tests.servers import CHROMIUM_ARGS

# The pixels of one character, to tell it from another.
INK = """character => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 40 });
    const pen = canvas.getContext("2d");
    pen.font = "32px sans-serif";
    pen.fillText(character, 4, 34);
    return canvas.toDataURL();
}"""


def test_browser_draws_chinese_and_no_empty_boxes() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=programs.chromium(), args=CHROMIUM_ARGS
        )
        page = browser.new_page()
        assert len({page.evaluate(INK, character) for character in "楼门口"}) == 3
        browser.close()
