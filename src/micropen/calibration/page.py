"""The report of a calibration as one self-contained page: tables and small drawings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

import numpy as np

from micropen.calibration.free import Array
from micropen.calibration.posterior import correlation
from micropen.calibration.simulated import Left
from micropen.calibration.sobol import Indices
from micropen.calibration.summary import FindingRow, NumberRow
from micropen.evidence import FittedSet

_STYLE: Final = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#222}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;font-size:13px;width:100%}
th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #ddd;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}
.muted{color:#666}svg{max-width:100%;height:auto}
@media (prefers-color-scheme:dark){body{background:#161616;color:#ddd}th,td{border-color:#444}
.muted{color:#aaa}}
"""
# Axis of the drawings in prior sds, and the size of a row.
_REACH: Final = 3.0
_WIDTH: Final = 260
_ROW: Final = 18


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>\n{body}\n</body></html>\n"
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: set[int]) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
    lines = []
    for row in rows:
        cells = (
            f'<td class="n">{cell}</td>' if i in numbers else f"<td>{cell}</td>"
            for i, cell in enumerate(row)
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n" + "\n".join(lines) + "</tbody></table>"


def _place(sds: float) -> float:
    return _WIDTH * (min(max(sds, -_REACH), _REACH) + _REACH) / (2.0 * _REACH)


def _interval(row: NumberRow) -> str:
    """Prior (grey) and posterior (blue) 90 % intervals, in prior sds."""
    middle = row.free.standardised(row.value) if row.value > 0 or not row.free.on_log else 0.0
    half = 1.6449 * row.sd / row.free.prior_sd
    low, high = _place(middle - half), _place(middle + half)
    before = (_place(-1.6449), _place(1.6449))
    return (
        f'<svg width="{_WIDTH}" height="{_ROW}" viewBox="0 0 {_WIDTH} {_ROW}" role="img" '
        f'aria-label="{middle:+.2f} prior sds">'
        f'<rect x="{before[0]:.1f}" y="6" width="{before[1] - before[0]:.1f}" height="6" '
        'fill="#bbb"/>'
        f'<rect x="{low:.1f}" y="4" width="{max(high - low, 1.0):.1f}" height="10" fill="#2b6cb0" '
        'opacity="0.75"/>'
        f'<line x1="{_place(middle):.1f}" x2="{_place(middle):.1f}" y1="2" y2="16" '
        'stroke="#c05621" stroke-width="2"/></svg>'
    )


def _number(row: NumberRow) -> list[str]:
    moved = ", ".join(f"{escape(i.study)} ({i.shift:+.2f})" for i in row.moved_by[:4])
    partners = ", ".join(f"{escape(label)} ({r:+.2f})" for label, r in row.partners)
    gain = f"{escape(row.gain.what)}: sd {row.gain.sd:.2g}" if row.gain else ""
    return [
        f'{escape(row.free.label)}<br><span class="muted">{escape(row.free.why)}</span>',
        f"{row.free.prior_value:.3g} ({row.free.prior_sd:.2g})",
        f"{row.value:.3g} ({row.sd:.2g})",
        f"{100.0 * row.shrinkage:.0f} %",
        _interval(row),
        moved or '<span class="muted">nothing: the prior stands</span>',
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
    heads = ["number", "prior (sd)", "fitted (sd)", "shrinkage", "90 % intervals, prior sds"]
    parts = [
        f"<p>Set <b>{escape(fitted.version)}</b>, micropen {escape(fitted.program)}, seed "
        f"{fitted.seed}, {len(findings)} findings, {len(numbers)} free numbers. sd: of ln where "
        "the number is positive. Grey: prior, blue: posterior. In brackets: how far each study "
        "moved the number, in prior sds. A fitted number is of grade D: trials reach it through "
        "assumed mappings.</p>",
        _table(
            [*heads, "moved by", "correlated with", "better identified by"],
            map(_number, numbers),
            {1, 2, 3},
        ),
        "<h2>Findings</h2><p>Findings on their scale of comparison, predictions as they are; "
        "residuals in weighted sds, 0 inside a bound.</p>",
        _table(
            ["finding", "found", "prior", "fitted", "residual before", "after", "weight"],
            map(_finding, findings),
            {1, 2, 3, 4, 5, 6},
        ),
        "<h2>Most correlated</h2>",
        _table(["number", "with", "correlation"], _pairs(numbers, covariance), {2}),
    ]
    if left:
        rows = [[escape(one.finding), escape(one.reason)] for one in left]
        parts += ["<h2>Not used</h2>", _table(["finding", "reason"], rows, set())]
    return _document("Calibration", "\n".join(parts))


def sensitivity_page(indices: Indices, questions: Sequence[str], most: int) -> str:
    """Return the page of a sensitivity study: bars of total indices for each headline.

    Parameters
    ----------
    indices
        The indices.
    questions
        Of the headlines, in the order of the outputs.
    most
        Inputs shown for each.
    """
    parts = [
        "<p>Share of the variance of each headline that a source of spread answers for: dark, "
        "alone (first order); light, together with others (total). Blue: not known, data can "
        "reduce it; orange: people differ, data cannot. Inputs are taken as independent. "
        f"{indices.points} base points: indices are good to about "
        f"{2.0 / np.sqrt(indices.points):.2f}.</p>"
    ]
    for output, question in enumerate(questions):
        parts.append(
            f"<h2>{escape(question)}</h2><p>{indices.mean[output]:.3g} "
            f"(sd {indices.sd[output]:.2g}); not known {100 * indices.not_known[output]:.0f} %, "
            f"people {100 * indices.people[output]:.0f} %, the rest both together.</p>"
        )
        parts.append(_bars(indices, output, most))
    return _document("Sensitivity", "\n".join(parts))


def _bars(indices: Indices, output: int, most: int) -> str:
    order = np.argsort(-indices.total[output])[:most]
    lines = []
    for line, index in enumerate(order):
        entry = indices.inputs[index]
        colour = "#2b6cb0" if entry.source.value == "not known" else "#c05621"
        y = line * 20
        total = min(max(float(indices.total[output, index]), 0.0), 1.0)
        first = min(max(float(indices.first[output, index]), 0.0), 1.0)
        label = f"{entry.parameter} ({entry.source.value})"
        lines.append(
            f'<text x="400" y="{y + 14}" text-anchor="end" font-size="12" fill="currentColor">'
            f"{escape(label)}</text>"
            f'<rect x="410" y="{y + 3}" width="{400 * total:.1f}" height="14" fill="{colour}" '
            'opacity="0.4"/>'
            f'<rect x="410" y="{y + 3}" width="{400 * first:.1f}" height="14" fill="{colour}"/>'
            f'<text x="{415 + 400 * max(total, first):.0f}" y="{y + 14}" font-size="11" '
            f'fill="currentColor">{total:.2f}</text>'
        )
    height = 20 * len(order) + 4
    return f'<svg width="860" height="{height}" viewBox="0 0 860 {height}">{"".join(lines)}</svg>'
