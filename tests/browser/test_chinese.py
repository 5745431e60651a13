"""The browser that draws the pages can draw Chinese."""

from playwright.sync_api import Browser

# The pixels of one character, to tell it from another.
INK = """character => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 40 });
    const pen = canvas.getContext("2d");
    pen.font = "32px sans-serif";
    pen.fillText(character, 4, 34);
    return canvas.toDataURL();
}"""


def test_browser_draws_chinese_and_no_empty_boxes(browser: Browser) -> None:
    page = browser.new_page()
    assert len({page.evaluate(INK, character) for character in "楼门口"}) == 3
    page.close()
