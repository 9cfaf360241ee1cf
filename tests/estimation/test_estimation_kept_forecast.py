from __future__ import annotations

import io
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from micropen.errors import MicropenError
from micropen.estimation.kept_forecast import LEVELS, KeptForecast, Line, Made
from micropen.estimation.result import FACE, Axis
from micropen.estimation.straight_days import straight_between

DAYS = np.unique(
    np.concatenate([[0.0, 0.01, 0.1, 0.25], np.arange(0.5, 14.5, 0.5), np.arange(15.0, 61.0)])
)
REDNESS = Line("erythema", Axis.SIGN, FACE)
MADE = Made(datetime(2026, 6, 6, 20, 15), 1.4, "0123456789abcdef", 7, "fedcba9876543210")


def normal_draws(middle=1.0, sd=0.2, draws=2000, days=DAYS):
    """Fading, with a normal factor per draw."""
    factor = middle + sd * norm.ppf((np.arange(draws) + 0.5) / draws)[:, None]
    return factor * np.exp(-0.5 * days)


def kept(personal=None, population=None, made=MADE):
    personal = {REDNESS: normal_draws()} if personal is None else personal
    return KeptForecast.of(
        made, DAYS, personal, population or {k: normal_draws(1.0, 0.5) for k in personal}
    )


def test_there_are_21_levels_with_those_of_a_90_per_cent_band():
    assert len(LEVELS) == 21
    assert {0.05, 0.5, 0.95} <= set(LEVELS)


@pytest.mark.parametrize("day", [1.4, 2.0, 3.3, 9.75, 41.5, 60.0])
def test_quantiles_are_those_of_the_normal(day):
    found = kept().quantiles("personal", REDNESS, day)
    expected = (1.0 + 0.2 * norm.ppf(LEVELS)) * np.exp(-0.5 * day)
    # Straight between days to 1 % of the range, and halfway between half days by the curve itself.
    np.testing.assert_allclose(found, expected, rtol=0.02, atol=0.02)


def test_what_is_read_is_what_was_kept():
    lines = [
        Line(k, a, z)
        for k, a in (("erythema", Axis.SIGN), ("pain", Axis.DIARY))
        for z in (FACE, "nose")
    ]
    before = kept({line: normal_draws(sd=0.1 * (k + 1)) for k, line in enumerate(lines)})
    data = before.to_bytes()
    after = KeptForecast.from_bytes(data)
    assert after.made == before.made
    np.testing.assert_array_equal(after.days, before.days)
    for name in ("personal", "population"):
        one, two = getattr(before, name), getattr(after, name)
        assert list(one) == list(two) == lines
        for line in lines:
            np.testing.assert_array_equal(one[line], two[line])
    assert after.to_bytes() == data


def test_the_file_explains_itself():
    table = pd.read_parquet(io.BytesIO(kept().to_bytes()))
    assert list(table.columns[:5]) == ["whose", "key", "axis", "zone", "day"]
    assert {"q01", "q05", "q50", "q95", "q99"} <= set(table.columns)
    assert set(table["whose"]) == {"personal", "population"}


def test_only_days_after_the_data_are_kept():
    found = kept()
    assert found.days[0] == 1.0  # the last before the data end, so that the first hours are known
    assert found.quantiles("personal", REDNESS, 0.5) is None
    assert found.quantiles("personal", REDNESS, 61.0) is None
    assert found.quantiles("personal", Line("gloss", Axis.SIGN, FACE), 3.0) is None
    early = kept(made=Made(MADE.at, -np.inf, "a", 0, "b"))
    assert early.days[0] == 0.0
    assert KeptForecast.from_bytes(early.to_bytes()).made.data_until_day == -np.inf


def test_a_line_of_one_side_only_is_left_out():
    nose = Line("erythema", Axis.SIGN, "nose")
    found = KeptForecast.of(
        MADE, DAYS, {REDNESS: normal_draws(), nose: normal_draws()}, {REDNESS: normal_draws()}
    )
    assert list(found.personal) == [REDNESS]


def test_a_whole_face_of_signs_stays_small():
    rng = np.random.default_rng(0)
    lines = [Line(f"sign_{k}", Axis.SIGN, f"zone_{z}") for k in range(6) for z in range(14)]
    draws = {line: normal_draws(*rng.uniform(0.2, 1.0, 2), draws=100) for line in lines}
    assert len(kept(draws).to_bytes()) < 300_000


def test_nothing_left_to_forecast_is_refused():
    with pytest.raises(MicropenError, match="forecast further"):
        kept(made=Made(MADE.at, 60.5, "a", 0, "b"))


def test_draws_that_do_not_fit_the_days_are_refused():
    with pytest.raises(MicropenError, match=r"erythema \(face\).*must be"):
        kept({REDNESS: normal_draws()[:, :-1]})


@pytest.mark.parametrize(
    "data", [b"", b"PAR1", b"not a forecast" * 99, b"PAR1" + b"\0" * 99 + b"PAR1"]
)
def test_anything_else_gives_one_sentence(data):
    with pytest.raises(MicropenError, match=r"^2026-06-06\.parquet cannot be read: it is damaged"):
        KeptForecast.from_bytes(data, "2026-06-06.parquet")


def test_another_parquet_file_gives_one_sentence():
    target = io.BytesIO()
    pd.DataFrame({"a": [1.0]}).to_parquet(target)
    with pytest.raises(MicropenError, match="cannot be read"):
        KeptForecast.from_bytes(target.getvalue())


SMALL = kept({REDNESS: normal_draws(draws=50)}).to_bytes()


@settings(max_examples=100)
@given(place=st.integers(0, len(SMALL) - 1), change=st.integers(1, 255))
def test_a_changed_byte_never_gives_another_forecast(place, change):
    damaged = bytearray(SMALL)
    damaged[place] ^= change
    try:
        found = KeptForecast.from_bytes(bytes(damaged))
    except MicropenError:
        return
    assert found.to_bytes() == SMALL


@settings(max_examples=30)
@given(length=st.integers(0, len(SMALL) - 1))
def test_a_file_cut_short_is_found_out(length):
    with pytest.raises(MicropenError, match="cannot be read"):
        KeptForecast.from_bytes(SMALL[:length])


def test_days_between_which_curves_are_straight():
    days = np.arange(11.0)
    bent = np.interp(days, [0.0, 3.0, 10.0], [0.0, 9.0, 2.0])
    assert straight_between(days, np.stack([bent, 5.0 - 0.1 * bent, 0.0 * days])).tolist() == [
        0,
        3,
        10,
    ]
    noise = np.random.default_rng(0).standard_normal((3, 200))
    chosen = straight_between(np.arange(200.0), noise)
    assert chosen.size == 32
    assert chosen[0] == 0
    assert chosen[-1] == 199


@pytest.mark.parametrize("draws", [1, 2, 3, 401])
def test_quantiles_are_those_of_numpy(draws):
    made = np.random.default_rng(draws).standard_normal((draws, DAYS.size))
    found = KeptForecast.of(MADE, DAYS, {REDNESS: made}, {REDNESS: made})
    expected = np.quantile(made, LEVELS, axis=0)[:, np.isin(DAYS, found.days)]
    np.testing.assert_allclose(found.personal[REDNESS], expected, rtol=5e-4, atol=1e-6)
