"""A different expression moves skin: which zones it makes incomparable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from micropen.evidence import ParameterSet
from micropen.measurement.gate.findings import Finding
from micropen.measurement.gate.seen import Seen

_MOUTH: Final = ("upper_lip", "chin", "jaw_left", "jaw_right")
_CHEEKS: Final = ("cheek_left", "cheek_right")
_EYES: Final = ("periorbital_left", "periorbital_right")
_BROWS: Final = ("forehead", "glabella", "temple_left", "temple_right")


@dataclass(frozen=True, slots=True)
class _Check:
    """One measure of an expression."""

    measure: str
    more: str
    less: str
    advice: str
    zones: tuple[str, ...]


_CHECKS: Final = (
    _Check("mouth_width", "The mouth is wider (a smile)", "The mouth is narrower", "relax the face",
           (*_CHEEKS, *_MOUTH)),
    _Check("corner_lift", "The corners of the mouth are raised (a smile)",
           "The corners of the mouth are lower", "relax the face", (*_CHEEKS, *_MOUTH)),
    _Check("mouth_open", "The mouth is more open", "The mouth is less open",
           "close the lips without pressing them", _MOUTH),
    _Check("brow_height", "The brows are raised", "The brows are lower", "relax the forehead",
           _BROWS),
    _Check("brow_gap", "The brows are farther apart", "The brows are drawn together (a frown)",
           "relax the forehead", ("glabella", "forehead")),
    _Check("eye_open", "The eyes are more open", "The eyes are closed or squint",
           "keep the eyes as on the baseline", _EYES),
)  # fmt: skip


def expression_findings(
    now: Seen, baseline: Seen | None, parameters: ParameterSet
) -> Iterator[Finding]:
    """Compare the expression with the baseline's, or with a closed mouth where there is none."""
    if baseline is None:
        most = parameters.value("measurement.gate.most_mouth_open")
        gap = now.expression["mouth_open"]
        if gap > most:
            yield Finding(
                f"The mouth is open ({gap:.2f} of the distance between the eyes, at most "
                f"{most:.2f} is a closed one); a relaxed face with closed lips is the best "
                "baseline."
            )
        return
    for check in _CHECKS:
        most = parameters.value(f"measurement.gate.{check.measure}_change")
        change = now.expression[check.measure] - baseline.expression[check.measure]
        if abs(change) > most:
            yield Finding(_sentence(check, change, most), zones=check.zones)


def expression_distance(now: Seen, baseline: Seen, parameters: ParameterSet) -> float:
    """Largest change of an expression, in units of what may be compared."""
    return max(
        abs(now.expression[check.measure] - baseline.expression[check.measure])
        / parameters.value(f"measurement.gate.{check.measure}_change")
        for check in _CHECKS
    )


def _sentence(check: _Check, change: float, most: float) -> str:
    what = check.more if change > 0 else check.less
    return (
        f"{what}, unlike the baseline (changed by {abs(change):.2f} {_unit(check.measure)}, at "
        f"most {most:.2f}); the skin here is stretched or folded: {check.advice}."
    )


def _unit(measure: str) -> str:
    return "of its width" if measure == "eye_open" else "of the distance between the eyes"
