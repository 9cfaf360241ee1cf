"""Redness and pigment against the truth photographs, in the program's own zones."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.measurement.build_pair import build_pair
from micropen.measurement.face_view import FaceView
from micropen.measurement.methods.erythema_optical_density import GREEN_OPTICAL_DENSITY
from micropen.measurement.methods.pigment_melanin import MELANIN_OPTICAL_DENSITY
from micropen.portrait import Portrait

PLACES = {"nose": "nose", "cheek_R": "cheek_right", "cheek_L": "cheek_left", "chin": "chin"}


@pytest.fixture(scope="module")
def truth():
    beside = Path(__file__).parents[2] / ".." / "shared" / "photos"
    folder = Path(os.environ.get("MICROPEN_TRUTH_PHOTOS", beside))
    if not folder.is_dir():
        pytest.skip("the truth photographs (MICROPEN_TRUTH_PHOTOS) are not on this machine")
    return folder


def measured(folder, state, ita_deg):
    before, after = (
        FaceView.of(Portrait.read(folder / f"{name}.jpg", stated_ita_deg=ita_deg))
        for name in ("pre", state)
    )
    pair = build_pair(before, after, ita_deg)
    truth = json.loads((folder / f"{state}.truth.json").read_text())["zones"]
    blood = GREEN_OPTICAL_DENSITY.read(pair).zones
    melanin = MELANIN_OPTICAL_DENSITY.read(pair).zones
    return (
        np.array([blood[ours].change for ours in PLACES.values()]),
        np.array([truth[name]["blood_diffuse_OD_G"] for name in PLACES]),
        np.array([melanin[ours].change for ours in PLACES.values()]),
        np.array([truth[name]["melanin_OD_G"] for name in PLACES]),
        blood,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("series", "ita_deg", "lost"),
    [("a_fixed", 56.0, 0.08), ("tone_lightmedium", 35.0, 0.08), ("tone_dark", -40.0, 0.12)],
)
def test_day_zero_is_read_on_three_tones(truth, series, ita_deg, lost):
    blood, true_blood, melanin, _, _ = measured(truth / series, "day00", ita_deg)
    # The program's zones are not the truth's: single zones differ, the face does not.
    assert blood.sum() == pytest.approx(true_blood.sum(), rel=lost)
    assert np.abs(melanin).max() < 0.008


@pytest.mark.slow
def test_the_step_of_pigment_is_told_from_gloss(truth):
    _, _, melanin, true_melanin, _ = measured(truth / "a_fixed", "day14", 56.0)
    assert melanin == pytest.approx(true_melanin, abs=0.004)
    assert melanin.max() < -0.004


@pytest.mark.slow
def test_a_repeat_shows_no_redness(truth):
    blood = measured(truth / "b_pose", "rep1", 56.0)[-1]
    for zone in ZONES:
        if not blood[zone].reason:
            assert abs(blood[zone].change) < 2.5 * blood[zone].no_change_sd
