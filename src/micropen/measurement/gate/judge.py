"""The gate: one photograph judged by itself and against the baseline."""

from __future__ import annotations

from collections.abc import Iterator

from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.gate.cover import cover_findings, strange_cells, strange_findings
from micropen.measurement.gate.expression import expression_findings
from micropen.measurement.gate.face_map import FaceMap, FaceShape
from micropen.measurement.gate.findings import Finding, GateResult, collected
from micropen.measurement.gate.light import light_findings
from micropen.measurement.gate.likeness import likeness, likeness_findings, mirror_findings
from micropen.measurement.gate.pose import pose_findings
from micropen.measurement.gate.seen import Seen
from micropen.measurement.gate.told_state import state_findings
from micropen.measurement.gate.worn import worn_findings
from micropen.measurement.series import State
from micropen.portrait import Portrait


def judge(
    portrait: Portrait,
    baseline: Portrait | Seen | None = None,
    told_state: State | None = None,
    parameters: ParameterSet | None = None,
) -> GateResult:
    """Judge whether, and where, a photograph may be measured.

    Parameters
    ----------
    portrait
        From `Portrait.from_photo`, usable or not.
    baseline
        What it will be compared with: for many photographs ``Seen.of(portrait)``, made once; None
        for the baseline itself.
    told_state
        What the person told about the skin, if anything.
    parameters
        Supplies ``measurement.gate.*``.

    Returns
    -------
    GateResult
        The reasons of the portrait's own quality first, then what comparing adds. A photograph
        that is not usable by itself is not compared.
    """
    chosen = parameters or load_parameters()
    quality = portrait.quality
    if not quality.usable:
        return GateResult(False, quality.reasons, quality.warnings)
    seen = Seen.of(portrait)
    before = Seen.of(baseline) if isinstance(baseline, Portrait) else baseline
    findings = list(_alone(seen, before, told_state, chosen))
    score = float("nan")
    if before is not None and not any(f.refuses for f in findings):
        score, compared = _compared(seen, before, chosen)
        findings += compared
    return collected(findings, (), quality.warnings, score)


def _alone(
    seen: Seen, baseline: Seen | None, told_state: State | None, parameters: ParameterSet
) -> Iterator[Finding]:
    """Checks of mesh, masks and exposure."""
    yield from cover_findings(seen, baseline, parameters)
    yield from worn_findings(seen, parameters)
    yield from pose_findings(seen, baseline, parameters)
    yield from light_findings(seen, baseline, parameters)
    yield from expression_findings(seen, baseline, parameters)
    yield from state_findings(told_state)


def _compared(seen: Seen, baseline: Seen, parameters: ParameterSet) -> tuple[float, list[Finding]]:
    """Checks of the pixels against the baseline's."""
    shape = FaceShape.of(baseline)
    before, now = FaceMap.of(baseline, shape), FaceMap.of(seen, shape)
    strange = strange_cells(before, now, shape, parameters)
    score = likeness((before, now), shape, (baseline, seen), strange, parameters)
    swapped = FaceMap.of(seen, shape, mirrored=True)
    mirrored = list(mirror_findings((before, now, swapped), shape, parameters))
    if mirrored:
        return score, mirrored
    unlike = likeness_findings(score, (baseline, seen), parameters)
    return score, [*unlike, *strange_findings(strange, shape, parameters)]
