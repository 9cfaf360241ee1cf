"""How surely the 24-patch chart is found, and how well colours come out, where the truth is known.

Run from the project's folder: ``python validation/chart.py``; ``--backgrounds FOLDER`` adds
photographs without a chart, ``--series FOLDER`` a series of photographs with one, ``--photographs
FOLDER`` other photographs with charts. The drawn camera is a 3 x 3 matrix with a power at most:
real cameras leave more (2 to 4 where drawn ones leave .5).
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from drawn_charts import flat_chart, lay_into, patch_corners

from micropen.evidence import stream
from micropen.measurement.chart import (
    Chart,
    ChartReading,
    ColourCorrection,
    Edition,
    chart_colours,
    chart_of,
    find_chart,
    fit_correction,
)
from micropen.measurement.chart.colour_difference import delta_e_2000
from micropen.measurement.chart.placement import PATCHES
from micropen.measurement.chart.reference import lab_d50_from_linear
from micropen.portrait.colour_encoding import encode_srgb, linear_from_codes
from micropen.portrait.photo import Photo

DEMO = Path(__file__).parents[1] / "src/micropen/workflows/data/demo/portrait.png"
PICTURES = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True)
class Scene:
    """How a chart is photographed; lengths in px, angles in degrees, the rest relative."""

    patch: float = 30.0
    turn: float = 0.0
    tilt: float = 0.0
    shadow: float = 0.0
    slope: float = 0.0
    shine: float = 0.0
    noise: float = 0.004
    blur: float = 0.5
    exposure: float = 1.0
    curve: float = 1.0
    quality: int = 92


SCENES = {
    "patch 60 px": Scene(patch=60),
    "patch 30 px": Scene(),
    "patch 16 px": Scene(patch=16),
    "patch 12 px": Scene(patch=12),
    "patch 9 px": Scene(patch=9),
    "tilted 30": Scene(tilt=30),
    "tilted 45": Scene(tilt=45),
    "tilted 55": Scene(tilt=55),
    "light slope 20 %": Scene(slope=0.2),
    "half in shadow (-50 %)": Scene(shadow=0.5),
    "half in shadow (-20 %)": Scene(shadow=0.2),
    "half in shadow (-10 %)": Scene(shadow=0.1),
    "shine on two patches": Scene(shine=0.3),
    "noise 2 %": Scene(noise=0.02),
    "JPEG 50, noise 1 %": Scene(noise=0.01, quality=50),
    "blur 2 px": Scene(blur=2.0),
    "blur 5 px": Scene(blur=5.0),
    "overexposed x2": Scene(exposure=2.0),
    "underexposed x1/4": Scene(exposure=0.25),
    "tone curve .85": Scene(curve=0.85),
    "tone curve 1.2": Scene(curve=1.2),
}


def photo_of(linear: np.ndarray, quality: int = 92, name: str = "drawn") -> Photo:
    """Encode linear light as a camera does: 8 bits, JPEG."""
    codes = np.rint(255.0 * encode_srgb(linear)).astype(np.uint8)
    _, data = cv2.imencode(".jpg", codes[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]
    return Photo(np.ascontiguousarray(decoded), 8, "sRGB", name, "", "JPEG", 1)


def corners_for(scene: Scene, shape: tuple[int, int], random: np.random.Generator) -> np.ndarray:
    """Corners of a chart of the scene's size, turned and tilted, wholly in the picture."""
    width, height = 6.4 * scene.patch, 4.4 * scene.patch
    flat = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (0.5 * width, 0.5 * height)
    axis = np.radians(random.uniform(0, 360))
    along = np.array([np.cos(axis), np.sin(axis)])
    distance = 5.0 * width
    lean = np.radians(scene.tilt)
    across = flat @ np.array([-along[1], along[0]])
    depth = across * np.sin(lean)
    squeezed = flat - np.outer(across * (1 - np.cos(lean)), [-along[1], along[0]])
    seen = squeezed * (distance / (distance + depth))[:, None]
    angle = np.radians(scene.turn)
    turned = seen @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    low, high = turned.min(axis=0), turned.max(axis=0)
    room = np.array(shape[::-1]) - 4.0 - high
    return turned + random.uniform(2.0 - low, np.maximum(room, 2.0 - low + 1e-6))


def camera(random: np.random.Generator) -> np.ndarray:
    """A camera's primaries and white balance, a few per cent off."""
    mixing = np.eye(3) + 0.06 * random.standard_normal((3, 3)) * (1 - np.eye(3))
    mixing = mixing / mixing.sum(axis=1, keepdims=True)
    return np.diag(np.exp(0.06 * random.standard_normal(3))) @ mixing


def lit_chart(scene: Scene, edition: Edition, random: np.random.Generator) -> np.ndarray:
    """The flat drawing under the scene's uneven light."""
    flat = flat_chart(edition)
    high, wide = flat.shape[:2]
    across = np.linspace(-0.5, 0.5, wide)[None, :, None]
    light = np.exp(scene.slope * across) * np.ones((high, wide, 1))
    if scene.shadow:
        edge = random.uniform(-0.3, 0.3) + 0.3 * np.linspace(-1, 1, high)[:, None, None]
        light = light * (1.0 - scene.shadow / (1.0 + np.exp(-(across - edge) / 0.01)))
    lit = flat * light
    if scene.shine:
        top, left = random.integers(40, 300), random.integers(40, 400)
        lit[top : top + 90, left : left + 180] += scene.shine
    return np.asarray(lit, np.float32)


def draw(
    background: np.ndarray, scene: Scene, random: np.random.Generator
) -> tuple[Photo, np.ndarray, np.ndarray, Edition]:
    """Return the photograph, the chart's patch corners, the camera's matrix, the make."""
    edition = list(Edition)[int(random.integers(2))]
    scene = replace(scene, turn=random.uniform(-20, 20) + 90 * int(random.integers(4)))
    corners = corners_for(scene, background.shape[:2], random)
    picture = lay_into(background, lit_chart(scene, edition, random), corners)
    matrix = camera(random)
    seen = np.maximum(picture @ matrix.T.astype(np.float32), 0.0) ** scene.curve * scene.exposure
    seen = cv2.GaussianBlur(seen, (0, 0), scene.blur)
    seen = seen + scene.noise * np.sqrt(0.1 + seen) * random.standard_normal(seen.shape)
    photo = photo_of(np.clip(seen, 0.0, 1.0), scene.quality)
    return photo, patch_corners(corners), matrix, edition


def corner_error(reading: ChartReading, corners: np.ndarray) -> float:
    """Largest distance of a corner from the truth, px; the right way round or far off."""
    if reading.corners is None:
        return float("inf")
    return float(np.linalg.norm(reading.corners - corners, axis=1).max())


SKIN = np.array([[0.55, 0.33, 0.25], [0.38, 0.21, 0.14], [0.20, 0.10, 0.06], [0.07, 0.035, 0.02]])


def skin_error(reading: ChartReading, matrix: np.ndarray, scene: Scene) -> float:
    """Mean CIEDE2000 of four skin colours through camera and correction."""
    if reading.correction is None:
        return float("nan")
    seen = (SKIN @ matrix.T) ** scene.curve * scene.exposure
    after = reading.correction.apply(seen)
    return float(delta_e_2000(lab_d50_from_linear(after), lab_d50_from_linear(SKIN)).mean())


def drawn_charts(backgrounds: list[np.ndarray], count: int) -> None:
    """Print how often the drawn chart was found, used, and what it was worth."""
    print(f"Charts drawn into {len(backgrounds)} photographs, {count} each, any way round:")
    print(
        f"{'scene':<24}{'found':>7}{'wrong':>7}{'usable':>8}{'edition':>8}{'dE mean':>8}"
        f"{'left out':>9}{'skin dE':>8}{'s':>6}  most frequent refusal"
    )
    for name, scene in SCENES.items():
        rows, seconds, refusals = [], [], []
        for index in range(count):
            random = stream(index, f"validation-chart-{name}")
            background = backgrounds[index % len(backgrounds)]
            photo, corners, matrix, edition = draw(background, scene, random)
            start = time.perf_counter()
            reading = chart_of(photo)
            seconds.append(time.perf_counter() - start)
            right = corner_error(reading, corners) < 0.15 * scene.patch
            same = reading.correction is not None and reading.correction.edition is edition
            rows.append(
                (
                    right,
                    reading.found and not right,
                    reading.usable,
                    same,
                    reading.residual_de00 if reading.usable else np.nan,
                    reading.left_out_de00 if reading.usable else np.nan,
                    skin_error(reading, matrix, scene),
                )
            )
            refusals.append(reading.fault.value if reading.fault else "")
        print(_row(name, np.array(rows, float), seconds, refusals))


def _row(name: str, table: np.ndarray, seconds: list[float], refusals: list[str]) -> str:
    used = table[table[:, 2] > 0]
    figures = used[:, 3:].mean(axis=0) if len(used) else np.full(4, np.nan)
    named = [refusal for refusal in refusals if refusal]
    often = max(set(named), key=named.count) if named else ""
    return (
        f"{name:<24}{table[:, 0].mean():>7.0%}{table[:, 1].mean():>7.0%}{table[:, 2].mean():>8.0%}"
        f"{figures[0]:>8.0%}{figures[1]:>8.2f}{figures[2]:>9.2f}{figures[3]:>8.2f}"
        f"{np.median(seconds):>6.2f}  {often}"
    )


def decoys(background: np.ndarray) -> Iterator[tuple[str, Photo]]:
    """Yield squares in rows that are no chart, laid into a photograph."""
    random = stream(0, "validation-chart-decoys")
    for index in range(40):
        kind = ("random colours", "grey keys", "tiles", "mirrored chart", "shuffled chart")[
            index % 5
        ]
        flat = flat_chart()
        cells = chart_colours(Edition.AFTER_2014).linear
        if kind == "mirrored chart":
            flat = np.ascontiguousarray(flat[:, ::-1])
        else:
            colours = {
                "random colours": random.uniform(0, 0.8, (24, 3)),
                "grey keys": np.repeat(random.uniform(0.02, 0.3, (24, 1)), 3, axis=1),
                "tiles": np.tile(random.uniform(0.3, 0.9, 3), (24, 1)),
                "shuffled chart": random.permutation(cells),
            }[kind]
            for cell, colour in enumerate(colours):
                row, column = divmod(cell, 6)
                flat[27 + 100 * row : 113 + 100 * row, 27 + 100 * column : 113 + 100 * column] = (
                    colour
                )
        corners = corners_for(
            Scene(patch=40, turn=random.uniform(0, 360)), background.shape[:2], random
        )
        yield kind, photo_of(lay_into(background, np.maximum(flat, 0).astype(np.float32), corners))


def without_chart(folders: list[Path], background: np.ndarray) -> None:
    """Print false findings on decoys and on photographs without a chart."""
    false = [
        (kind, reading) for kind, photo in decoys(background) if (reading := chart_of(photo)).found
    ]
    print(
        f"Decoys (squares in rows that are no chart): {len(false)} of 40 taken for a chart", false
    )
    wrong, seconds, names = [], [], _pictures(folders)
    for path in names:
        photo = _read(path)
        if photo is None:
            continue
        start = time.perf_counter()
        if chart_of(photo).found:
            wrong.append(path.name)
        seconds.append(time.perf_counter() - start)
    if seconds:
        print(
            f"Photographs without a chart: {len(wrong)} of {len(seconds)} false {wrong}; "
            f"median {np.median(seconds):.2f} s, longest {max(seconds):.2f} s"
        )


def _pictures(folders: list[Path]) -> list[Path]:
    found = (path for folder in folders for path in folder.rglob("*"))
    return sorted(path for path in found if path.suffix.lower() in PICTURES)


def _read(path: Path) -> Photo | None:
    codes = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if codes is None or min(codes.shape[:2]) < 100 or max(codes.shape[:2]) > 8000:
        return None
    return Photo(np.ascontiguousarray(codes[..., ::-1]), 8, "sRGB", path.name, "", "JPEG", 1)


def series(folder: Path) -> None:
    """Print the chart's readings of a series, and what a change of skin patches reads."""
    print(
        f"{'photo':<14}{'found':>6}{'usable':>7}{'dE mean':>8}{'max':>6}{'left out':>9}{'s':>6}"
        f"{'corners px':>11}"
    )
    first, held = None, []
    for path in sorted(folder.glob("*.jpg")):
        photo = _read(path)
        if photo is None:
            continue
        start = time.perf_counter()
        reading = chart_of(photo, like=first)
        seconds = time.perf_counter() - start
        off = _off(reading, path)
        print(
            f"{path.stem:<14}{reading.found!s:>6}{reading.usable!s:>7}{reading.residual_de00:>8.2f}"
            f"{reading.residual_max_de00:>6.2f}{reading.left_out_de00:>9.2f}{seconds:>6.2f}{off:>11.2f}"
        )
        if reading.correction is not None:
            first = first or reading.correction
            held.append(_held_out(photo, reading.correction))
    _changes(np.array(held))


def _held_out(photo: Photo, correction: ColourCorrection) -> np.ndarray:
    """ln(rgb) and stated sd (2, 6) of the skin patches, by a fit that never saw them."""
    chart = find_chart(photo)
    assert isinstance(chart, Chart)
    usable = np.isfinite(correction.differences)
    usable[:2] = False
    colours = chart.samples.colours
    blind = fit_correction(colours, usable, correction.edition, correction.model)
    # The light at the patch itself is known here, so that colour alone is tried.
    light = np.exp((PATCHES[:2] - PATCHES.mean(axis=0)) @ np.array(blind.light_slope))
    even = colours[:2] / light[:, None]
    spread = [np.sqrt(np.diag(blind.log_covariance(colour))) for colour in even]
    return np.concatenate([np.log(blind.apply(even)), np.array(spread)], axis=1)


def _changes(held: np.ndarray) -> None:
    """Print how far unchanged skin patches move from photograph to photograph."""
    for index, name in enumerate(("dark skin", "light skin")):
        logs, stated = held[:, index, :3], held[:, index, 3:].mean(axis=0)
        moved = np.std(logs, axis=0, ddof=1)
        ratio = np.std(logs[:, 0] - logs[:, 1], ddof=1)
        print(
            f"{name} patch, held out: sd over photographs of ln R, G, B {moved.round(4)}, of "
            f"ln R/G {ratio:.4f}; stated per photograph {stated.round(4)}"
        )


def photographs(folder: Path) -> None:
    """Print what the charts of real photographs are worth."""
    print(
        f"{'photograph':<40}{'usable':>7}{'dE mean':>8}{'max':>6}{'left out':>9}  model or reason"
    )
    for path in _pictures([folder]):
        photo = _read(path)
        reading = chart_of(photo) if photo else None
        if reading is None:
            continue
        said = reading.correction.model.value if reading.correction else reading.reason
        print(
            f"{path.stem[-39:]:<40}{reading.usable!s:>7}{reading.residual_de00:>8.2f}"
            f"{reading.residual_max_de00:>6.2f}{reading.left_out_de00:>9.2f}  {said[:90]}"
        )


def _off(reading: ChartReading, path: Path) -> float:
    """Largest distance of a patch from the truth beside the photograph, px."""
    truth = path.with_suffix("").with_suffix(".truth.json")
    if reading.corners is None or not truth.exists():
        return float("nan")
    patches = json.loads(truth.read_text())["chart"]
    real = np.array([(patch["x"], patch["y"]) for patch in patches])[[0, 5, 23, 18]]
    seen = reading.corners
    matrix = cv2.getPerspectiveTransform(
        np.array([(-0.435, -0.435), (5.435, -0.435), (5.435, 3.435), (-0.435, 3.435)], np.float32),
        seen.astype(np.float32),
    )
    ends = np.array([[(0, 0), (5, 0), (5, 3), (0, 3)]], np.float64)
    centres = cv2.perspectiveTransform(ends, matrix.astype(np.float64))[0]
    return float(np.linalg.norm(centres - real, axis=1).max())


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backgrounds", type=Path, action="append", default=[])
    parser.add_argument("--series", type=Path)
    parser.add_argument("--photographs", type=Path)
    parser.add_argument("--count", type=int, default=20)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    if options.series:
        series(options.series)
    if options.photographs:
        photographs(options.photographs)
    demo = _read(DEMO)
    assert demo is not None
    scenes = [
        demo,
        *(photo for path in _pictures(options.backgrounds)[:40] if (photo := _read(path))),
    ]
    large = [linear_from_codes(photo.encoded) for photo in scenes if min(photo.shape) >= 500]
    drawn_charts(large, options.count)
    without_chart(options.backgrounds, large[0])


if __name__ == "__main__":
    main()
