"""A chain checks its processes, and a new process is one record."""

import numpy as np
import pytest

from micropen.errors import MicropenError
from micropen.healing.chain import build_chain, default_chain
from micropen.healing.engine import Lanes, solve
from micropen.healing.process import Process, Readout, State, Values
from micropen.healing.processes import PROCESSES
from micropen.healing.reference import solve_reference
from micropen.healing.time_grid import day_grid
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
    others = ("healing.population.", "healing.milestones.", *tables)
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


def test_reading_a_state_that_is_not_upstream_is_refused():
    early = _process(production=lambda x, p: x.later)
    late = _process(name="late", state="later", sign="gloss")
    chain = build_chain((early, late))
    lanes = Lanes(
        {name: {"cooling_per_day": np.ones(1)} for name in ("warmth", "late")},
        ({"burn": np.ones(1)},),
    )
    with pytest.raises(AttributeError, match="processes that stand before it"):
        solve(chain, lanes, [0.0], day_grid([0.0], 2.0))


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
