"""Who may do what in the house: commit, emit, ask the time, write in a view."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from admin import routes as admin
from kiosk import routes as kiosk
from kiosk.app import Route

ROOT = Path(__file__).parents[2]
PYTHON = sorted(
    path
    for face in ("kiosk", "admin")
    for path in (ROOT / face).rglob("*.py")
    if "migrations" not in path.parts
)
ROUTES = kiosk.ROUTES + admin.ROUTES

SLICES = (
    "appointments",
    "catalog",
    "home",
    "notices",
    "pickups",
    "printing",
    "rota",
    "screens",
    "staff",
    "stations",
    "tickets",
    "voice",
    "volunteers",
)
# The files that every slice may have, and the nouns that one slice has of its own.
VOCABULARY = {"__init__", "models", "queries", "actions", "forms", "views", "api", "commands"}
NOUNS = {
    "appointments": {"slots"},
    "catalog": {
        "bundles",
        "coverage",
        "current",
        "differences",
        "draft",
        "english",
        "events",
        "files",
        "found",
        "guide",
        "hsds",
        "index",
        "lacks",
        "lines",
        "marks",
        "meanings",
        "most_asked",
        "pinyin",
        "reading",
        "search",
        "sheet",
        "slips",
        "words",
    },
    "home": {"linked"},
    "pickups": {"codes", "peak", "slots", "snapshots", "telling"},
    "printing": {"posters", "press", "raster", "slip", "wire"},
    "rota": {"shifts"},
    "staff": {"permissions"},
    "stations": {"hours", "links", "presence"},
    "tickets": {"forecast", "foresight", "history", "offers", "outlook", "snapshots"},
    "voice": {"phrases", "sound"},
    "volunteers": {"snapshots"},
}
# Views that change what a browser holds, and nothing in the database.
WRITES_NOTHING = {"home.end", "admin.stations.choose"}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr == name)
            or (isinstance(node.func, ast.Name) and node.func.id == name)
        )
    ]


def users_of(name: str) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in PYTHON if calls(parsed(path), name)]


def test_only_db_commits() -> None:
    assert users_of("commit") == ["kiosk/db.py"]


def test_only_live_emits() -> None:
    assert users_of("emit") == ["kiosk/live.py"]


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    asks = [
        str(path.relative_to(ROOT))
        for path in PYTHON
        for call in calls(parsed(path), "now")
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "datetime"
    ]
    assert asks == ["kiosk/clock.py"]
    assert users_of("utcnow") == []


def test_nothing_is_imported_inside_a_function() -> None:
    inside = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in PYTHON
        for function in ast.walk(parsed(path))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


@pytest.mark.parametrize("name", SLICES)
def test_slice_has_only_the_files_of_the_vocabulary(name: str) -> None:
    files = {path.stem for path in (ROOT / "kiosk" / name).glob("*.py")}
    folders = {
        path.name for path in (ROOT / "kiosk" / name).iterdir() if (path / "__init__.py").exists()
    }
    assert (files | folders) - VOCABULARY - NOUNS.get(name, set()) == set()


def test_every_folder_of_the_station_is_a_known_slice() -> None:
    folders = {path.parent.name for path in (ROOT / "kiosk").glob("*/__init__.py")}
    assert folders == {*SLICES, "migrations"}


def transactions(function: object, seen: frozenset[object] = frozenset()) -> int:
    """Count `with transaction()` in a view and in the functions it hands its work to."""
    module = inspect.getmodule(function)
    tree = source_of(function)
    count = len(calls(tree, "transaction")) + len(calls(tree, "once"))
    for called in called_functions(tree, module):
        if (
            called not in seen and inspect.getmodule(called) is module
        ) or called.__module__.endswith((".api", ".desk")):
            count += transactions(called, seen | {function})
    return count


@cache
def source_of(function: object) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))  # type: ignore[arg-type]


def called_functions(tree: ast.AST, module: object) -> Iterator[object]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            found = getattr(module, node.func.id, None)
        elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            owner = getattr(module, node.func.value.id, None)
            found = getattr(owner, node.func.attr, None) if inspect.ismodule(owner) else None
        else:
            continue
        if inspect.isfunction(found) and found.__module__.startswith(("kiosk.", "admin.")):
            yield found


def name_of(route: Route) -> str:
    return f"{route.method}-{route.endpoint}"


def test_writing_views_have_one_transaction_and_reading_views_none() -> None:
    wrong = {}
    for route in ROUTES:
        is_writing = route.method == "POST" and route.endpoint not in WRITES_NOTHING
        if (count := transactions(route.view)) != int(is_writing):
            wrong[name_of(route)] = count
    assert wrong == {}


def test_every_route_reads_or_writes_and_says_what() -> None:
    assert {route.method for route in ROUTES} == {"GET", "POST"}
    assert [name_of(route) for route in ROUTES if not inspect.getdoc(route.view)] == []
