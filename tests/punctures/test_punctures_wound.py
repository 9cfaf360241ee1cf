"""The wound of a session: shapes, reference, order, and what is never possible."""

from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.anatomy import ZONES, layers
from micropen.evidence import load_parameters
from micropen.punctures import Wound, wound, wounds
from micropen.treatment import People, Treatment, devices

ROOT = Path(__file__).parents[2]
FOUNDING_CASE = ROOT / "src/micropen/workflows/data/demo/founding_case.toml"
PARAMETERS = load_parameters()
CHEEK = ZONES.index("cheek_left")


def treatment(device="skinpen", length=1.0, passes=4, zones=None, days=(0,)):
    def one(day):
        return {
            "date": date(2026, 5, 8) + timedelta(days=day),
            "device": device,
            "anaesthetic": "topical",
            "face": {"needle_length_mm": length, "passes": passes},
            "zones": zones or {},
        }

    return Treatment.from_dict(
        {
            "person": {"age_years": 35, "sex": "female", "phototype": 3},
            "session": [one(day) for day in days],
        }
    )


def inflict(case, parameters, draws, seed):
    return wounds(case.sessions, People.of(case.person, draws), parameters, seed)


def found(draws=40, seed=0, **kinds):
    return inflict(treatment(**kinds), PARAMETERS, draws, seed)[0]


@pytest.mark.parametrize("name", sorted(devices()))
def test_every_device_makes_a_finite_positive_wound(name):
    used = devices()[name]
    result = found(device=name, length=used.needle_length_max_mm)
    for field, array in result.arrays().items():
        assert array.shape == (40, 13), field
        assert array.dtype == np.float64, field
        assert np.isfinite(array).all(), field
        assert (array >= 0).all(), field
    assert (result.puncture_density_cm2 > 0).all()
    assert (result.breached_area_fraction < 1).all()
    assert (result.bleeding_density_cm2 <= result.puncture_density_cm2).all()
    assert (result.pain_during_vas < 10).all()


def test_untreated_zones_are_zero():
    result = found(zones={"nose": False, "jaw": False})
    for name, array in result.arrays().items():
        for zone in ("nose", "jaw_left", "jaw_right"):
            assert (array[:, ZONES.index(zone)] == 0).all(), (name, zone)
    assert (result.vascular_injury[:, CHEEK] > 0).all()


def test_reference_session_has_a_vascular_injury_of_one():
    typical = inflict(treatment(), PARAMETERS.without_spread(), 1, 0)[0]
    assert typical.vascular_injury[0, CHEEK] == pytest.approx(1.0)
    drawn = found(draws=2000)
    assert np.median(drawn.vascular_injury[:, CHEEK]) == pytest.approx(1.0, abs=0.1)


def test_same_seed_same_bytes_and_a_person_keeps_their_draws():
    first, second = inflict(treatment(days=(0, 30)), PARAMETERS, 30, 9)
    again = found(draws=30, seed=9)
    for name in first.arrays():
        assert first.arrays()[name].tobytes() == again.arrays()[name].tobytes()
        assert first.arrays()[name].tobytes() == second.arrays()[name].tobytes()
    assert (first.day, second.day) == (0.0, 30.0)
    other = found(draws=30, seed=10)
    assert not np.array_equal(first.vascular_injury, other.vascular_injury)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from([0.25, 0.5, 0.75, 1.0, 1.25]), st.integers(1, 8))
def test_deeper_or_more_passes_is_more_of_everything(length, passes):
    here = found(draws=5, length=length, passes=passes)
    deeper = found(draws=5, length=length + 0.25, passes=passes)
    more = found(draws=5, length=length, passes=passes + 1)
    for name in here.arrays():
        if name == "depth_widening":
            continue
        a, b, c = (w.arrays()[name] for w in (here, deeper, more))
        assert (b >= a - 1e-12).all(), name
        assert (c >= a - 1e-12).all(), name


def test_evidence_ends_at_a_millimetre_and_a_half():
    assert (found(length=1.5).depth_widening == 0).all()
    assert found(length=2.5).depth_widening[0, CHEEK] == pytest.approx(0.4)
    zones = {"cheek": {"needle_length_mm": 2.0}}
    only = found(length=1.0, zones=zones).depth_widening
    assert (only[:, CHEEK] > 0).all()
    assert (only[:, ZONES.index("nose")] == 0).all()


@pytest.mark.parametrize("name", ["bleeding_density_cm2", "pain_during_vas"])
def test_beyond_the_evidence_the_band_is_wider(name):
    def spread(length, per_mm):
        changed = PARAMETERS.with_values({"punctures.limits.widening_per_mm": per_mm})
        result = inflict(treatment(length=length), changed, 2000, 0)[0]
        return float(np.log(result.arrays()[name][:, CHEEK]).std())

    assert spread(2.5, 0.4) > 1.05 * spread(2.5, 0.0)
    assert spread(1.5, 0.4) == spread(1.5, 0.0)


def test_shallow_needles_stay_out_of_the_reticular_dermis():
    shallow = found(draws=500, length=0.25).reticular_wound_volume_mm3_cm2[:, CHEEK]
    deep = found(draws=500, length=1.0).reticular_wound_volume_mm3_cm2[:, CHEEK]
    assert np.median(shallow) < 0.001 * np.median(deep)


def test_roller_of_the_same_length_reaches_less_deep_than_a_pen():
    pen = found(length=1.5, draws=500).mean_depth_mm[:, CHEEK]
    roller = found(device="mf8", length=1.5, passes=15, draws=500).mean_depth_mm[:, CHEEK]
    assert np.median(roller) < 0.75 * np.median(pen)


def test_founding_case_hurts_where_the_account_says():
    """Cheeks bearable; forehead and nose brought tears."""
    case = Treatment.read(FOUNDING_CASE)
    pain = np.median(inflict(case, PARAMETERS, 500, 0)[0].pain_during_vas, axis=0)
    by_zone = dict(zip(ZONES, pain, strict=True))
    assert by_zone["cheek_left"] < 2
    assert by_zone["forehead"] > 3
    assert by_zone["nose"] > 3


def test_wound_can_be_called_for_one_session_without_a_person():
    (session,) = treatment().sessions
    result = wound(session, layers(np.full(3, 0.5), PARAMETERS, 0), PARAMETERS, 3, 0)
    assert result.draws == 3
    assert np.allclose(
        result.dermal_wound_volume_mm3_cm2,
        result.papillary_wound_volume_mm3_cm2 + result.reticular_wound_volume_mm3_cm2,
    )


def test_wrong_shapes_are_refused():
    arrays = dict.fromkeys((f.name for f in fields(Wound)), np.zeros((2, 13)))
    with pytest.raises(ValueError, match="mean_depth_mm has shape"):
        Wound(**{**arrays, "day": 0.0, "mean_depth_mm": np.zeros((2, 12))})
