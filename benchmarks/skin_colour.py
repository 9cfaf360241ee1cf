"""How fast skin colour is read both ways, as ratios against a copy of memory and against scipy.

Run from the project's folder: ``python benchmarks/skin_colour.py``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.resources import files

import numpy as np
from scipy.interpolate import RegularGridInterpolator
from scipy.ndimage import gaussian_filter

from micropen.evidence import stream
from micropen.optics import SkinColour, skin_colour
from micropen.optics.colour_table import TABLE_FILE

SHAPE = (300, 320)
ROUNDS = 15


def milliseconds(work: Callable[[], object]) -> float:
    """Best of several rounds: the least disturbed by other load."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def face_maps() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Smooth maps of melanin, blood and saturation, as a face has."""
    random = stream(0, "benchmark")
    noise = [gaussian_filter(random.standard_normal(SHAPE), 6.0) for _ in range(3)]
    unit = [field / field.std() for field in noise]
    melanin = 0.04 * np.exp(0.4 * unit[0])
    blood = 0.025 * np.exp(0.5 * unit[1])
    saturation = np.clip(0.75 + 0.06 * unit[2], 0.4, 1.0)
    return melanin.astype(np.float32), blood.astype(np.float32), saturation


def scipy_peer(colour: SkinColour) -> RegularGridInterpolator:
    with (files("micropen.optics") / "data" / TABLE_FILE).open("rb") as file:
        table = np.load(file, allow_pickle=False)["log_rgb"].astype(np.float64)
    axes = colour.axes
    return RegularGridInterpolator(
        (np.log(axes.melanin), np.log(axes.blood), axes.saturation), table
    )


def main() -> None:
    colour = skin_colour()
    melanin, blood, saturation = face_maps()
    log_rgb = colour.log_rgb(melanin, blood, 0.75)
    rg, gb = log_rgb[..., 0] - log_rgb[..., 1], log_rgb[..., 1] - log_rgb[..., 2]
    varied = colour.log_rgb(melanin, blood, saturation)
    varied_rg, varied_gb = varied[..., 0] - varied[..., 1], varied[..., 1] - varied[..., 2]
    peer = scipy_peer(colour)
    points = np.stack([np.log(melanin), np.log(blood), saturation], axis=-1)
    target = np.empty_like(log_rgb)
    jobs: dict[str, Callable[[], object]] = {
        "copy of the result (floor)": lambda: np.copyto(target, log_rgb),
        "log_rgb, one saturation": lambda: colour.log_rgb(melanin, blood, 0.75),
        "log_rgb, saturation map": lambda: colour.log_rgb(melanin, blood, saturation),
        "invert, one saturation": lambda: colour.invert(rg, gb, 0.75),
        "invert, saturation map": lambda: colour.invert(varied_rg, varied_gb, saturation),
        "scipy RegularGridInterpolator, linear, forward only": lambda: peer(points),
    }
    found = {name: milliseconds(work) for name, work in jobs.items()}
    floor, scipy_time = next(iter(found.values())), list(found.values())[-1]
    print(f"{SHAPE[0]} x {SHAPE[1]} pixels, one thread, best of {ROUNDS}")
    for name, value in found.items():
        print(
            f"{name:52s} {value:8.2f} ms  {value / floor:7.1f} x copy  "
            f"{scipy_time / value:6.1f} x faster than scipy"
        )


if __name__ == "__main__":
    main()
