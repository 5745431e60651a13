"""Every page in both languages: nothing axe objects to, nothing cut off, nothing too small."""

import pytest
from playwright.sync_api import Page

from tests.browser.people import BOARD, DESK, KIOSK, PHONE, Hall
from tests.browser.sight import objections, wide

HOME = "/s/raffles-city/"
VISITOR_PAGES = [
    HOME,
    f"{HOME}domains/party",
    f"{HOME}categories/SB-03",
    f"{HOME}services?q=居住证",
    f"{HOME}services?q=xyzzy",
    f"{HOME}services?q=居住证 xyzzy",
    f"{HOME}index?letter=S",
    f"{HOME}index?letter=S&here=1",
    f"{HOME}events",
    f"{HOME}events/birth",
    f"{HOME}services?q=退休",
    f"{HOME}services/SB-0301",
    f"{HOME}services/BM-0228",
    f"{HOME}services/SC-0201?page=2",
    f"{HOME}services/JZ-0201?part=steps",
    f"{HOME}services/JZ-0201?part=questions",
    f"{HOME}services/JZ-0201?part=more",
    f"{HOME}bundles",
    f"{HOME}bundles/YJS-09",
    f"{HOME}bundles/YJS-09?part=steps",
    f"{HOME}take",
    f"{HOME}notices",
    f"{HOME}pickup",
    f"{HOME}pickup/meal",
    f"{HOME}pickup/parcel",
    f"{HOME}collect",
    f"{HOME}collect/unbooked",
    f"{HOME}drop",
    f"{HOME}volunteer",
    f"{HOME}volunteer/1",
    f"{HOME}volunteer/check-in",
]
PHONE_PAGES = [
    "/",
    "/s/jiangsu-road/",
    "/pair",
    "/s/nowhere/",
    f"{HOME}services/JZ-0299",
    "/c/raffles-city.JZ-0201",
    "/c/raffles-city.YJS-09",
    *VISITOR_PAGES,
]
STAFF_PAGES = [
    "/admin/",
    "/admin/desk",
    "/admin/today",
    "/admin/rota",
    "/admin/rota/1/0",
    "/admin/rota/1/2026-11-23",
    "/admin/counters/1/now",
    "/admin/appointments",
    "/admin/appointments/plan",
    "/admin/volunteers",
    "/admin/volunteers/1",
    "/admin/volunteers/hours",
    "/admin/queues",
    "/admin/queues/A/rules",
    "/admin/accuracy",
    "/admin/slips",
    "/admin/devices/1/printer",
    "/admin/counters",
    "/admin/services",
    "/admin/services/SB-0301/offer",
    "/admin/services/words",
    "/admin/uploads",
    "/admin/services/new",
    "/admin/services/JZ-0201",
    "/admin/services/BM-0228",
    "/admin/services/JZ-0201/facts",
    "/admin/services/JZ-0201/versions",
    "/admin/services/JZ-0201/history",
    "/admin/devices",
    "/admin/devices/2",
    "/admin/notices",
    "/admin/voice",
    "/admin/staff",
    "/admin/station",
    "/admin/password",
]
DIALOGS = ["keys", "account", "pauses", "write", "help", "goals", "services", "people", "outcomes"]
# 20 mm on a 32" panel: 1 px is 0.37 mm.
TARGET_PX = 54
SMALL = """least => [...document.querySelectorAll("a, button, input, select")]
    .map(element => [element.outerHTML.slice(0, 120), element.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.height > 1 && box.bottom > 0)
    .filter(([, box]) => box.height < least)
    .map(([html]) => html)"""


def look(page: Page, hall: Hall, paths: list[str], lang: str, least_px: int = 0) -> None:
    for path in paths:
        mark = "&" if "?" in path else "?"
        page.goto(hall.url(f"{path}{mark}lang={lang}"))
        assert objections(page) == [], path
        assert not wide(page), path
        assert page.evaluate(SMALL, least_px) == [], path


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [KIOSK, BOARD], ids=["portrait", "landscape"])
def test_kiosk_pages(hall: Hall, size: tuple[int, int], lang: str) -> None:
    page = hall.kiosk(size)
    look(page, hall, VISITOR_PAGES, lang, TARGET_PX)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_kiosk_pages_in_big_text(hall: Hall, lang: str) -> None:
    page = hall.kiosk(KIOSK)
    page.evaluate("sessionStorage.setItem('size', 'big')")
    look(page, hall, VISITOR_PAGES, lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_phone_pages(hall: Hall, lang: str) -> None:
    look(hall.window(PHONE), hall, PHONE_PAGES, lang)
    hall.complaints = [text for text in hall.complaints if "404" not in text]


@pytest.mark.parametrize("size", [BOARD, KIOSK], ids=["landscape", "portrait"])
def test_board(hall: Hall, size: tuple[int, int]) -> None:
    screens = [f"/s/raffles-city/board{screen}" for screen in ("", "?screen=1", "?screen=2")]
    look(hall.window(size), hall, screens, "zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_staff_pages(hall: Hall, lang: str) -> None:
    page = hall.window(DESK)
    look(page, hall, ["/admin/sign-in"], lang)
    desk = hall.desk(2)
    look(desk, hall, STAFF_PAGES, lang)
    desk.goto(hall.url("/admin/desk"))
    for name in DIALOGS:
        desk.evaluate("id => document.getElementById(id).showModal()", name)
        assert objections(desk, f"#{name}") == [], name
        desk.keyboard.press("Escape")


def test_first_view_is_light(hall: Hall) -> None:
    for page in (hall.kiosk(), hall.window(PHONE)):
        sizes: list[int] = []
        protocol = page.context.new_cdp_session(page)
        protocol.send("Network.enable")
        protocol.send("Network.setCacheDisabled", {"cacheDisabled": True})
        protocol.on(
            "Network.loadingFinished",
            lambda done, sizes=sizes: sizes.append(done["encodedDataLength"]),
        )
        page.goto(hall.url(HOME))
        page.wait_for_load_state("networkidle")
        assert 10_000 < sum(sizes) <= 100_000
