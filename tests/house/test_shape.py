"""The sizes and names that keep the house easy to walk through."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
KINDS = {".css", ".html", ".js", ".mjs", ".py", ".sh"}
FOLDERS = [ROOT / name for name in ("admin", "deploy", "kiosk", "static", "templates", "tests")]
FILES = sorted(
    path
    for path in [*ROOT.glob("*.py"), *(path for top in FOLDERS for path in top.rglob("*"))]
    if path.suffix in KINDS and ROOT / "static/vendor" not in path.parents
)
# A migration is written by Alembic, and as long as its change.
OWN_WORDS = [path for path in FILES if "migrations" not in path.parts]
PYTHON = [path for path in OWN_WORDS if path.suffix == ".py"]

FILE_LINES = 400
FUNCTION_LINES = 40
NAMELESS = {"common", "helpers", "manager", "misc", "service", "utils"}


def test_no_file_is_long() -> None:
    lines = {path: len(path.read_text().splitlines()) for path in OWN_WORDS}
    assert {str(path): count for path, count in lines.items() if count > FILE_LINES} == {}


def test_no_function_is_long() -> None:
    lengths = {
        f"{path.relative_to(ROOT)}: {node.name}": node.end_lineno - node.lineno + 1
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}


def test_every_file_says_what_it_holds() -> None:
    code = [path for path in FILES if path.suffix == ".py"]
    assert [str(path) for path in code if NAMELESS & {path.stem, path.parent.name}] == []


def test_colours_stand_in_the_tokens_only() -> None:
    colour = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(", re.IGNORECASE)
    for path in FILES:
        if path.suffix == ".css" and path.name != "tokens.css":
            text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
            assert colour.findall(text) == [], path


def test_pages_hold_no_script_and_no_style() -> None:
    # Data is fine: <script type="application/json">, or linked data for search engines.
    inline = re.compile(r"(?i)<script(?![^>]*(?:\bsrc=|[/+]json))[^>]*>|<style|\sstyle=|\son\w+=")
    for path in FILES:
        if path.suffix == ".html":
            assert inline.findall(path.read_text()) == [], path
