"""From which value a sign is noticed: slightly, clearly, strongly."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from micropen.evidence import ParameterSet
from micropen.signs import SIGNS

Step = Literal["slight", "clear", "strong"]
STEPS: Final[tuple[Step, ...]] = ("slight", "clear", "strong")

# Where ``healing.milestones`` already says what is noticed, its number is the threshold.
_SHARED: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("erythema", "clear"): "healing.milestones.visible_redness",
        ("swelling", "slight"): "healing.milestones.visible_swelling",
        ("scaling", "slight"): "healing.milestones.visible_scaling",
        ("gloss", "clear"): "healing.milestones.visible_gloss",
    }
)


def noticed_limits(parameters: ParameterSet) -> Mapping[str, tuple[float, float, float]]:
    """Return from which absolute value each sign is slight, clear and strong, in its unit.

    Read from ``healing.milestones``, else from ``report.words.SIGN.STEP``: a date and the word for
    that day must agree.
    """

    def step(sign: str, name: Step) -> float:
        return parameters.value(_SHARED.get((sign, name), f"report.words.{sign}.{name}"))

    return MappingProxyType(
        {n: (step(n, "slight"), step(n, "clear"), step(n, "strong")) for n in SIGNS}
    )
