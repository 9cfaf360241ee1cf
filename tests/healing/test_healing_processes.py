"""What must hold for every process: signs of the states, rest, dose, accumulation."""

from itertools import pairwise

import numpy as np
import pytest

from micropen.healing.engine import solve
from micropen.healing.state_course import chain_with_states
from micropen.healing.time_grid import day_grid
from micropen.signs import SIGNS

GRID = day_grid([0.0], 60.0)
YEAR = day_grid([0.0], 400.0)
# Signs that only rise or only fall with the dose; glow and pigment do both over time.
ONE_SIDED = sorted(set(SIGNS) - {"gloss", "pigment"})


def _signs(laboratory, grid=GRID, days=(0.0,), **more):
    lanes = laboratory.lanes(days=days, **more)
    return solve(laboratory.chain, lanes, list(days), grid).signs


@pytest.fixture(scope="module")
def one_session(laboratory):
    return _signs(laboratory, draws=40)


@pytest.mark.parametrize("sign", SIGNS)
def test_nothing_done_nothing_happens(laboratory, sign):
    lanes = laboratory.lanes(draws=3)
    untouched = type(lanes)(
        lanes.parameters,
        tuple({name: np.zeros_like(values) for name, values in w.items()} for w in lanes.wounds),
    )
    assert not solve(laboratory.chain, untouched, [0.0], GRID).signs[sign].any()


@pytest.mark.parametrize("sign", ONE_SIDED)
def test_one_sided_signs_never_cross_zero(one_session, sign):
    values = one_session[sign]
    assert values.max() > 0.0
    # Radau does not preserve the sign of what has all but vanished.
    assert values.min() >= -2e-5 * values.max()


@pytest.mark.parametrize("sign", SIGNS)
def test_signs_stay_in_their_range(laboratory, sign):
    for dose in (0.2, 1.0, 6.0):
        values = _signs(laboratory, dose=dose, draws=40)[sign]
        assert values.max() <= SIGNS[sign].upper
        assert values.min() >= SIGNS[sign].lower - 1e-6


@pytest.mark.parametrize(
    ("sign", "day"),
    [
        ("erythema", 14), ("swelling", 10), ("pinpoint_bleeding", 14), ("barrier_defect", 10),
        ("pain", 10), ("scaling", 25), ("lesions", 30), ("gloss", 60), ("relief", 60),
    ],
)  # fmt: skip
def test_short_signs_return_to_rest(laboratory, sign, day):
    values = np.median(_signs(laboratory, grid=YEAR, draws=40)[sign], axis=0)
    late = np.abs(values[np.flatnonzero(day <= YEAR)]).max()
    lasting = {"gloss": 0.25, "relief": 0.45}.get(sign, 0.05)
    assert late < lasting * np.abs(values).max()


@pytest.mark.parametrize("sign", ["pigment", "collagen", "gloss", "relief"])
def test_long_signs_decline_within_a_year(laboratory, sign):
    values = np.abs(np.median(_signs(laboratory, grid=YEAR, draws=40)[sign], axis=0))
    assert values[-1] < values[np.searchsorted(YEAR, 200.0)] < values.max()


@pytest.mark.parametrize("sign", ONE_SIDED)
def test_more_dose_more_response_at_every_moment(laboratory, sign):
    courses = [_signs(laboratory, dose=dose)[sign] for dose in (0.1, 0.4, 1.0, 2.5)]
    for less, more in pairwise(courses):
        if sign == "pain":
            # Needling pain leaves less room on the scale for soreness; the peak still grows.
            assert np.all(more[:, 0] > less[:, 0])
            continue
        assert np.all(more >= less - 2e-4 * more.max())
        assert more.max() > less.max()


@pytest.mark.parametrize("sign", ["erythema", "pinpoint_bleeding", "swelling"])
def test_more_dose_lasts_longer(laboratory, sign):
    limit = {"erythema": 0.25, "pinpoint_bleeding": 0.3, "swelling": 0.15}[sign]
    ends = []
    for dose in (0.3, 1.0, 3.0):
        values = np.median(_signs(laboratory, dose=dose, draws=20)[sign], axis=0)
        ends.append(GRID[np.flatnonzero(values > limit)[-1]])
    assert ends[0] < ends[1] < ends[2]


@pytest.mark.parametrize("sign", ["collagen", "relief", "gloss"])
def test_sessions_accumulate_with_saturation(laboratory, sign):
    gains = []
    for count in (1, 2, 4, 8):
        days = [30.0 * number for number in range(count)]
        grid = day_grid(days, days[-1] + 120.0)
        gains.append(np.median(_signs(laboratory, grid, days, draws=12)[sign][:, -1]))
    assert np.all(np.diff(gains) > 0.0)
    assert gains[3] < 8 * gains[0]
    assert gains[3] - gains[2] < 4 * (gains[1] - gains[0])


def test_a_session_on_top_adds_to_what_is_left(laboratory):
    days = (0.0, 1.0)
    grid = day_grid(days, 10.0)
    both = _signs(laboratory, grid, days)
    single = _signs(laboratory, day_grid([0.0], 10.0))
    at_two = np.isclose(grid, 2.0)
    alone = np.isclose(day_grid([0.0], 10.0), 1.0)
    for sign in ("erythema", "swelling", "pinpoint_bleeding", "barrier_defect"):
        assert np.all(both[sign][:, at_two] > single[sign][:, alone])


def test_every_state_stays_at_or_above_zero(laboratory):
    days = [0.0, 2.0]
    lanes = laboratory.lanes(draws=30, days=days, dose=2.0, seed=4)
    found = solve(chain_with_states(laboratory.chain), lanes, days, day_grid(days, 60.0)).signs
    for _, state in laboratory.chain.states:
        values = found[f"state {state.name}"]
        # What has all but vanished may undershoot, by less than the accuracy that is promised.
        assert values.min() >= -1e-4 * values.max(), state.name


def _gain(laboratory, dose, days, horizon=150.0):
    grid = day_grid(days, days[-1] + horizon)
    return float(np.median(_signs(laboratory, grid, days, dose=dose, draws=40)["collagen"][:, -1]))


def _days_red(laboratory, dose, days):
    grid = day_grid(days, days[-1] + 30.0)
    median = np.median(_signs(laboratory, grid, days, dose=dose, draws=40)["erythema"], axis=0)
    return grid[np.flatnonzero(median > 0.25)[-1]] - days[-1]


def _darker(laboratory, dose, days):
    grid = day_grid(days, days[-1] + 60.0)
    pigment = _signs(laboratory, grid, days, dose=dose, draws=400, phototype=5)["pigment"]
    return float((pigment.max(axis=1) > 0.1).mean())


def test_a_week_between_sessions_is_as_good_as_a_month_and_two_days_are_not(laboratory):
    gain = {i: _gain(laboratory, 2.0, [i * n for n in range(4)]) for i in (2.0, 7.0, 30.0)}
    assert gain[2.0] < 0.85 * gain[7.0]
    assert np.isclose(gain[7.0], gain[30.0], rtol=0.1)
    darker = {i: _darker(laboratory, 2.0, [i * n for n in range(4)]) for i in (2.0, 30.0)}
    assert darker[2.0] > 1.5 * darker[30.0]


def test_skin_that_has_not_finished_reacts_more(laboratory):
    lasting = [_days_red(laboratory, 1.0, days) for days in ([0.0], [0.0, 7.0], [0.0, 2.0])]
    assert lasting[0] <= lasting[1] <= lasting[0] + 0.3
    assert lasting[2] > lasting[0] + 0.3


def test_an_excessive_wound_costs_days_and_pigment(laboratory):
    # The synthetic dose multiplies density: 20 times the reference has lost its islands.
    usual, excess = 2.0, 20.0
    assert _days_red(laboratory, excess, [0.0]) > 2.0 * _days_red(laboratory, usual, [0.0])
    assert _darker(laboratory, excess, [0.0]) > 2.0 * _darker(laboratory, usual, [0.0])


@pytest.mark.parametrize("name", ["protease", "lasting_signal", "bare_surface"])
def test_a_usual_session_pays_nothing_for_over_treatment(laboratory, name):
    # Without the price the gain would be the same to within a few per cent.
    free = {
        "protease": "healing.collagen.half_protease",
        "lasting_signal": "healing.collagen.half_lasting_signal",
        "bare_surface": "healing.population.connected_cover",
    }[name]
    without = laboratory.parameters.with_values({free: 1e6})
    for dose in (1.0, 2.5):
        priced = _signs(laboratory, YEAR, dose=dose, draws=40)["collagen"]
        unpriced = _signs(laboratory, YEAR, dose=dose, draws=40, parameters=without)["collagen"]
        assert np.median(priced.max(axis=1)) > 0.96 * np.median(unpriced.max(axis=1))


def test_occluded_channels_stay_open_for_two_days(laboratory):
    # Ogunjimi 2021: half-life 20-26 h occluded. Gupta 2011: unoccluded back by 2 h.
    lanes = laboratory.lanes(draws=200)
    covered = type(lanes)(
        lanes.parameters,
        tuple({**w, "occlusion": np.ones_like(w["occlusion"])} for w in lanes.wounds),
    )
    bare = type(lanes)(
        lanes.parameters,
        tuple({**w, "occlusion": np.zeros_like(w["occlusion"])} for w in lanes.wounds),
    )
    at = [int(np.abs(GRID - day).argmin()) for day in (0.0, 1.0)]
    shares = []
    for each in (covered, bare):
        median = np.median(
            solve(laboratory.chain, each, [0.0], GRID).signs["barrier_defect"], axis=0
        )
        shares.append(median[at[1]] / median[at[0]])
    assert 0.35 < shares[0] < 0.65
    assert shares[1] < 0.6 * shares[0]


def test_half_of_the_holes_are_covered_when_published(laboratory):
    # Stumpp 2009: half at 10-22 h, 84 % at 13-28 h; the holes that must be covered, two stages.
    rate = laboratory.parameters.value("healing.barrier.repair_rate_per_day")
    hours = np.linspace(0.0, 72.0, 7201)
    open_share = (1.0 + rate * hours / 24.0) * np.exp(-rate * hours / 24.0)
    half = hours[np.argmax(open_share < 0.5)]
    most = hours[np.argmax(open_share < 0.16)]
    assert 10.0 < half < 22.0
    assert 13.0 < most < 33.0  # a little beyond: fitted together with occluded channels
    # Han 2012: shallow needling is back within 72 h.
    assert open_share[-1] < 0.01


def test_collagen_begins_late_as_in_wound_fluid(laboratory):
    # Haukipuro 1991: what is made by day 2 is about 1 % of what is made by day 7 (type I and III).
    made = np.median(_signs(laboratory, draws=40)["collagen"], axis=0)
    share = made[np.isclose(GRID, 2.0)][0] / made[np.isclose(GRID, 7.0)][0]
    assert 0.003 < share < 0.15


def test_pain_at_day_zero_is_the_peak_while_needled(laboratory):
    pain = _signs(laboratory, dose=1.0)["pain"]
    assert np.allclose(pain[:, 0], 2.0, atol=1e-6)
    numb = pain[:, np.isclose(GRID, 1 / 24, atol=1e-6)]
    assert numb.max() < 1.0
