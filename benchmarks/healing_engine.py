"""The healing engine against scipy's LSODA, one trajectory at a time, at equal error.

Run: ``python benchmarks/healing_engine.py``. Both solve the same process definitions. LSODA gets
the numpy right-hand side and the exact Jacobian, with the loosest tolerance of a ladder that keeps
every sign within 2e-4 of its peak. Times are process times of the better of several runs, in one
process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.healing import forecast
from micropen.healing.chain import default_chain
from micropen.healing.engine import Lanes, Solution, solve
from micropen.healing.forecast import doses_of
from micropen.healing.population import lanes
from micropen.healing.process import Array
from micropen.healing.reference import solve_reference
from micropen.healing.time_grid import day_grid
from micropen.treatment import People, Treatment

TOLERANCE = 2e-4
DRAWS = 200
LADDER = ((3e-3, 1e-6), (1e-3, 1e-6), (3e-4, 1e-7), (1e-4, 1e-7), (3e-5, 1e-8), (1e-5, 1e-9))
TRAJECTORIES = 24


def case(sessions: int) -> Treatment:
    """Return a treatment of the whole face, monthly."""
    rows = [
        {
            "date": date(2026, 1 + number, 8),
            "device": "SkinPen Precision",
            "anaesthetic": "topical",
            "face": {"needle_length_mm": 1.0, "passes": 4},
        }
        for number in range(sessions)
    ]
    return Treatment.from_dict({"person": {"age_years": 35, "phototype": 2}, "session": rows})


def seconds(work: Callable[[], object], runs: int) -> float:
    best = np.inf
    for _ in range(runs):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return float(best)


def gap(found: dict[str, Array], exact: dict[str, Array]) -> float:
    return max(
        float(np.abs(found[sign] - values).max() / np.abs(values).max())
        for sign, values in exact.items()
    )


def engine_error(solution: Solution, chosen: Sequence[int], exact: list[dict[str, Array]]) -> float:
    return max(
        gap({sign: values[lane] for sign, values in solution.signs.items()}, truth)
        for lane, truth in zip(chosen, exact, strict=True)
    )


def lsoda(
    population: Lanes, chosen: Sequence[int], days: list[float], grid: Array,
    exact: list[dict[str, Array]],
) -> tuple[float, float, float]:  # fmt: skip
    """Return rtol, error and seconds per trajectory of the cheapest setting that is good enough."""
    chain = default_chain()
    for rtol, atol in LADDER:

        def run(lane: int, rtol: float = rtol, atol: float = atol) -> dict[str, Array]:
            return solve_reference(
                chain, population, lane, days, grid, method="LSODA", rtol=rtol, atol=atol
            )

        error = max(gap(run(lane), truth) for lane, truth in zip(chosen, exact, strict=True))
        if error <= TOLERANCE:
            spent = seconds(lambda run=run: [run(lane) for lane in chosen], runs=3)
            return rtol, error, spent / len(chosen)
    raise SystemExit(f"LSODA does not reach {TOLERANCE:g} at rtol {LADDER[-1][0]:g}")


def compare(sessions: int, horizon: float) -> None:
    treatment, parameters, chain = case(sessions), load_parameters(), default_chain()
    days = [session.day for session in treatment.sessions]
    grid = day_grid(days, horizon)
    people = People.of(treatment.person, DRAWS)
    doses = doses_of(treatment.sessions, people, parameters, 0)
    population = lanes(chain, people, doses, parameters, seed=0)
    chosen = np.random.default_rng(0).choice(population.count, TRAJECTORIES, replace=False).tolist()
    exact = [
        solve_reference(chain, population, lane, days, grid, rtol=1e-8, atol=1e-12)
        for lane in chosen
    ]
    solution = solve(chain, population, days, grid)
    own_error = engine_error(solution, chosen, exact)
    own = seconds(lambda: solve(chain, population, days, grid), runs=9) / population.count
    rtol, error, peer = lsoda(population, chosen, days, grid, exact)
    print(f"\n{sessions} session(s), {horizon:g} days, {len(chain.states)} states per lane")
    print(f"  LSODA (rtol {rtol:g})   {peer * 1e3:9.2f} ms per trajectory   error {error:.1e}")
    print(
        f"  engine             {own * 1e6:9.1f} us per trajectory   error {own_error:.1e}   "
        f"(its own estimate {solution.error:.1e})"
    )
    print(f"  ratio              {peer / own:9.0f} x   (at least 500, goal 1000)")


def main() -> None:
    start = time.process_time()
    forecast(case(1), days=1.0, draws=1)
    print(f"first call, kernels compiled or read from cache: {time.process_time() - start:.2f} s")
    whole = seconds(lambda: forecast(case(1), days=60.0, draws=DRAWS), runs=5)
    print(f"forecast of {DRAWS} draws x {len(ZONES)} zones x 60 days: {whole:.3f} s process time")
    year = seconds(lambda: forecast(case(4), days=400.0, draws=DRAWS), runs=2)
    print(f"forecast of {DRAWS} draws x {len(ZONES)} zones x 400 days, 4 sessions: {year:.3f} s")
    compare(sessions=1, horizon=60.0)
    compare(sessions=4, horizon=180.0)


if __name__ == "__main__":
    main()
