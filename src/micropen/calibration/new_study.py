"""What a study that was never seen may differ from the model for reasons of its own.

The calibration allows each study a discrepancy (raters, mappings from signs to scales, care, how
a session was really done). A prediction for another study must allow the same, or it would claim
to know what no calibration can tell it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from micropen.calibration.target import (
    OFFSET_DAYS,
    Transform,
    anscombe_angle,
    discrepancy,
    share_of_angle,
    transform_of,
)
from micropen.evidence import ParameterSet, stream
from micropen.observation import Scale
from micropen.studies.prediction import is_share
from micropen.studies.study import Finding

Array = NDArray[np.float64]


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
            return (sample + OFFSET_DAYS) * np.exp(error) - OFFSET_DAYS
    n = max(finding.n, 1)
    return share_of_angle(anscombe_angle(sample, n) + error, n)
