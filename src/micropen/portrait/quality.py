"""Whether a photograph can be used, and why not, in words a person can act on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from micropen.evidence import ParameterSet

GOOD: Final = "good"
PARTLY_COVERED: Final = "partly covered"
NOT_VISIBLE: Final = "not visible"

Limit = Callable[[str], float]


@dataclass(frozen=True)
class Quality:
    """What the photograph allows.

    Parameters
    ----------
    usable
        Whether a forecast can be shown on it at all.
    reasons
        Why not, as sentences; empty where usable.
    warnings
        What will be less good, as sentences.
    zone_status
        Per zone ``"good"``, ``"partly covered"`` or ``"not visible"``.
    measurable
        Whether numbers may be read from it.
    px_per_mm
        Pixels per mm of skin.
    sharpness_px
        sd of the point spread, px.
    clipped_share
        Share of the skin that is clipped.
    brightness
        Median linear luminance of the skin, 0-1.
    yaw_deg, pitch_deg, roll_deg
        Pose; yaw positive towards the subject's left, pitch positive upwards, roll clockwise.
    iris_distance_px
        Distance between the iris centres.
    """

    usable: bool
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    zone_status: Mapping[str, str] = field(repr=False)
    measurable: bool
    px_per_mm: float
    sharpness_px: float
    clipped_share: float
    brightness: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    iris_distance_px: float


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured, before any judgement; units as in `Quality`."""

    iris_distance_px: float
    px_per_mm: float
    sharpness_px: float
    clipped_share: float
    brightness: float
    colourfulness: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    zone_status: Mapping[str, str]

    @property
    def sharpness_mm(self) -> float:
        """Standard deviation of the point spread on the skin, mm."""
        return self.sharpness_px / self.px_per_mm

    @property
    def up_or_down(self) -> str:
        """Where the face looks, in a word."""
        return "up" if self.pitch_deg > 0 else "down"


def assess(measures: Measures, limits: ParameterSet, notes: tuple[str, ...] = ()) -> Quality:
    """Judge a photograph by what was measured in it.

    Parameters
    ----------
    measures
        From `micropen.portrait.inspection.inspect`.
    limits
        Holds ``portrait.quality.*``.
    notes
        Sentences from reading the file, put before the warnings.

    Returns
    -------
    Quality
    """

    def limit(name: str) -> float:
        return limits.value(f"portrait.quality.{name}")

    reasons = tuple(_reasons(measures, limit))
    cautions = tuple(_cautions(measures, limit))
    return Quality(
        usable=not reasons,
        reasons=reasons,
        warnings=(*notes, *cautions, *_remarks(measures, limit)),
        zone_status=measures.zone_status,
        measurable=not reasons and not cautions,
        px_per_mm=measures.px_per_mm,
        sharpness_px=measures.sharpness_px,
        clipped_share=measures.clipped_share,
        brightness=measures.brightness,
        yaw_deg=measures.yaw_deg,
        pitch_deg=measures.pitch_deg,
        roll_deg=measures.roll_deg,
        iris_distance_px=measures.iris_distance_px,
    )


def _reasons(m: Measures, limit: Limit) -> Iterator[str]:
    """Why a photograph cannot be used."""
    yield from _place_reasons(m, limit)
    yield from _light_reasons(m, limit)
    hidden = sum(status == NOT_VISIBLE for status in m.zone_status.values())
    if hidden > limit("most_hidden_zones"):
        yield (
            f"{hidden} of {len(m.zone_status)} zones of the face are covered or outside the "
            "picture; show the whole face without hair, hands or a mask over it."
        )


def _place_reasons(m: Measures, limit: Limit) -> Iterator[str]:
    """Too small, turned away, blurred."""
    least = limit("least_iris_distance_px")
    if m.iris_distance_px < least:
        yield (
            f"The face is too small: the eyes are {m.iris_distance_px:.0f} px apart, at least "
            f"{least:.0f} px are needed (250 px or more show fine effects); come closer or use the "
            "original file."
        )
    if abs(m.yaw_deg) > limit("most_yaw_deg"):
        yield (
            f"The face is turned {abs(m.yaw_deg):.0f}° to the side, at most "
            f"{limit('most_yaw_deg'):.0f}° are allowed; use a photograph that looks straight into "
            "the camera."
        )
    if abs(m.pitch_deg) > limit("most_pitch_deg"):
        yield (
            f"The face looks {abs(m.pitch_deg):.0f}° {m.up_or_down}, at most "
            f"{limit('most_pitch_deg'):.0f}° are allowed; hold the camera at eye level."
        )
    if m.sharpness_mm > limit("most_blur_mm"):
        yield (
            f"The photograph is blurred (about {m.sharpness_mm:.1f} mm on the skin, at most "
            f"{limit('most_blur_mm'):.1f} mm are allowed); hold still, wipe the lens and focus on "
            "the face."
        )


def _light_reasons(m: Measures, limit: Limit) -> Iterator[str]:
    """Overexposed, dark, grey."""
    if m.clipped_share > limit("most_clipped_share"):
        yield (
            f"{m.clipped_share:.0%} of the skin is overexposed, at most "
            f"{limit('most_clipped_share'):.0%} are allowed; use softer light or less exposure."
        )
    if m.brightness < limit("least_brightness"):
        yield (
            f"The face is too dark ({m.brightness:.1%} of white, at least "
            f"{limit('least_brightness'):.1%} are needed); use more light."
        )
    if m.colourfulness < limit("least_colourfulness"):
        yield "The photograph has no colour, so redness cannot be shown; use a colour photograph."


def _cautions(m: Measures, limit: Limit) -> Iterator[str]:
    """What forbids reading numbers from the photograph."""
    if abs(m.yaw_deg) > limit("yaw_warning_deg"):
        yield (
            f"The face is turned {abs(m.yaw_deg):.0f}° to the side: the far cheek, temple and jaw "
            "are less reliable."
        )
    if abs(m.pitch_deg) > limit("pitch_warning_deg"):
        yield (
            f"The face looks {abs(m.pitch_deg):.0f}° {m.up_or_down}: forehead and chin are less "
            "reliable."
        )
    if m.clipped_share > limit("clipped_share_warning"):
        yield (
            f"{m.clipped_share:.0%} of the skin is overexposed: those places cannot change colour "
            "truthfully."
        )
    if m.brightness < limit("brightness_warning"):
        yield "The face is dark: colours are coarse, and more light would help."
    if m.sharpness_mm > limit("blur_warning_mm"):
        yield (
            f"The photograph is soft (about {m.sharpness_mm:.1f} mm on the skin): pores and fine "
            "flakes blur away."
        )


def _remarks(m: Measures, limit: Limit) -> Iterator[str]:
    """What only makes the pictures less good."""
    fine = limit("fine_px_per_mm")
    if m.px_per_mm < fine:
        yield (
            f"Fine effects (pinpoints, single flakes, pores) cannot be shown truly at "
            f"{m.px_per_mm:.1f} px/mm; {fine:.0f} px/mm or more are needed."
        )
    for status, sentence in (
        (PARTLY_COVERED, "Partly covered by hair, a beard or glasses, or outside the picture"),
        (NOT_VISIBLE, "Hardly visible, so next to nothing is shown there"),
    ):
        zones = [z.replace("_", " ") for z, s in m.zone_status.items() if s == status]
        if zones:
            yield f"{sentence}: {', '.join(zones)}."
