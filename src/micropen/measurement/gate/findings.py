"""What the gate says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from micropen.anatomy import ZONES


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found wrong.

    Parameters
    ----------
    sentence
        What, with value and limit, and what to do.
    zones
        Zones that it makes not measurable.
    signs
        Signs that it makes not measurable everywhere.
    refuses
        Whether the whole photograph cannot be used.
    """

    sentence: str
    zones: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class GateResult:
    """Whether one photograph may be measured.

    Parameters
    ----------
    usable
        Whether it is measured at all.
    reasons
        Why not, as sentences a person can act on; empty where usable.
    warnings
        What is less sure, as sentences.
    zone_reasons
        Zone to why nothing is measured there; only zones that are not measured.
    sign_reasons
        Sign to why it is not measured on this photograph at all (makeup, too small); only those.
    likeness
        How alike the face is to the baseline's, at most 1; NaN without a baseline.
    """

    usable: bool
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    zone_reasons: Mapping[str, str] = field(default_factory=dict)
    sign_reasons: Mapping[str, str] = field(default_factory=dict)
    likeness: float = float("nan")


def collected(
    findings: Iterable[Finding], reasons: tuple[str, ...], warnings: tuple[str, ...],
    likeness: float,
) -> GateResult:  # fmt: skip
    """Sort findings into a result.

    Parameters
    ----------
    findings
        From every check, in order of weight: the first one of a zone or sign is its reason.
    reasons, warnings
        Of the portrait's own quality.
    likeness
        As in `GateResult`.
    """
    zones: dict[str, str] = {}
    signs: dict[str, str] = {}
    refused, cautions = list(reasons), list(warnings)
    for found in findings:
        if found.refuses:
            refused.append(found.sentence)
        elif not found.zones and not found.signs:
            cautions.append(found.sentence)
        for zone in found.zones:
            zones.setdefault(zone, found.sentence)
        for sign in found.signs:
            signs.setdefault(sign, found.sentence)
    if len(zones) == len(ZONES) and not refused:
        refused.append(f"No zone of the face can be measured: {next(iter(zones.values()))}")
    ordered = {zone: zones[zone] for zone in ZONES if zone in zones}
    return GateResult(
        not refused, tuple(dict.fromkeys(refused)), tuple(dict.fromkeys(cautions)), ordered, signs,
        likeness,
    )  # fmt: skip


def in_words(zones: Iterable[str]) -> str:
    """Zones as a person would write them: ``"cheek left, nose"``."""
    return ", ".join(zone.replace("_", " ") for zone in zones)
