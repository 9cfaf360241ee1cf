"""How signs, zones and scenarios are called and shown on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SignDisplay:
    """How one sign is drawn.

    Parameters
    ----------
    title
        Heading of its chart.
    what
        What the axis counts, in words.
    unit
        Suffix of a number.
    convert
        From the sign's unit to the shown one; increasing, so quantiles stay quantiles.
    """

    title: str
    what: str
    unit: str
    convert: Callable[[Values], Values]


def _percent(values: Values) -> Values:
    return 100.0 * values


def _percent_of_log(values: Values) -> Values:
    return 100.0 * np.expm1(values)


def _same(values: Values) -> Values:
    return values


SIGN_DISPLAYS: Final[Mapping[str, SignDisplay]] = MappingProxyType(
    {
        "erythema": SignDisplay(
            "Redness", "extra blood near the surface", "%", _percent_of_log),
        "scaling": SignDisplay("Peeling", "skin covered by flakes", "%", _percent),
        "lesions": SignDisplay("Breakouts", "visible spots", "", _same),
        "gloss": SignDisplay("Glow", "change of surface shine", "%", _percent),
        "swelling": SignDisplay("Swelling", "thickness added", "mm", _same),
        "pinpoint_bleeding": SignDisplay(
            "Pinpoint bleeding and crusts", "visible dots per cm²", "", _same),
        "barrier_defect": SignDisplay(
            "Skin barrier", "share still open", "%", _percent),
        "relief": SignDisplay("Smoothness", "finer texture reduced", "%", _percent),
        "pigment": SignDisplay("Pigment", "change of melanin", "%", _percent_of_log),
        "collagen": SignDisplay("Collagen", "more than before", "%", _percent),
        "pain": SignDisplay("Pain", "0 none, 10 the worst imaginable", "of 10", _same),
    }
)  # fmt: skip
"""In the order of the page: what shows most and soonest first."""

LANES: Final = ("erythema", "scaling", "lesions", "gloss")
"""Signs with a lane under the slider."""

LANE_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {"erythema": "Redness", "scaling": "Peeling", "lesions": "Spots", "gloss": "Glow"}
)

METERS: Final = ("erythema", "swelling", "scaling", "lesions", "gloss", "relief")
"""Signs listed beside the picture."""

ZONE_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "face": "Whole treated area",
        "forehead": "Forehead",
        "glabella": "Between the brows",
        "temple_left": "Left temple",
        "temple_right": "Right temple",
        "periorbital_left": "Around the left eye",
        "periorbital_right": "Around the right eye",
        "nose": "Nose",
        "cheek_left": "Left cheek",
        "cheek_right": "Right cheek",
        "upper_lip": "Upper lip",
        "chin": "Chin",
        "jaw_left": "Left jaw",
        "jaw_right": "Right jaw",
    }
)

SCENARIO_LABELS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "best": ("Best case", "1 in 20 heals faster than this"),
        "expected": ("Expected", "half heal faster, half slower"),
        "worst": ("Worst case", "1 in 20 heals slower than this"),
    }
)

GRADE_MEANINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "A": "peer-reviewed study or regulator",
        "B": "manufacturer",
        "C": "clinic or vendor",
        "D": "assumed or derived by us",
    }
)

NUMBING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "none": "no numbing",
        "topical": "numbing cream",
        "needling-assisted topical": "numbing cream, needled in",
        "nerve block": "nerve block",
    }
)
"""Words for the anaesthetics of a treatment file; other texts are shown as they are."""
