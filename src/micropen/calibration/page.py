"""The report of a calibration as one self-contained page: tables and small drawings."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Final

import numpy as np

from micropen.calibration.document import document, table
from micropen.calibration.free import Array
from micropen.calibration.posterior import correlation
from micropen.calibration.simulated import Left
from micropen.calibration.summary import FindingRow, NumberRow
from micropen.evidence import FittedSet

# Axis of the drawings in prior sds, and the size of a row.
_REACH: Final = 3.0
_WIDTH: Final = 260
_ROW: Final = 18
# Share of the prior sd that is gone where studies tell more than was known before.
_WELL_KNOWN: Final = 0.5

_HEADS: Final = (
    "number",
    "prior (sd)",
    "fitted (sd)",
    "sd lost",
    "-3 to +3 prior sds",
    "moved by",
    "correlated with",
    "better identified by",
)
_WIDE: Final = (18, 9, 10, 6, 11, 14, 16, 16)
_KEY: Final = (
    '<p class="muted">The sd in brackets is that of the logarithm where a number is positive. '
    "Behind a study: how far it moved the number, in prior sds; the strongest four. Without "
    "studies the prior stands.</p>"
    '<p class="key"><span><i style="background:var(--prior)"></i>90 % before</span>'
    '<span><i style="background:var(--after)"></i>90 % after</span>'
    '<span><i style="background:var(--middle);width:3px"></i>fitted value</span></p>'
)


def _family(row: NumberRow) -> str:
    """``"healing.collagen"``: the process or scale that a number belongs to."""
    return ".".join(row.free.parameter.split(".")[:2])


def _place(sds: float) -> float:
    return _WIDTH * (min(max(sds, -_REACH), _REACH) + _REACH) / (2.0 * _REACH)


def _interval(row: NumberRow) -> str:
    """Prior and fitted 90 % intervals and the fitted value, in prior sds."""
    middle = row.free.standardised(row.value) if row.value > 0 or not row.free.on_log else 0.0
    half = 1.6449 * row.sd / row.free.prior_sd
    low, high = _place(middle - half), _place(middle + half)
    before = (_place(-1.6449), _place(1.6449))
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_ROW}" preserveAspectRatio="none" role="img" '
        f'aria-label="{middle:+.2f} prior sds">'
        f'<rect class="prior" x="{before[0]:.1f}" y="7" width="{before[1] - before[0]:.1f}" '
        f'height="4"/><rect class="after" x="{low:.1f}" y="4" width="{max(high - low, 1.0):.1f}" '
        f'height="10"/><line class="middle" x1="{_place(middle):.1f}" x2="{_place(middle):.1f}" '
        'y1="1" y2="17"/></svg>'
    )


def _breakable(name: str) -> str:
    """A dotted name that may break after its dots and bars."""
    return escape(name).replace(".", ".<wbr>").replace("_", "_<wbr>")


def _number(row: NumberRow) -> list[str]:
    moved = ", ".join(f"{escape(i.study)} ({i.shift:+.2f})" for i in row.moved_by[:4])
    partners = ", ".join(f"{_breakable(label)} ({r:+.2f})" for label, r in row.partners)
    gain = f"{escape(row.gain.what)}: sd {row.gain.sd:.2g}" if row.gain else ""
    name = row.free.label.removeprefix(_family(row) + ".")
    return [
        f'<b>{_breakable(name)}</b><small class="muted">{escape(row.free.why)}</small>',
        f"{row.free.prior_value:.3g} ({row.free.prior_sd:.2g})",
        f"{row.value:.3g} ({row.sd:.2g})",
        f"{100.0 * row.shrinkage:.0f} %",
        _interval(row),
        moved or '<span class="muted">nothing</span>',
        partners,
        gain,
    ]


def _finding(row: FindingRow) -> list[str]:
    return [
        escape(row.target.key),
        _claim(row),
        f"{row.prior_predicted:.3g}",
        f"{row.predicted:.3g}",
        f"{row.prior_residual:+.2f}",
        f"{row.residual:+.2f}",
        f"{row.target.weight:.2g}",
    ]


def _claim(row: FindingRow) -> str:
    low, high = row.target.low, row.target.high
    if low == high:
        return f"{low:.3g}"
    if np.isinf(low):
        return f"at most {high:.3g}"
    return f"at least {low:.3g}" if np.isinf(high) else f"{low:.3g} to {high:.3g}"


def _pairs(numbers: Sequence[NumberRow], covariance: Array) -> list[list[str]]:
    matrix = correlation(covariance)
    rows, columns = np.triu_indices_from(matrix, 1)
    strength = matrix[rows, columns]
    order = np.argsort(-np.abs(strength))[:15]
    return [
        [
            escape(numbers[rows[i]].free.label),
            escape(numbers[columns[i]].free.label),
            f"{strength[i]:+.2f}",
        ]
        for i in order
    ]


def calibration_page(
    fitted: FittedSet,
    numbers: Sequence[NumberRow],
    findings: Sequence[FindingRow],
    left: Sequence[Left],
    covariance: Array,
) -> str:
    """Return the page of a calibration.

    Parameters
    ----------
    fitted, numbers, findings, left
        The set, and the rows of the report.
    covariance
        Posterior, in squared prior sds.
    """
    parts = ["<h2>The free numbers</h2>", _KEY]
    families = list(dict.fromkeys(map(_family, numbers)))
    ordered = sorted(numbers, key=lambda row: families.index(_family(row)))
    for family, rows in groupby(ordered, key=_family):
        parts += [f"<h3>{escape(family)}</h3>", table(_HEADS, map(_number, rows), {1, 2, 3}, _WIDE)]
    parts += [
        "<h2>The findings</h2>",
        '<p class="muted">Found and predicted as reported; residuals on the scale of comparison, '
        "in weighted sds, 0 inside a bound.</p>",
        table(
            ["finding", "found", "prior", "fitted", "residual before", "after", "weight"],
            map(_finding, findings),
            {1, 2, 3, 4, 5, 6},
            [34, 14, 11, 11, 12, 9, 9],
        ),
        "<h2>Most correlated</h2>",
        '<p class="muted">Pairs that the studies cannot tell apart well.</p>',
        table(["number", "with", "correlation"], _pairs(numbers, covariance), {2}, [42, 42, 16]),
    ]
    if left:
        rows_left = [[escape(one.finding), escape(one.reason)] for one in left]
        parts += ["<h2>Not used</h2>", table(["finding", "reason"], rows_left)]
    return document("Calibration", _lead(fitted, numbers, findings), "\n".join(parts))


def _lead(fitted: FittedSet, numbers: Sequence[NumberRow], findings: Sequence[FindingRow]) -> str:
    moved = sum(bool(row.moved_by) for row in numbers)
    halved = sum(row.shrinkage >= _WELL_KNOWN for row in numbers)
    before, after = (
        float(np.sqrt(np.mean(np.square(values))))
        for values in (
            [row.prior_residual for row in findings],
            [row.residual for row in findings],
        )
    )
    return (
        f'<p class="lead">{len(findings)} published findings were fitted with {len(numbers)} free '
        f"numbers. Studies moved or sharpened {moved} of them; {len(numbers) - moved} keep what "
        f"was assumed or cited before. Of {halved} the uncertainty fell by half or more. The "
        f"misfit fell from {before:.2f} to {after:.2f} (root mean square of weighted "
        "residuals). Findings that were fitted agree because they were fitted: that is no "
        "test.</p>"
        '<p class="muted">A fitted number is of grade D whatever the trials: they reach it through '
        f"assumed mappings. Set <b>{escape(fitted.version)}</b>, micropen "
        f"{escape(fitted.program)}, seed {fitted.seed}.</p>"
    )
