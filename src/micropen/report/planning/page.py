"""The page of a plan: one HTML file with everything inside and nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup

from micropen._version import __version__
from micropen.planning.result import Planned
from micropen.report.planning.event_chart import HEIGHT as EVENT_HEIGHT
from micropen.report.planning.findings import finding_rows
from micropen.report.planning.front import HEIGHT as FRONT_HEIGHT
from micropen.report.planning.front import front
from micropen.report.planning.gains import HEIGHT as GAIN_HEIGHT
from micropen.report.planning.headline import event_lines, headline, to_dos
from micropen.report.planning.months import CELL, HEAD
from micropen.report.planning.plan_card import plan_view
from micropen.report.planning.scale import SPAN, TOP
from micropen.report.planning.wording import GRADE_WORDS, dated, people, stopped
from micropen.report.self_contained import environment, house_style, policy, readouts, resource
from micropen.report.words import sentence, tied

_PACKAGE: Final = "micropen.report.planning"
# More than these and nobody reads the first screen; the rest stand with their reasons.
_MOST_TO_DOS: Final = 5


def render_planning(planned: Planned, *, data_files: Mapping[str, str] | None = None) -> str:
    """Render the page.

    Parameters
    ----------
    planned
        What was planned; every text in it is escaped.
    data_files
        File name to what it holds, for files that lie beside the page.

    Returns
    -------
    str
        HTML with a content security policy that forbids every request. It can be read without
        script; script adds values that drawings tell where they are pointed at.
    """
    style = house_style() + resource(_PACKAGE, "planning.css")
    script = '"use strict";\n' + readouts() + resource(_PACKAGE, "planning.js")
    templates = environment(_PACKAGE)
    templates.filters["tied"] = tied
    templates.filters["sentence"] = sentence
    templates.filters["stopped"] = stopped
    return templates.get_template("planning.html.j2").render(
        **_content(planned),
        data_files=data_files or {},
        version=__version__,
        style=Markup(style),
        script=Markup(script),
        policy=policy(style, script),
    )


def _content(planned: Planned) -> dict[str, Any]:
    chosen = planned.plans[0] if planned.plans else None
    return {
        "planned": planned,
        "top": headline(planned),
        "to_dos": to_dos(planned.suitability, chosen, planned.client.today),
        "event_lines": event_lines(planned, chosen) if chosen else [],
        "findings": finding_rows(planned),
        "views": [plan_view(planned, plan) for plan in planned.plans],
        "front": front(planned),
        "of": people(planned.origin.case_readings),
        "most_to_dos": _MOST_TO_DOS,
        "today": dated(planned.client.today),
        "grade_words": GRADE_WORDS,
        "size": {
            "span": SPAN, "top": TOP, "front": FRONT_HEIGHT, "gain": GAIN_HEIGHT,
            "event": EVENT_HEIGHT, "cell": CELL, "head": HEAD,
        },
    }  # fmt: skip
