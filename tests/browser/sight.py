"""What a look at a page finds: what axe objects to, and what is wider than the screen."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    # What is right would be told at length too, and takes as long again.
    "resultTypes": ["violations"],
}


def objections(page: Page, part: str | None = None) -> list[str]:
    found = Axe().run(page, context=part, options=RULES).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


def wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"))
