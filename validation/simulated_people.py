"""People who never were: drawn from the whole population, looked at, and followed to the end.

The truth of a person is one draw of every unknown of the estimation (`Problem.unknowns`). Their
photographs, check-ins and counts are replicas of the terms of the likelihood, mistakes included:
so the estimation's model is the truth, and every deviation is the estimation's own error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.case import QUESTIONS
from micropen.estimation.prediction import Predictor
from micropen.estimation.problem import Problem
from micropen.estimation.readings import PhotoReading, Readings, ScoredAnswer, SpotCount
from micropen.evidence import ParameterSet
from micropen.treatment import Treatment

Array = NDArray[np.float64]

# Standard deviation of one reading, as the measurement states it; low and high.
PHOTO_SD = {
    "erythema": (0.06, 0.1),
    "scaling": (0.008, 0.012),
    "pigment": (0.04, 0.06),
    "gloss": (0.08, 0.12),
}
# Signs whose forecast is scored. Lesions are a sum over the face, the others its mean.
SCORED = ("erythema", "scaling", "swelling", "lesions", "pigment", "gloss")
FORECAST_DAYS = np.arange(0.0, 14.01, 0.5)
# Needle length of a zone as a share of that of the cheeks: thin skin is treated less deeply.
_SHALLOWER = {"forehead": 0.75, "glabella": 0.5, "temple": 0.5, "nose": 0.5, "upper_lip": 0.5}


@dataclass(frozen=True)
class Looks:
    """When and how a person is looked at.

    Parameters
    ----------
    photo_days, answer_days
        Days of photographs and check-ins; each person's own times differ by an hour or two.
    signs
        Read on photographs.
    questions
        Answered at check-ins.
    counts
        Whether spots are counted at check-ins.
    vaguer
        Factor on the readings' standard deviations.
    """

    photo_days: tuple[float, ...] = ()
    answer_days: tuple[float, ...] = ()
    signs: tuple[str, ...] = tuple(PHOTO_SD)
    questions: tuple[str, ...] = tuple(QUESTIONS)
    counts: bool = True
    vaguer: float = 1.0


DESIGNS = {
    "photographs": Looks(photo_days=(0.02, 1.0, 2.0)),
    "check-ins": Looks(answer_days=(0.3, 1.3, 2.3)),
    "both": Looks(photo_days=(0.02, 1.0, 2.0), answer_days=(0.3, 1.3, 2.3)),
    "vague photographs": Looks(photo_days=(0.02, 1.0, 2.0), vaguer=20.0),
    "one answer": Looks(answer_days=(1.3,), questions=("redness",), counts=False),
}


@dataclass(frozen=True, eq=False)
class SimulatedPerson:
    """One person, what was seen of them, and the truth.

    Parameters
    ----------
    problem
        The readings as an inverse problem.
    truth
        Every unknown, shape ``(unknown,)``.
    readings
        What was seen.
    """

    problem: Problem
    truth: Array
    readings: Readings


def draw_treatment(random: np.random.Generator) -> Treatment:
    """One session of a person of any age and phototype, with a pen, at settings clinics use."""
    length = float(random.choice([0.5, 0.75, 1.0, 1.25, 1.5]))
    passes = int(random.integers(2, 7))
    left_out = ("periorbital_left", "periorbital_right") if random.random() < 0.6 else ()
    zones = {
        zone: {
            "needle_length_mm": max(0.25, round(4.0 * length * _shallower(zone)) / 4.0),
            "passes": 2 if zone.startswith("periorbital") else passes,
        }
        for zone in ZONES
        if zone not in left_out
    }
    person = {
        "age_years": float(np.round(random.uniform(20.0, 65.0))),
        "sex": "female" if random.random() < 0.8 else "male",
        "phototype": int(random.integers(1, 7)),
        "acne_proneness": float(random.random()),
        "sensitivity": float(random.random()),
        "sun_exposure": float(random.random()),
        "melasma": bool(random.random() < 0.15),
    }
    session = {
        "date": date(2026, 5, 8),
        "device": "SkinPen Precision",
        "anaesthetic": "topical",
        "zones": zones,
    }
    return Treatment.from_dict({"person": person, "session": [session]})


def simulate_person(
    treatment: Treatment,
    looks: Looks,
    members: ParameterSet,
    random: np.random.Generator,
    *,
    mistakes: bool = True,
) -> SimulatedPerson:
    """Draw a person from the population and look at them.

    Parameters
    ----------
    treatment
        What is done to them.
    looks
        When and how they are looked at.
    members
        The population.
    random
        Source of chance.
    mistakes
        Whether some readings are mistaken, as often as the likelihood holds possible.
    """
    unseen = _to_be_seen(treatment, looks, random)
    problem = Problem.of(treatment, unseen, members)
    truth = random.standard_normal(problem.unknowns.count)
    readings = look(problem, truth, unseen, random, mistakes=mistakes)
    return SimulatedPerson(Problem.of(treatment, readings, members), truth, readings)


def look(
    problem: Problem,
    truth: Array,
    unseen: Readings,
    random: np.random.Generator,
    *,
    mistakes: bool,
) -> Readings:
    """Fill in what a person shows, shape of the truth ``(unknown,)``."""
    photographs: list[PhotoReading] = []
    answers: list[ScoredAnswer] = []
    counts: list[SpotCount] = []
    for term, predicted in zip(problem.terms, problem.predictions(truth[None]), strict=True):
        values = [float(v) for v in term.replica(predicted, random, mistakes=mistakes)[0]]
        for point, value in zip(term.points, values, strict=True):
            if point.key in QUESTIONS and point.source == "check-in":
                answers.append(ScoredAnswer(point.key, point.day, value, value))
            elif point.source == "check-in":
                counts.append(SpotCount(point.day, value))
            else:
                photographs.append(
                    PhotoReading(point.source, point.day, point.zone, point.key, value, point.sd)
                )
    return replace(
        unseen, photographs=tuple(photographs), answers=tuple(answers), counts=tuple(counts)
    )


def face_courses(
    problem: Problem, values: Array, days: Array = FORECAST_DAYS
) -> Mapping[str, Array]:
    """What given persons show on the whole face.

    Parameters
    ----------
    problem
        Of these persons.
    values
        Standard normals, shape ``(draw, unknown)``.
    days
        Shape ``(day,)``.

    Returns
    -------
    Mapping
        Sign of `SCORED` to its course, shape ``(draw, day)``.
    """
    predictor = Predictor.of(problem.treatment, problem.members, SCORED, days)
    course = predictor.course(problem.unknowns.parameter_set(values), values.shape[0])
    chosen = np.searchsorted(course.days, days)
    found = {}
    for sign in SCORED:
        zones = course.dataset[sign].values[..., chosen].astype(np.float64)
        weights = np.ones(len(ZONES)) if sign == "lesions" else problem.shares
        found[sign] = np.einsum("dzt,z->dt", zones, weights)
    return found


def _to_be_seen(treatment: Treatment, looks: Looks, random: np.random.Generator) -> Readings:
    """Readings without values, in the order in which the terms of the likelihood take them."""
    photo_days = [day + random.uniform(0.0, 0.1) for day in looks.photo_days]
    answer_days = [day + random.uniform(-0.05, 0.05) for day in looks.answer_days]
    photographs = tuple(
        PhotoReading(
            f"day {day:.2f}", day, zone, sign, 0.0, looks.vaguer * random.uniform(*PHOTO_SD[sign])
        )
        for day in photo_days
        for sign in looks.signs
        for zone in treatment.zones
    )
    answers = tuple(ScoredAnswer(q, day, 5.0, 5.0) for q in looks.questions for day in answer_days)
    counts = tuple(SpotCount(day, 0.0) for day in answer_days) if looks.counts else ()
    return Readings(photographs, answers, counts)


def _shallower(zone: str) -> float:
    if zone.startswith("periorbital"):
        return 0.25
    return _SHALLOWER.get(zone.partition("_")[0] if "lip" not in zone else zone, 1.0)
