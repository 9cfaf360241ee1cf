"""Runs that are killed at any moment: what was confirmed stays, what was half done is no data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")

# Forked from one process that has loaded the program, so that dozens of kills take a second.
COMMON = '''
import os, random, signal, sys, time
from datetime import datetime, timedelta
from pathlib import Path
from micropen.case import Case, CheckIn, add_check_in, case_lock, keep, kept, new_case
from micropen.case.making import sweep_unfinished

folder, treatment = Path(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8")
rng = random.Random(20270608)
START, NOW = datetime(2027, 6, 8), datetime(2100, 1, 1)
log = folder / "confirmed"

def confirm(word):
    with log.open("a") as file:
        file.write(word + "\\n")

def confirmed():
    return log.read_text().split() if log.exists() else []

def killed(job, one_s):
    """Kill a run at a random moment of the work that follows its first confirmed pieces."""
    wanted = len(confirmed()) + rng.randrange(3)
    child = os.fork()
    if child == 0:
        try:
            job()
        finally:
            os._exit(1)
    while len(confirmed()) < wanted:
        assert os.waitpid(child, os.WNOHANG) == (0, 0), "the run ended by itself"
        time.sleep(one_s / 10)
    time.sleep(rng.uniform(0.0, 1.5 * one_s))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

def seconds_of(piece):
    piece("first")
    started = time.monotonic()
    piece("second")
    return time.monotonic() - started
'''

APPENDING = """
case_folder = new_case(folder / "case", treatment)

def append(start):
    for n in range(start, start + 5000):
        add_check_in(case_folder, CheckIn(START + timedelta(minutes=n + 1), note=f"note-{n}"))
        confirm(f"note-{n}")

one_s = seconds_of(lambda name: add_check_in(case_folder, CheckIn(START, note=name)))
partial = 0
for kill in range(30):
    killed(lambda: append(5000 * kill), one_s)
    partial += (case_folder / ".checkins.part.csv").exists()
    case = Case.open(case_folder, NOW)
    found = [c.note for c in case.check_ins]
    said = confirmed()
    assert set(said) <= set(found), "a confirmed line is lost"
    assert len(found) == len(set(found)), "a line stands twice"
    assert len(found) <= len(said) + kill + 2, "more lines than were written"
    assert len(case.notes) == 1, "only the two first lines are of one moment"
add_check_in(case_folder, CheckIn(START + timedelta(days=999), note="last"))
assert sorted(p.name for p in case_folder.iterdir()) == [
    "README.txt", "checkins.csv", "micropen", "photos", "treatment.toml"
], "the next run cleans up"
print(f"{len(confirmed())} confirmed, {partial} partial files")
"""

MAKING = """
def make(start):
    for n in range(start, start + 1000):
        new_case(folder / f"case-{n}", treatment)
        confirm(f"case-{n}")

one_s = seconds_of(lambda name: new_case(folder / name, treatment))
left, seen = 0, set()
for kill in range(15):
    killed(lambda: make(1000 * kill), one_s)
    left += len(list(folder.glob(".micropen-case-*")))
    made = [p for p in folder.iterdir() if p.name.startswith("case-")]
    assert set(confirmed()) <= {p.name for p in made}
    for path in set(made) - seen:
        seen.add(path)
        assert (path / "README.txt").read_text(encoding="utf-8").endswith(".\\n")
        assert Case.open(path, NOW).photos.is_dir()
new_case(folder / "last", treatment)
assert not list(folder.glob(".micropen-case-*")), "the next run cleans up"
print(f"{len(confirmed())} confirmed, {left} unfinished folders")
"""

KEEPING = """
case = Case.open(new_case(folder / "case", treatment), NOW)

def work(start):
    with case_lock(case):
        for n in range(start, start + 100000):
            keep(case, "forecast.json", {"n": n, "row": [n] * 200})
            confirm(str(n))

one_s = seconds_of(lambda name: keep(case, name, {}))
for kill in range(20):
    killed(lambda: work(100000 * kill), one_s)
    found = kept(case)
    assert found.notes == ()
    newest = found.contents.get("forecast.json", {"n": -1, "row": [-1] * 200})
    assert newest["row"] == [newest["n"]] * 200
    assert newest["n"] >= max(map(int, confirmed()), default=-1)
    with case_lock(case):  # the killed run does not hold it any more
        assert not list(case.kept_folder.glob(".*.part*"))
print(f"{len(confirmed())} confirmed")
"""

TOGETHER = """
case_folder = new_case(folder / "case", treatment)
children = []
for writer in range(4):
    child = os.fork()
    if child == 0:
        code = 1
        try:
            for n in range(15):
                when = START + timedelta(minutes=100 * writer + n)
                add_check_in(case_folder, CheckIn(when, breakouts=n))
            code = 0
        finally:
            os._exit(code)
    children.append(child)
assert all(os.waitpid(child, 0)[1] == 0 for child in children)
assert len(Case.open(case_folder, NOW).check_ins) == 60
print("60 lines of 4 writers")
"""


@pytest.mark.parametrize(
    "job",
    [APPENDING, MAKING, KEEPING, TOGETHER],
    ids=["appending", "making", "keeping", "together"],
)
def test_killed_and_crowded(job: str, tmp_path: Path, founding_case_file: Path):
    done = subprocess.run(
        [sys.executable, "-c", COMMON + job, str(tmp_path), str(founding_case_file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    print(done.stdout)
