"""Plans with a case: simulated people, whose truth is known, learned from and planned for.

    python validation/planning_with_case.py [--people 60] [--seed 0] [--design "two weeks"]

People drawn from the whole population (`simulated_people`) are looked at after a first session and
estimated; what `micropen plan --case` would then tell of a second session, with two settings, is
laid beside what happens. That is the whole engine on both sessions, with the person's own true
parameters and zones, and a response of the second session that is drawn anew, several times. The
population's chances for the same people say whether learning helps. See docs/planning.md.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray
from rank_tests import interval_score
from simulated_people import DESIGNS, Looks, SimulatedPerson, draw_treatment, simulate_person

from micropen.anatomy import unpaired
from micropen.estimation.fit import estimate
from micropen.estimation.going_along import total_correlation
from micropen.estimation.prediction import Predictor
from micropen.evidence import ParameterSet, load_parameters, stream
from micropen.healing.treated_area import TreatedArea
from micropen.planning.calendar.chances import DaysAfter, clear_limits, day_windows
from micropen.planning.goals.catalogue import goals
from micropen.planning.goals.goal import Goal, sampler
from micropen.planning.intake.client import Client, Diary, Wishes
from micropen.planning.result import Spread
from micropen.planning.search.adding_up import made_of
from micropen.planning.search.face import Face, FaceSettings, what_if
from micropen.planning.search.make_plan import TOLD_DRAWS
from micropen.planning.search.over_a_series import added_at
from micropen.planning.search.zone_responses import LAGS, SHOWN
from micropen.planning.settings.groups import ZONE_GROUPS
from micropen.treatment import Session, Treatment

Array = NDArray[np.float64]

LOOKED_AT = {
    "two weeks": Looks(
        photo_days=(0.02, 1.0, 2.0, 4.0, 7.0, 14.0),
        answer_days=(0.3, 1.3, 2.3, 3.3, 5.3, 7.3, 10.3, 14.3),
    ),
    **DESIGNS,
}
SETTINGS = {"0.75 mm": (0.75, 0.5, 0.5, 0.25), "1.5 mm": (1.5, 1.0, 0.75, 0.5)}
"""Of the cheeks; by group of zones."""
PASSES = 4.0
APART = 30
"""Days between the sessions, as the label of the device has it."""
DAYS = slice(1, 22)
"""Days after the second session."""
TIMES = 20
"""How often the second session happens to one person."""
CHANCES = ("clear", "glow")
WHO = ("own", "population")
_EDGES = np.array([0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0])
_READ = tuple(dict.fromkeys(sign for goal in goals() for sign in goal.signs))


@dataclass(frozen=True, eq=False)
class Second:
    """The second session of a person.

    Parameters
    ----------
    person
        As simulated, with the readings of the first session.
    client
        The same person, who plans on the day of the second session.
    groups
        Zones of each group, those of the first session.
    """

    person: SimulatedPerson
    client: Client
    groups: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, person: SimulatedPerson) -> Second:
        """Set it a month after the first."""
        treatment = person.problem.treatment
        today = treatment.sessions[0].date + timedelta(days=APART)
        wishes = Wishes("texture", treatment.sessions[0].device.name)
        client = Client("", treatment.person, wishes, Diary(), today)
        groups = (
            tuple(zone for zone in treatment.zones if unpaired(zone) in group.zones)
            for group in ZONE_GROUPS
        )
        return cls(person, client, tuple(group for group in groups if group))

    @property
    def first(self) -> Session:
        """The session that was followed."""
        return self.person.problem.treatment.sessions[0]

    def settings(self, key: str) -> FaceSettings:
        """Lengths by group and passes."""
        return FaceSettings(SETTINGS[key][: len(self.groups)], PASSES)

    def series(self, key: str) -> Treatment:
        """Both sessions."""
        planned = what_if(self.client, self.first.device, self.groups, self.settings(key))
        second = planned.model_copy(update={"day": float(APART)})
        sessions = (self.first, second)
        return self.person.problem.treatment.model_copy(update={"sessions": sessions})


@dataclass(frozen=True, eq=False)
class Told:
    """What is told of a second session, or what happens in it.

    Parameters
    ----------
    chances
        By `CHANCES`: probability of each of `DAYS`, shape ``(day,)``; share of the times where it
        happened.
    amounts
        Days of downtime, and the gain of each goal, each of shape ``(draw,)`` or ``(time,)``.
    """

    chances: Mapping[str, Array]
    amounts: Mapping[str, Array]


def predicted(second: Second, members: ParameterSet, seed: int) -> dict[str, Told]:
    """What a plan tells with given draws, by setting."""
    wanted = {key: second.settings(key) for key in SETTINGS}
    face = Face.under(
        second.client,
        second.first.device,
        second.groups,
        wanted.values(),
        members,
        TOLD_DRAWS,
        seed,
        made_of(_READ),
        (second.first,),
    )
    found = {}
    for key, settings in wanted.items():
        after = DaysAfter.of(face.response(settings), members)
        amounts = {"downtime": after.downtime_days}
        for goal in goals():
            sample = sampler(goal, members, TOLD_DRAWS, seed)
            read = members.value(goal.read_after)
            amounts[goal.name] = added_at(goal, sample, face, settings, face.counted((0,)), read)
        found[key] = Told({"clear": after.clear[DAYS], "glow": after.glow[DAYS]}, amounts)
    return found


def happened(second: Second, key: str, seed: int) -> Told:
    """What happens to the person in the second session, `TIMES` times over."""
    problem, members = second.person.problem, second.person.problem.members
    parameters = problem.unknowns.parameter_set(np.repeat(second.person.truth[None], TIMES, axis=0))
    read = {APART + members.value(goal.read_after) for goal in goals()}
    moments = np.unique([0.0, *(APART + LAGS), *read])
    series = second.series(key)
    area = TreatedArea.of(series.zones, members)

    def shown(treatment: Treatment) -> dict[str, Array]:
        names = tuple(dict.fromkeys((*SHOWN, *_READ)))
        predictor = Predictor.of(treatment, members, names, moments, seed)
        course = predictor.course(parameters, TIMES)
        return {name: area.draws(course.dataset, name) for name in names}

    both, before = shown(series), shown(problem.treatment)
    days = np.searchsorted(moments, APART + LAGS)
    after = DaysAfter.of_signs(
        {name: both[name][:, days] for name in SHOWN}, clear_limits(members), day_windows(LAGS)
    )
    spots = stream(seed, "spots").poisson(after.spots)
    clear = ~after.noticed & (spots == 0)
    chances = {"clear": clear, "glow": clear & after.glowing}
    amounts = {"downtime": after.downtime_days}
    own = _of_goals(second.person, seed)
    for goal in goals():
        moment = np.searchsorted(moments, APART + members.value(goal.read_after))
        amounts[goal.name] = _effect(goal, both, moment, own) - _effect(goal, before, moment, own)
    return Told({name: each[:, DAYS].mean(axis=0) for name, each in chances.items()}, amounts)


def _effect(
    goal: Goal, signs: Mapping[str, Array], moment: np.intp, own: Mapping[str, Array]
) -> Array:
    return goal.effect({name: signs[name][:, moment] for name in goal.signs}, own.__getitem__)


def _of_goals(person: SimulatedPerson, seed: int) -> dict[str, Array]:
    """What the goals read of the person's world beyond the unknowns, each of shape ``(1,)``.

    Where a calibration left uncertainties correlated, given what is true of the others.
    """
    unknowns, members = person.problem.unknowns, person.problem.members
    known = dict(zip(unknowns.parameters, unknowns.shifts(person.truth[None])[0], strict=True))
    wanted = [f"observation.{name}" for goal in goals() for name in goal.parameters]
    missing = [name for name in dict.fromkeys(wanted) if name not in known]
    given = list(known)
    correlation = total_correlation([*given, *missing], members)
    split = len(given)
    slope = np.linalg.solve(correlation[:split, :split], correlation[:split, split:]).T
    left = correlation[split:, split:] - slope @ correlation[:split, split:]
    chance = stream(seed, "goals").standard_normal(len(missing))
    shifts = slope @ np.array([known[name] for name in given]) + np.linalg.cholesky(left) @ chance
    z = known | dict(zip(missing, shifts, strict=True))
    found = {}
    for name in dict.fromkeys(wanted):
        # With both spreads as one, and known here: the single draw is the person's.
        merged = unknowns.members[name]
        shift = merged.between_person_sd * z[name]
        value = merged.value * np.exp(shift) if merged.log_normal else merged.value + shift
        found[name.removeprefix("observation.")] = np.array([value])
    return found


def one_person(number: int, seed: int, looks: Looks, members: ParameterSet) -> list[dict[str, Any]]:
    """One row for each setting."""
    treatment = draw_treatment(stream(seed, f"treatment {number}"))
    person = simulate_person(treatment, looks, members, stream(seed, f"person {number}"))
    posterior = estimate(treatment, person.readings, members, number)
    # As workflows/own_draws.py does.
    own = posterior.problem.unknowns.parameter_set(posterior.persons(TOLD_DRAWS))
    second = Second.of(person)
    told = {"own": predicted(second, own, number), "population": predicted(second, members, number)}
    rows = []
    for key in SETTINGS:
        # Never the seed of what is told: it is another day.
        truth = happened(second, key, 10**6 * (1 + seed) + number)
        row: dict[str, Any] = {"person": number, "setting": key}
        row["converged"] = posterior.summary.converged
        for kind in CHANCES:
            row[kind] = truth.chances[kind]
            row |= {f"{who} {kind}": told[who][key].chances[kind] for who in WHO}
        for who in WHO:
            for name, draws in told[who][key].amounts.items():
                row |= _judged(f"{who} {name}", draws, truth.amounts[name])
        rows.append(row)
    return rows


def _judged(name: str, draws: Array, truth: Array) -> dict[str, float]:
    """An interval as a plan prints it, against what happened."""
    spread = Spread.of(draws)
    holds = (truth >= spread.low) & (truth <= spread.high)
    claims = (draws >= spread.low) & (draws <= spread.high)
    return {
        f"{name} claims": float(claims.mean()),
        f"{name} holds": float(holds.mean()),
        f"{name} above": float((truth > spread.high).mean()),
        f"{name} below": float((truth < spread.low).mean()),
        f"{name} mean": spread.mean,
        f"{name} truth": float(truth.mean()),
        f"{name} score": float(interval_score(truth, draws[:, None]).mean()),
    }


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over people x days, and its standard error with people as clusters."""

    value: float
    error: float

    @classmethod
    def of(cls, values: Array, people: NDArray[np.int64]) -> Mean:
        """Of any number of values for each person."""
        mean = float(values.mean())
        _, at = np.unique(people, return_inverse=True)
        sums = np.bincount(at, values - mean)
        count = sums.size
        # With the usual correction for few clusters; one cluster has no error that is known.
        error = np.sqrt((sums**2).sum() * count / max(count - 1, 1)) / values.size
        return cls(mean, float(error) if count > 1 else float("inf"))

    def __str__(self) -> str:
        return f"{self.value:+.4f} ± {self.error:.4f}"


def stacked(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str]
) -> tuple[NDArray[np.int64], dict[str, Array]]:
    """Person and value of every person and day, each flat."""
    people = np.repeat([row["person"] for row in rows], rows[0][names[0]].size)
    return people, {name: np.concatenate([row[name] for row in rows]) for name in names}


def brier(told: Array, share: Array) -> Array:
    """Mean squared distance of a probability from what happened, over the times."""
    return share * (1.0 - told) ** 2 + (1.0 - share) * told**2


def log_score(told: Array, share: Array) -> Array:
    """Minus the log probability of what happened; no surer than the draws allow."""
    least = 1.0 / (TOLD_DRAWS + 2.0)
    sure = np.clip(told, least, 1.0 - least)
    return -(share * np.log(sure) + (1.0 - share) * np.log1p(-sure))


def chances_table(rows: Sequence[Mapping[str, Any]], kind: str) -> dict[str, Mean]:
    """Deviation, scores, and how much better the own ones are."""
    people, each = stacked(rows, [kind, *(f"{who} {kind}" for who in WHO)])
    found = {"happened": Mean.of(each[kind], people)}
    for who in WHO:
        told = each[f"{who} {kind}"]
        found[f"{who}: told less happened"] = Mean.of(told - each[kind], people)
        for score in (brier, log_score):
            found[f"{who}: {score.__name__}"] = Mean.of(score(told, each[kind]), people)
    mine, theirs = (each[f"{who} {kind}"] for who in WHO)
    for score in (brier, log_score):
        better = score(mine, each[kind]) - score(theirs, each[kind])
        found[f"own less population: {score.__name__}"] = Mean.of(better, people)
    return found


def reliability(rows: Sequence[Mapping[str, Any]], kind: str, who: str) -> list[dict[str, Any]]:
    """What happened where some probability was told."""
    people, each = stacked(rows, [kind, f"{who} {kind}"])
    told, share = each[f"{who} {kind}"], each[kind]
    bins = np.clip(np.searchsorted(_EDGES, told, side="right") - 1, 0, _EDGES.size - 2)
    found = []
    for b in range(_EDGES.size - 1):
        here = bins == b
        if here.any():
            off = Mean.of(share[here] - told[here], people[here])
            line = {"from": float(_EDGES[b]), "to": float(_EDGES[b + 1])}
            line |= {"days": int(here.sum()), "people": int(np.unique(people[here]).size)}
            line |= {"told": float(told[here].mean()), "happened": float(share[here].mean())}
            found.append({**line, "error": off.error})
    return found


def intervals(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Whether 5-95 % intervals hold what they claim."""
    people = np.array([row["person"] for row in rows])
    suffix = " claims"
    found = {}
    for name in (n.removesuffix(suffix) for n in rows[0] if n.endswith(suffix)):
        column = {
            what: np.array([row[f"{name} {what}"] for row in rows])
            for what in ("claims", "holds", "above", "below", "mean", "truth", "score")
        }
        line = {what: float(values.mean()) for what, values in column.items()}
        line["error"] = Mean.of(column["holds"] - column["claims"], people).error
        line["bias error"] = Mean.of(column["mean"] - column["truth"], people).error
        found[name] = line
    return found


def report(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Print every table, and return the numbers."""
    print(f"{np.mean([row['converged'] for row in rows]):.0%} of the estimates settled")
    found: dict[str, Any] = {}
    for kind in CHANCES:
        table = chances_table(rows, kind)
        print(f"\n{kind}")
        for name, mean in table.items():
            print(f"  {name:<38}{mean}")
        lines = {who: reliability(rows, kind, who) for who in WHO}
        for who, of_bins in lines.items():
            print(f"  {who}: told in      days  people     told  happened  error")
            for line in of_bins:
                print(
                    f"    {line['from']:4.0%} to {line['to']:4.0%}{line['days']:9d}"
                    f"{line['people']:8d}{line['told']:9.3f}{line['happened']:10.3f}"
                    f"{line['error']:7.3f}"
                )
        found[kind] = {n: [m.value, m.error] for n, m in table.items()} | {"reliability": lines}
    print("\n5-95 %                     claims   holds  error   above   below     mean    truth")
    print("                                                                  (error)    score")
    found["intervals"] = intervals(rows)
    for name, line in found["intervals"].items():
        print(
            f"  {name:<24}{line['claims']:8.1%}{line['holds']:8.1%}{line['error']:7.1%}"
            f"{line['above']:8.1%}{line['below']:8.1%}{line['mean']:9.4f}{line['truth']:9.4f}"
            f" ({line['bias error']:.4f}){line['score']:9.4f}"
        )
    return found


def simulate(people: range, seed: int, looks: Looks) -> list[dict[str, Any]]:
    """Rows of all people."""
    members, begin = load_parameters(), time.perf_counter()
    rows: list[dict[str, Any]] = []
    for number in people:
        rows += one_person(number, seed, looks, members)
        minutes = (time.perf_counter() - begin) / 60.0
        print(f"\r{number + 1} of {people.stop}, {minutes:.1f} min", end="", file=sys.stderr)
    print(file=sys.stderr)
    return rows


def main() -> int:
    """Simulate, learn, plan, print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--design", choices=list(LOOKED_AT), default="two weeks")
    parser.add_argument("--output", default="", help="a JSON file for the tables")
    given = parser.parse_args()
    rows = simulate(range(given.people), given.seed, LOOKED_AT[given.design])
    found = report(rows)
    if given.output:
        Path(given.output).write_text(json.dumps(found, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
