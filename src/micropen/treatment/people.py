"""Many people as arrays: what differs between the draws of a forecast or of a trial.

A forecast is for one person, so all its draws have the same covariates; a trial has another
person in every draw. Everything downstream reads `People` and never asks which of the two it is.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.errors import MicropenError
from micropen.treatment.person import Condition, Medication, Person

Array = NDArray[np.float64]

# Active acne counts in equal steps.
ACNE_STEPS: Final = ("none", "mild", "moderate", "severe")
# Share of a man's skin: the mean of both where the sex is not stated.
_MALE: Final = {"female": 0.0, "unstated": 0.5, "male": 1.0}


@dataclass(frozen=True, slots=True)
class People:
    """Covariates of many people, each float64 of shape ``(draw,)``.

    Parameters
    ----------
    age_years
        Age at the first session.
    male
        0 female, 1 male, 0.5 unstated.
    phototype
        Fitzpatrick phototype 1-6, may be fractional.
    acne_proneness, sensitivity, sun_exposure
        0-1, 0.5 is average.
    melasma, anticoagulants, herpes
        1 where present (herpes: ever had herpes labialis), else 0; between the two where only
        the share of such people is known.
    active_acne
        0 none, 1 mild, 2 moderate, 3 severe.
    """

    age_years: Array
    male: Array
    phototype: Array
    acne_proneness: Array
    sensitivity: Array
    sun_exposure: Array
    melasma: Array
    anticoagulants: Array
    herpes: Array
    active_acne: Array

    def __post_init__(self) -> None:
        shapes = {name: values.shape for name, values in self.arrays().items()}
        if len(set(shapes.values())) != 1 or len(self.age_years.shape) != 1:
            raise MicropenError(f"People need one value per draw in every field, not {shapes}.")

    @property
    def draws(self) -> int:
        """Number of people."""
        return int(self.age_years.size)

    def arrays(self) -> dict[str, Array]:
        """Every covariate by its name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def take(self, chosen: NDArray[np.int64] | slice) -> People:
        """Return some of the people."""
        return People(**{name: values[chosen] for name, values in self.arrays().items()})

    @classmethod
    def of(cls, person: Person, draws: int) -> People:
        """Return the same person in every draw."""
        values = {
            "age_years": person.age_years,
            "male": _MALE[person.sex],
            "phototype": person.phototype,
            "acne_proneness": person.acne_proneness,
            "sensitivity": person.sensitivity,
            "sun_exposure": person.sun_exposure,
            "melasma": person.melasma,
            "anticoagulants": person.takes(Medication.ANTICOAGULANTS),
            "herpes": person.has(Condition.HERPES),
            "active_acne": ACNE_STEPS.index(person.active_acne),
        }
        return cls(**{name: np.full(draws, float(value)) for name, value in values.items()})
