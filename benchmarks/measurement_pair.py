"""One pair of 12 megapixels, from the files to the table: seconds and share by stage.

``python benchmarks/measurement_pair.py [FOLDER]``: the folder holds ``pre.jpg`` and ``day03.jpg``
(such as ``portrait_12mp`` of the truth photographs, also through MICROPEN_TRUTH_PHOTOS); without
one the bundled portrait is enlarged. Every stage runs twice and the second run counts, so that no
compilation is timed. Seconds are of the processor (all threads), so that a busy machine does not
show; each stage is also given as a ratio to copying the view once. The kernels that touch every
pixel are given as ratios to copying as many bytes as they must read and write.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from micropen.evidence import load_parameters
from micropen.measurement.alignment import align
from micropen.measurement.build_pair import build_pair, without_gain
from micropen.measurement.face_view import FaceView
from micropen.measurement.gate import judge
from micropen.measurement.methods import METHODS
from micropen.measurement.pair import Pair
from micropen.measurement.pictures import pictures_of
from micropen.measurement.scaling.whiteness import ratios
from micropen.measurement.unmixing.cells import Cells
from micropen.portrait import Portrait, read_photo
from micropen.portrait.colour_encoding import linear_from_codes

T = TypeVar("T")
SIDE = 3464  # of a square of 12 megapixels


def main() -> int:
    folder = _folder()
    with tempfile.TemporaryDirectory() as work:
        first, second = _pair_of(folder, Path(work))
        _measure(first, second)  # compiles, loads networks and tables
        stages, pair = _measure(first, second)
    floor = _fastest(pair.before.copy)
    total = sum(stages.values())
    print(f"{'stage':<28}{'s':>8}{'share':>8}{'x copy':>9}")
    for name, seconds in stages.items():
        print(f"{name:<28}{seconds:8.2f}{seconds / total:8.1%}{seconds / floor:9.0f}")
    print(f"{'one photograph and its pair':<28}{total:8.2f}; copy of the view {floor * 1e3:.1f} ms")
    print(f"{'kernel':<28}{'ms':>8}{'floor ms':>10}{'ratio':>8}")
    for name, (job, floats) in _kernels(pair).items():
        block = np.zeros((*pair.before.shape[:2], floats // 2), np.float32)
        seconds, least = _fastest(job), _fastest(block.copy)
        print(f"{name:<28}{seconds * 1e3:8.1f}{least * 1e3:10.1f}{seconds / least:8.1f}")
    return 0


def _kernels(pair: Pair) -> dict[str, tuple[Callable[[], object], int]]:
    """Each kernel, and how many floats per pixel it must read and write (an even number)."""
    codes = np.rint(255.0 * np.clip(pair.before, 0.0, 1.0)).astype(np.uint8)
    later, gain, finest = pair.later.linear, pair.light.log_gain, 0.3 * pair.px_per_mm
    return {
        "linearise": (lambda: linear_from_codes(codes), 4),
        "warp (cubic)": (lambda: pair.alignment.warp(later), 8),
        "light division": (lambda: without_gain(pair.after, gain), 10),
        "cells of unmixing": (lambda: Cells.of(pair, 2.0), 8),
        "ratios of flakes": (lambda: ratios(pair.after, finest), 6),
    }


def _folder() -> Path | None:
    if len(sys.argv) > 1:
        return Path(sys.argv[1])
    told = os.environ.get("MICROPEN_TRUTH_PHOTOS", "")
    there = Path(told) / "portrait_12mp" if told else None
    return there if there is not None and there.is_dir() else None


def _pair_of(folder: Path | None, work: Path) -> tuple[Path, Path]:
    if folder is not None:
        return folder / "pre.jpg", folder / "day03.jpg"
    path = Path(str(files("micropen.workflows") / "data" / "demo" / "portrait.png"))
    small = cv2.imread(str(path))[20:330, 110:420]
    paths = []
    for k, scale in enumerate((1.0, 0.98)):
        large = cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        matrix = np.array([[scale, 0, 40.0 * k], [0, scale, -30.0 * k]], np.float32)
        moved = cv2.warpAffine(large, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
        paths.append(work / f"{k}.jpg")
        cv2.imwrite(str(paths[-1]), moved, [cv2.IMWRITE_JPEG_QUALITY, 92])
    return paths[0], paths[1]


def _measure(first: Path, second: Path) -> tuple[dict[str, float], Pair]:
    stages: dict[str, float] = {}

    def timed(name: str, job: Callable[[], T]) -> T:
        began = time.process_time()
        done = job()
        stages[name] = stages.get(name, 0.0) + time.process_time() - began
        return done

    parameters = load_parameters()
    before = Portrait.from_photo(read_photo(first))
    tone = before.skin.ita_deg
    base = FaceView.of(before, parameters)
    judge(before, None, None, parameters)
    photo = timed("read", lambda: read_photo(second))
    portrait = timed("face, zones, masks", lambda: Portrait.from_photo(photo))
    timed("gate", lambda: judge(portrait, before, None, parameters))
    view = timed("view", lambda: FaceView.of(portrait, parameters, base.px_per_mm))
    base.labels, base.skin, view.skin  # noqa: B018
    timed("align", lambda: align(base, view, parameters))
    pair = timed("light (with align)", lambda: build_pair(base, view, tone, parameters))
    stages["light (with align)"] -= stages["align"]
    stages["light"] = stages.pop("light (with align)")
    readings = {m.name: timed(f"read {m.sign}", lambda m=m: m.read(pair)) for m in METHODS}
    shown = {m.sign: readings[m.name] for m in METHODS if m.main}
    timed("pictures", lambda: pictures_of(pair, shown, "later"))
    return stages, pair


def _fastest(job: Callable[[], object]) -> float:
    """Seconds of the fastest of nine runs."""
    job()
    times = []
    for _ in range(9):
        began = time.process_time()
        job()
        times.append(time.process_time() - began)
    return min(times)


if __name__ == "__main__":
    sys.exit(main())
