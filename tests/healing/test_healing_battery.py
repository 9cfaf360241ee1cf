"""The battery that every process of healing passes, found in its folder and never listed here."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.healing.chain import default_chain
from micropen.healing.collocation import MATRIX, STAGES
from micropen.healing.engine import Lanes, solve, trajectories
from micropen.healing.process import Values
from micropen.healing.reference import solve_reference
from micropen.healing.time_grid import day_grid
from micropen.healing.what_equations_read import Recorder, what_it_reads

CHAIN = default_chain()
PROMISED = 2e-4  # accuracy, as a share of a peak
STATES = [pytest.param(p, s, id=s.name) for p, s in CHAIN.states]
READOUTS = [pytest.param(r, id=r.sign) for p in CHAIN.processes for r in p.readouts]
LADDER = (0.1, 0.3, 0.7, 1.0, 1.5, 2.5)

steady = settings(max_examples=8, deadline=None, derandomize=True)
doses = st.floats(0.02, 6.0)
ages = st.integers(18, 80)
phototypes = st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
seeds = st.integers(0, 10_000)
later_days = st.floats(0.05, 100.0)


def times(lanes, factor):
    """The same lanes with every quantity of every wound so many times as large."""
    scaled = tuple({name: factor * values for name, values in w.items()} for w in lanes.wounds)
    return Lanes(lanes.parameters, scaled)


def apart(found, exact):
    """Largest difference as a share of the peak, over all signs."""
    gaps = {}
    for sign, values in exact.items():
        peak = np.abs(values).max()
        gaps[sign] = float(np.abs(found[sign] - values).max() / peak) if peak > 0.0 else 0.0
    worst = max(gaps, key=gaps.get)
    return gaps[worst], worst


@pytest.fixture(scope="module")
def courses(laboratory):
    """States of many people, weak to strong doses, over two sessions and a year."""
    days = (0.0, 28.0)
    found = []
    for seed, dose in enumerate(LADDER):
        lanes = laboratory.lanes(
            draws=10, days=days, dose=dose, seed=seed, age_years=20 + 10 * seed
        )
        found.append((lanes, trajectories(CHAIN, lanes, days, day_grid(days, 400.0))))
    return found


@pytest.fixture(scope="module")
def typical(laboratory):
    """The typical person's signs over 400 days, for each dose of a ladder."""
    grid = day_grid([0.0], 400.0)
    members = laboratory.parameters.without_spread()
    runs = [
        solve(CHAIN, laboratory.lanes(draws=1, dose=dose, parameters=members), [0.0], grid).signs
        for dose in LADDER
    ]
    return {sign: np.stack([run[sign][0] for run in runs]) for sign in runs[0]}


@pytest.mark.parametrize(("process", "state"), STATES)
def test_a_state_is_never_below_zero(courses, process, state):
    for _, parts in courses:
        values = np.concatenate([x[state.name] for _, x in parts])
        # What has all but vanished may undershoot, by less than the accuracy that is promised.
        assert values.min() >= -PROMISED * values.max()


@pytest.mark.parametrize(("process", "state"), STATES)
def test_what_enters_a_state_leaves_it_or_is_still_there(courses, process, state):
    for lanes, parts in courses:
        p = Values(**lanes.parameters[process.name])
        loss = getattr(p, state.loss)
        for part, x in parts:
            values = x[state.name]
            made = 0.0 if state.production is None else state.production(Values(**x), p)
            flow = np.broadcast_to(made, values.shape) - loss * values
            # Each step's own weights, at its own nodes: Radau's quadrature.
            steps = flow[1:].reshape(part.steps.size, STAGES, -1)
            balance = np.einsum("k,i,kil->l", part.steps, MATRIX[-1], steps)
            turned_over = np.einsum("k,i,kil->l", part.steps, MATRIX[-1], np.abs(steps))
            wrong = np.abs(values[-1] - values[0] - balance)
            assert np.all(wrong <= 1e-9 * (turned_over + np.abs(values).max(axis=0)))


@pytest.mark.parametrize(("process", "state"), STATES)
def test_an_impulse_that_is_proportional_adds_up_at_one_moment(laboratory, process, state):
    if state.impulse is None or what_it_reads(state.impulse, process, state.name).before:
        pytest.skip("no impulse, or one that depends on what the session found")
    lanes = laboratory.lanes(draws=5, dose=0.8)
    p, wound = Values(**lanes.parameters[process.name]), lanes.wounds[0]

    def jump(factor):
        return state.impulse(Values(**{k: factor * v for k, v in wound.items()}), p)

    if not np.allclose(jump(2.0), 2.0 * jump(1.0), rtol=1e-12):
        # It saturates: a second session on the same spot adds, but not again as much as alone.
        assert np.all(jump(1.0) <= jump(2.0))
        return
    halves = Lanes(lanes.parameters, (times(lanes, 0.5).wounds[0],) * 2)
    grid = day_grid([0.0], 3.0)
    whole = trajectories(CHAIN, lanes, [0.0], grid)[0][1][state.name]
    split = trajectories(CHAIN, halves, [0.0, 0.0], grid)[-1][1][state.name]
    assert np.allclose(split[0], whole[0], rtol=1e-12)


@pytest.mark.parametrize("process", [pytest.param(p, id=p.name) for p in CHAIN.processes])
def test_every_parameter_that_a_process_names_is_read(process):
    read = set()
    for state in process.states:
        read |= {state.loss}
        for equation in (state.production, state.impulse):
            read |= what_it_reads(equation, process, state.name).parameters
    for readout in process.readouts:
        read |= what_it_reads(readout.equation, process, readout.sign).parameters
    if process.adjust is not None:
        asked = Recorder()
        process.adjust(asked, Recorder())
        read |= asked.asked
    assert set(process.parameters) <= read
    assert {f"zone_{name}" for name in process.zone_factors} <= read


@pytest.mark.parametrize("readout", READOUTS)
def test_a_larger_session_does_what_the_process_says(typical, readout):
    if readout.with_dose == "free":
        pytest.skip("the process says that its sign may do either")
    courses = typical[readout.sign]
    for less, more in pairwise(courses):
        assert np.abs(more).max() > np.abs(less).max()
        if readout.with_dose == "rises":
            assert np.all(more >= less - PROMISED * np.abs(more).max())


@pytest.mark.parametrize("readout", READOUTS)
def test_a_sign_returns_to_rest_or_to_what_the_process_says(typical, readout):
    for course in typical[readout.sign]:
        rest, peak = np.abs(course[-1]), np.abs(course).max()
        assert peak > 0.0
        assert rest <= readout.lasting * peak


@pytest.mark.parametrize("readout", READOUTS)
def test_a_stated_lasting_level_is_not_idle(typical, readout):
    if readout.lasting > 0.05:
        rests = np.abs(typical[readout.sign][:, -1]) / np.abs(typical[readout.sign]).max(axis=1)
        assert rests.max() > 0.25 * readout.lasting


@steady
@given(seeds, ages, st.lists(later_days, max_size=2))
def test_nothing_done_nothing_happens(laboratory, seed, age, later):
    days = sorted({0.0, *later})
    lanes = times(laboratory.lanes(draws=2, days=days, seed=seed, age_years=age), 0.0)
    grid = day_grid(days, days[-1] + 20.0)
    assert not any(values.any() for values in solve(CHAIN, lanes, days, grid).signs.values())
    for _, x in trajectories(CHAIN, lanes, days, grid):
        assert not any(values.any() for values in x.values())


@steady
@given(seeds, doses, ages, phototypes, st.lists(later_days, max_size=2))
def test_the_engine_agrees_with_the_stiff_oracle(laboratory, seed, dose, age, phototype, later):
    days = sorted({0.0, *later})
    lanes = laboratory.lanes(
        draws=3, days=days, dose=dose, seed=seed, age_years=age, phototype=phototype
    )
    grid = day_grid(days, days[-1] + 60.0)
    found = solve(CHAIN, lanes, days, grid)
    # LSODA: as exact as Radau here (test_healing_oracle.py asks both) and several times faster.
    oracle = solve_reference(CHAIN, lanes, seed % 3, days, grid, method="LSODA", rtol=1e-8)
    gap, sign = apart({s: v[seed % 3] for s, v in found.signs.items()}, oracle)
    assert gap < PROMISED, sign


@steady
@given(seeds, doses, ages, later_days)
def test_a_session_that_does_nothing_changes_nothing(laboratory, seed, dose, age, day):
    # The steps begin anew there: one way through time must agree with another.
    lanes = laboratory.lanes(draws=4, dose=dose, seed=seed, age_years=age)
    nothing = times(lanes, 0.0).wounds[0]
    grid = day_grid([0.0], 120.0)
    plain = solve(CHAIN, lanes, [0.0], grid).signs
    cut = solve(CHAIN, Lanes(lanes.parameters, (*lanes.wounds, nothing)), [0.0, day], grid).signs
    gap, sign = apart(cut, plain)
    assert gap < PROMISED, sign


@steady
@given(seeds, doses, ages)
def test_two_sessions_a_breath_apart_are_two_at_one_moment(laboratory, seed, dose, age):
    lanes = laboratory.lanes(draws=3, days=(0.0, 0.0), dose=dose, seed=seed, age_years=age)
    grid = day_grid([0.0], 30.0)[1:]
    together = solve(CHAIN, lanes, [0.0, 0.0], grid).signs
    apart_by_a_breath = solve(CHAIN, lanes, [0.0, 1e-9], grid).signs
    gap, sign = apart(apart_by_a_breath, together)
    assert gap < PROMISED, sign


@steady
@given(seeds, doses, st.sets(st.sampled_from(sorted(CHAIN.signs)), min_size=1))
def test_a_sign_is_the_same_whether_or_not_others_are_asked_for(laboratory, seed, dose, signs):
    lanes = laboratory.lanes(draws=3, dose=dose, seed=seed)
    grid = day_grid([0.0], 40.0)
    everything = solve(CHAIN, lanes, [0.0], grid).signs
    part = CHAIN.giving(signs)
    assert set(part.signs) == signs
    gap, sign = apart(solve(part, lanes, [0.0], grid).signs, {s: everything[s] for s in signs})
    assert gap < PROMISED, sign


def test_the_battery_notices_a_process_that_loses_what_enters(laboratory):
    process = next(p for p in CHAIN.processes if p.name == "scaling")
    leaky = replace(process.states[1], production=lambda x, p: 0.5 * x.epidermal_injury)
    states = tuple(leaky if s.name == leaky.name else s for s in process.states)
    changed = tuple(replace(process, states=states) if p is process else p for p in CHAIN.processes)
    lanes = laboratory.lanes(draws=1)
    ((part, x),) = trajectories(type(CHAIN)(changed), lanes, [0.0], day_grid([0.0], 60.0))
    rate = lanes.parameters["scaling"]["transit_rate_per_day"]
    left = np.einsum(
        "k,i,ki->", part.steps, MATRIX[-1], (rate * x[leaky.name])[1:, 0].reshape(-1, STAGES)
    )
    assert left < 0.6 * x["epidermal_injury"][0, 0]
