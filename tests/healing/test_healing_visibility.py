"""When others notice a sign."""

from dataclasses import replace

import numpy as np
import pytest

from micropen.errors import MicropenError, UnknownNameError
from micropen.healing import forecast, visible_days
from micropen.healing.visibility import first_day_above, last_day_above


@pytest.fixture(scope="module")
def course(treatment):
    return forecast(treatment(0.75, sessions=2), days=60.0, draws=200)


def test_crossings_are_interpolated():
    days = np.array([0.0, 1.0, 2.0, 3.0])
    values = np.array([[0.0, 2.0, 2.0, 0.0], [4.0, 2.0, 0.0, 0.0], [0.0, 0.0, 0.5, 0.0]])
    first = first_day_above(days, values, 1.0)
    last = last_day_above(days, values, 1.0)
    assert np.allclose(first, [0.5, 0.0, np.nan], equal_nan=True)
    assert np.allclose(last, [2.5, 1.5, np.nan], equal_nan=True)
    assert last_day_above(days, np.full((1, 4), 2.0), 1.0)[0] == np.inf


def test_redness_ends_as_practices_say(course):
    _, last = visible_days(course, "erythema")
    early, expected, late = np.nanquantile(last, (0.05, 0.5, 0.95))
    assert 1.3 <= expected <= 2.4  # 0.75 mm; practices say 1.8 for what they use
    assert early < 1.3 < 2.5 < late


def test_redness_lasts_beyond_the_first_hours_and_goes_in_everybody(course):
    _, last = visible_days(course, "erythema")
    assert np.nanmin(last) > 0.2
    assert np.mean(last > 8.0) < 0.01
    with pytest.raises(UnknownNameError, match="visible sign"):
        visible_days(course, "collagen")


def test_peeling_and_glow_have_a_beginning_and_an_end(course):
    peeling = [float(np.nanmedian(days)) for days in visible_days(course, "scaling")]
    glow = [float(np.nanmedian(days)) for days in visible_days(course, "gloss")]
    assert peeling[0] < 3.0 < 5.0 < peeling[1] < 9.0
    assert 3.5 < glow[0] < 8.0
    assert 14.0 < glow[1] < 26.0
    assert glow[0] > peeling[0]


def test_a_later_session_counts_from_itself(course):
    ends = [float(np.nanmedian(visible_days(course, "erythema", s)[1])) for s in (0, 1)]
    assert abs(ends[0] - ends[1]) < 0.3


def test_missing_sessions_are_refused(course, treatment):
    with pytest.raises(MicropenError, match="has 2"):
        visible_days(course, "erythema", session=2)
    longer = forecast(treatment(sessions=2), days=31.0, draws=5)
    short = replace(longer, dataset=longer.dataset.sel(day=slice(0.0, 10.0)))
    with pytest.raises(MicropenError, match="beyond the horizon"):
        visible_days(short, "erythema", session=1)


def test_a_shallow_session_may_leave_no_glow(treatment):
    shallow = forecast(treatment(needle_length_mm=0.25, passes=1), days=30.0, draws=60)
    first, _ = visible_days(shallow, "gloss")
    assert np.isfinite(first).mean() < 0.5
