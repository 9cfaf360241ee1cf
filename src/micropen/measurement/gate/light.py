"""Exposure, sharpness and resolution: where the pixels do not hold what a reading needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from micropen.anatomy import ZONES
from micropen.evidence import ParameterSet
from micropen.measurement.gate.findings import Finding
from micropen.measurement.gate.seen import Seen

FINE_SIGNS: Final = ("scaling", "relief")
"""Signs whose detail is smaller than a millimetre."""
_RESOLVED: Final = (
    (("scaling",), "measurement.scaling.least_px_per_mm", "flakes"),
    (("relief",), "measurement.relief.least_px_per_mm", "fine relief"),
    (("lesions",), "measurement.lesions.least_px_per_mm", "papules"),
    (("spot_area", "spot_contrast"), "measurement.spots.least_px_per_mm", "brown spots"),
    (("gloss", "shine"), "measurement.unmixing.highlight_px_per_mm", "highlights"),
)
"""Signs, the resolution that their methods need, and what they look at."""


def light_findings(
    seen: Seen, baseline: Seen | None, parameters: ParameterSet
) -> Iterator[Finding]:
    """Find overexposed and dark zones, and pictures too coarse or blurred for fine signs."""
    yield from _zones(seen, parameters)
    yield from _resolution(seen, parameters)
    yield from _sharpness(seen, baseline, parameters)


def _zones(seen: Seen, parameters: ParameterSet) -> Iterator[Finding]:
    most, least = (
        parameters.value(f"measurement.gate.{n}") for n in ("most_zone_clipped", "least_zone_light")
    )
    for zone, share in zip(ZONES, seen.clipped_shares, strict=True):
        if share > most:
            yield Finding(
                f"{share:.0%} of its skin is overexposed, at most {most:.0%} may be; use softer "
                "light, no flash, or less exposure.",
                zones=(zone,),
            )
    for zone, light in zip(ZONES, seen.zone_light, strict=True):
        if light < least:
            yield Finding(
                f"It lies in deep shadow ({light:.1%} of white, at least {least:.1%} are needed); "
                "use even light from the front.",
                zones=(zone,),
            )


def _resolution(seen: Seen, parameters: ParameterSet) -> Iterator[Finding]:
    for signs, name, what in _RESOLVED:
        least = parameters.value(name)
        if seen.quality.px_per_mm < least:
            yield Finding(
                f"The photograph has {seen.quality.px_per_mm:.1f} px per mm of skin, {what} need "
                f"{least:.1f} or more; come closer or use the original file.",
                signs=signs,
            )


def _sharpness(seen: Seen, baseline: Seen | None, parameters: ParameterSet) -> Iterator[Finding]:
    blur = seen.blur_mm
    most = parameters.value("measurement.gate.fine_blur_mm")
    if blur > most:
        yield Finding(
            f"The photograph is blurred by {blur:.1f} mm on the skin, flakes and fine relief need "
            f"{most:.1f} mm or less; hold still and focus on the face.",
            signs=FINE_SIGNS,
        )
    elif baseline is not None:
        before = baseline.blur_mm
        ratio = max(blur, before) / max(min(blur, before), 1e-3)
        limit = parameters.value("measurement.gate.most_blur_ratio")
        floor = parameters.value("measurement.gate.least_blur_compared_mm")
        if ratio > limit and max(blur, before) > floor:
            softer = "less sharp" if blur > before else "sharper"
            yield Finding(
                f"The photograph is {softer} than the baseline ({blur:.2f} mm against "
                f"{before:.2f} mm on the skin, at most {limit:.1f} times can be compared), which "
                "looks like a change of flakes and relief; use the same camera and distance.",
                signs=FINE_SIGNS,
            )
