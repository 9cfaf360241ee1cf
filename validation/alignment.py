"""Alignment on photographs whose geometry is known: zones, outlines, lesions, stated errors.

Each photograph of a series is aligned with the series' own ``pre.jpg``. Where a lesion of a later
day lies on ``pre`` is not written in the truth; it follows from the cameras: all sightings of a
lesion in all series give its place in space (least squares, with the axis of rotation and the
offset of each series' frame), and the camera of ``pre`` gives its picture. The rest of the fit is
printed: it limits what can be said (.1 mm).

Run ``python validation/alignment.py [FOLDER] [--series b_pose ...]``; the folder may stand in the
environment variable MICROPEN_TRUTH_PHOTOS.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from micropen.measurement.alignment import Alignment, align
from micropen.measurement.face_view import FaceView
from micropen.portrait import Portrait

SERIES = ("b_pose", "d_pose_light_chart")
SIGHTED = ("a_fixed", "b_pose", "c_light", "d_pose_light_chart")
DAYS = ("day02", "day03", "day04")
STATES = ("rep1", "rep2", "day00", "day01", *DAYS, "day05", "day14")
ZONES = range(1, 7)

Points = NDArray[np.float64]
Truth = dict[str, Any]


def truth_of(folder: Path, series: str, state: str) -> Truth:
    """Read the truth beside a photograph."""
    return json.loads((folder / series / f"{state}.truth.json").read_text())


def rotation(truth: Truth) -> Points:
    """Pitch after roll, then yaw: the order that the sightings agree with best."""
    yaw, pitch, roll = (
        np.deg2rad(truth["camera"][f"head_{name}_deg"]) for name in ("yaw", "pitch", "roll")
    )
    (cy, sy), (cp, sp), (cr, sr) = ((np.cos(a), np.sin(a)) for a in (yaw, pitch, roll))
    turn = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    nod = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    tilt = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return turn @ nod @ tilt


def picture(points: Points, truth: Truth, axis: Points, offset: Points) -> Points:
    """Project points of the head, mm, into a photograph, px."""
    width, height = truth["size"]
    camera = truth["camera"]
    focal = height / 2 / np.tan(np.deg2rad(camera["fov_y_deg"]) / 2)
    seen = (points - axis) @ rotation(truth).T + axis
    scale = focal / (1000.0 * camera["distance_m"] - seen[:, 2])
    x = width / 2 - 0.5 + (seen[:, 0] + offset[0]) * scale
    y = height / 2 - 0.5 - (seen[:, 1] + offset[1]) * scale
    return np.stack([x, y], -1)


def lesions_in_space(folder: Path) -> tuple[Points, Points, dict[str, Points]]:
    """Places of the lesions, mm; axis of the head's rotation; offset of each series' frame."""
    sightings = []
    for series in (s for s in SIGHTED if (folder / s).is_dir()):
        for day in DAYS:
            truth = truth_of(folder, series, day)
            seen = [spot for spot in truth["lesions"] if spot["visible"]]
            ids = np.array([spot["id"] - 1 for spot in seen])
            sightings.append((series, truth, ids, np.array([[s["x"], s["y"]] for s in seen])))
    names = sorted({s[0] for s in sightings})
    count = 1 + max(int(ids.max()) for _, _, ids, _ in sightings)

    def parts(x: Points) -> tuple[Points, Points, dict[str, Points]]:
        rest = x[3 * count :]
        # The axis may lie anywhere along x: the sightings do not tell it from an offset.
        offsets = rest[2:].reshape(len(names), 2)
        axis = np.array([0.0, rest[0], rest[1]])
        return x[: 3 * count].reshape(count, 3), axis, dict(zip(names, offsets, strict=True))

    def misses(x: Points) -> Points:
        places, axis, offsets = parts(x)
        off = [
            picture(places[ids], truth, axis, offsets[series]) - xy
            for series, truth, ids, xy in sightings
        ]
        # A weak pull keeps what the sightings leave open near zero.
        return np.concatenate([np.concatenate(off).ravel(), 1e-3 * x[3 * count :]])

    begin = np.zeros(3 * count + 2 + 2 * len(names))
    begin[2 : 3 * count : 3] = 80.0
    fit = least_squares(misses, begin)
    left = float(np.sqrt(np.mean(fit.fun[: -2 - 2 * len(names)] ** 2)))
    print(
        f"lesions in space: {left:.2f} px left (root mean square) of {len(sightings)} photographs"
    )
    return parts(fit.x)


def at(values: NDArray[np.float32], places: Points) -> Points:
    """Bilinear values at places ``(n, 2)``."""
    where = places.astype(np.float32)[:, None]
    return cv2.remap(values, where, None, cv2.INTER_LINEAR)[:, 0].astype(np.float64)


def zone_figures(
    baseline: FaceView, moving: FaceView, alignment: Alignment, zones: tuple[Path, Path], mm: float
) -> tuple[float, float, float]:
    """Mean and least overlap of the truth's zones, 95th percentile of their outlines' distance."""
    first, second = (cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in zones)
    height, width = baseline.shape
    own = baseline.to_photo(np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1))
    here = cv2.remap(first, own, None, cv2.INTER_NEAREST)
    there = cv2.remap(second, moving.to_photo(alignment.place), None, cv2.INTER_NEAREST)
    seen = alignment.visible > 0.5
    overlap, distances = [], []
    for zone in ZONES:
        a, b = (here == zone) & seen, (there == zone) & seen
        overlap.append(float((a & b).sum() / max((a | b).sum(), 1)))
        edge = a & ~cv2.erode(a.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
        rim = b & ~cv2.erode(b.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
        away = cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, 5)
        distances.append(away[rim] / mm)
    return (
        float(np.mean(overlap)),
        min(overlap),
        float(np.percentile(np.concatenate(distances), 95)),
    )


def lesion_figures(
    baseline: FaceView, moving: FaceView, alignment: Alignment, pre: Points, truth: Truth
) -> tuple[Points, Points]:
    """Distance of each visible lesion from where it was put, and the stated error, mm."""
    seen = [spot for spot in truth["lesions"] if spot["visible"]]
    places = pre[[spot["id"] - 1 for spot in seen]]
    places = (places - np.array(baseline.origin) + 0.5) * baseline.scale - 0.5
    found = moving.to_photo(at(alignment.place, places))
    off = np.linalg.norm(found - np.array([[s["x"], s["y"]] for s in seen]), axis=-1)
    return off / truth["px_per_mm_at_head_centre"], at(alignment.error_mm, places)


def run(folder: Path, series: str, space: tuple[Points, Points, dict[str, Points]]) -> None:
    """Print one series."""
    places, axis, offsets = space
    pre_truth = truth_of(folder, series, "pre")
    pre = picture(places, pre_truth, axis, offsets[series])
    baseline = FaceView.of(Portrait.read(folder / series / "pre.jpg"))
    rows, lesions, stated = [], [], []
    print(
        f"\n{series:20s}{'s':>6}{'IoU':>8}{'least':>8}{'outline p95':>13}"
        f"{'lesions mm, mean, worst':>26}"
    )
    for state in STATES:
        truth = truth_of(folder, series, state)
        portrait = Portrait.read(folder / series / f"{state}.jpg")
        moving = FaceView.of(portrait, px_per_mm=baseline.px_per_mm)
        begun = time.process_time()
        alignment = align(baseline, moving)
        seconds = time.process_time() - begun
        zones = tuple(folder / series / f"{name}_zones.png" for name in ("pre", state))
        mm = pre_truth["px_per_mm_at_head_centre"] * baseline.scale
        figures = zone_figures(baseline, moving, alignment, (zones[0], zones[1]), mm)
        rows.append((seconds, *figures))
        line = f"{state:20s}{seconds:6.1f}{figures[0]:8.4f}{figures[1]:8.4f}{figures[2]:13.2f}"
        if truth["lesions"]:
            off, error = lesion_figures(baseline, moving, alignment, pre, truth)
            lesions.append(off)
            stated.append(error)
            line += f"{off.mean():17.2f}{off.max():9.2f}"
        print(line, flush=True)
    mean = np.mean(rows, 0)
    off, error = np.concatenate(lesions), np.concatenate(stated)
    print(f"{'mean':20s}{mean[0]:6.1f}{mean[1]:8.4f}{mean[2]:8.4f}{mean[3]:13.2f}"
          f"{off.mean():17.2f}{off.max():9.2f}")  # fmt: skip
    ratio = np.sqrt(np.mean(off**2 / 2) / np.mean(error**2))
    print(f"lesions: true over stated error (root mean squares, one axis) {ratio:.2f}")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", default=os.environ.get("MICROPEN_TRUTH_PHOTOS"))
    parser.add_argument("--series", nargs="*", default=SERIES)
    chosen = parser.parse_args()
    if chosen.folder is None or not Path(chosen.folder).is_dir():
        parser.error("name the folder of the truth photographs, or set MICROPEN_TRUTH_PHOTOS")
    cv2.setNumThreads(1)
    folder = Path(chosen.folder)
    space = lesions_in_space(folder)
    for series in chosen.series:
        run(folder, series, space)
    return 0


if __name__ == "__main__":
    sys.exit(main())
