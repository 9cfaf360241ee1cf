"""Light between two photographs: what is left of it, and whether the stated error is right.

Reads the truth series (photographs with exactly known skin changes), pairs each photograph with
its series' ``pre.jpg`` as ``micropen measure`` does, and prints for redness (weighted ln ratio of
zone means, in units of green optical density): the error, by nuisance level, and the share of 90 %
intervals from the light's covariance alone that hold it. The skin of a state is the same in every
series: what ``a_fixed`` reads under one light is what the others should read. States with more
gloss or less melanin (day05, day14) are left out: there the untreated skin changed too.

Run ``python validation/light.py [FOLDER]``; the folder may stand in the environment variable
MICROPEN_TRUTH_PHOTOS.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from micropen.measurement.build_pair import build_pair
from micropen.measurement.face_view import FaceView
from micropen.measurement.pair import Pair
from micropen.optics import UNCONTROLLED
from micropen.optics.erythema import erythema_weights
from micropen.portrait import Portrait

SERIES = ("a_fixed", "b_pose", "c_light", "d_pose_light_chart")
REPEATS = ("rep1", "rep2")
STATES = (*REPEATS, "day00", "day01", "day02", "day03", "day04")
ITA_DEG = 50.0
# Change of ln(rgb) per unit of green optical density of the truth's blood (red .302, blue 1.033).
BLOOD = -np.log(10.0) * np.array([0.302, 1.0, 1.033])
WEIGHTS = erythema_weights(ITA_DEG, UNCONTROLLED)
PER_OPTICAL_DENSITY = float(WEIGHTS @ BLOOD)
Z_90 = 1.645

Floats = NDArray[np.float64]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=os.environ.get("MICROPEN_TRUTH_PHOTOS", ""))
    folder = Path(parser.parse_args().folder)
    if not (folder / SERIES[0] / "pre.jpg").is_file():
        print(f"No truth series in {folder}: name its folder, or set MICROPEN_TRUTH_PHOTOS.")
        return 2
    same_light: dict[str, Floats] = {}
    print("| series | rms | rms repeats | stated sd | held, repeats | held, all | same light |")
    print("|---|---|---|---|---|---|---|")
    for series in SERIES:
        print(_line(folder / series, same_light), flush=True)
    return 0


def _line(folder: Path, same_light: dict[str, Floats]) -> str:
    """One row; `same_light` is filled by the first series and read by the others."""
    first = not same_light
    baseline = _view(folder / "pre.jpg")
    errors, sds, same = [], [], 0
    for state in STATES:
        pair = build_pair(baseline, _view(folder / f"{state}.jpg"), ITA_DEG)
        reading, sd = _redness(pair)
        if first:
            same_light[state] = reading
        if first and state not in REPEATS:
            continue
        errors.append(reading - (0.0 if first else same_light[state]))
        sds.append(sd)
        same += pair.light.controlled
    error, sd = np.array(errors), np.array(sds)
    held = np.abs(error) < Z_90 * sd
    count = len(REPEATS)
    return (
        f"| {folder.name} | {_rms(error):.4f} | {_rms(error[:count]):.4f} | {_rms(sd):.4f} "
        f"| {held[:count].mean():.0%} | {held.mean():.0%} | {same} of {len(errors)} |"
    )


def _view(path: Path) -> FaceView:
    return FaceView.of(Portrait.read(path))


def _redness(pair: Pair) -> tuple[Floats, Floats]:
    """Reading and its sd from the light alone, green optical density, per zone."""
    change = np.log(pair.zone_mean(pair.after) / pair.zone_mean(pair.before))
    variance = np.einsum("i,zij,j->z", WEIGHTS, pair.light.covariance, WEIGHTS)
    return change @ WEIGHTS / PER_OPTICAL_DENSITY, np.sqrt(variance) / PER_OPTICAL_DENSITY


def _rms(values: Floats) -> float:
    return float(np.sqrt(np.nanmean(values**2)))


if __name__ == "__main__":
    sys.exit(main())
