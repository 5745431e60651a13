"""Several workers: only with Redis between them, and then every screen hears every call."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.load.lobby import HALL, Lobby, Opens, at_counter
from tests.load.screen import Screen, screen
from tests.servers import PATIENCE_SECONDS, Redis, Station, redis

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
def redis_server() -> Iterator[Redis]:
    with redis() as server:
        yield server


def test_two_workers_without_redis_are_refused_in_words(tmp_path: Path) -> None:
    alone = Station(tmp_path)
    refused = subprocess.run(
        [*alone.command(), "-w", "2"],
        cwd=alone.folder,
        env=alone.environ(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert refused.returncode == 1
    assert "REDIS_URL" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_call_reaches_the_phones_of_both_workers(postgresql: Opens, redis_server: Redis) -> None:
    settings = {"WEB_CONCURRENCY": "2", "REDIS_URL": redis_server.url}
    with postgresql(**settings) as lobby, ExitStack() as stack:
        phones = _phones_at_both_workers(lobby, stack)
        ticket = f"ticket:{lobby.take('A')[0]['token']}"
        for phone in phones:
            phone.watch(BOARD, ticket)
        with lobby.worker() as worker:
            number = at_counter(worker, 1, "call-next").json()["ticket"]["number"]
        for phone in phones:
            phone.read_until(partial(_shows_call, phone, ticket, number))


def test_both_workers_find_what_an_editor_renames(sqlite: Opens, redis_server: Redis) -> None:
    settings = {"WEB_CONCURRENCY": "2", "REDIS_URL": redis_server.url}
    with sqlite(**settings) as lobby, ExitStack() as stack:
        # Connections stay with the worker that took them.
        visitors = [stack.enter_context(lobby.anybody()) for _ in range(PHONES)]
        _all_find(visitors, "雨伞", "雨伞借用")
        with _manager(lobby) as editor:
            page = editor.get(f"{EDITOR}/facts").raise_for_status().text
            assert _send(editor, page, f"{EDITOR}/facts", RENAMED).status_code == 303
        _all_find(visitors, "油纸伞", "油纸伞借用")


@contextmanager
def _manager(lobby: Lobby) -> Iterator[httpx.Client]:
    """Sign the manager in with a one-time password, and choose a new one."""
    once = lobby.station.flask("staff", "reset", "manager").split()[-1]
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
