"""Several workers: only with Redis between them, and then every screen hears every call."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from kiosk import clock, db
from kiosk.catalog.actions import import_services
from kiosk.catalog.commands import read
from kiosk.setup import CATALOG
from kiosk.staff.actions import give_token, reset_password
from kiosk.staff.permissions import Role
from kiosk.staff.queries import find_member
from tests.load.lobby import HALL, Lobby, Opens, at_counter
from tests.load.screen import Screen, screen
from tests.servers import PATIENCE_SECONDS, redis

BOARD = "board:raffles-city"
PHONES = 20
EDITOR = "/admin/services/BM-0103"
PASSWORD = "a long walk in the rain"
RENAMED = {
    "name_zh": "油纸伞借用",
    "name_en": "Borrow an umbrella",
    "audience": "个人",
    "item_type": "便民服务",
    "delivery": "station",
}


@pytest.fixture(scope="module")
def two_workers(postgresql: Opens) -> Iterator[Lobby]:
    with redis() as server, postgresql(WEB_CONCURRENCY="2", REDIS_URL=server.url) as lobby:
        yield lobby


def test_a_call_reaches_the_phones_of_both_workers(two_workers: Lobby) -> None:
    lobby = two_workers
    with ExitStack() as stack:
        phones = _phones_at_both_workers(lobby, stack)
        ticket = f"ticket:{lobby.take('A')[0]['token']}"
        for phone in phones:
            phone.watch(BOARD, ticket)
        with lobby.worker() as worker:
            number = at_counter(worker, 1, "call-next").json()["ticket"]["number"]
        for phone in phones:
            phone.read_until(partial(_shows_call, phone, ticket, number))
        with lobby.from_aside(), db.transaction():
            token = give_token("watch", Role.ADMINISTRATOR, None, at=clock.now())
        reader = {"Authorization": f"Bearer {token}"}
        for _ in range(4):  # whichever worker answers
            with lobby.anybody() as watch:
                told = watch.get("/metrics", headers=reader)
            assert f"loumenkou_sockets {len(phones)}.0" in told.text.splitlines()


def test_both_workers_find_what_an_editor_renames(two_workers: Lobby) -> None:
    with ExitStack() as stack:
        # Connections stay with the worker that took them.
        visitors = [stack.enter_context(two_workers.anybody()) for _ in range(PHONES)]
        _all_find(visitors, "雨伞", "雨伞借用")
        with _manager(two_workers) as editor:
            page = editor.get(f"{EDITOR}/facts").raise_for_status().text
            assert _send(editor, page, f"{EDITOR}/facts", RENAMED).status_code == 303
        _all_find(visitors, "油纸伞", "油纸伞借用")


def test_what_another_process_writes_is_found(lobby: Lobby) -> None:
    row = next(row for row in read(CATALOG) if row.code == "BM-0103")
    with lobby.anybody() as visitor:
        _all_find([visitor], "雨伞", "雨伞借用")
        with lobby.from_aside(), db.transaction():
            import_services([row.model_copy(update={"name_zh": "油纸伞借用"})])
        _all_find([visitor], "油纸伞", "油纸伞借用")


@contextmanager
def _manager(lobby: Lobby) -> Iterator[httpx.Client]:
    """Sign the manager in with a one-time password, and choose a new one."""
    with lobby.from_aside(), db.transaction():
        manager = find_member("manager")
        assert manager
        once = reset_password(manager)
    with lobby.anybody() as browser:
        page = browser.get("/admin/sign-in").text
        _send(browser, page, "/admin/sign-in", {"name": "manager", "password": once})
        new = {"old": once, "new": PASSWORD, "repeat": PASSWORD}
        _send(browser, browser.get("/admin/password").text, "/admin/password", new)
        yield browser


def _send(browser: httpx.Client, page: str, to: str, fields: dict[str, str]) -> httpx.Response:
    """Send a page's form: its token and revision, and these fields."""
    hidden = dict(re.findall(r'name="(csrf_token|revision)" value="([^"]*)"', page))
    return browser.post(to, data=hidden | fields)


def _all_find(visitors: list[httpx.Client], question: str, name: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    for visitor in visitors:
        while _first(visitor, question) != name and time.monotonic() < until:
            time.sleep(0.05)
    assert {_first(visitor, question) for visitor in visitors} == {name}


def _first(visitor: httpx.Client, question: str) -> str:
    found = visitor.get(f"{HALL}/services", params={"q": question, "limit": 1}).json()["items"]
    return str(found[0]["name_zh"]) if found else ""


def _shows_call(phone: Screen, ticket: str, number: str) -> bool:
    state = (phone.of(ticket)[-1].data or {})["state"]
    return state == "called" and number in str(phone.of(BOARD)[-1].data)


def _phones_at_both_workers(lobby: Lobby, stack: ExitStack) -> list[Screen]:
    """Open sockets, at least 20, until both workers hold some."""
    before = _open_sockets(lobby)
    phones: list[Screen] = []
    while len(phones) < 10 * PHONES:
        phones += [stack.enter_context(screen(lobby.station.url)) for _ in range(PHONES)]
        after = _open_sockets(lobby)
        if all(after[worker] >= before[worker] + 2 for worker in before):
            break
    assert len(before) == 2
    return phones


def _open_sockets(lobby: Lobby) -> dict[int, int]:
    """Count the sockets of each worker, by its process."""
    assert lobby.station._process
    master = lobby.station._process.pid
    workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return {
        int(worker): sum(
            str(file.readlink()).startswith("socket:")
            for file in Path(f"/proc/{worker}/fd").iterdir()
            if file.is_symlink()
        )
        for worker in workers
    }
