"""The series of photographs whose truth is known: which are asked for, and their pairs."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from micropen.measurement.build_pair import build_pair
from micropen.measurement.face_view import FaceView
from micropen.measurement.pair import Pair
from micropen.portrait import Portrait


def report_series(description: str | None, report: Callable[[Path], None]) -> int:
    """Report on the folder of every series asked for on the command line.

    Parameters
    ----------
    description
        What the program says about itself with ``--help``.
    report
        Prints the lines of one series.

    Returns
    -------
    int
        Exit code; 2 where there is no folder.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folder", nargs="?", default=os.environ.get("MICROPEN_TRUTH_PHOTOS", ""))
    parser.add_argument("--series", nargs="*", default=[])
    arguments = parser.parse_args()
    folder = Path(arguments.folder)
    if not folder.is_dir():
        print(f"There is no folder {folder}; give the truth photographs.", file=sys.stderr)
        return 2
    for path in sorted(p.parent for p in folder.glob("*/pre.truth.json")):
        if not arguments.series or path.name in arguments.series:
            report(path)
    return 0


def pairs_of(folder: Path) -> Iterator[tuple[str, dict[str, Any], Pair]]:
    """State, truth and pair of each photograph of a series, by name."""
    baseline: FaceView | None = None
    names = [p.name.removesuffix(".truth.json") for p in folder.glob("*.truth.json")]
    for state in ["pre", *sorted(n for n in names if n != "pre")]:
        truth = json.loads((folder / f"{state}.truth.json").read_text(encoding="utf-8"))
        portrait = Portrait.read(folder / f"{state}.jpg")
        if baseline is None:
            baseline = FaceView.of(portrait)
            continue
        view = FaceView.of(portrait, px_per_mm=baseline.px_per_mm)
        yield state, truth, build_pair(baseline, view, float(truth["tone_ITA"]))
