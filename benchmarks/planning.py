"""The search against brute force: value reached and evaluations needed, on one whole grid.

    python benchmarks/planning.py

The grid: every needle length by group, passes, interval (each day), number of sessions and
start (each possible day of the window), with and without a session for the glow.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from itertools import product

from micropen.evidence import load_parameters
from micropen.planning.goals import goal
from micropen.planning.intake.client import Client, Diary, Event, Wish, Wishes
from micropen.planning.search.make_plan import PlanRequest, problem_of
from micropen.planning.search.objective import STYLES, Style
from micropen.planning.search.optimise import Found, Search, cost, look_at
from micropen.planning.search.problem import Problem
from micropen.planning.settings import options
from micropen.planning.suitability import Suitability, Verdict
from micropen.treatment import Person, device

TODAY = date(2026, 11, 23)


def problem() -> Problem:
    client = Client(
        title="benchmark",
        person=Person.model_validate({"age_years": 35, "sex": "female", "phototype": 3}),
        wishes=Wishes("acne scars", "skinpen-precision"),
        diary=Diary(
            events=(Event(date(2027, 6, 12), "wedding", Wish.GLOW),),
            session_weekdays=frozenset({4}),
        ),
        today=TODAY,
    )
    members = load_parameters()
    suited = Suitability(Verdict.GO, (), (), TODAY)
    request = PlanRequest(client, suited, members, lambda _draws: members)
    used, wished = device(client.wishes.device), goal(client.wishes.goal)
    allowed = options((), used, client.person, wished, members)
    return problem_of(request, wished, used, allowed)


def brute_force(asked: Problem, style: Style) -> tuple[Found, int]:
    space = asked.space
    daily = tuple(range(space.intervals[0], space.intervals[-1] + 1))
    finer = replace(space, intervals=daily)
    settings = len(space.groups) + 1
    ranges = [range(last + 1) for last in finer.last]
    best, count = None, 0
    for first in product(*ranges[:settings]):
        # A copy forgets the plans that were looked at: millions would fill the memory.
        fine = replace(asked, space=finer)
        for rest in product(*ranges[settings:]):
            found = look_at(fine, (*first, *rest), style)
            count += 1
            if best is None or cost(found) < cost(best):
                best = found
    assert best is not None
    return best, count


def main() -> None:
    for key in STYLES:
        asked = problem()
        style = Style.named(key, asked.parameters)
        began = time.perf_counter()
        found = Search(asked, style).run(0)
        searched_s = time.perf_counter() - began
        used = asked.evaluations
        best, grid = brute_force(asked, style)
        below = 100.0 * (best.value - found.value) / abs(best.value)
        print(
            f"{key}: search {found.value:.3f} points in {used} evaluations ({searched_s:.1f} s), "
            f"grid {best.value:.3f} in {grid}: {below:.2f} % below, "
            f"1/{grid / used:.0f} of the evaluations",
            flush=True,
        )


if __name__ == "__main__":
    main()
