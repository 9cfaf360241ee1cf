"""A new process is one file in the folder: found, ordered, solved, and nothing else is edited."""

import importlib
import sys
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from micropen.discovery import discover, entries
from micropen.errors import MicropenError
from micropen.evidence import Grade, Parameter
from micropen.healing.chain import build_chain
from micropen.healing.engine import solve
from micropen.healing.population import Dose, lanes
from micropen.healing.process import Process, Values, emax
from micropen.healing.processes import PROCESSES
from micropen.healing.reference import solve_reference
from micropen.healing.time_grid import day_grid
from micropen.healing.weighted_sums import weights_of
from micropen.healing.what_equations_read import Recorder
from micropen.treatment import People, Person

BRUISE = '''
"""Bruises: blood under the skin, its brown residue, and the gloss that it takes."""

from micropen.healing.process import Process, Readout, State, emax

BRUISE = Process(
    name="{name}",
    summary="blood under the skin and what is left of it",
    parameters=("clearing_per_day", "fading_per_day", "half"),
    states=(
        State(
            name="residue",
            meaning="brown residue",
            loss="fading_per_day",
            production=lambda x, p: p.clearing_per_day * emax(x.bruise + x.inflammation, p.half),
        ),
        State(
            name="bruise",
            meaning="blood under the skin",
            loss="clearing_per_day",
            impulse=lambda w, p: w.vascular_injury + 0.1 * w.before.residue,
        ),
    ),
    readouts=(Readout("gloss", lambda x, p: -0.1 * x.residue),),
)
'''


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Makes a package of process files, imported from a temporary folder."""

    def make(**files):
        package = tmp_path / "bench_processes"
        package.mkdir()
        (package / "__init__.py").write_text("")
        for name, text in files.items():
            (package / f"{name}.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        return importlib.import_module("bench_processes")

    yield make
    for name in [name for name in sys.modules if name.split(".")[0] == "bench_processes"]:
        del sys.modules[name]


def _with_numbers(parameters, process):
    """The parameter set with the numbers of a new process, as its data file would add them."""
    added = {
        name: Parameter(name, 1.5, "1/day", 0.1, 0.2, True, "assumed", Grade.D, "")
        for name in (f"healing.{process.name}.{own}" for own in process.parameters)
    }
    return replace(parameters, members=MappingProxyType({**parameters.members, **added}))


def test_a_file_dropped_into_the_folder_is_solved_and_the_oracle_agrees(folder, laboratory, wound):
    (bruise,) = entries(discover(folder(bruise=BRUISE.format(name="bruise")), Process))
    # It gives the gloss here; before all others, though it reads the inflammation.
    others = tuple(p for p in PROCESSES if p.name != "gloss")
    chain = build_chain((bruise, *others))
    days, draws = (0.0, 12.0), 3
    doses = [Dose(wound(draws, 1.3, day, ("chin",)), True) for day in days]
    people = People.of(Person(age_years=40, phototype=3), draws)
    members = _with_numbers(laboratory.parameters, bruise)
    population = lanes(chain, people, doses, members, seed=4)
    grid = day_grid(days, 40.0)
    found = solve(chain, population, days, grid).signs
    assert found["gloss"].min() < -0.01
    for lane in range(draws):
        oracle = solve_reference(chain, population, lane, days, grid, method="LSODA", rtol=1e-8)
        for sign, values in oracle.items():
            assert np.abs(found[sign][lane] - values).max() < 2e-4 * np.abs(values).max(), sign


def test_files_are_found_in_order_and_helpers_are_left_out(folder):
    package = folder(
        _shared="HALF = 0.5",
        second=BRUISE.format(name="second"),
        first="from bench_processes.second import BRUISE\n" + BRUISE.format(name="first").replace(
            "BRUISE = Process", "FIRST = Process"
        ),
    )  # fmt: skip
    assert [process.name for process in entries(discover(package, Process))] == ["second", "first"]


def test_the_programs_own_folder_is_found_whole():
    assert len(PROCESSES) == len({process.name for process in PROCESSES})
    for process in PROCESSES:
        module = importlib.import_module(f"micropen.healing.processes.{process.name}")
        assert process in vars(module).values()


def test_a_file_without_a_process_is_named(folder):
    with pytest.raises(MicropenError, match=r"empty\.py .* states no Process"):
        discover(folder(empty="HALF = 0.5"), Process)


def test_two_files_of_one_process_are_named(folder):
    same = BRUISE.format(name="bruise")
    with pytest.raises(MicropenError, match=r"'bruise' stands in one\.py and in two\.py"):
        discover(folder(one=same, two=same), Process)


def test_weights_of_a_weighted_sum_are_its_coefficients():
    p = Values(rate=np.array([2.0, 3.0]), gain=np.array([0.5, 0.25]))
    found = weights_of(
        lambda x, p: p.rate * (x.a + p.gain * x.b) - x.a / p.gain + -(x.c * 2.0), ("a", "b", "c"), p
    )
    assert np.allclose(found["a"], p.rate - 1.0 / p.gain)
    assert np.allclose(found["b"], p.rate * p.gain)
    assert np.allclose(found["c"], -2.0)


@pytest.mark.parametrize(
    "production",
    [
        lambda x, p: emax(x.a, p.half),
        lambda x, p: x.a * x.b,
        lambda x, p: x.a**2,
        lambda x, p: x.a + 1.0,
        lambda x, p: 1.0 - x.a,
        lambda x, p: np.exp(x.a),
        lambda x, p: np.minimum(x.a, 1.0),
        lambda x, p: np.where(x.a > p.half, x.a, x.b),
        lambda x, p: np.where(x.a == 0.0, x.a, x.b),
        lambda x, p: np.maximum(p.half, x.a),
        lambda x, p: abs(x.a),
        lambda x, p: p.half * np.asarray(x.a),
        lambda x, p: 3.0 + 0.0 * p.half,
    ],
)
def test_what_is_no_weighted_sum_is_not_taken_for_one(production):
    assert weights_of(production, ("a", "b"), Recorder()) is None


def test_most_productions_of_the_program_are_weighted_sums():
    states = [state for process in PROCESSES for state in process.states]
    names = [state.name for state in states]
    producing = [state.production for state in states if state.production is not None]
    plain = sum(weights_of(each, names, Recorder()) is not None for each in producing)
    assert plain > 0.7 * len(producing)
