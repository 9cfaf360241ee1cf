"""One pair of 12 megapixels, from the files to the table: seconds and share by stage.

``python benchmarks/measurement_pair.py [FOLDER]``: the folder holds ``pre.jpg`` and ``day03.jpg``
(such as ``portrait_12mp`` of the truth photographs, also through MICROPEN_TRUTH_PHOTOS); without
one the bundled portrait is enlarged. Every stage runs twice and the second run counts, so that no
compilation is timed. Seconds are of the processor (all threads), so that a busy machine does not
show; each stage is also given as a ratio to copying the view once.
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
from micropen.measurement.build_pair import build_pair
from micropen.measurement.face_view import FaceView
from micropen.measurement.gate import judge
from micropen.measurement.methods import METHODS
from micropen.measurement.pictures import pictures_of
from micropen.portrait import Portrait, read_photo

T = TypeVar("T")
SIDE = 3464  # of a square of 12 megapixels


def main() -> int:
    folder = _folder()
    with tempfile.TemporaryDirectory() as work:
        first, second = _pair_of(folder, Path(work))
        _measure(first, second)  # compiles, loads networks and tables
        stages, floor = _measure(first, second)
    total = sum(stages.values())
    print(f"{'stage':<28}{'s':>8}{'share':>8}{'x copy':>9}")
    for name, seconds in stages.items():
        print(f"{name:<28}{seconds:8.2f}{seconds / total:8.1%}{seconds / floor:9.0f}")
    print(f"{'one photograph and its pair':<28}{total:8.2f}; copy of the view {floor * 1e3:.1f} ms")
    return 0


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


def _measure(first: Path, second: Path) -> tuple[dict[str, float], float]:
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
    floor = min(_copy(base.linear) for _ in range(9))
    return stages, floor


def _copy(image: np.ndarray) -> float:
    began = time.process_time()
    for _ in range(20):
        image.copy()
    return (time.process_time() - began) / 20.0


if __name__ == "__main__":
    sys.exit(main())
