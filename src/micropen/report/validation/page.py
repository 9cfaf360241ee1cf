"""The validation page: one HTML file with everything inside and nothing fetched."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from micropen._version import __version__
from micropen.report.display import GRADE_MEANINGS
from micropen.report.self_contained import environment, policy, resource
from micropen.report.validation.agreement import Coverage, Histogram, coverages, histogram
from micropen.report.validation.content import Validation, Verdicts
from micropen.report.validation.families import family_of
from micropen.report.validation.forest import ROLE_WORDS, figures, short_name
from micropen.report.validation.timeline import day_ticks, sign_figures
from micropen.studies.account import Statement
from micropen.studies.study import Role
from micropen.studies.validation_row import Row

_PACKAGE: Final = "micropen.report.validation"
# Held out first: only these rows say how the model does on what it has not seen.
_CARDS: Final = (
    ("held_out", "Held out", "never used for fitting: the figure that counts"),
    ("fit", "Fitted", "used by the calibration: must agree, proves little"),
    ("check", "Checks", "single accounts, or treatments with something the model does not know"),
)
_NOT_FITTED: Final = "marked for fitting, but this run's parameters are not fitted"
# The square of the calibration figures, in units of the drawing.
_SIDE: Final = 300.0


@dataclass(frozen=True, slots=True)
class Card:
    """Figures of one role in words."""

    key: str
    title: str
    note: str
    verdicts: Verdicts


@dataclass(frozen=True, slots=True)
class Line:
    """A coverage curve as path data, with where its label stands."""

    role: str
    words: str
    path: str
    envelope: str


def percent(value: float) -> str:
    """A share in whole per cent; a dash where there is none."""
    return "–" if math.isnan(value) else f"{100.0 * value:.0f} %"


def rows_of(count: int) -> str:
    """A number of rows in words."""
    return "1 row" if count == 1 else f"{count} rows"


def studies_of(count: int) -> str:
    """A number of studies in words."""
    return "1 study" if count == 1 else f"{count} studies"


def statement_number(statement: Statement, value: float) -> str:
    """Write a number of a statement; what never comes is said."""
    if math.isinf(value):
        return "never" if value > 0.0 else "-∞"
    unit = {"d": "d", "1": "", "count": "", "VAS 0-10": ""}.get(statement.unit, statement.unit)
    text = f"{value:.1f}" if statement.unit == "d" else f"{value:.2g}"
    return f"{text} {unit}".strip()


def statement_limits(statement: Statement) -> str:
    """The criterion's limits in numbers."""
    low, high = statement.low, statement.high
    if math.isinf(low):
        return f"≤ {statement_number(statement, high)}"
    if math.isinf(high):
        return f"≥ {statement_number(statement, low)}"
    return f"{statement_number(statement, low)} to {statement_number(statement, high)}"


def _place(x: float, y: float) -> str:
    return f"{_SIDE * x:.1f} {_SIDE * (1.0 - y):.1f}"


def _line(coverage: Coverage) -> Line:
    upper = [_place(nominal, high) for nominal, _, high in coverage.envelope]
    lower = [_place(nominal, low) for nominal, low, _ in reversed(coverage.envelope)]
    return Line(
        role=coverage.role,
        words=(
            f"{ROLE_WORDS[coverage.role]}: {coverage.rows} numbers, {studies_of(coverage.studies)}"
        ),
        path="M" + "L".join(_place(x, y) for x, y in coverage.points),
        envelope="M" + "L".join([*upper, *lower]) + "Z",
    )


def _bars(counts: Histogram) -> list[dict[str, float]]:
    """Places of stacked bars in the square: fitted below, held out on top."""
    height = _SIDE / counts.top
    return [
        {
            "x": _SIDE * bar.left + 2.0,
            "width": _SIDE * bar.width - 4.0,
            "fit_y": _SIDE - height * bar.fit,
            "fit_height": height * bar.fit,
            "held_y": _SIDE - height * (bar.fit + bar.held_out),
            "held_height": height * bar.held_out,
            "fit": bar.fit,
            "held_out": bar.held_out,
        }
        for bar in counts.bars
    ]


def lead(validation: Validation) -> str:
    """The verdict in a sentence or two."""
    held_out = validation.verdicts["held_out"].model
    largest, most = _largest_study(validation.rows)
    if not held_out.rows:
        return (
            "No row here was held out from fitting, so nothing on this page tests the model on "
            "what it has not seen."
        )
    sentence = (
        f"Of {rows_of(held_out.rows)} from {studies_of(held_out.studies)} that the model was not "
        f"fitted to, {held_out.inside} {'agrees' if held_out.inside == 1 else 'agree'} with it: "
        f"{percent(held_out.share)}, where about 90 % would be right (90 % interval "
        f"{percent(held_out.share_low)} to {percent(held_out.share_high)})."
    )
    if held_out.studies > 1:
        sentence += f" With one vote for each study it is {percent(held_out.by_study)}."
    if most > held_out.rows / 3.0 and held_out.studies > 1:
        sentence += f" ({most} of the rows are those of {largest}.)"
    if not math.isnan(held_out.width):
        sentence += (
            f" Half of the bands are wider than {percent(held_out.width)} of their scale: much "
            "agreement is bought with width."
            if held_out.width > 0.3
            else f" The typical band spans {percent(held_out.width)} of its scale."
        )
    return sentence


def _largest_study(rows: Sequence[Row]) -> tuple[str, int]:
    """The study with most rows that were held out, and how many."""
    counts = Counter(short_name(row) for row in rows if row.finding.role is Role.HELD_OUT)
    return counts.most_common(1)[0] if counts else ("", 0)


def _cards(validation: Validation) -> list[Card]:
    return [
        Card(
            key,
            title,
            note if key != "fit" or validation.provenance.baseline else _NOT_FITTED,
            validation.verdicts[key],
        )
        for key, title, note in _CARDS
        if validation.verdicts[key].model.rows
    ]


def _sources(rows: Sequence[Row]) -> list[Row]:
    """One row per study, for the list of studies."""
    return list({row.study.key: row for row in rows}.values())


def render_page(validation: Validation) -> str:
    """Render the page.

    Parameters
    ----------
    validation
        What was found; every text in it is escaped.

    Returns
    -------
    str
        HTML with a content security policy that forbids every request.
    """
    style = resource(_PACKAGE, "validation.css")
    script = '"use strict";\n' + resource(_PACKAGE, "validation.js")
    counts = histogram(validation.rows)
    templates = environment(_PACKAGE)
    templates.filters.update(percent=percent, rows=rows_of, studies=studies_of)
    return templates.get_template("validation.html.j2").render(
        validation=validation,
        version=__version__,
        style=Markup(style),
        script=Markup(script),
        policy=policy(style, script),
        lead=lead(validation),
        cards=_cards(validation),
        figures=figures(validation.rows),
        histogram=counts,
        bars=_bars(counts),
        side=_SIDE,
        lines=[_line(coverage) for coverage in coverages(validation.rows)],
        signs=sign_figures(validation.founding_case),
        day_ticks=day_ticks(),
        statements=list(enumerate(validation.founding_case.statements, start=1)),
        statement_number=statement_number,
        statement_limits=statement_limits,
        studies=_sources(validation.rows),
        short_name=short_name,
        family_of=family_of,
        role_words=ROLE_WORDS,
        grades=GRADE_MEANINGS,
        any_given=any(row.given for row in validation.rows),
        isnan=math.isnan,
    )
