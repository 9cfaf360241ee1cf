"""Redness, pigment and gloss against the truth photographs: prints the table again.

    python validation/redness.py [FOLDER] [--series a_fixed b_pose ...] [--own-zones]

FOLDER holds the truth series (default: the environment variable MICROPEN_TRUTH_PHOTOS). Every
photograph goes through the program's own alignment and light; zones are the truth's, or, with
``--own-zones``, the program's own where both name the same place.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.measurement.build_pair import build_pair
from micropen.measurement.face_view import FaceView
from micropen.measurement.unmixing import Unmixed, unmix
from micropen.portrait import Portrait

FloatArray = NDArray[np.float64]

# Zones of the truth, in the order of their labels, and the program's names for the same places.
TRUTH_ZONES = ("forehead", "nose", "cheek_R", "cheek_L", "upper_lip", "chin")
OUR_ZONES = ("forehead", "nose", "cheek_right", "cheek_left", "upper_lip", "chin")
PLACES = np.array([ZONES.index(name) for name in OUR_ZONES])
ANGLES = {"tone_lightmedium": 35.0, "tone_dark": -40.0}
STATES = ("rep1", "rep2", "day00", "day01", "day02", "day03", "day04", "day05", "day14")
DAY_0 = "day00"


@dataclass(frozen=True)
class Result:
    """One photograph against its truth; arrays are ``(zone,)``."""

    state: str
    blood: FloatArray
    true_blood: FloatArray
    blood_sd: FloatArray
    melanin: FloatArray
    true_melanin: FloatArray
    melanin_sd: FloatArray
    gloss: FloatArray
    true_gloss: float
    refused: int
    seconds: float


def main() -> int:
    """Print the table."""
    arguments = _arguments()
    folder = Path(arguments.folder or os.environ.get("MICROPEN_TRUTH_PHOTOS", ""))
    if not arguments.folder and "MICROPEN_TRUTH_PHOTOS" not in os.environ:
        print("No folder of truth photographs: name one, or set MICROPEN_TRUTH_PHOTOS.")
        return 2
    for series in arguments.series:
        results = [
            _result(folder / series, state, baseline)
            for baseline in [_view(folder / series, "pre", series, own=arguments.own_zones)]
            for state in STATES
            if (folder / series / f"{state}.jpg").is_file()
        ]
        _print(series, results)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", nargs="?", default="")
    series = ("a_fixed", "b_pose", "c_light", "tone_lightmedium", "tone_dark")
    parser.add_argument("--series", nargs="+", default=list(series))
    parser.add_argument("--own-zones", action="store_true")
    return parser.parse_args()


def _view(folder: Path, state: str, series: str, *, own: bool = True) -> FaceView:
    angle = ANGLES.get(series, 56.0)
    view = FaceView.of(Portrait.read(folder / f"{state}.jpg", stated_ita_deg=angle))
    if not own:
        found = cv2.imread(str(folder / f"{state}_zones.png"), cv2.IMREAD_UNCHANGED)
        painted = np.asarray(found, np.uint8)
        left, top = view.origin
        size = [round(n / view.scale) for n in view.shape]
        cut = painted[top : top + size[0], left : left + size[1]]
        cut = cv2.resize(cut, view.shape[::-1], interpolation=cv2.INTER_NEAREST)
        places = np.full(256, -1, np.int8)
        places[1 : len(PLACES) + 1] = PLACES
        view.__dict__["labels"] = places[cut]
    return view


def _result(folder: Path, state: str, baseline: FaceView) -> Result:
    later = _view(folder, state, folder.name)
    angle = ANGLES.get(folder.name, 56.0)
    pair = build_pair(baseline, later, angle)
    start = time.perf_counter()
    unmixed: Unmixed = unmix(pair)
    seconds = time.perf_counter() - start
    truth = json.loads((folder / f"{state}.truth.json").read_text())
    zones = [truth["zones"][name] for name in TRUTH_ZONES]
    kept = np.array([not unmixed.refusals.colour[k] for k in PLACES])

    def at(values: FloatArray) -> FloatArray:
        return np.where(kept, values[PLACES], np.nan)

    return Result(
        state,
        at(unmixed.blood.value),
        np.array([z["blood_diffuse_OD_G"] + z["papule_OD_G"] for z in zones]),
        at(unmixed.blood.no_change_sd),
        at(unmixed.melanin.value),
        np.array([z["melanin_OD_G"] for z in zones]),
        at(unmixed.melanin.no_change_sd),
        at(unmixed.gloss.value),
        float(truth["gloss_multiplier"]) - 1.0,
        int((~kept).sum()),
        seconds,
    )


def _print(series: str, results: list[Result]) -> None:
    print(f"\n{series}")
    head = "blood rms   bias     false z   pigment (truth)      rms     z      gloss (truth)"
    print(f"  state   {head}   refused  s")
    for r in results:
        error = r.blood - r.true_blood
        z = _rms(r.blood / r.blood_sd) if not r.true_blood.any() else np.nan
        print(
            f"  {r.state}   {_rms(error):.4f}   {np.nanmean(error):+.4f}   {z:5.2f}    "
            f"{np.nanmean(r.melanin):+.4f} ({r.true_melanin.mean():+.4f})   "
            f"{_rms(r.melanin - r.true_melanin):.4f}  {_rms(r.melanin / r.melanin_sd):5.2f}   "
            f"{np.nanmean(r.gloss):+.2f} ({r.true_gloss:+.2f})       {r.refused}     "
            f"{r.seconds:.2f}"
        )
    print(
        f"  all     blood rms {_rms(np.concatenate([r.blood - r.true_blood for r in results])):.4f}"
        f", pigment rms {_rms(np.concatenate([r.melanin - r.true_melanin for r in results])):.4f}"
    )
    for r in results:
        if r.state == DAY_0:
            kept = np.isfinite(r.blood)
            share = r.blood[kept].sum() / r.true_blood[kept].sum() - 1.0 if kept.any() else np.nan
            each = ", ".join(f"{100 * s:+.0f}" for s in r.blood / r.true_blood - 1.0)
            print(f"  day 0   {100 * share:+.1f} % of the change; by zone {each} %")
            print(f"          false pigment at most {np.nanmax(np.abs(r.melanin)):.4f}")


def _rms(values: FloatArray) -> float:
    return float(np.sqrt(np.nanmean(np.square(values)))) if np.isfinite(values).any() else np.nan


if __name__ == "__main__":
    sys.exit(main())
