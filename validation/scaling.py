"""Peeling on photographs whose cover of flakes is known: error on the day of it, false on others.

Reads the truth series, pairs each photograph with its series' ``pre.jpg`` as ``micropen measure``
does, and prints per photograph the mean cover over the truth's own zones (so that the program's
outlines do not enter) against the truth, in points (hundredths of the area): root mean square and
largest error; then, over the program's own zones, how often unchanged photographs are called
changed, from the stated error.

Run ``python validation/scaling.py [FOLDER] [--series a_fixed ...]``; the folder may stand in the
environment variable MICROPEN_TRUTH_PHOTOS.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from truth_photos import pairs_of, report_series

from micropen.evidence import load_parameters
from micropen.measurement.change import REAL_AT
from micropen.measurement.pair import Pair
from micropen.measurement.scaling import cover_readings, flake_cover

ZONES = {"forehead": 1, "nose": 2, "cheek_R": 3, "cheek_L": 4, "upper_lip": 5, "chin": 6}


def report(folder: Path) -> None:
    """Print the lines of one series."""
    parameters = load_parameters()
    called, read = 0, 0
    for state, truth, pair in pairs_of(folder):
        flakes = flake_cover(pair, parameters)
        zones = zones_of(folder / f"{state}_zones.png", pair)
        parts, errors = [], []
        for name, number in ZONES.items():
            inside = (zones == number) & (flakes.skin > 0.0)
            if not inside.any():
                continue
            cover = 100.0 * float(flakes.cover[inside].mean())
            true = 100.0 * float(truth["zones"][name]["scale_coverage"])
            errors.append(cover - true)
            parts.append(f"{name} {cover:.2f} ({true:.2f})")
        wrong = np.array(errors)
        print(
            f"{folder.name} {state}: rms {np.sqrt((wrong**2).mean()):.2f}, worst "
            f"{np.abs(wrong).max():.2f} points, opacity {flakes.opacity.value:.2f} (+-"
            f"{flakes.opacity.relative_sd:.0%}): {', '.join(parts)}",
            flush=True,
        )
        if not any(z["scale_coverage"] for z in truth["zones"].values()):
            readings = [r for r in cover_readings(pair, flakes, parameters).values()
                        if not r.reason]  # fmt: skip
            read += len(readings)
            called += sum(abs(r.change) > REAL_AT * r.no_change_sd for r in readings)
    print(f"{folder.name}: {called} of {read} zones without flakes called changed", flush=True)


def zones_of(path: Path, pair: Pair) -> Any:
    """The truth's zones of the later photograph, on the baseline's view."""
    labels = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    where = pair.later.to_photo(pair.alignment.place)
    return cv2.remap(labels, where[..., 0], where[..., 1], cv2.INTER_NEAREST)


if __name__ == "__main__":
    sys.exit(report_series(__doc__, report))
