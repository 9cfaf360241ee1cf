"""Ten thousand people at once: time, memory, and the ratio to plainer ways of doing the same.

Run: ``python benchmarks/population.py`` (about two minutes). Eleven zones, 180 days, all signs,
5 %, 50 % and 95 %. Each figure comes from a process of its own; its clock starts after imports and
a first small forecast, so that kernels are compiled or read from the cache.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from datetime import date, timedelta

import numpy as np

from micropen.anatomy import ZONES
from micropen.evidence import load_parameters
from micropen.healing import day_grid, forecast_quantiles
from micropen.healing.chain import default_chain
from micropen.healing.engine import solve
from micropen.healing.forecast import doses_of
from micropen.healing.population import lanes
from micropen.healing.reference import solve_reference
from micropen.treatment import People, Treatment

PEOPLE, DAYS = 10_000, 180.0
TREATED = ZONES[:11]
SAMPLE = 400  # people of the plain forecast, which keeps every draw
TRAJECTORIES = 16
RTOL, ATOL = 3e-4, 1e-7  # what benchmarks/healing_engine.py finds for LSODA at an error of 2e-4


def case(sessions: int) -> Treatment:
    """Return a treatment of eleven zones, monthly."""
    setting = {"needle_length_mm": 1.0, "passes": 4}
    rows = [
        {
            "date": date(2026, 1, 8) + timedelta(days=30 * number),
            "device": "SkinPen Precision",
            "anaesthetic": "topical",
            "zones": dict.fromkeys(TREATED, setting),
        }
        for number in range(sessions)
    ]
    return Treatment.from_dict({"person": {"age_years": 35, "phototype": 2}, "session": rows})


def population(people: int) -> People:
    """Return people of all ages and phototypes."""
    rng = np.random.default_rng(0)
    one = People.of(case(1).person, people).arrays()
    drawn = {
        "age_years": rng.uniform(20.0, 65.0, people),
        "male": (rng.random(people) < 0.2).astype(float),
        "phototype": rng.integers(1, 7, people).astype(float),
        "acne_proneness": rng.random(people),
        "sensitivity": rng.random(people),
        "sun_exposure": rng.random(people),
    }
    return People(**{**one, **drawn})


def stream(sessions: int, people: int, threads: int) -> dict[str, float]:
    treatment, crowd = case(sessions), population(people)
    forecast_quantiles(treatment.sessions, crowd.take, 61.0, min(people, 64), threads=threads)
    begin, own = time.perf_counter(), time.process_time()
    forecast_quantiles(treatment.sessions, crowd.take, DAYS, people, threads=threads)
    wall, process = time.perf_counter() - begin, time.process_time() - own
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    return {"wall": wall, "process": process, "peak_mb": peak}


def plain(sessions: int) -> dict[str, float]:
    """Seconds per person, every draw kept: the engine on one thread with exact quantiles, LSODA."""
    treatment, parameters, chain = case(sessions), load_parameters(), default_chain()
    people = population(SAMPLE)
    days = [session.day for session in treatment.sessions]
    grid = day_grid(days, DAYS)

    def engine() -> None:
        doses = doses_of(treatment.sessions, people, parameters, 0)
        solution = solve(chain, lanes(chain, people, doses, parameters, seed=0), days, grid)
        for values in solution.signs.values():
            cells = np.ascontiguousarray(values).reshape(SAMPLE, -1)
            np.quantile(cells, (0.05, 0.5, 0.95), axis=0)

    engine()
    begin = time.process_time()
    engine()
    own = (time.process_time() - begin) / SAMPLE
    doses = doses_of(treatment.sessions, people, parameters, 0)
    made = lanes(chain, people, doses, parameters, seed=0)
    begin = time.process_time()
    for lane in range(0, made.count, made.count // TRAJECTORIES):
        solve_reference(chain, made, lane, days, grid, method="LSODA", rtol=RTOL, atol=ATOL)
    runs = len(range(0, made.count, made.count // TRAJECTORIES))
    peer = (time.process_time() - begin) / runs * len(TREATED)
    return {"engine": own, "lsoda": peer}


def apart(*arguments: object) -> dict[str, float]:
    """Run one measurement in a process of its own."""
    command = [sys.executable, __file__, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def report(sessions: int) -> None:
    two, one = (apart("stream", sessions, PEOPLE, threads) for threads in (2, 1))
    slow = apart("plain", sessions)
    print(f"\n{PEOPLE} people x {len(TREATED)} zones x {DAYS:g} days, {sessions} session(s)")
    for threads, run in ((2, two), (1, one)):
        print(
            f"  streamed, {threads} thread(s)   {run['wall']:8.2f} s   {run['process']:8.2f} s of "
            f"process time   {PEOPLE / run['wall']:8.0f} people/s"
        )
    every = {name: seconds * PEOPLE for name, seconds in slow.items()}
    print(
        f"  every draw kept, exact quantiles, one thread   {every['engine']:8.1f} s   "
        f"(from {SAMPLE} people)   {every['engine'] / two['wall']:.1f} x the streamed time"
    )
    print(
        f"  LSODA, one by one   {every['lsoda'] / 3600:8.2f} h   (extrapolated from {TRAJECTORIES} "
        f"trajectories)   {every['lsoda'] / two['wall']:.0f} x the streamed time"
    )


def main() -> None:
    for sessions in (1, 3):
        report(sessions)
    print("\npeak memory of the whole process, 1 session, 2 threads")
    for people in (2_000, 10_000, 40_000):
        print(f"  {people:6} draws   {apart('stream', 1, people, 2)['peak_mb']:8.0f} MB")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    elif sys.argv[1] == "stream":
        print(json.dumps(stream(*map(int, sys.argv[2:]))))
    else:
        print(json.dumps(plain(int(sys.argv[2]))))
