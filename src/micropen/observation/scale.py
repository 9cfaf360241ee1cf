"""How an observation model states itself: what an observer writes down, given the signs.

A scale is data, like a process of healing: a name, a range, and one function of what could be
seen. Raters, subjects and instruments are part of the model, with their own spread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from micropen.observation.view import View

Array = NDArray[np.float64]

Observe = Callable[[View, float | None], Array]
"""``observe(view, day)``: one value per draw; `day` since the first session, None = before it."""


class Kind(StrEnum):
    """What sort of answer a scale gives."""

    LEVEL = "level"  # a value at a moment, also before treatment
    EVENT = "event"  # a time since the first session's end; infinite if it never comes
    OUTCOME = "outcome"  # happened (1) or not (0) to a person up to a day


@dataclass(frozen=True, slots=True)
class Scale:
    """One way in which signs are written down.

    Parameters
    ----------
    name
        Snake case, as a study file names it.
    unit
        Unit of a value (``"grade"``, ``"1"``, ``"days"``).
    kind
        Level, event or outcome.
    lower, upper
        Range of a value; ``upper`` may be infinite.
    better
        ``"lower"`` or ``"higher"``: the direction a person would want.
    summary
        One line: what it is, who scores it.
    mapping
        The observation model in one formula, for docs and ``micropen scales``.
    sources
        Bibliography keys of the scale itself.
    parameters
        Names under ``observation.`` that it reads.
    observe
        The model.
    whole_course
        True for a level that also reads other days than its own: the course must then report all
        of them, as for events and outcomes.
    """

    name: str
    unit: str
    kind: Kind
    lower: float
    upper: float
    better: str
    summary: str
    mapping: str
    sources: tuple[str, ...]
    parameters: tuple[str, ...]
    observe: Observe
    whole_course: bool = False
