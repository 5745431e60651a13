"""Every template compiles, is used, and imports only what it uses."""

import re
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CODE = "\n".join(
    path.read_text()
    for path in [*TEMPLATES, *(ROOT / "kiosk").rglob("*.py"), *(ROOT / "admin").rglob("*.py")]
)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


def names_of(template: str) -> tuple[str, str, str]:
    """Return how code may name it: whole, without its face, without its folder."""
    return template, template.removesuffix(".html").partition("/")[2], Path(template).stem


def test_templates_compile(database_free_app: Flask) -> None:
    for path in TEMPLATES:
        assert database_free_app.jinja_env.get_template(name_of(path))


def test_templates_are_used() -> None:
    unused = [
        name
        for name in map(name_of, TEMPLATES)
        if not any(f'"{word}"' in CODE for word in names_of(name))
    ]
    assert unused == []


def test_templates_use_what_they_import() -> None:
    unused = [f"{name_of(path)}: {name}" for path in TEMPLATES for name in idle(path.read_text())]
    assert unused == []


def idle(text: str) -> list[str]:
    """Return what a template imports and does not use."""
    imports = re.findall(r"{%-? from \"[^\"]+\" import ([^%]+?)(?: with context)? -?%}", text)
    names = [name.split(" as ")[-1].strip() for line in imports for name in line.split(",")]
    return [name for name in names if len(re.findall(rf"\b{re.escape(name)}\b", text)) < 2]


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
