"""What a study that was never seen may differ from the model for reasons of its own.

The calibration allows each study a discrepancy (raters, mappings from signs to scales, care, how
a session was really done). A prediction for another study must allow the same, or it would claim
to know what no calibration can tell it.
"""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import NDArray

from micropen.calibration.target import Transform, discrepancy, transform_of
from micropen.evidence import ParameterSet, stream
from micropen.observation import Scale
from micropen.studies.prediction import is_share
from micropen.studies.study import Finding

Array = NDArray[np.float64]

# As in `target`: times are compared as ln(days + offset).
_OFFSET_DAYS = 0.25


def with_discrepancy(
    sample: Array, finding: Finding, scale: Scale, parameters: ParameterSet, seed: int
) -> Array:
    """Add a study's own discrepancy to a predictive sample.

    Parameters
    ----------
    sample
        The statistic in each virtual trial, shape ``(trial,)``.
    finding, scale
        What is predicted, on which scale.
    parameters
        Group ``calibration.discrepancy``.
    seed
        Each finding has its own stream.

    Returns
    -------
    numpy.ndarray
        Shape ``(trial,)``; shares stay whole numbers of people, infinities infinite.
    """
    finite = sample[np.isfinite(sample)]
    typical = float(np.median(finite)) if finite.size else 0.0
    kind = Transform.ANGLE if is_share(finding, scale) else transform_of(finding, scale)
    error = discrepancy(kind, finding.grade, scale, typical, parameters) * stream(
        seed, f"calibration.discrepancy.{finding.key}"
    ).standard_normal(sample.size)
    match kind:
        case Transform.PLAIN:
            return sample + error
        case Transform.LOG:
            return sample * np.exp(error)
        case Transform.LOG_DAYS:
            return (sample + _OFFSET_DAYS) * np.exp(error) - _OFFSET_DAYS
    n = max(finding.n, 1)
    angle = 2.0 * np.arcsin(np.sqrt((sample * n + 0.375) / (n + 0.75)))
    share = np.sin(0.5 * np.clip(angle + error, 0.0, pi)) ** 2
    count = np.round(share * (n + 0.75) - 0.375)
    return np.clip(count / n, 0.0, 1.0)
