"""What is common and harmless, in the forecast's own numbers, so that no list contradicts it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from micropen.report.content import Milestone, SessionSummary
from micropen.report.words import whole_day

_MILD_ITCHING: Final = "Mild itching or stinging under creams"


def harmless(milestones: Sequence[Milestone]) -> list[str]:
    """List what needs no call, in the words and days of the downtime.

    Parameters
    ----------
    milestones
        Downtime in words; a line that is missing gets words without a day.

    Returns
    -------
    list of str
        Short lines without a full stop.
    """
    lines = {line.key: line for line in milestones}
    return [_redness(lines), _peeling(lines), _dots(lines), _swelling(lines), _spots(lines),
            _MILD_ITCHING]  # fmt: skip


def series_note(sessions: Sequence[SessionSummary]) -> str:
    """Say which session the downtime describes; empty for a single one."""
    if len(sessions) == 1:
        return ""
    first = sessions[0]
    alike = all(s.zones == first.zones and s.device == first.device for s in sessions)
    later = "Later sessions go much the same way" if alike else "Later sessions use other settings"
    return (
        f"These are the days after session 1 of {len(sessions)}. {later}; "
        "pictures and charts show each."
    )


def _redness(lines: Mapping[str, Milestone]) -> str:
    line = lines.get("redness")
    if line is None:
        return "Redness and warmth like a sunburn that fades day by day"
    if line.probability < 0.05:
        return "Pink, warm skin for minutes to hours"
    return f"Redness and warmth like a sunburn, fading over {_lasting(line)}"


def _lasting(line: Milestone) -> str:
    """``"1 to 3 days"``; a last day that is nan lies beyond the forecast."""
    if math.isnan(line.last_day):
        return "the days of this forecast"
    if line.last_day < 0.5:
        return "some hours"
    last = max(whole_day(line.last_day), 1)
    first = 0 if math.isnan(line.first_day) else whole_day(line.first_day)
    if 0 < first < last:
        return f"{first} to {last} days"
    return "about a day" if last == 1 else f"up to {last} days"


def _peeling(lines: Mapping[str, Milestone]) -> str:
    line = lines.get("peeling")
    if line is None:
        return "Tight, dry skin; small flakes"
    if line.answer == "unlikely":
        return "Tight, dry skin; perhaps a flake or two"
    return f"Tight, dry skin; small flakes {line.answer}"


def _dots(lines: Mapping[str, Milestone]) -> str:
    line = lines.get("dots")
    common = "Pinpoint blood dots on the day, tiny crusts after"
    if line is None or not line.answer.startswith("until"):
        return common
    return f"{common}, {line.answer}"


def _swelling(lines: Mapping[str, Milestone]) -> str:
    line = lines.get("swelling")
    return "Some puffiness" if line is None else line.detail.rstrip(".")


def _spots(lines: Mapping[str, Milestone]) -> str:
    line = lines.get("breakouts")
    if line is None or line.answer == "unlikely":
        return "Now and then a small spot"
    if math.isnan(line.median_day):
        return "A few small spots that settle by themselves"
    return f"A few small spots, settling by about day {whole_day(line.median_day)}"
