"""Alerts on simulated people: how many troubles are told and when, how many alarms are false.

Every person is drawn from the population's prior and followed as a case is: at each look the
individual forecast of the look before says what to expect, and the alerts are asked. Four
courses of the same person, slips and misleading photographs included at the rates that the
likelihood assumes:

- nothing: just as the model says;
- infection: one zone and its surroundings redden and hurt, more every day from day 2 to 4 on;
- contact reaction: itching, redness and some swelling of one half of the zones, from day 1 to 3 on;
- pigment response: both cheeks darken from day 7 to 14.

No red flag is ticked, so that the statistics work alone. Strengths are our own: 1 is about 5 of 10
of pain (infection) or itching (contact), 0.35 of ln(melanin); 0.5 is half of it.

Run ``python validation/alerts.py [--people 40] [--strength 1.0] [--seed 0]
[--kinds nothing infection]``; a person takes two to three minutes, half a minute of it with nothing
the matter. Intervals are Jeffreys' 90 %.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

import micropen
from micropen.estimation.alerts import AlertContext, raise_alerts
from micropen.estimation.expectation import expectation
from micropen.estimation.fit import estimate
from micropen.estimation.likelihood import AnswerTerm, PhotoTerm, Term
from micropen.estimation.posterior import Posterior
from micropen.estimation.problem import Problem
from micropen.estimation.readings import PhotoReading, Readings, ScoredAnswer, SpotCount
from micropen.estimation.result import Level
from micropen.evidence import load_parameters
from micropen.treatment import Treatment

Array = NDArray[np.float64]

FOUNDING = Path(micropen.__file__).parent / "workflows" / "data" / "demo" / "founding_case.toml"
CHECKS = (0.3, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0)
PHOTOGRAPHS = (0.35, 2.05, 5.05, 10.05, 14.0, 21.0)
# The individual forecast is made anew at each of these.
LOOKS = (0.35, 1.0, 2.05, 3.0, 4.0, 5.05, 7.0, 10.05, 14.0, 21.0)
QUESTIONS = ("redness", "pain", "swelling", "itching", "peeling")
PHOTO_SD = {"erythema": 0.06, "pigment": 0.04}
SPOTS = ("cheek_left", "cheek_right", "chin", "jaw_left", "jaw_right", "forehead")
NOTHING = "nothing"

Added = Callable[[str, str, float], float]
"""``added(sign or question, zone, day)``: to ln(blood), ln(melanin), or an answer's drive."""


@dataclass
class Course:
    """What was told over one person's course."""

    kind: str
    onset: float
    levels: list[tuple[float, str, Level]] = field(default_factory=list)

    def first(self, *levels: Level) -> float:
        """Day of the first alert of such a level that is no request to check an entry."""
        days = [d for d, key, level in self.levels if level in levels and key != "check_entry"]
        return min((d for d in days if d >= self.onset), default=float("nan"))


def _ramp(day: float, onset: float, over: float) -> float:
    return float(np.clip((day - onset) / over, 0.0, 1.0))


def _infection(random: np.random.Generator, strength: float) -> tuple[float, Added]:
    onset, zone = random.uniform(2.0, 4.0), str(random.choice(SPOTS))
    drives = {"pain": 0.7, "swelling": 0.4, "redness": 0.4}

    def added(key: str, place: str, day: float) -> float:
        size = strength * _ramp(day, onset, 1.5)
        if key == "erythema":
            return size * (0.7 if place == zone else 0.1)
        return size * drives.get(key, 0.0)

    return onset, added


def _contact(random: np.random.Generator, strength: float) -> tuple[float, Added]:
    onset = random.uniform(1.0, 3.0)
    touched = set(random.choice(SPOTS, 3, replace=False))
    drives = {"itching": 0.7, "redness": 0.4, "swelling": 0.15}

    def added(key: str, place: str, day: float) -> float:
        size = strength * _ramp(day, onset, 1.0)
        if key == "erythema":
            return size * (0.5 if place in touched else 0.0)
        return size * drives.get(key, 0.0)

    return onset, added


def _pigment(_: np.random.Generator, strength: float) -> tuple[float, Added]:
    def added(key: str, place: str, day: float) -> float:
        darkens = key == "pigment" and place.startswith("cheek")
        return strength * 0.35 * _ramp(day, 7.0, 7.0) * darkens

    return 7.0, added


KINDS: dict[str, Callable[[np.random.Generator, float], tuple[float, Added]]] = {
    NOTHING: lambda _, __: (0.0, lambda *_: 0.0),
    "infection": _infection,
    "contact reaction": _contact,
    "pigment response": _pigment,
}


def blank(treatment: Treatment) -> Readings:
    """Everything that is asked and photographed, without values."""
    return Readings(
        tuple(
            PhotoReading(f"photo-{day:g}.jpg", day, zone, sign, 0.0, sd)
            for day in PHOTOGRAPHS
            for sign, sd in PHOTO_SD.items()
            for zone in treatment.zones
        ),
        tuple(ScoredAnswer(q, day, 0.0, 0.0) for day in CHECKS for q in QUESTIONS),
        tuple(SpotCount(day, 0.0) for day in CHECKS),
    )


def _shifted(term: Term, predicted: Array, added: Added) -> Array:
    """What a term expects once the trouble is added."""
    extra = np.array([added(p.key, p.zone, p.day) for p in term.points])
    if isinstance(term, AnswerTerm):
        return np.asarray(np.log(np.exp(predicted) + extra))
    return predicted + extra if isinstance(term, PhotoTerm) else predicted


def written(problem: Problem, person: Array, added: Added, seed: int) -> Readings:
    """What this person writes down; the same slips for every trouble."""
    photographs: list[PhotoReading] = []
    answers: list[ScoredAnswer] = []
    counts: list[SpotCount] = []
    for number, (term, predicted) in enumerate(
        zip(problem.terms, problem.predictions(person[None]), strict=True)
    ):
        random = np.random.default_rng([seed, number])
        values = term.replica(_shifted(term, predicted, added), random, mistakes=True)[0]
        if isinstance(term, PhotoTerm):
            pairs = zip(term.readings, values, strict=True)
            photographs += [replace(r, change=float(v)) for r, v in pairs]
        elif isinstance(term, AnswerTerm):
            marks = zip(term.answers, values, strict=True)
            answers += [replace(a, low=float(v), high=float(v)) for a, v in marks]
        else:
            counted = zip(blank(problem.treatment).counts, values, strict=True)
            counts += [replace(c, count=float(v)) for c, v in counted]
    return Readings(
        tuple(sorted(photographs, key=lambda r: r.day)),
        tuple(sorted(answers, key=lambda a: a.day)),
        tuple(counts),
    )


class Followed:
    """Follows people look by look; looks that several courses share are fitted once."""

    def __init__(self, treatment: Treatment) -> None:
        self.treatment = treatment
        self._fits: dict[Readings, Posterior] = {}

    def _fit(self, readings: Readings) -> Posterior:
        if readings not in self._fits:
            self._fits[readings] = estimate(self.treatment, readings)
        return self._fits[readings]

    def follow(self, readings: Readings, course: Course) -> Course:
        """Ask for alerts at every look, until somebody is to be asked about a trouble."""
        known = -1.0
        for look in LOOKS:
            seen = readings.until(look)
            before = self._fit(readings.until(known))
            predictive = expectation(before, self._fit(seen), known)
            context = AlertContext(self.treatment, predictive)
            course.levels += [(look, a.key, a.level) for a in raise_alerts(context)]
            known = look
            told = course.first(Level.ASK, Level.CLINICIAN)
            if course.kind != NOTHING and np.isfinite(told):
                break
        return course

    def forget(self) -> None:
        """Before the next person."""
        self._fits.clear()


def courses(kinds: Sequence[str], people: int, strength: float, seed: int) -> Iterator[Course]:
    """Simulate, follow and yield the courses of every person."""
    treatment = Treatment.read(FOUNDING)
    problem = Problem.of(treatment, blank(treatment), load_parameters())
    follower = Followed(treatment)
    for number in range(people):
        start = time.perf_counter()
        person = np.random.default_rng([seed, number]).standard_normal(problem.unknowns.count)
        for kind in kinds:
            onset, added = KINDS[kind](np.random.default_rng([seed, number, 1]), strength)
            readings = written(problem, person, added, 1000 * seed + number)
            yield follower.follow(readings, Course(kind, onset))
        follower.forget()
        seconds = time.perf_counter() - start
        said = f"person {number + 1} of {people}: {seconds:.0f} s"
        print(said, file=sys.stderr, flush=True)


def share(hits: int, of: int) -> str:
    """Share with its 90 % interval by Jeffreys."""
    low, high = (beta.ppf(q, hits + 0.5, of - hits + 0.5) for q in (0.05, 0.95))
    return f"{hits:3d} of {of:3d} = {hits / of:5.1%} ({low:.1%} to {high:.1%})"


SERIOUS = (Level.ASK, Level.CLINICIAN)


def report(found: Sequence[Course]) -> None:
    """Print false alarms and sensitivities."""
    for kind in KINDS:
        these = [c for c in found if c.kind == kind]
        if these and kind == NOTHING:
            _report_calm(these)
        elif these:
            _report_trouble(kind, these)


def _report_calm(calm: Sequence[Course]) -> None:
    asked = sum(np.isfinite(c.first(*SERIOUS)) for c in calm)
    told = sum(np.isfinite(c.first(*Level)) for c in calm)
    checked = sum(any(key == "check_entry" for _, key, _ in c.levels) for c in calm)
    print(f"nothing the matter: asked about {share(asked, len(calm))}")
    print(f"  any alert of a trouble        {share(told, len(calm))}")
    print(f"  an entry asked to be checked  {share(checked, len(calm))}")
    for course in calm:
        for day, key, level in course.levels:
            print(f"    day {day:g}: {key} ({level})")


def _report_trouble(kind: str, these: Sequence[Course]) -> None:
    days = np.array([c.first(*SERIOUS) - c.onset for c in these])
    worded = sum(any(day >= c.onset for day, _, _ in c.levels) for c in these)
    hits = int(np.isfinite(days).sum())
    delay = f", median {np.nanmedian(days):.1f} days after onset" if hits else ""
    print(f"{kind}: asked about {share(hits, len(these))}{delay}")
    print(f"  any word, a check of an entry included {share(worded, len(these))}")
    keys = Counter(key for c in these for key in {k for _, k, _ in c.levels})
    print(f"  by {dict(keys.most_common(6))}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--strength", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    given = parser.parse_args()
    report(list(courses(given.kinds, given.people, given.strength, given.seed)))


if __name__ == "__main__":
    main()
