"""A manager writes a guide and withdraws a service; a visitor reads it all the while."""

from playwright.sync_api import Page, expect

from tests.browser.people import Hall

CODE = "BM-0105"
PAGE = f"/admin/services/{CODE}"
VISITOR = f"/s/raffles-city/services/{CODE}"


def write(page: Page, name: str, zh: str, en: str) -> None:
    page.locator(f"[name='{name}.zh']").fill(zh)
    page.locator(f"[name='{name}.en']").fill(en)


def add(page: Page, rows: str) -> str:
    """Add a row in place, and return the start of its fields' names."""
    page.locator(f"[data-rows='{rows}']").click()
    last = page.locator(f"[data-rows-of='{rows}'] > li").last
    name = last.locator("input").first.get_attribute("name") or ""
    return ".".join(name.split(".")[:2])


def test_guide_is_written_refused_put_right_and_published(hall: Hall) -> None:
    page = hall.desk(3)
    page.goto(hall.url(PAGE))
    write(page, "applicants", "所有人", "Everybody")
    write(page, "source", "部门网站", "The department's site")
    first, second = add(page, "materials"), add(page, "materials")
    write(page, f"{first}.name", "其他材料", "Other papers")
    write(page, f"{second}.name", "工作证", "Work pass")
    page.locator("[data-rows-of=materials] > li").last.locator("[data-row-verb=up]").click()
    expect(page.locator("[data-when-changed]")).to_be_visible()
    page.locator("[name=do][value=review]").click()
    expect(page.locator("#materials-1 .field-error")).not_to_have_count(0)
    expect(page.locator("#materials-0 .field-error")).to_have_count(0)
    expect(page.locator(".seen .material-name")).to_have_text(["工作证"])
    page.locator("#materials-1 [data-row-verb=remove]").click()
    page.locator("[name=do][value=review]").click()
    page.locator("[name=do][value=publish]").click()
    expect(page.locator(".versions [data-kind=social]")).to_be_visible()

    kiosk = hall.kiosk()
    kiosk.goto(hall.url(VISITOR))
    expect(kiosk.locator(".material-name")).to_have_text(["工作证"])

    page.goto(hall.url(f"{PAGE}/facts"))
    page.locator("[name=do][value=withdraw]").click()
    expect(page.locator("[name=do][value=back]")).to_be_visible()
    kiosk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(kiosk.locator("[data-reading]")).to_have_count(0)
    expect(kiosk.locator(".list-of-services a").first).to_be_visible()
    page.locator("[name=do][value=back]").click()
    expect(page.locator("[name=do][value=withdraw]")).to_be_visible()
    # What the browser notes of a refusal and of a page that is gone is meant.
    hall.complaints = [c for c in hall.complaints if "404" not in c and "409" not in c]
