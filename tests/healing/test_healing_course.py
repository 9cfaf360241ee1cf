"""The public forecast and the course it returns."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.anatomy import ZONES
from micropen.errors import MicropenError, OutputError, UnknownNameError
from micropen.healing import SCENARIOS, forecast
from micropen.signs import SIGNS


@pytest.fixture(scope="module")
def course(treatment):
    return forecast(treatment(zones=["cheek", "nose"]), days=30.0, draws=40, seed=7)


def test_every_sign_is_there_with_its_unit(course):
    assert list(course.dataset.data_vars) == list(SIGNS)
    for name, values in course.dataset.data_vars.items():
        assert values.dims == ("draw", "zone", "day")
        assert values.dtype == np.float32
        assert values.attrs["units"] == SIGNS[name].unit
        assert np.isfinite(values.values).all()
        assert values.values.min() >= SIGNS[name].lower
    assert course.zones == ZONES
    assert course.draws == 40
    assert course.days[-1] == 30.0


def test_untreated_zones_stay_at_rest(course):
    assert course.treated == ("nose", "cheek_left", "cheek_right")
    rest = [zone for zone in ZONES if zone not in course.treated]
    for values in course.dataset.sel(zone=rest).data_vars.values():
        assert not values.values.any()


def test_same_seed_same_bytes(treatment, course):
    again = forecast(treatment(zones=["cheek", "nose"]), days=30.0, draws=40, seed=7)
    other = forecast(treatment(zones=["cheek", "nose"]), days=30.0, draws=40, seed=8)
    for name in SIGNS:
        same = again.dataset[name].values.tobytes()
        assert same == course.dataset[name].values.tobytes()
        assert same != other.dataset[name].values.tobytes()


def test_more_draws_begin_with_the_fewer(treatment, course):
    more = forecast(treatment(zones=["cheek", "nose"]), days=30.0, draws=60, seed=7)
    assert np.allclose(
        more.dataset["erythema"].values[:40], course.dataset["erythema"].values, atol=1e-6
    )


def test_the_origin_is_recorded(course):
    attributes = course.dataset.attrs
    assert attributes["seed"] == 7
    assert attributes["draws"] == 40
    assert attributes["lowest_evidence_grade"] == "D"
    assert "stumpp2009" in attributes["citations"]
    assert attributes["parameter_digest"]
    assert attributes["numerical_error"] < 1e-4
    assert course.origin.session_days == (0.0,)


@pytest.mark.parametrize("name", SIGNS)
def test_scenarios_are_oriented_by_what_a_person_wants(course, name):
    best, expected, worst = (course.scenario(s)[name].values for s in SCENARIOS)
    if SIGNS[name].better == "higher":
        best, worst = worst, best
    assert np.all(best <= expected)
    assert np.all(expected <= worst)
    assert (best < worst).any()


def test_quantiles_are_those_of_the_draws(course):
    values = course.dataset["erythema"].values
    expected = np.quantile(values, 0.25, axis=0)
    assert np.allclose(course.quantile(0.25)["erythema"].values, expected, atol=1e-6)
    assert course.quantile(0.25) is course.quantile(0.25)


def test_at_a_reported_day_gives_that_day_and_between_a_straight_line(course):
    expected = course.scenario("expected")["erythema"].values
    index = int(np.flatnonzero(course.days == 2.0)[0])
    assert np.allclose(course.at(2.0)["erythema"], expected[:, index])
    assert np.allclose(
        course.at(2.25)["erythema"], (expected[:, index] + expected[:, index + 1]) / 2, atol=1e-6
    )
    assert np.allclose(course.at(30.0)["erythema"], expected[:, -1])
    assert set(course.at(0.0, "worst")) == set(SIGNS)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.0, 30.0), st.sampled_from(SCENARIOS))
def test_at_lies_between_its_neighbours(course, day, scenario):
    after = min(int(np.searchsorted(course.days, day, side="right")), course.days.size - 1)
    values = course.scenario(scenario)["scaling"].values
    low = np.minimum(values[:, after - 1], values[:, after])
    high = np.maximum(values[:, after - 1], values[:, after])
    found = course.at(day, scenario)["scaling"]
    assert np.all((found >= low - 1e-6) & (found <= high + 1e-6))


def test_questions_outside_the_course_are_answered_with_what_is_inside(course):
    with pytest.raises(MicropenError, match="day 0 to 30"):
        course.at(31.0)
    with pytest.raises(MicropenError, match="between 0 and 1"):
        course.quantile(1.5)
    with pytest.raises(UnknownNameError, match="nearest: best"):
        course.scenario("bests")


def test_impossible_requests_are_refused(treatment):
    with pytest.raises(MicropenError, match="number of draws is 0"):
        forecast(treatment(), draws=0)
    with pytest.raises(MicropenError, match="horizon is 500 days"):
        forecast(treatment(), days=500)


def test_a_series_shows_each_session(treatment):
    course = forecast(treatment(sessions=3), days=90.0, draws=20)
    assert course.origin.session_days == (0.0, 30.0, 60.0)
    cheek = course.scenario("expected")["erythema"].sel(zone="cheek_left")
    for day in (0.25, 30.25, 60.25):
        assert cheek.sel(day=day) > 0.8
    for day in (29.0, 59.0, 89.0):
        assert cheek.sel(day=day) < 0.01
    collagen = course.scenario("expected")["collagen"].sel(zone="cheek_left")
    assert collagen.sel(day=29.0) < collagen.sel(day=59.0) < collagen.sel(day=89.0)


def test_a_later_session_leaves_the_days_before_as_they_were(treatment):
    one = forecast(treatment(), days=31.0, draws=5).dataset.sel(day=slice(0.0, 20.0))
    two = forecast(treatment(sessions=2), days=31.0, draws=5).dataset.sel(day=slice(0.0, 20.0))
    assert np.allclose(one["erythema"].values, two["erythema"].values, atol=1e-4)


@pytest.mark.parametrize("days", [20.0, 60.0, 60.9])
def test_no_session_vanishes_beyond_the_horizon(treatment, days):
    series = treatment(sessions=3)
    with pytest.raises(MicropenError, match=r"last of 3 sessions is on day 60; .* least 61 days"):
        forecast(series, days=days, draws=2)


def test_a_series_longer_than_a_forecast_says_so(treatment):
    with pytest.raises(MicropenError, match="would need 481, but at most 400"):
        forecast(treatment(sessions=3, interval=240), days=400.0, draws=2)


def test_progress_runs_to_one(treatment):
    seen = []
    forecast(treatment(), days=5.0, draws=50, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_netcdf_gives_every_draw_back(course, tmp_path):
    path = course.to_netcdf(tmp_path / "course.nc")
    with xr.open_dataset(path, engine="h5netcdf") as back:
        assert np.array_equal(back["scaling"].values, course.dataset["scaling"].values)
        assert list(back["zone"].values) == list(ZONES)
        assert back.attrs["seed"] == 7
    assert [p.name for p in tmp_path.iterdir()] == ["course.nc"]


def test_tables_hold_the_three_courses(course, tmp_path):
    table = course.table()
    assert list(table.columns) == ["day", "zone", "sign", "unit", "best", "expected", "worst"]
    assert len(table) == len(SIGNS) * len(ZONES) * course.days.size
    row = table.query("sign == 'gloss' and zone == 'nose' and day == 7.0").iloc[0]
    assert np.isclose(row.expected, course.at(7.0)["gloss"][ZONES.index("nose")])
    assert row.worst < row.expected < row.best
    parquet = pd.read_parquet(course.to_parquet(tmp_path / "course.parquet"))
    assert np.allclose(parquet["worst"], table["worst"])
    csv = pd.read_csv(course.to_csv(tmp_path / "course.csv"))
    assert np.allclose(csv["expected"], table["expected"], rtol=1e-4, atol=1e-12)


def test_nothing_is_written_where_nothing_can_be(course, tmp_path):
    with pytest.raises(OutputError, match="does not exist"):
        course.to_csv(tmp_path / "absent" / "course.csv")
    (tmp_path / "course.csv").mkdir()
    with pytest.raises(OutputError, match="Cannot write"):
        course.to_csv(tmp_path / "course.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["course.csv"]


def test_it_prints_well(course):
    text = str(course)
    assert "40 draws, 3 treated zones" in text
    assert "lowest evidence grade D" in text
    for sign in SIGNS.values():
        assert sign.label in text
