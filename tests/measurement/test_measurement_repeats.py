"""Repeats: their scatter widens or narrows the stated errors, as far as it can be trusted."""

from __future__ import annotations

import math

import numpy as np
import pytest

from micropen.anatomy import ZONES
from micropen.measurement.method import ZoneReading
from micropen.measurement.repeats import RepeatFactors, repeat_factors


def series(true_sd: float, photos: int, seed: int = 0, stated: float = 0.1, shared: float = 0.0):
    """Repeats of the baseline: each photograph has its own error, the baseline another."""
    rng = np.random.default_rng(seed)
    errors = rng.normal(0.0, true_sd / math.sqrt(2.0), (photos + 1, len(ZONES)))
    errors += rng.normal(0.0, shared / math.sqrt(2.0), (photos + 1, 1))
    return {
        f"p{k}": {
            "m": {
                zone: ZoneReading(
                    math.nan, 0.05, float(errors[k, z] - errors[0, z]), stated, stated
                )
                for z, zone in enumerate(ZONES)
            }
        }
        for k in range(1, photos + 1)
    }


def group(photos: int) -> list[list[str]]:
    return [[f"p{k}" for k in range(photos + 1)]]


def test_without_repeats_the_stated_error_stands():
    factors = repeat_factors(series(0.3, 3), [], "p0")
    assert factors == RepeatFactors()
    assert factors.factor("m", "nose") == 1.0


def test_one_photograph_of_a_moment_says_nothing():
    assert repeat_factors(series(0.3, 3), [["p0"], ["p1"]], "p0").pairs == 0


@pytest.mark.parametrize(("true", "expected"), [(0.1, 1.0), (0.2, 1.7)])
def test_many_repeats_bring_out_the_true_error(true, expected):
    factors = repeat_factors(series(true, 60), group(60), "p0")
    found = np.mean([factors.factor("m", zone) for zone in ZONES])
    # Outliers count less, so that an error twice the stated one is seen as about 1.7 times.
    assert found == pytest.approx(expected, rel=0.08)


def test_few_repeats_move_the_error_less_than_many():
    few = repeat_factors(series(0.2, 1, seed=2), group(1), "p0")
    many = repeat_factors(series(0.2, 20, seed=2), group(20), "p0")
    assert 1.0 < np.mean(list(few.factors.values())) < np.mean(list(many.factors.values()))


def test_no_error_is_narrowed_below_the_floor():
    factors = repeat_factors(series(0.001, 40), group(40), "p0")
    assert set(factors.factors.values()) == {0.7}


def test_a_zone_of_its_own_is_seen():
    readings = series(0.1, 40)
    for photo, methods in readings.items():
        loud = methods["m"]["nose"]
        shift = (-1.0) ** int(photo[1:]) * 0.25
        methods["m"]["nose"] = ZoneReading(math.nan, 0.05, loud.change + shift, 0.1, 0.1)
    factors = repeat_factors(readings, group(40), "p0")
    assert factors.factor("m", "nose") > 1.3 * factors.factor("m", "chin")


def test_refused_readings_are_left_out():
    readings = series(0.1, 10)
    for methods in readings.values():
        methods["m"]["chin"] = ZoneReading.refused("hidden")
    factors = repeat_factors(readings, group(10), "p0")
    assert math.isfinite(factors.factor("m", "chin"))
    refused = readings["p1"]["m"]["chin"]
    assert factors.apply("m", "chin", refused) is refused


def test_the_part_that_grows_with_the_change_stays():
    factors = RepeatFactors({("m", "nose"): 2.0}, 1)
    got = factors.apply("m", "nose", ZoneReading(1.0, 0.1, 0.5, 0.5, 0.3, {"noise": 0.3}))
    assert got.no_change_sd == pytest.approx(0.6)
    assert got.change_sd == pytest.approx(math.hypot(0.4, 0.6))
    assert got.sd == pytest.approx(0.2)
    assert got.errors["noise"] == pytest.approx(0.6)


def test_false_changes_stay_rare_where_the_stated_error_is_half_the_true_one():
    before, after = [], []
    for seed in range(60):
        readings = series(0.14, 4, seed=seed, shared=0.14)
        factors = repeat_factors(readings, group(4), "p0")
        for methods in readings.values():
            for zone, one in methods["m"].items():
                before.append(abs(one.change) > 1.96 * one.no_change_sd)
                corrected = factors.apply("m", zone, one)
                after.append(abs(one.change) > 1.96 * corrected.no_change_sd)
    assert np.mean(before) > 0.25
    assert np.mean(after) < 0.6 * np.mean(before)
