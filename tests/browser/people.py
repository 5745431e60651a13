"""Who stands in the hall: each with a browser window of their own."""

import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.servers import PATIENCE_SECONDS, Station

KIOSK = (1080, 1920)
BOARD = (1920, 1080)
PHONE = (390, 844)
DESK = (1366, 768)
PASSWORD = "four unrelated words"
# Chromium's remark on a page that is left before it knows that nothing moves.
TRANSITION = "Transition was aborted because of invalid state"


class Hall:
    """The hall of the sample station and the browsers in it."""

    def __init__(self, browser: Browser, station: Station, printed: str) -> None:
        self.browser = browser
        self.station = station
        self.printed = printed
        self.complaints: list[str] = []
        self._contexts: list[BrowserContext] = []

    def window(self, size: tuple[int, int], **headers: str) -> Page:
        """Open a window of this size; what goes wrong in it is a complaint.

        Nothing moves in it: a page that is left in the middle of a transition reports that as an
        error, and a figure that is fading in has too little contrast.
        """
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            extra_http_headers=headers,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("console", self._listen)
        return page

    def _listen(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        if kind == "error" and "ERR_CONNECTION" not in text and "WebSocket" not in text:
            self.complaints.append(text)

    def _note(self, error: str) -> None:
        if not error.startswith(TRANSITION):
            self.complaints.append(error)

    def leave(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()

    def url(self, path: str) -> str:
        return f"{self.station.url.rstrip('/')}{path}"

    def token(self, *words: str) -> str:
        return self.station.flask(*words).split()[-1]

    def kiosk(self, size: tuple[int, int] = KIOSK, lang: str = "zh") -> Page:
        """Return a paired kiosk at its home."""
        page = self.window(size)
        token = self.token(
            "stations", "device", "终端", "--kind", "kiosk", "--station", "raffles-city"
        )
        page.context.add_cookies([{"name": "device", "value": token, "url": self.station.url}])
        page.goto(self.url(f"/s/raffles-city/?lang={lang}"))
        return page

    def let_calls_age(self) -> None:
        """Make what other stories called too old to be announced by a board that opens now."""
        data_dir = Path(self.station.settings["DATA_DIR"])
        with (
            closing(sqlite3.connect(data_dir / "loumenkou.db", timeout=PATIENCE_SECONDS)) as data,
            data,
        ):
            data.execute("UPDATE ticket_event SET at = datetime(at, '-2 minutes')")

    def board(self) -> Page:
        self.let_calls_age()
        page = self.window(BOARD)
        page.goto(self.url("/s/raffles-city/board"))
        return page

    def manager(self) -> Page:
        """Sign the manager in, with a password of their own."""
        page = self.window(DESK)
        password = self.token("staff", "reset", "manager")
        page.goto(self.url("/admin/desk"))
        page.fill("[name=name]", "manager")
        page.fill("[name=password]", password)
        page.keyboard.press("Enter")
        page.fill("[name=old]", password)
        page.fill("[name=new]", PASSWORD)
        page.fill("[name=repeat]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/admin/")
        return page

    def desk(self, counter: int) -> Page:
        """Sign the manager in and sit down at a counter."""
        page = self.manager()
        page.goto(self.url("/admin/desk"))
        leave = page.locator("form[action$='/desk/stand']")
        if leave.count():
            leave.first.evaluate("form => form.submit()")
        page.locator("form[action$='/desk/sit']").nth(counter - 1).locator("button").click()
        page.wait_for_selector("#window")
        return page
