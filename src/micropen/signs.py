"""The shared vocabulary: what a forecast predicts, a photograph measures and a person scores.

A forecast, a reading and a diary use the same names and units, so that they can be laid over
each other. Nothing else in the program defines a sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from micropen.errors import unknown_name

Better = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True)
class Sign:
    """One observable of the skin's response.

    Parameters
    ----------
    name
        The field's term, used as variable name everywhere.
    label
        The words a client reads.
    unit
        Unit of the value (``"1"`` for a ratio or fraction).
    lower, upper
        Range that a value can take; ``upper`` may be infinite.
    better
        Which direction a person would want.
    definition
        What the number means; zero is always the untreated state.
    measured
        How a photograph gives it, or why it cannot.
    scored
        How a person scores it in a diary, or why not.
    """

    name: str
    label: str
    unit: str
    lower: float
    upper: float
    better: Better
    definition: str
    measured: str
    scored: str


_INF: Final = float("inf")

_ALL: Final = (
    Sign(
        "erythema",
        "redness",
        "1",
        -1.0,
        4.0,
        "lower",
        "ln(1 + added dermal blood / resting facial blood): 0.69 is twice the resting blood",
        "tone-indexed log-RGB difference, or the blood map, both in ln(blood)",
        "0-10, 'how red'",
    ),
    Sign(
        "swelling",
        "swelling",
        "mm",
        0.0,
        5.0,
        "lower",
        "outward displacement of the skin surface by oedema",
        "not from one frontal photograph",
        "0-10, 'how swollen'",
    ),
    Sign(
        "pinpoint_bleeding",
        "pinpoint bleeding and crusts",
        "1/cm2",
        0.0,
        300.0,
        "lower",
        "visible blood points or their crusts per cm² of skin",
        "count against the aligned photograph before, above 4 px/mm only",
        "none / few / many",
    ),
    Sign(
        "barrier_defect",
        "open skin barrier",
        "1",
        0.0,
        1.0,
        "lower",
        "share of the stratum corneum barrier still open, 1 = no barrier",
        "not from a photograph (transepidermal water loss)",
        "0-10, 'tight, stinging'",
    ),
    Sign(
        "scaling",
        "peeling",
        "1",
        0.0,
        1.0,
        "lower",
        "share of the surface covered by visible flakes",
        "mean excess brightness of flakes against the aligned photograph before",
        "0-10, 'how much it peels'",
    ),
    Sign(
        "lesions",
        "breakouts",
        "count",
        0.0,
        200.0,
        "lower",
        "expected number of visible inflamed papules in the zone",
        "each one found and tracked",
        "count",
    ),
    Sign(
        "pigment",
        "pigment",
        "1",
        -3.0,
        3.0,
        "lower",
        "ln(epidermal melanin / resting): -0.1 is about 10 % less",
        "melanin map, and contrast of spots",
        "0-10, 'how dark are the patches'",
    ),
    Sign(
        "gloss",
        "glow",
        "1",
        -1.0,
        3.0,
        "higher",
        "relative change of surface reflection (specular strength): 0.4 is 40 % more",
        "specular part of the photograph under the same light",
        "0-10, 'how much it glows'",
    ),
    Sign(
        "relief",
        "smoothness",
        "1",
        -1.0,
        1.0,
        "higher",
        "relative reduction of fine relief contrast (0.3-2 mm): 0.2 is 20 % smoother",
        "band contrast of the aligned photographs under the same light",
        "0-10, 'how smooth'",
    ),
    Sign(
        "collagen",
        "collagen",
        "1",
        -1.0,
        5.0,
        "higher",
        "relative change of dermal collagen content: 0.05 is 5 % more",
        "not from a photograph",
        "not scored",
    ),
    Sign(
        "pain",
        "pain",
        "VAS 0-10",
        0.0,
        10.0,
        "lower",
        "pain on a visual analogue scale; on day 0 the peak while being needled",
        "not from a photograph",
        "0-10",
    ),
)

SIGNS: Final[dict[str, Sign]] = {sign.name: sign for sign in _ALL}


def sign(name: str) -> Sign:
    """Return the sign of this name.

    Raises
    ------
    UnknownNameError
        With the nearest names.
    """
    try:
        return SIGNS[name]
    except KeyError:
        raise unknown_name("sign", name, SIGNS) from None
