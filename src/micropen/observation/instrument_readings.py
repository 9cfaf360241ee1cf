"""Instruments that read a change in proportion to a sign, without a grader's hopes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from micropen.observation.observer_error import reading
from micropen.observation.scale import Kind, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]


def relative_reading(
    name: str, summary: str, sources: tuple[str, ...], sign: str, gain: str, better: str
) -> Scale:
    """Build a scale ``exp(gain * sign) * error - 1`` of an instrument's relative change.

    Parameters
    ----------
    name, summary, sources, better
        Of the scale.
    sign
        What the instrument follows.
    gain
        Parameter: ln of the reading per unit of the sign. Without end upwards, never below -1.
    """

    def observe(view: View, day: float | None) -> Array:
        ratio = np.exp(view.parameter(gain) * view.at(sign, day))
        return reading(view, name, ratio, day) - 1.0

    return Scale(
        name=name,
        unit="1",
        kind=Kind.LEVEL,
        lower=-1.0,
        upper=np.inf,
        better=better,
        summary=summary,
        mapping=f"exp({gain} * {sign}) * exp(instrument.slip_sd * answer) - 1",
        sources=sources,
        parameters=(gain, "instrument.slip_sd"),
        observe=observe,
    )
