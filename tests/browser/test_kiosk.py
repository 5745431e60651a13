"""A kiosk that nobody watches over: news arrives, visitors leave, the network goes away."""

from playwright.sync_api import expect

from tests.browser.people import Hall

HOME = "/s/raffles-city/"


def test_news_reaches_the_kiosk_and_is_read_there(hall: Hall) -> None:
    kiosk, manager = hall.kiosk(), hall.manager()
    expect(kiosk.locator(".notice-strip")).to_have_count(0)
    for words in ("三楼停水到下午两点", "今晚七点有讲座"):
        manager.goto(hall.url("/admin/notices"))
        manager.fill("[name=text_zh]", words)
        manager.get_by_role("button", name="发出去").click()
        expect(manager.locator("tbody").first).to_contain_text(words)
    shown = kiosk.locator("[data-notice=shown]")
    expect(kiosk.locator(".notice-strip-count")).to_have_text("1 / 2")
    expect(shown).to_have_text("三楼停水到下午两点")
    box = shown.bounding_box()
    assert box is not None
    kiosk.mouse.move(box["x"] + 300, box["y"] + 10)
    kiosk.mouse.down()
    kiosk.mouse.move(box["x"] + 100, box["y"] + 10)
    kiosk.mouse.up()
    expect(shown).to_have_text("今晚七点有讲座")
    shown.click()
    expect(kiosk.locator(".notice-list-item:target")).to_contain_text("今晚七点有讲座")
    for _ in range(2):
        manager.get_by_role("button", name="结束").first.click()
    expect(manager.locator(".card-empty")).to_be_visible()


def test_left_alone_it_asks_and_then_forgets(hall: Hall) -> None:
    kiosk = hall.kiosk()
    kiosk.clock.install()
    kiosk.goto(hall.url(f"{HOME}services?q=居住证&lang=en"))
    idle = kiosk.locator("#idle")
    kiosk.clock.fast_forward(61_000)
    expect(idle).to_be_visible()
    kiosk.get_by_role("button", name="Continue").click()
    expect(idle).to_be_hidden()
    kiosk.clock.fast_forward(61_000)
    expect(idle).to_be_visible()
    kiosk.clock.run_for(21_000)
    kiosk.wait_for_url(f"**{HOME}")
    expect(kiosk.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_without_the_network_it_stays_on_its_page(hall: Hall) -> None:
    kiosk = hall.kiosk()
    expect(kiosk.locator("[data-queue]").first).to_be_visible()
    told = kiosk.locator("#cut-off")
    with kiosk.expect_event("requestfailed", lambda request: "healthz" in request.url):
        kiosk.context.set_offline(True)
    kiosk.locator(".domain-tile").first.click()
    expect(told).to_be_visible()
    assert kiosk.url.endswith(f"{HOME}?lang=zh")
    kiosk.context.set_offline(False)
    expect(told).to_be_hidden()
    kiosk.locator(".domain-tile").first.click()
    kiosk.wait_for_url("**/domains/party")
    hall.complaints = [text for text in hall.complaints if "ERR_INTERNET" not in text]
