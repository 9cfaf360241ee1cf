"""Density against the published figures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.evidence import load_parameters
from micropen.punctures import pen_density_cm2, roller_density_cm2, stamp_density_cm2
from micropen.punctures.reference import reference_density_cm2
from micropen.treatment import device


def test_roller_makes_the_published_250_per_cm2_in_15_rolls():
    """Doddaballapur 2009: 192 needles on a drum of 2 by 2 cm, 15 rolls, about 250 per cm²."""
    roller = device("dermaroller-192")
    density = roller_density_cm2(
        15, roller.needle_count, roller.drum_diameter_mm, roller.drum_width_mm
    )
    assert density == pytest.approx(15 * 192 / (np.pi * 2.0 * 2.0))
    assert density == pytest.approx(250, rel=0.10)


def test_four_passes_of_the_reference_pen_meet_the_published_target():
    """PRIME 2015: 250-300 punctures per cm²."""
    assert 250 <= reference_density_cm2(load_parameters()) <= 300


def test_pen_by_hand():
    """10 needles at 100 Hz are 1,000 strokes a second; 5 mm at 40 mm/s are 2 cm² a second."""
    assert pen_density_cm2(1, 10, 100.0, 5.0, 40.0) == pytest.approx(500)
    assert pen_density_cm2(3, 10, 100.0, 5.0, 40.0, effective_share=0.1) == pytest.approx(150)


def test_stamp_prints_its_plate():
    assert stamp_density_cm2(2, 40, 1.6) == pytest.approx(50)


@settings(deadline=None)
@given(
    passes=st.floats(0.5, 40),
    needles=st.integers(1, 40),
    rate=st.floats(20, 200),
    width=st.floats(2, 12),
    speed=st.floats(5, 200),
)
def test_twice_the_passes_or_half_the_speed_is_twice_the_density(
    passes, needles, rate, width, speed
):
    once = pen_density_cm2(passes, needles, rate, width, speed)
    assert pen_density_cm2(2 * passes, needles, rate, width, speed) == pytest.approx(2 * once)
    assert pen_density_cm2(passes, needles, rate, width, speed / 2) == pytest.approx(2 * once)
    assert pen_density_cm2(passes, needles, 2 * rate, width, speed) == pytest.approx(2 * once)


def test_broadcasting_over_draws_and_zones():
    density = pen_density_cm2(
        np.array([[0.0, 4.0]]), 14, 116.7, 6.0, 40.0, effective_share=np.full((3, 1), 0.1)
    )
    assert density.shape == (3, 2)
    assert (density[:, 0] == 0).all()
