"""From the guide at the kiosk to a list that is ticked off at home."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import BOARD, KIOSK, PHONE, Hall

GUIDE = "/s/raffles-city/services/JZ-0201"
CHECKLIST = "/c/raffles-city.JZ-0201"
# What a voice is to the page, for a browser that has none of its own.
VOICE = """
Object.defineProperty(speechSynthesis, "getVoices", { value: () => [{ lang: "LANG", name: "v" }] });
"""


def box(key: str) -> str:
    return f"[data-tick='{key}']"


def test_list_is_ticked_off_on_the_phone_and_ticks_survive(hall: Hall) -> None:
    kiosk = hall.kiosk()
    kiosk.goto(hall.url(GUIDE))
    expect(kiosk.locator(".material")).to_have_count(4)
    expect(kiosk.locator(".qr-card svg").last).to_be_visible()

    phone = hall.window(PHONE)
    phone.goto(hall.url(CHECKLIST))
    expect(phone.locator("[data-tick]")).to_have_count(4)
    expect(phone.locator("[data-ready]")).to_be_hidden()
    for key in ("id-card", "lease"):
        phone.locator(box(key)).check()
    expect(phone.locator("[data-ready]")).to_have_text("备好 2 样")

    phone.reload()
    expect(phone.locator("[data-ready]")).to_have_text("备好 2 样")
    expect(phone.locator(box("id-card"))).to_be_checked()
    expect(phone.locator(box("labour-contract"))).not_to_be_checked()

    other = hall.window(PHONE)
    other.goto(hall.url(CHECKLIST))
    expect(other.locator("[data-ready]")).to_be_hidden()


def test_list_of_another_service_has_its_own_ticks(hall: Hall) -> None:
    phone = hall.window(PHONE)
    phone.goto(hall.url(CHECKLIST))
    phone.locator(box("id-card")).check()
    phone.goto(hall.url("/c/raffles-city.YJS-09"))
    expect(phone.locator(box("id-card"))).not_to_be_checked()


def test_list_follows_the_queue(hall: Hall) -> None:
    phone, kiosk = hall.window(PHONE), hall.kiosk()
    phone.goto(hall.url(CHECKLIST))
    waiting = phone.locator(".checklist-place [data-fill=waiting]")
    before = int(waiting.inner_text())
    kiosk.goto(hall.url(GUIDE))
    kiosk.locator("form[action$='/tickets'] button").click()
    expect(waiting).to_have_text(str(before + 1))


def test_sheet_of_paper_has_the_list_and_no_buttons(hall: Hall) -> None:
    phone = hall.window(PHONE)
    phone.goto(hall.url(CHECKLIST))
    phone.emulate_media(media="print")
    expect(phone.locator(".material").first).to_be_visible()
    expect(phone.locator(".checklist-actions")).to_be_hidden()


@pytest.mark.parametrize("size", [KIOSK, BOARD], ids=["portrait", "landscape"])
@pytest.mark.parametrize("big", ["", "big"])
def test_action_stays_in_sight_while_the_guide_is_read(
    hall: Hall, size: tuple[int, int], big: str
) -> None:
    kiosk = hall.kiosk(size)
    kiosk.evaluate(f"sessionStorage.setItem('size', '{big}')")
    for path in (GUIDE, "/s/raffles-city/services/SC-0201", "/s/raffles-city/bundles/YJS-09"):
        kiosk.goto(hall.url(path))
        expect(kiosk.locator("form[action$='/tickets'] button")).to_be_in_viewport(ratio=1)
        expect(kiosk.locator(".material").first).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(("lang", "shown"), [("zh-CN", True), ("fr-FR", False)])
def test_guide_offers_to_be_read_where_there_is_a_voice(
    hall: Hall, lang: str, *, shown: bool
) -> None:
    phone = hall.window(PHONE)
    phone.add_init_script(VOICE.replace("LANG", lang))
    phone.goto(hall.url(GUIDE))
    expect(phone.locator("[data-speak]")).to_be_visible(visible=shown)
