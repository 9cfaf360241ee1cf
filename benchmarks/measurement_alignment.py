"""Time of aligning a pair at 2 megapixels, by stage, and of the warp against a memory-copy floor.

The photograph is the bundled portrait, enlarged; its pair is the same, turned by two degrees and
scaled by 1.02. One core. Run: ``python benchmarks/measurement_alignment.py``
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from micropen.evidence import load_parameters
from micropen.measurement.alignment import align
from micropen.measurement.alignment.flow import LEVELS, Scaled, own_place, raw_flow
from micropen.measurement.alignment.start import start
from micropen.measurement.alignment.trust import judge
from micropen.measurement.face_view import FaceView
from micropen.portrait import Portrait, read_photo

DEMO = Path(__file__).parents[1] / "src/micropen/workflows/data/demo/portrait.png"
PX_PER_MM = 5.0  # a view of about two megapixels


def fastest(work: Callable[[], object], repeats: int = 3) -> float:
    """Shortest of several runs, s."""
    work()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def views() -> tuple[FaceView, FaceView]:
    """The portrait enlarged until its view is full, and the same turned."""
    photo = read_photo(DEMO)
    grow = PX_PER_MM / Portrait.from_photo(photo).px_per_mm
    large = cv2.resize(photo.encoded, None, fx=grow, fy=grow, interpolation=cv2.INTER_CUBIC)
    height, width = large.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 2.0, 1.02)
    moved = cv2.warpAffine(large, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    one, two = (Portrait.from_photo(replace(photo, encoded=image)) for image in (large, moved))
    baseline = FaceView.of(one)
    return baseline, FaceView.of(two, px_per_mm=baseline.px_per_mm)


def main() -> int:
    cv2.setNumThreads(1)
    chosen = load_parameters()
    baseline, moving = views()
    print(f"views {baseline.shape} and {moving.shape}, {baseline.px_per_mm:.2f} px/mm")
    whole = fastest(lambda: align(baseline, moving, chosen))
    place = align(baseline, moving, chosen).place
    far = np.zeros(baseline.shape, np.float32)
    parts = {
        "start": fastest(lambda: start(baseline, moving, chosen)),
        "judge": fastest(lambda: judge(baseline, moving, place, far, chosen)),
    }
    for level in LEVELS:
        here = Scaled.of(baseline, level.px_per_mm, chosen)
        there = Scaled.of(moving, level.px_per_mm, chosen)
        size = here.codes.shape[::-1]
        fitted = cv2.resize(there.codes, size)
        name = f"flow there and back, {level.px_per_mm:g} px/mm"
        parts[name] = 2 * fastest(lambda a=here, b=fitted, v=level: raw_flow(a.codes, b, v.finest))
    parts["weights, means, scaling"] = whole - sum(parts.values())
    print(f"align {whole:.2f} s")
    for name, seconds in parts.items():
        print(f"  {name:34s} {seconds:6.2f} s {100 * seconds / whole:5.1f} %")
    still = own_place(baseline.shape)
    warp = fastest(lambda: cv2.remap(moving.linear, still, None, cv2.INTER_CUBIC), 9)
    # What a warp must move: three floats read, three written, two of the map read.
    block = np.zeros((*baseline.shape, 4), np.float32)
    floor = fastest(block.copy, 9)
    print(
        f"warp {1e3 * warp:.1f} ms, copy of as many bytes {1e3 * floor:.1f} ms: "
        f"{warp / floor:.1f} x"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
