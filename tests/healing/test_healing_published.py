"""Published models against the numbers known of them; the states behind a forecast."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.errors import MicropenError, UnknownNameError
from micropen.evidence import Grade, load_parameters, sources
from micropen.healing import forecast
from micropen.healing.chain import default_chain
from micropen.healing.engine import solve
from micropen.healing.forecast import doses_of
from micropen.healing.population import lanes
from micropen.healing.published import (
    WOUND_SHAPES,
    adler,
    adler_threshold_days,
    full_thickness_wound,
    waugh_sherratt,
)
from micropen.healing.reference import solve_reference
from micropen.healing.state_course import chain_with_states, state_course
from micropen.treatment import People

WEEKS = [7.0, 14.0, 28.0]


def _residual(course, slope):
    """Largest gap between a curve's own slope and its equation, as a share of the slope."""
    rate = np.gradient(np.array(list(course.curves.values())), course.days, axis=1)[:, 1:-1]
    given = np.array([slope(y) for y in np.array(list(course.curves.values())).T]).T[:, 1:-1]
    return np.abs(rate - given).max() / np.abs(given).max()


def test_waugh_normal_skin_heals_as_integrated_before():
    course = waugh_sherratt(WEEKS)
    assert np.allclose(course["inflammatory_macrophage"], [140.0, 78.0, 21.0], atol=0.6)
    assert np.allclose(course["repair_macrophage"], course["inflammatory_macrophage"])


def test_waugh_share_of_the_model_file_stays_inflamed():
    share = load_parameters().value("published.waugh_sherratt.inflammatory_share_diabetic")
    course = waugh_sherratt(WEEKS, share)
    assert np.allclose(course["inflammatory_macrophage"], [346.0, 746.0, 906.0], atol=1.0)
    late = waugh_sherratt([200.0, 400.0], share)["inflammatory_macrophage"]
    assert late[0] == pytest.approx(late[1], rel=1e-6)


def test_waugh_follows_its_equations_written_by_hand():
    def slope(y):
        i, r, t = y
        k = -2.47 * t**3 + 21.94 * t**2 + 6.41 * t + 1.75
        grow = 0.05 * 0.693 * (1 - 0.002 * (i + r))
        return 0.5 * k + (grow - 0.2) * i, 0.5 * k + (grow - 0.2) * r, 0.07 * i - 9.1 * t

    assert _residual(waugh_sherratt(np.linspace(0.0, 30.0, 60_001)), slope) < 1e-4


def test_adler_follows_its_equations_written_by_hand():
    def slope(y):
        f, m, c, p = y
        bound_c, bound_p = c / (1e9 + c), p / (1e9 + p)
        return (
            f * (0.9 * bound_p * (1 - f / 1e6) - 0.3),
            m * (0.8 * bound_c - 0.3),
            1440 * (470 * f - 940 * m * bound_c) - 2 * c,
            1440 * (70 * m + 240 * f - 510 * f * bound_p) - 2 * p,
        )

    course = adler(np.linspace(5.0, 60.0, 20_001), pulse_days=4.0)
    assert _residual(course, slope) < 1e-3


@pytest.mark.parametrize("pulse_days", [0.1, 0.5, 1.0, 2.0])
def test_adler_short_injury_resolves(pulse_days):
    course = adler([120.0], pulse_days)
    assert course["myofibroblast"][0] < 1.0
    assert course["macrophage"][0] < 1.0


def test_adler_long_injury_ends_in_fibrosis():
    course = adler([120.0, 400.0], 4.0)
    assert course["myofibroblast"] == pytest.approx([4.8e5] * 2, rel=0.01)
    assert course["macrophage"] == pytest.approx([6.4e5] * 2, rel=0.01)


def test_adler_injury_only_adds_macrophages():
    # With no cells to begin with, macrophages grow as influx against removal alone.
    parameters = load_parameters().with_values(
        {"published.adler.cells_at_start": 0.0, "published.adler.macrophage_growth_per_day": 0.0}
    )
    days = np.array([0.0, 0.5, 2.0, 6.0])
    macrophage = adler(days, 2.0, parameters=parameters)["macrophage"]
    filled = 1e6 / 0.3 * (1 - np.exp(-0.3 * np.minimum(days, 2.0)))
    assert np.allclose(macrophage, filled * np.exp(-0.3 * np.maximum(days - 2.0, 0.0)), rtol=1e-7)


def test_adler_threshold_lies_where_one_injury_turns():
    threshold = adler_threshold_days()
    assert 2.0 < threshold < 4.0
    assert adler([400.0], threshold - 0.05)["myofibroblast"][0] < 1.0
    assert adler([400.0], threshold + 0.05)["myofibroblast"][0] > 1e5


def test_adler_repeated_injuries_turn_sooner():
    assert adler_threshold_days(14.0, 3) < 0.5 * adler_threshold_days()


@settings(max_examples=25, deadline=None)
@given(
    st.floats(0.0, 1.0),
    st.lists(st.floats(0.01, 300.0), min_size=1, max_size=8, unique=True).map(sorted),
)
def test_waugh_is_never_negative(share, days):
    course = waugh_sherratt(days, share)
    assert all((values >= 0.0).all() for values in course.curves.values())


@settings(max_examples=12, deadline=None)
@given(st.floats(0.0, 6.0), st.floats(6.5, 40.0), st.integers(1, 3))
def test_adler_is_never_negative_nor_beyond_its_capacity(pulse_days, interval, pulses):
    starts = [interval * number for number in range(pulses)]
    course = adler(np.linspace(0.0, 200.0, 41), pulse_days, starts)
    assert all((values >= 0.0).all() for values in course.curves.values())
    assert course["myofibroblast"].max() <= 1e6


def test_shapes_of_full_thickness_wounds_peak_where_stated():
    peaks = {}
    for shape in WOUND_SHAPES:
        course = full_thickness_wound(shape)
        assert course[shape].max() == 1.0
        assert (course[shape] >= 0.0).all()
        assert (np.diff(course.days) > 0.0).all()
        assert course.grade is Grade.D
        peaks[shape] = course.days[course[shape].argmax()]
    assert peaks == {
        "neutrophil": 1.0,
        "inflammation": 2.0,
        "macrophage": 3.0,
        "myofibroblast": 12.0,
        "collagen": 28.0,
    }


@pytest.mark.parametrize(
    "course",
    [waugh_sherratt([1.0]), adler([1.0], 1.0), full_thickness_wound("macrophage")],
    ids=lambda course: course.model,
)
def test_a_course_says_units_source_grade_and_what_was_verified(course):
    assert set(course.units) == set(course.curves)
    assert all(course.units.values())
    assert sources()[course.source].grade.value <= course.grade.value
    assert course.citation in str(course)
    assert course.verified in str(course)
    assert course.of_peak(next(iter(course.curves))).max() == 1.0
    with pytest.raises(UnknownNameError, match=next(iter(course.curves))):
        course[next(iter(course.curves)) + "s"]


@pytest.mark.parametrize("days", [[], [-1.0, 2.0], [2.0, 1.0], [1.0, 1.0], [np.nan]])
def test_days_that_cannot_be_are_refused(days):
    with pytest.raises(MicropenError, match="Days"):
        waugh_sherratt(days)


def test_settings_that_cannot_be_are_refused():
    with pytest.raises(MicropenError, match="inflammatory_share"):
        waugh_sherratt([1.0], 1.2)
    with pytest.raises(MicropenError, match="pulse_days"):
        adler([1.0], -1.0)
    with pytest.raises(MicropenError, match="pulse_starts"):
        adler([1.0], 2.0, [0.0, 1.0])
    with pytest.raises(MicropenError, match="interval_days"):
        adler_threshold_days(pulses=3)
    with pytest.raises(MicropenError, match="never above zero"):
        adler([0.0], 1.0).of_peak("colony_stimulating_factor")


def test_a_chain_with_states_reports_all_of_them_and_the_same_signs(laboratory):
    days, grid = (0.0, 30.0), np.array([0.0, 0.01, 0.3, 1.0, 4.0, 20.0, 35.0, 60.0])
    population = laboratory.lanes(draws=2, days=days)
    inside = solve(chain_with_states(laboratory.chain), population, days, grid).signs
    plain = solve(laboratory.chain, population, days, grid).signs
    states = {f"state {state.name}" for _, state in laboratory.chain.states}
    assert set(inside) == states | set(plain)
    for sign, values in plain.items():
        # Steps are chosen for all that is read out: the same within what is promised.
        assert np.abs(inside[sign] - values).max() <= 2e-4 * np.abs(values).max(), sign


def test_state_course_has_the_signs_of_a_forecast_and_the_states_of_the_oracle(treatment):
    plan = treatment(sessions=2, interval=20)
    days = np.array([0.0, 0.5, 3.0, 12.0, 25.0])
    inside = state_course(plan, "cheek_left", days, draws=3, seed=4)
    course = forecast(plan, days=40.0, draws=3, seed=4)
    for sign, values in inside.signs.items():
        whole = course.dataset[sign].sel(zone="cheek_left", day=days).values
        assert np.allclose(values, whole, rtol=1e-3, atol=1e-3 * np.abs(whole).max()), sign

    parameters = load_parameters()
    chain = chain_with_states(default_chain())
    people = People.of(plan.person, 3)
    doses = doses_of(plan.sessions, people, parameters, 4)
    members = lanes(chain, people, doses, parameters, seed=4)
    zone = course.zones.index("cheek_left")
    lane = 1 * len(course.treated) + zone
    oracle = solve_reference(chain, members, lane, [0.0, 20.0], days, method="LSODA")
    for name, values in inside.states.items():
        exact = oracle[f"state {name}"]
        assert np.allclose(values[1], exact, atol=2e-4 * max(np.abs(exact).max(), 1e-9)), name


def test_state_course_refuses_an_untreated_zone_and_days_backwards(treatment):
    plan = treatment(zones=["cheek"])
    with pytest.raises(UnknownNameError, match="cheek"):
        state_course(plan, "nose", [1.0])
    for days in ([], [0.0], [2.0, 1.0], [-1.0, 1.0]):
        with pytest.raises(MicropenError, match="Days"):
            state_course(plan, "cheek_left", days)
