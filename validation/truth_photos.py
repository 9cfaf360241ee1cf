"""The series of photographs whose truth is known: which are asked for, their truth, their pairs."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from micropen.measurement.build_pair import build_pair
from micropen.measurement.face_view import FaceView
from micropen.measurement.pair import Pair
from micropen.optics.erythema import PROTOCOL, erythema_weights
from micropen.portrait import Portrait

ZONES = {  # the truth's name, its number in the picture of zones, the program's name
    "forehead": (1, "forehead"),
    "nose": (2, "nose"),
    "cheek_R": (3, "cheek_right"),
    "cheek_L": (4, "cheek_left"),
    "upper_lip": (5, "upper_lip"),
    "chin": (6, "chin"),
}
REPEATS = {"pre", "rep1", "rep2"}


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


def truths_of(folder: Path) -> dict[str, dict[str, Any]]:
    """State to what is true of it, of one series."""
    return {
        path.name.removesuffix(".truth.json"): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.truth.json"))
    }


def true_change(truth: Mapping[str, Any], sign: str, zone: str, tone_deg: float) -> float:
    """The true change of a sign in a zone, in the reading's unit; NaN where it is not known.

    Parameters
    ----------
    truth
        Of one photograph.
    sign, zone
        The program's name of the sign, the truth's name of the zone.
    tone_deg
        True individual typology angle.
    """
    now = truth["zones"][zone]
    lesions = [s for s in truth["lesions"] if s["zone"] == zone and s["visible"]]
    # Redness in ln(blood) is what the measure of redness would read from the true colours of the
    # skin without any light on it; all other signs stand in the truth as they are.
    ratio = np.array(now["albedo_lin"]) / np.array(now["albedo_lin_pre"])
    known = {
        "erythema": float(erythema_weights(tone_deg, PROTOCOL) @ np.log(ratio)),
        "erythema_optical_density": now["blood_diffuse_OD_G"] + now["papule_OD_G"],
        "melanin_optical_density": now["melanin_OD_G"],
        "pigment": float(np.log1p(now["melanin_rel"])),
        "gloss": now["gloss_multiplier"] - 1.0,
        "scaling": now["scale_coverage"],
        "lesions": len(lesions),
        "spot_area": 0.0,
        "spot_contrast": 0.0,
    }
    return float(known.get(sign, float("nan")))
