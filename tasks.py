#!/usr/bin/env python3
"""Set up and run micropen with Python 3.11 and nothing else (standard library only).

    python3 tasks.py demo          the main job on the bundled example
    python3 tasks.py test          linters, types, import contract, fast tests with coverage
    python3 tasks.py test --slow   the slow tests as well
    python3 tasks.py bench         the benchmarks, as ratios

Each command makes its own virtual environment in `.venv` the first time.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
MINIMUM = (3, 11)


def run(*command: str | Path) -> None:
    """Run one command in the project folder; stop with its exit code if it fails."""
    print("+", " ".join(str(part) for part in command), flush=True)
    environment = dict(os.environ)
    environment.pop("PYTHONPATH", None)
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def install(extras: str) -> None:
    """Install the package with these extras, unless the same set stands already."""
    project = (ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode() + sys.version.encode()
    wanted = hashlib.sha256(project).hexdigest()
    stamp = VENV / f"micropen-{extras or 'run'}.stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not (BIN / "pip").exists() and not (BIN / "pip.exe").exists():
        print(f"Making the virtual environment in {VENV.name} ...", flush=True)
        try:
            venv.create(VENV, with_pip=True)
        except (OSError, subprocess.CalledProcessError) as error:
            sys.exit(
                f"Cannot make a virtual environment ({error}); on Debian: "
                "apt-get install python3-venv."
            )
    target = f".[{extras}]" if extras else "."
    run(
        BIN / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--editable",
        target,
    )
    stamp.write_text(wanted)


def demo(arguments: list[str]) -> None:
    """Run the bundled example."""
    install("")
    run(BIN / "micropen", "demo", *arguments)


def check() -> None:
    """Run the linters, the type checker and the import contract."""
    run(BIN / "ruff", "check", ".")
    run(BIN / "ruff", "format", "--check", ".")
    run(BIN / "mypy")
    run(BIN / "lint-imports")


def test(arguments: list[str]) -> None:
    """Run every check and the tests; ``--slow`` adds the slow ones."""
    install("dev")
    slow = "--slow" in arguments
    rest = [a for a in arguments if a != "--slow"]
    check()
    marker = [] if slow else ["-m", "not slow"]
    run(
        BIN / "python",
        "-m",
        "pytest",
        "-n",
        "2",
        "--dist",
        "loadfile",
        "--cov",
        "--cov-report",
        "term:skip-covered",
        *marker,
        *rest,
    )


def bench(arguments: list[str]) -> None:
    """Run the benchmarks."""
    install("dev")
    for script in sorted((ROOT / "benchmarks").glob("*.py")):
        run(BIN / "python", script, *arguments)


COMMANDS = {"demo": demo, "test": test, "bench": bench}


def main() -> None:
    """Parse the task's name and run it."""
    if sys.version_info < MINIMUM:
        sys.exit(f"micropen needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task", choices=COMMANDS)
    known, rest = parser.parse_known_args()
    COMMANDS[known.task](rest)


if __name__ == "__main__":
    main()
