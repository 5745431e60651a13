"""Run a Node.js command with the system's Node, or with one from a wheel where there is none.

python deploy/node.py npm ci
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 20
BIN = Path(sys.executable).parent


def system_has_node() -> bool:
    """Tell whether PATH has npm and a Node.js that is new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = asked.stdout.strip().removeprefix("v").split(".")[0]
    return major.isdigit() and int(major) >= OLDEST


def install_wheel() -> None:
    """Put Node.js into the virtual environment."""
    print("No Node.js 20 or newer here: installing one into .venv …", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", "requirements-node.txt"], check=True)


def main(command: list[str]) -> None:
    """Become the command."""
    if not system_has_node():
        if not (BIN / "npm").exists():
            install_wheel()
        os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
