"""The price of over-treatment: nothing in usual sessions, more the denser and the sooner."""

from datetime import date, timedelta

import pytest

from micropen.errors import MicropenError
from micropen.evidence import load_parameters
from micropen.healing.over_treatment import PRICE, gain_lost
from micropen.treatment import Treatment


def _plan(length=1.0, passes=4, sessions=1, interval=30, zones=("cheek",)):
    first = date(2026, 1, 5)
    settings = {"needle_length_mm": length, "passes": passes}
    return Treatment.from_dict(
        {
            "person": {"age_years": 40, "sex": "female", "phototype": 3},
            "session": [
                {
                    "date": first + timedelta(days=interval * number),
                    "device": "SkinPen Precision",
                    "zones": dict.fromkeys(zones, settings),
                }
                for number in range(sessions)
            ],
        }
    )


def test_a_usual_session_loses_next_to_nothing():
    lost = gain_lost(_plan())
    assert 0.0 <= lost.low <= lost.median < 0.01
    assert lost.day == 180.0


def test_too_dense_and_too_soon_lose_more():
    weekly = gain_lost(_plan(1.5, sessions=6, interval=7)).median
    soon = gain_lost(_plan(1.5, sessions=6, interval=2)).median
    dense = gain_lost(_plan(2.5, 20, sessions=3)).median
    assert soon > 0.05 > weekly
    assert dense > 0.05


def test_without_the_price_nothing_is_lost():
    free = load_parameters().with_values(dict.fromkeys(PRICE, 1e9))
    lost = gain_lost(_plan(2.5, 20, sessions=3), parameters=free)
    assert lost.high == pytest.approx(0.0, abs=1e-6)


def test_it_is_read_within_the_horizon_and_repeats():
    plan = _plan(sessions=12, interval=30)
    first, again = gain_lost(plan, draws=40, seed=3), gain_lost(plan, draws=40, seed=3)
    assert first == again
    assert first.day <= 400.0
    assert first.grade.value in "CD"


def test_no_draws_are_refused():
    with pytest.raises(MicropenError, match="at least 1"):
        gain_lost(_plan(), draws=0)
