"""A run that is stopped leaves the case and an earlier result as they were, whatever stops it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from made_up_following import (
    AFTERWARDS,
    FIRST_DAYS,
    Measured,
    add_lines,
    add_photos,
    case_with,
    few_draws,
    snapshot,
)

from micropen.case import Case, kept
from micropen.errors import OutputError
from micropen.report.folder import PROVENANCE, file_digests
from micropen.workflows import follow as job
from micropen.workflows.follow import FollowRequest, follow

PHOTOS = {"pre.png": -1.0, "day 0.png": 0.1, "day 1.png": 1.0}
NEW = "2026-05-05 09:00,1,0,2"
STOPS = {
    "files": KeyboardInterrupt,
    "learning": KeyboardInterrupt,
    "tables and page": KeyboardInterrupt,
    "write_files": OSError,
    "write_following": MemoryError,
    "expectation": ZeroDivisionError,
    "keep_measurement": OutputError,
}


@pytest.fixture(scope="module")
def followed_once(tmp_path_factory):
    """A case that was followed, with a check-in and a photograph that came since."""
    work = tmp_path_factory.mktemp("once")
    with pytest.MonkeyPatch.context() as patch:
        prepare(patch)
        folder = case_with(work / "case", *FIRST_DAYS)
        add_photos(folder, PHOTOS)
        run(work)
    add_lines(folder, *FIRST_DAYS, NEW)
    add_photos(folder, PHOTOS | {"day 4.png": 4.0})
    return work


def prepare(patch: pytest.MonkeyPatch) -> None:
    few_draws(patch, written=True)
    patch.setattr(job, "measure_series", Measured())


def run(work: Path, progress=None):
    request = FollowRequest(work / "case", work / "out", now=AFTERWARDS, pictures=False)
    return follow(request, progress)


def of_the_person(work: Path) -> dict[str, str]:
    """What a person put in, and the earlier result."""
    return snapshot(work, lambda path: "micropen" in path.relative_to(work).parts)


def whole(folder: Path) -> bool:
    """Whether a result holds all that its record names."""
    record = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
    return record["files"] == {k: v for k, v in file_digests(folder).items() if k != PROVENANCE}


@pytest.mark.parametrize("stop", list(STOPS))
def test_a_stopped_run_leaves_everything_as_it_was(followed_once, tmp_path, monkeypatch, stop):
    work = tmp_path / "work"
    shutil.copytree(followed_once, work)
    prepare(monkeypatch)

    def stopping(*_arguments, **_options):
        raise STOPS[stop]("stopped")

    def progress(stage: str, _share: float) -> None:
        if stage == stop:
            stopping()

    if hasattr(job, stop):
        monkeypatch.setattr(job, stop, stopping)
    elif stop == "write_following":
        monkeypatch.setattr("micropen.workflows.follow_files.write_following", stopping)
    before = of_the_person(work)
    forecasts = sorted((work / "case" / "micropen" / "forecasts").iterdir())
    with pytest.raises((STOPS[stop], OutputError)):
        run(work, progress)
    assert of_the_person(work) == before
    assert sorted((work / "case" / "micropen" / "forecasts").iterdir()) == forecasts
    assert {p.name for p in work.iterdir()} == {"case", "out"}


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import pytest
from test_workflows_follow_interrupted import prepare, run

work, first, step = Path(sys.argv[1]), int(sys.argv[3]), int(sys.argv[4])
prepare(pytest.MonkeyPatch())
run(Path(sys.argv[5]))  # so that what is loaded at first use is loaded
kill_at = first
while True:
    child = os.fork()
    if not child:
        seen = 0
        def hook(event, arguments):
            global seen
            if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"):
                if str(work) in str(arguments[0]):
                    seen += 1
                    if seen == kill_at:
                        os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)
        run(work)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    print(kill_at if killed else "done", os.waitstatus_to_exitcode(status), flush=True)
    if sys.stdin.readline() == "":
        break
    kill_at += step
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="runs are killed in forks")
def test_a_killed_run_leaves_everything_as_it_was(followed_once, tmp_path):
    """Killed at every few touches of a file, one run after the other, then run to the end."""
    work, other = tmp_path / "work", tmp_path / "other"
    shutil.copytree(followed_once, work)
    shutil.copytree(followed_once, other)
    inputs, old = snapshot(work / "case", in_kept), snapshot(work / "out")
    command = [sys.executable, "-c", KILLED, work, Path(__file__).parent, "1", "3", other]
    kills, code = 0, "-9"
    with subprocess.Popen(
        [str(c) for c in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        while True:
            said, code = child.stdout.readline().split()
            assert snapshot(work / "case", in_kept) == inputs
            check_results(work, old)
            if said == "done":
                break
            assert code == str(-signal.SIGKILL)
            kills += 1
            child.stdin.write("on\n")
            child.stdin.flush()
        child.stdin.close()
    assert code == "0"
    assert kills > 8
    case = Case.open(work / "case", AFTERWARDS)
    assert len(kept(case, "forecasts/*").contents) == 2
    assert kept(case).notes == ()
    assert snapshot(work / "out") != old
    assert whole(work / "out")
    assert {p.name for p in work.iterdir()} == {"case", "out"}
    assert not list((work / "case").rglob("*.part*"))


def in_kept(path: Path) -> bool:
    return "micropen" in path.parts


def check_results(work: Path, old: dict[str, str]) -> None:
    """A whole result stands in its place, or the earlier one stepped aside that very moment."""
    if (work / "out").exists():
        assert snapshot(work / "out") == old or whole(work / "out")
        return
    (aside,) = work.glob(".out.*.old/report")
    assert snapshot(aside) == old
