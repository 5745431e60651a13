"""A manager changes many services with one press, and takes a file over; visitors see it."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.people import Hall

HEADER = (
    "code,name_zh,name_en,domain,category_zh,category_en,department_zh,audience,item_type,"
    "delivery,legal_days,promised_days,fee,on_site_visits,keywords,source"
)
ROW = "ZZ-01{:02},试一试 {},A try,社会服务,试验,Trials,街道,个人,便民,站点办理,,5,免费,0,试,试验"


def test_hours_of_many_services_and_a_file(hall: Hall, tmp_path: Path) -> None:
    page = hall.manager()
    page.goto(hall.url("/admin/services?q=图书&lang=zh"))
    page.locator("[data-select-row]").first.check()
    page.locator("#bulk button[value=hours]").click()
    page.wait_for_url("**/admin/changes/*")
    page.fill("#hours_0", "0:00-0:01")
    page.locator(".wishes button[type=submit]").click()
    expect(page.locator(".column-changes").first).to_contain_text("周一 0:00–0:01")
    assert Axe().run(page).response["violations"] == []
    code = page.locator("tbody th").first.inner_text()
    page.locator("form[action*='/admin/changes/'] button.button-primary").click()
    expect(page.locator(".message[data-kind=done]")).to_be_visible()

    kiosk = hall.kiosk()
    kiosk.goto(hall.url(f"/s/raffles-city/services/{code}"))
    expect(kiosk.locator(".service-line").first).to_contain_text("周一 0:00–0:01")

    file = tmp_path / "事项.csv"
    file.write_text("\n".join([HEADER, *(ROW.format(n, n) for n in range(50))]), encoding="utf-8")
    page.goto(hall.url("/admin/uploads"))
    page.set_input_files("#file", file)
    page.locator("form[enctype] button").click()
    page.wait_for_url("**/admin/uploads/*")
    write = page.locator("form:has([name=seen]) button.button-primary")
    expect(write).to_contain_text("50")
    assert Axe().run(page).response["violations"] == []
    write.click()
    expect(page.locator(".message[data-kind=done]")).to_be_visible(timeout=60_000)
