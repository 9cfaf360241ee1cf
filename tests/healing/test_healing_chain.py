"""A chain checks its processes, and a new process is one record."""

from dataclasses import replace

import numpy as np
import pytest

from micropen.errors import MicropenError
from micropen.healing.chain import build_chain, default_chain
from micropen.healing.engine import Lanes, solve
from micropen.healing.process import Process, Readout, State, Values
from micropen.healing.processes import PROCESSES
from micropen.healing.reference import solve_reference
from micropen.healing.time_grid import day_grid
from micropen.healing.what_equations_read import what_it_reads
from micropen.signs import SIGNS


def _process(name="warmth", state="heat", sign="swelling", loss="cooling_per_day", **more):
    return Process(
        name=name,
        summary="",
        parameters=("cooling_per_day",),
        states=(State(name=state, meaning="", loss=loss, impulse=lambda w, p: w.burn, **more),),
        readouts=(Readout(sign, lambda x, p: getattr(x, state)),),
    )


def test_every_sign_is_given_by_one_process():
    assert sorted(default_chain().signs) == sorted(SIGNS)


def test_every_parameter_of_every_process_exists_and_is_read(laboratory):
    names = {p.name for p in laboratory.parameters.group("healing")}
    read = set(default_chain().parameter_names)
    assert read <= names
    tables = tuple(f"healing.zone_{name}." for name in default_chain().zone_factors)
    others = ("healing.population.", "healing.milestones.", "healing.risks.", *tables)
    assert not {name for name in names - read if not name.startswith(others)}


def test_every_equation_uses_what_its_process_declares():
    for process in PROCESSES:
        assert set(process.zone_spread) <= set(process.parameters), process.name
        assert process.summary


def test_names_may_stand_once():
    with pytest.raises(MicropenError, match="process 'warmth'"):
        build_chain((_process(), _process(state="other", sign="gloss")))
    with pytest.raises(MicropenError, match="state 'heat'"):
        build_chain((_process(), _process(name="other", sign="gloss")))
    with pytest.raises(MicropenError, match="sign 'swelling'"):
        build_chain((_process(), _process(name="other", state="more")))


def test_unknown_signs_and_losses_are_refused():
    with pytest.raises(MicropenError, match="'beauty'"):
        build_chain((_process(sign="beauty"),))
    with pytest.raises(MicropenError, match="'speed'"):
        build_chain((_process(loss="speed"),))


def test_states_are_solved_after_those_that_they_read_in_whatever_order_they_come():
    early = _process(production=lambda x, p: x.later)
    late = _process(name="late", state="later", sign="gloss")
    chain = build_chain((early, late))
    assert [state.name for _, state in chain.states] == ["later", "heat"]
    members = {name: {"cooling_per_day": np.full(1, 0.5)} for name in ("warmth", "late")}
    lanes = Lanes(members, ({"burn": np.ones(1)},))
    grid = day_grid([0.0], 8.0)
    signs = solve(chain, lanes, [0.0], grid).signs
    assert np.allclose(signs["swelling"][0], (1.0 + grid) * np.exp(-0.5 * grid), atol=2e-4)


def test_independent_processes_keep_their_order():
    one, two = _process(), _process(name="other", state="more", sign="gloss")
    for order in ((one, two), (two, one)):
        assert [process for process, _ in build_chain(order).states] == list(order)


def test_every_state_of_the_program_stands_after_those_that_it_reads():
    seen = set()
    for process, state in default_chain().states:
        assert what_it_reads(state.production, process, state.name).inputs <= seen
        seen.add(state.name)


def test_a_circle_is_named_with_its_processes():
    one = _process(production=lambda x, p: x.later)
    two = _process(name="late", state="later", sign="gloss", production=lambda x, p: x.heat)
    with pytest.raises(MicropenError, match=r"circle: heat \(warmth\) <- later \(late\) <- heat"):
        build_chain((one, two))


@pytest.mark.parametrize(
    "equations",
    [{"production": lambda x, p: x.heet}, {"impulse": lambda w, p: w.before.heet}],
)
def test_a_state_that_nobody_defines_is_named_with_the_nearest(equations):
    state = State(name="heat", meaning="", loss="cooling_per_day", **equations)
    with pytest.raises(MicropenError, match=r"'warmth' reads the state 'heet'.*heat"):
        build_chain((replace(_process(), states=(state,)),))


def test_a_sign_that_reads_an_unknown_state_is_refused():
    process = replace(_process(), readouts=(Readout("gloss", lambda x, p: x.shine),))
    with pytest.raises(MicropenError, match=r"sign 'gloss'.*'warmth' reads the state 'shine'"):
        build_chain((process,))


def test_an_equation_that_fails_is_named():
    with pytest.raises(MicropenError, match=r"state 'heat' in process 'warmth' fails.*Zero"):
        build_chain((_process(production=lambda x, p: 1 / 0),))


def test_only_what_a_sign_needs_is_kept():
    part = default_chain().giving(["scaling"])
    assert part.signs == ("scaling",)
    names = [state.name for _, state in part.states]
    assert "loose_scale" in names
    assert "renewed_surface" not in names
    with pytest.raises(MicropenError, match=r"'scalling'.*scaling"):
        default_chain().giving(["scalling"])


def test_a_new_process_needs_no_other_change():
    chain = build_chain((_process(),))
    lanes = Lanes({"warmth": {"cooling_per_day": np.array([0.5, 2.0])}}, ({"burn": np.ones(2)},))
    grid = day_grid([0.0], 10.0)
    solution = solve(chain, lanes, [0.0], grid)
    assert np.allclose(solution.signs["swelling"][0], np.exp(-0.5 * grid), atol=2e-5)
    oracle = solve_reference(chain, lanes, 1, [0.0], grid)["swelling"]
    assert np.allclose(oracle, np.exp(-2.0 * grid), atol=1e-8)


def test_values_say_what_they_hold():
    with pytest.raises(AttributeError, match=r"'c' is not available.*a, b"):
        _ = Values(a=1.0, b=2.0).c
