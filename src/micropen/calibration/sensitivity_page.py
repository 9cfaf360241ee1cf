"""The report of a sensitivity study as one page: bars for each headline."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

import numpy as np

from micropen.calibration.document import document
from micropen.calibration.headlines import Headline
from micropen.calibration.sobol import Indices

# The longest bar leaves room for its number.
_LONGEST_PER_CENT: Final = 88.0
_ALL: Final = 0.99
_NOTHING: Final = 0.005


def sensitivity_page(indices: Indices, headlines: Sequence[Headline], most: int) -> str:
    """Return the page of a sensitivity study: bars of total indices for each headline.

    Parameters
    ----------
    indices
        The indices.
    headlines
        In the order of the outputs.
    most
        Inputs shown for each.
    """
    error = 2.0 / np.sqrt(indices.points)
    lead = (
        '<p class="lead">Which numbers of the model each answer depends on: one session with a pen '
        "on the cheek (1.0 mm, four passes, 35 years, phototype II) unless said.</p>"
        '<p class="muted">A bar is the share of the variance of an answer that one source of '
        "spread answers for: full colour alone, pale together with others (total). Inputs are "
        f"taken as independent. {indices.points} base points: shares are good to about "
        f"{error:.2f}, and smaller ones say nothing.</p>"
        '<p class="key"><span><i style="background:var(--after)"></i>not known: data can reduce it'
        '</span><span><i style="background:var(--middle)"></i>people differ: data cannot</span></p>'
    )
    parts = [_headline(indices, index, one, most) for index, one in enumerate(headlines)]
    return document("What each answer depends on", lead, "\n".join(parts))


def _headline(indices: Indices, output: int, headline: Headline, most: int) -> str:
    unit = "" if headline.unit == "1" else f" {escape(headline.unit)}"
    not_known, people = indices.not_known[output], indices.people[output]
    # Of few points the two may come out above the whole.
    rest = ", the rest both together" if not_known + people < _ALL else ""
    return (
        f"<h3>{escape(headline.question[:1].upper() + headline.question[1:])}</h3>"
        f'<p class="muted">mean {indices.mean[output]:.3g}{unit} (sd {indices.sd[output]:.2g}); '
        f"not known {100 * not_known:.0f} %, people differ {100 * people:.0f} %{rest}</p>"
        f'<div class="bars">{"".join(_bars(indices, output, most))}</div>'
    )


def _bars(indices: Indices, output: int, most: int) -> list[str]:
    lines = []
    for rank, index in enumerate(np.argsort(-indices.total[output])[:most]):
        if rank and indices.total[output, index] < _NOTHING:
            break
        entry = indices.inputs[index]
        kind = "unknown" if entry.source.value == "not known" else "people"
        first = float(np.clip(indices.first[output, index], 0.0, 1.0))
        # Of few points the first order may come out above the total.
        total = max(float(np.clip(indices.total[output, index], 0.0, 1.0)), first, 1e-3)
        lines.append(
            f'<div class="bar {kind}"><span class="name">{escape(entry.parameter)} '
            f'<span class="muted">{escape(entry.source.value)}</span></span>'
            f'<div class="rail"><div class="both" style="width:{_LONGEST_PER_CENT * total:.1f}%">'
            f'<div class="alone" style="width:{100.0 * first / total:.1f}%"></div></div>'
            f"<span>{indices.total[output, index]:.2f}</span></div></div>"
        )
    return lines
