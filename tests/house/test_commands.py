"""The commands that the README promises are the ones that run."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()


def test_ci_runs_the_command_of_the_readme() -> None:
    assert "make test" in (ROOT / "README.md").read_text()
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "make test"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100


def test_make_alone_lists_every_command() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = re.findall(r"^\.PHONY: (.*)", MAKEFILE, re.MULTILINE)[0].split()
    assert re.findall(r"^  make (\S+) +\S", listed.stdout, re.MULTILINE) == targets


@pytest.mark.parametrize("page", ["README.md"])
def test_every_make_command_in_words_exists(page: str) -> None:
    spoken = set(re.findall(r"`make ([a-z]+)`", (ROOT / page).read_text()))
    assert spoken - set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE)) == set()
