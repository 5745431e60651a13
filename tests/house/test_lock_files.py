"""Lock files name versions and hashes, and no place to load them from."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted([*ROOT.glob("requirements*.txt"), ROOT / "package-lock.json", ROOT / ".npmrc"])


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_names_no_host(lock: Path) -> None:
    text = lock.read_text()
    if lock.suffix == ".json":  # where to thank a package's author is no place to load it from
        text = re.sub(r'"funding": ({[^}]*}|\[[^]]*\])', "", text)
    assert re.findall(r"\w+://\S+|--(?:\w+-)*(?:index-url|find-links)|registry=", text) == []


def test_python_packages_are_pinned_by_hash() -> None:
    for lock in ROOT.glob("requirements*.txt"):
        for package in re.split(r"\n(?=\S)", lock.read_text().strip()):
            assert re.match(r"[a-z0-9][a-z0-9.-]*==\S+ .*\\\n +--hash=sha256:", package + " "), (
                f"{lock.name}: {package.splitlines()[0]}"
            )


def test_python_locks_agree() -> None:
    """Test packages are installed over the station's: both must name the same versions."""
    versions: dict[str, set[str]] = {}
    for lock in ROOT.glob("requirements*.txt"):
        for name, version in re.findall(r"^(\S+)==(\S+)", lock.read_text(), re.MULTILINE):
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_front_end_packages_are_pinned_by_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_front_end_packages_are_asked_for_exactly() -> None:
    asked = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert [version for version in asked.values() if not re.fullmatch(r"[\d.]+", version)] == []
