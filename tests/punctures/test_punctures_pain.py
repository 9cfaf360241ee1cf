"""Pain and bleeding against the published levels."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.anatomy import ZONES, zone_records
from micropen.evidence import load_parameters
from micropen.punctures import (
    bleeding_share,
    drive_of_score,
    needle_drive,
    visual_analogue_scale,
    wounds,
)
from micropen.treatment import People, Treatment

CHEEK = ZONES.index("cheek_left")


def typical(device="skinpen", length=1.0, passes=4, anaesthetic="topical", **person):
    treatment = Treatment.from_dict(
        {
            "person": {"age_years": 35, "sex": "female", "phototype": 3, **person},
            "session": [
                {
                    "date": date(2026, 5, 8),
                    "device": device,
                    "anaesthetic": anaesthetic,
                    "face": {"needle_length_mm": length, "passes": passes},
                }
            ],
        }
    )
    people = People.of(treatment.person, 1)
    return wounds(treatment.sessions, people, load_parameters().without_spread(), 0)[0]


def test_gill_exponents_give_back_the_published_ratios():
    """Gill 2008: length x 3 is pain x 7, number x 10 just over x 2."""
    parameters = load_parameters()
    exponents = (
        parameters.value("punctures.pain.length_exponent"),
        parameters.value("punctures.pain.number_exponent"),
    )
    assert needle_drive(3, 1, *exponents) == pytest.approx(7, rel=0.01)
    assert needle_drive(1, 10, *exponents) == pytest.approx(2.05, rel=0.03)
    weak = visual_analogue_scale(0.001 * needle_drive(3, 1, *exponents))
    assert weak / visual_analogue_scale(0.001) == pytest.approx(7, rel=0.02)


@settings(deadline=None)
@given(st.floats(0, 9.99))
def test_scale_and_its_inverse(score):
    assert visual_analogue_scale(drive_of_score(score)) == pytest.approx(score, abs=1e-9)


def test_pen_level_of_el_fakahany():
    """2.5 mm, 20 passes over the cheek, topical: 5.37 (0.99); needling-assisted: 3.10 (1.09)."""
    plain = typical(length=2.5, passes=20).pain_during_vas[0, CHEEK]
    assisted = typical(
        length=2.5, passes=20, anaesthetic="needling-assisted topical"
    ).pain_during_vas[0, CHEEK]
    assert plain == pytest.approx(5.37, abs=0.99 / 4)
    assert assisted == pytest.approx(3.10, abs=1.09 / 2)


def test_roller_level_of_luz():
    """1.0 mm roller, face, topical: 5.22 (1.74); needling-assisted: 3.33 (1.49)."""
    areas = np.array([r.area_cm2 for r in zone_records(load_parameters())])

    def mean(anaesthetic):
        found = typical("dermaroller-192", 1.0, 15, anaesthetic)
        return float(np.average(found.pain_during_vas[0], weights=areas))

    assert mean("topical") == pytest.approx(5.22, abs=1.74 / 4)
    assert mean("needling-assisted topical") == pytest.approx(3.33, abs=1.49 / 2)


def test_order_of_zones_is_the_clinics():
    pain = dict(zip(ZONES, typical().pain_during_vas[0], strict=True))
    assert min(pain["nose"], pain["upper_lip"]) > pain["glabella"] > pain["periorbital_left"]
    assert pain["periorbital_left"] > pain["forehead"] > 2 * pain["cheek_left"]


def test_anaesthetic_and_sensitivity_order():
    none, topical, block = (
        typical(anaesthetic=a).pain_during_vas for a in ("none", "topical", "nerve block")
    )
    assert (none > topical).all()
    assert (topical > block).all()
    assert (typical(sensitivity=1.0).pain_during_vas > topical).all()
    assert np.allclose(typical(sensitivity=0.5).pain_during_vas, topical)


def test_pain_afterwards_is_small():
    assert (typical().pain_after_vas < 1.0).all()


def test_bleeding_is_rare_when_shallow_and_expected_when_deep():
    """Clinics: rare at 0.25-0.5 mm, expected from 1.5 mm; about 9 per cm² when strong."""
    cheek = {x: typical(length=x).bleeding_density_cm2[0, CHEEK] for x in (0.25, 0.5, 1.0, 1.5)}
    assert cheek[0.25] < 0.1
    assert cheek[0.5] < 1.0
    assert 5 < cheek[1.0] < 12
    assert cheek[1.5] > 20


def test_roller_and_anticoagulants_bleed_more():
    pen = typical("dermapen", 1.5).bleeding_density_cm2[0]
    thinned = typical("dermapen", 1.5, medication=["anticoagulants"]).bleeding_density_cm2[0]
    assert (thinned > 1.5 * pen).all()


@settings(deadline=None)
@given(st.floats(0.05, 3.0), st.floats(1.01, 2.0))
def test_bleeding_share_rises_to_its_limit(depth, ratio):
    shallow, deep = (bleeding_share(d, 0.2, 1.5, 4.0) for d in (depth, depth * ratio))
    assert 0 <= shallow < deep < 0.2
    assert bleeding_share(1.5, 0.2, 1.5, 4.0) == pytest.approx(0.1)
