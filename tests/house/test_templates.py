"""Every template compiles, is used, and imports only what it uses."""

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CODE = "\n".join(
    path.read_text()
    for path in [*TEMPLATES, *(ROOT / "kiosk").rglob("*.py"), *(ROOT / "admin").rglob("*.py")]
)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_compiles(database_free_app: Flask, path: Path) -> None:
    assert database_free_app.jinja_env.get_template(name_of(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_is_used(path: Path) -> None:
    name = name_of(path)
    short = name.removesuffix(".html").partition("/")[2]
    stem = path.stem
    assert any(f'"{word}"' in CODE for word in (name, short, stem))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_uses_what_it_imports(path: Path) -> None:
    text = path.read_text()
    for line in re.findall(r"{%-? from \"[^\"]+\" import ([^%]+?)(?: with context)? -?%}", text):
        for name in re.split(r"\s*,\s*", line.strip()):
            used = name.split(" as ")[-1].strip()
            assert len(re.findall(rf"\b{re.escape(used)}\b", text)) > 1, (used, line)


def test_every_change_is_told_in_words() -> None:
    """What staff did is written down under a name; the overview has a sentence for each."""
    written = {
        name
        for path in (ROOT / "admin").glob("*.py")
        for call in re.findall(r"\bnote_change\(\s*([^)]*?),", path.read_text())
        for name in re.findall(r'"([a-z]+\.[a-z_]+)"', call)
    }
    words = (ROOT / "templates/admin/overview/words.html").read_text()
    assert len(written) > 30
    assert sorted(name for name in written if f'"{name}":' not in words) == []
