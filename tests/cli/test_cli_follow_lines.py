"""What `micropen follow` prints: day, dates with their share, and nothing soothing beside alarm."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from micropen.cli.follow import lines_of
from micropen.estimation.result import (
    Alert,
    Axis,
    DateLine,
    FitSummary,
    Followed,
    Level,
    ReadPoint,
    Record,
)
from micropen.workflows.follow import FollowAnswer

NAN = float("nan")
START = datetime(2026, 6, 5, 10, 0)
DATES = (
    DateLine("redness", "Redness others can see", "gone by Mon 8 June in 9 of 10",
             "gone by Tue 9 June", 1.0, 2.0, 4.0, 0.93),
    DateLine("makeup", "Make-up", "from Sat 6 June in 9 of 10", "already fine, by your forecast",
             1.0, 1.0, 1.0, 1.0),
    DateLine("next", "Next session", "from Sun 5 July in nearly all", "planned for Fri 17 July",
             30.0, 30.0, 30.0, NAN),
)  # fmt: skip
POINT = ReadPoint("redness", Axis.DIARY, "face", 1.46, 4.0, 0.0, "check-in")
FEVER = Alert("red_flag", Level.CLINICIAN, "Red flag: fever", "You ticked it.", NAN, (), "",
              "See a clinician today.", 1.46)  # fmt: skip
JARGON = "Simple weighing was not reliable."


def printed(**changes) -> str:
    followed = Followed(
        title="Anna", today_day=1.6, session_days=(0.0,), first_session=START, population=(),
        personal=(), readings=(POINT,), findings=(), dates=DATES, alerts=(), record=Record((), "-"),
        fit=FitSummary("tempered Monte Carlo", True, JARGON), notes=(),
    )  # fmt: skip
    folder = Path("out")
    answer = FollowAnswer(folder, folder / "follow.html", replace(followed, **changes))
    lines = list(lines_of(answer))
    assert max(map(len, lines)) <= 80
    return "\n".join(lines)


def test_the_day_is_the_one_of_the_calendar_and_of_the_page():
    """Day 1.6 of a session at 10 is the next evening or night: never rounded up to 2."""
    assert printed(today_day=1.5).startswith("Anna: day 1 after the session")
    two = printed(today_day=30.4, session_days=(0.0, 30.0))
    assert two.startswith("Anna: the day of session 2")


def test_every_date_has_its_share_and_a_plan_has_none():
    text = printed()
    assert "  Redness others can see    gone by Tue 9 June (9 of 10)\n" in text
    assert "  Make-up                   already fine, by your forecast (nearly all)\n" in text
    assert "  Next session              planned for Fri 17 July\n" in text


def test_beside_a_red_flag_nothing_is_called_fine():
    text = printed(alerts=(FEVER,))
    assert "SEE A CLINICIAN: Red flag: fever" in text
    assert "already fine" not in text
    assert text.count("not before a clinician has looked at this") == 2


@pytest.mark.parametrize(
    ("converged", "readings", "said"),
    [(True, (POINT,), False), (False, (POINT,), True), (True, (), True)],
)
def test_how_it_was_worked_out_is_printed_only_where_it_matters(converged, readings, said):
    fit = FitSummary("prior", converged, JARGON)
    text = printed(fit=fit, readings=readings)
    assert (JARGON in text) is said
    assert ("Take the numbers with caution." in text) is not converged
    assert ("Nothing unusual for you." in text) is bool(readings)


def test_a_share_that_is_not_known_is_not_printed():
    assert not np.isfinite(DATES[2].probability)
    assert "nan" not in printed().lower()
