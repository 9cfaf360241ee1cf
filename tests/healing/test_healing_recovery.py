from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from micropen.errors import MicropenError
from micropen.evidence import load_parameters
from micropen.healing.noticed import noticed_limits
from micropen.healing.recovery import DaySpread, Recovery, day_of_event
from micropen.healing.treated_area import TreatedArea
from micropen.signs import SIGNS

NUMBERS = load_parameters()
ZONES = ("cheek_left", "nose")
DAYS = np.concatenate([np.arange(0.0, 10.0, 0.25), [29.999, 30.0, 31.0, 32.0, 60.0]])


def course(**signs):
    """Every sign zero but those given, ``(draw, day)``, alike in both zones."""
    draws = len(next(iter(signs.values())))
    zero = np.zeros((draws, DAYS.size))
    return xr.Dataset(
        {
            name: (("draw", "zone", "day"), np.repeat(signs.get(name, zero)[:, None], 2, axis=1))
            for name in SIGNS
        },
        {"zone": list(ZONES), "day": DAYS},
    )


def recovery(session=0, session_days=(0.0, 30.0), **signs):
    return Recovery.of(course(**signs), ZONES, session_days, NUMBERS, session)


def falling(*ends, limit):
    """A straight fall from twice the limit that meets it on the days given."""
    return np.maximum(limit * (2.0 - DAYS / np.array(ends)[:, None]), 0.0)


def test_ends_are_where_the_limits_are_met():
    limits = noticed_limits(NUMBERS)
    found = recovery(
        erythema=falling(1.0, 2.1, limit=limits["erythema"][1]),
        swelling=falling(0.6, 4.3, limit=limits["swelling"][0]),
        scaling=falling(3.0, 0.4, limit=limits["scaling"][0]),
    )
    np.testing.assert_allclose(found.redness_seen(), [1.0, 2.1])
    np.testing.assert_allclose(found.swelling_seen(), [0.6, 4.3])
    np.testing.assert_allclose(found.peeling_seen(), [3.0, 0.4])
    np.testing.assert_allclose(found.settled("slight") >= [3.0, 4.3], True)


def test_makeup_waits_for_the_last_of_its_reasons():
    open_skin = NUMBERS.value("healing.milestones.open_barrier")
    dots = noticed_limits(NUMBERS)["pinpoint_bleeding"][1]
    found = recovery(
        barrier_defect=falling(0.2, 3.0, 0.2, limit=open_skin),
        pinpoint_bleeding=falling(0.2, 0.2, 5.0, limit=dots),
    )
    wait = NUMBERS.value("healing.milestones.makeup_wait")
    np.testing.assert_allclose(found.makeup_allowed(), [wait, 3.0, 5.0])


def test_the_glow_of_the_day_itself_is_not_the_glow():
    high = np.zeros((2, DAYS.size))
    high[0, DAYS < 0.9] = 1.0
    high[1, (DAYS > 4.9) & (DAYS < 6.1)] = 1.0
    found = recovery(gloss=high)
    assert np.isnan(found.glow_seen()[0])
    assert 6.0 <= found.glow_seen()[1] <= 6.25
    assert found.glow_best()[1] == 5.0


def test_each_session_has_its_own_days():
    first, second = (recovery(k, erythema=np.ones((1, DAYS.size))) for k in (0, 1))
    assert first.days[-1] == pytest.approx(29.999)
    assert (first.next_planned, second.next_planned) == (30.0, np.inf)
    np.testing.assert_allclose(second.days, [0.0, 1.0, 2.0, 30.0])
    # A grid that is rounded a little below the session still begins with it.
    rounded = recovery(1, (0.0, 30.0 + 3e-9), erythema=np.ones((1, DAYS.size)))
    np.testing.assert_allclose(rounded.days, [0.0, 1.0, 2.0, 30.0], atol=1e-8)


@pytest.mark.parametrize(
    ("session", "starts", "words"),
    [(2, (0.0, 30.0), "this course has 2"), (1, (0.0, 60.0), "forecast further")],
)
def test_a_session_out_of_reach_is_refused(session, starts, words):
    with pytest.raises(MicropenError, match=words):
        recovery(session, starts, erythema=np.ones((1, DAYS.size)))


def test_next_session_waits_for_the_label():
    found = recovery(erythema=np.ones((1, DAYS.size)))
    assert found.next_session_allowed() == NUMBERS.value("healing.milestones.session_interval")


def test_spread_of_days_keeps_what_never_happens_apart():
    days = np.array([1.0, 2.0, 3.0, np.inf, np.inf, np.nan])
    assert DaySpread.of(days) == DaySpread(1.0, 3.0, np.inf, 5 / 6)
    assert np.isnan(DaySpread.of(np.full(3, np.nan)).median)


@pytest.mark.parametrize(("settled", "day"), [(5.3, 6), (5.7, 7), (0.0, 1)])
def test_an_event_waits_until_the_day_is_over(settled, day):
    assert day_of_event(settled) == day


def test_counts_add_up_and_the_rest_is_a_mean_by_area():
    area = TreatedArea.of(ZONES, NUMBERS)
    one = course(lesions=np.ones((1, DAYS.size)), erythema=np.ones((1, DAYS.size)))
    np.testing.assert_allclose(area.draws(one, "lesions"), 2.0)
    np.testing.assert_allclose(area.draws(one, "erythema"), 1.0)
