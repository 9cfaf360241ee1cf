"""Studies with a known answer: each finding is a linear or log-linear function of parameters."""

from dataclasses import dataclass, replace

import numpy as np

from micropen.calibration.free import FreeNumber, FreeSpace
from micropen.calibration.target import Target, Transform
from micropen.evidence import Quantity, prior_parameters

NAMES = (
    "healing.erythema.mediator_gain",
    "healing.scaling.transit_rate_per_day",
    "healing.collagen.kept_share",
)


def linear_space(names=NAMES):
    prior = prior_parameters()
    numbers = []
    for name in names:
        p = prior[name]
        numbers.append(
            FreeNumber(
                name, Quantity.VALUE, p.value, p.uncertainty_sd, p.log_normal, "a test", "made up"
            )
        )
    return FreeSpace(prior, tuple(numbers))


@dataclass(frozen=True)
class LinearStudy:
    """Predicts ``coefficients @ standardised``: the posterior has a closed form."""

    space: FreeSpace
    coefficients: np.ndarray
    targets: tuple[Target, ...]

    def predict(self, parameters):
        point = np.array(
            [n.standardised(parameters.value(n.parameter)) for n in self.space.numbers]
        )
        return self.coefficients @ point

    def reads(self, parameters):
        moved = self.coefficients.any(axis=0)
        return frozenset(n.parameter for n, m in zip(self.space.numbers, moved, strict=True) if m)


def linear_study(space, key, coefficients, found, sd=0.3, **changes):
    targets = tuple(
        replace(
            Target(key, f"{key}.{row}", Transform.PLAIN, value, value, 20, sd, 0.0, 1.0), **changes
        )
        for row, value in enumerate(found)
    )
    return LinearStudy(space, np.asarray(coefficients, dtype=float), targets)
