"""Does the estimation tell the truth? Simulated people, whose truth is known, estimated again.

    python validation/estimation.py [--people 240] [--seed 0] [--processes 2] [--output DIR]

Simulation-based calibration, coverage, the interval score of the forecast for days 3 to 14 against
the population's, and one absurd reading. See docs/estimation.md, "Does it tell the truth".
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from estimation_table import print_tables
from numpy.typing import NDArray
from rank_tests import RANKED, interval_score, rank_of
from simulated_people import (
    DESIGNS,
    FORECAST_DAYS,
    SimulatedPerson,
    draw_treatment,
    face_courses,
    simulate_person,
)

from micropen.estimation.fit import fit
from micropen.estimation.posterior import Posterior
from micropen.estimation.problem import Problem
from micropen.estimation.readings import Readings
from micropen.evidence import load_parameters, stream
from micropen.treatment import Treatment

Array = NDArray[np.float64]

# Unknowns about which photographs or answers say most, and some about which they say little.
RANKED_UNKNOWNS = (
    "healing.inflammation.response",
    "healing.inflammation.resolution_rate_per_day",
    "healing.inflammation.mediator_rate_per_day",
    "healing.zone_redness.cheek",
    "healing.zone_redness.jaw",
    "healing.scaling.coverage_gain",
    "healing.scaling.transit_rate_per_day",
    "healing.lesions.proneness",
    "healing.gloss.renewal_gain",
    "healing.melanin.susceptibility",
    "healing.pain.soreness_gain",
    "healing.swelling.millimetres_per_oedema",
    "punctures.depth.pen_fraction",
    "observation.redness.grade_scale",
    "photograph.gain.erythema",
    "subject.use",
)
ABSURD = "absurd"
_KEPT_EVERY = 10
DRAWS = 400
SCORED_FROM_DAY = 3.0


def main() -> int:
    """Simulate, estimate, print the tables."""
    arguments = _arguments()
    folder = Path(arguments.output) if arguments.output else None
    rows = _read(arguments.rows) if arguments.rows else _estimate_all(arguments, folder)
    tables = print_tables(rows, arguments.seed)
    if folder is not None:
        _write(folder, rows)
        (folder / "tables.json").write_text(json.dumps(tables, indent=2), encoding="utf-8")
    return 0


def _estimate_all(arguments: argparse.Namespace, folder: Path | None) -> list[dict[str, Any]]:
    """Rows of all people; kept in the folder as they come."""
    jobs = [(arguments.seed, n, tuple(arguments.designs)) for n in range(arguments.people)]
    rows: list[dict[str, Any]] = []
    begin = time.perf_counter()
    with ProcessPoolExecutor(arguments.processes) as pool:
        for number, found in enumerate(pool.map(one_person, jobs), 1):
            rows += found
            minutes = (time.perf_counter() - begin) / 60.0
            print(f"\r{number} of {len(jobs)} people, {minutes:.1f} min", end="", flush=True)
            if folder is not None and number % _KEPT_EVERY == 0:
                _write(folder, rows)
    print()
    return rows


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=240)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--designs", nargs="+", default=[*DESIGNS, ABSURD], help="leave some out")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--output", default="", help="folder for rows.csv and tables.json")
    parser.add_argument("--rows", nargs="+", default=[], help="print rows.csv of earlier runs")
    return parser.parse_args()


def one_person(job: tuple[int, int, tuple[str, ...]]) -> list[dict[str, Any]]:
    """All designs of one person, and the absurd readings."""
    seed, number, designs = job
    members = load_parameters()
    treatment = draw_treatment(stream(seed, f"treatment {number}"))
    rows = []
    for design in designs:
        if design == ABSURD:
            rows += _absurd(treatment, seed, number)
            continue
        random = stream(seed, f"{design} {number}")
        person = simulate_person(treatment, DESIGNS[design], members, random)
        rows.append({"person": number, "design": design, **_estimated(person, number, random)})
    return rows


def _estimated(
    person: SimulatedPerson, number: int, random: np.random.Generator
) -> dict[str, float | str]:
    """Ranks, scores and cost of one estimate."""
    posterior, seconds = _timed(person.problem, number)
    summary = posterior.summary
    row: dict[str, float | str] = {
        "method": summary.method,
        "converged": float(summary.converged),
        "seconds": seconds,
        "readings": float(person.readings.count),
        **{name: summary.diagnostics[name] for name in ("ess_bulk", "ess_importance", "pareto_k")},
    }
    drawn = posterior.persons(DRAWS)
    own = face_courses(person.problem, drawn)
    truth = face_courses(person.problem, person.truth[None])
    population = face_courses(
        person.problem, random.standard_normal((2 * DRAWS, person.truth.size))
    )
    chosen = random.permutation(DRAWS)[:RANKED]
    quantities = _quantities(person.problem, drawn[chosen], own, chosen)
    known = _quantities(person.problem, person.truth[None], truth, np.zeros(1, int))
    for name, values in quantities.items():
        row[f"rank {name}"] = rank_of(float(known[name][0]), values, random)
    return row | _scores(truth, own, "own") | _scores(truth, population, "population")


def _timed(problem: Problem, seed: int) -> tuple[Posterior, float]:
    begin = time.process_time()
    posterior = fit(problem, seed)
    return posterior, time.process_time() - begin


def _quantities(
    problem: Problem, values: Array, courses: Mapping[str, Array], chosen: NDArray[np.int64]
) -> dict[str, Array]:
    """What is ranked, each of shape ``(draw,)``."""
    names, first_own = problem.unknowns.names, problem.unknowns.engine_count
    # What no reading reads is drawn from the prior: its rank would test the random numbers alone.
    read = [*problem.engine_columns.tolist(), *range(first_own, len(names))]
    place = {names[i]: i for i in read}
    found = {name: values[:, place[name]] for name in RANKED_UNKNOWNS if name in place}
    found["log-likelihood"] = problem.log_likelihood(problem.predictions(values))
    face = {sign: course[chosen] for sign, course in courses.items()}
    for day in (3.0, 7.0):
        found[f"redness of the face, day {day:g}"] = face["erythema"][:, _at(day)]
    found["largest peeling of the face"] = face["scaling"].max(axis=1)
    found["most spots"] = face["lesions"].max(axis=1)
    found["gloss of the face, day 7"] = face["gloss"][:, _at(7.0)]
    return found


def _at(day: float) -> int:
    return int(np.searchsorted(FORECAST_DAYS, day))


def _scores(truth: Mapping[str, Array], draws: Mapping[str, Array], whose: str) -> dict[str, float]:
    """Mean 90 % interval score of each sign from day 3 to day 14."""
    later = FORECAST_DAYS >= SCORED_FROM_DAY
    return {
        f"{whose} {sign}": float(
            interval_score(truth[sign][0][later], draws[sign][:, later]).mean()
        )
        for sign in truth
    }


def _absurd(treatment: Treatment, seed: int, number: int) -> list[dict[str, Any]]:
    """The same person without a mistake, with a mistyped answer, and with one red photograph."""
    members = load_parameters()
    random = stream(seed, f"absurd {number}")
    person = simulate_person(treatment, DESIGNS["both"], members, random, mistakes=False)
    truth = face_courses(person.problem, person.truth[None])
    rows = []
    for name, (readings, wrong) in _spoilt(person.readings).items():
        problem = Problem.of(treatment, readings, members)
        posterior, _ = _timed(problem, number)
        points = posterior.points()
        doubts = np.array([point.doubt for point in points])
        marked = np.array([(p.source, p.key, p.day) in wrong for p in points])
        row = {"person": number, "design": f"absurd: {name}", "method": posterior.summary.method}
        row["named"] = float(doubts[marked].mean() > 0.5) if marked.any() else float("nan")
        row["others doubted"] = float((doubts[~marked] > 0.5).mean())
        rows.append(row | _scores(truth, face_courses(problem, posterior.persons(DRAWS)), "own"))
    return rows


def _spoilt(readings: Readings) -> dict[str, tuple[Readings, set[tuple[str, str, float]]]]:
    """Readings, and which of them are absurd."""
    redness = [a for a in readings.answers if a.question == "redness"][1]
    mark = 10.0 if redness.low <= 5.0 else 0.0
    answers = tuple(
        replace(a, low=mark, high=mark) if a is redness else a for a in readings.answers
    )
    red = sorted({p.photo for p in readings.photographs})[1]
    photographs = tuple(
        replace(p, change=p.change + 0.7) if (p.photo, p.sign) == (red, "erythema") else p
        for p in readings.photographs
    )
    day = next(p.day for p in readings.photographs if p.photo == red)
    return {
        "none": (readings, set()),
        "mistyped answer": (
            replace(readings, answers=answers),
            {("check-in", "redness", redness.day)},
        ),
        "red light": (replace(readings, photographs=photographs), {(red, "erythema", day)}),
    }


def _write(folder: Path, rows: list[dict[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = list(dict.fromkeys(name for row in rows for name in row))
    with (folder / "rows.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)


def _read(paths: list[str]) -> list[dict[str, Any]]:
    """Rows of earlier runs, without what they leave empty."""
    rows: list[dict[str, Any]] = []
    for path in paths:
        with Path(path).open(newline="", encoding="utf-8") as file:
            rows += [{k: v for k, v in row.items() if v != ""} for row in csv.DictReader(file)]
    return rows


if __name__ == "__main__":
    raise SystemExit(main())
