"""Chances against people simulated by the whole model, each looked at day by day by itself."""

from datetime import timedelta

import numpy as np
import pytest
from made_up_calendar import day

from micropen.evidence import load_parameters
from micropen.healing import forecast
from micropen.healing.noticed import noticed_limits
from micropen.healing.treated_area import TreatedArea
from micropen.planning.calendar import DaysAfter, chances_on, first_clear_day
from micropen.planning.session_response import SEEN, SessionResponse
from micropen.treatment import Treatment

pytestmark = pytest.mark.slow

PARAMETERS = load_parameters()
DRAWS = 2000
APART = 35
# One in 15,000 lies further out; some hundred comparisons are made.
SURE = 4.0


@pytest.fixture(scope="module")
def treatment(founding_case_file):
    """The founding case, once and again five weeks later."""
    once = Treatment.read(founding_case_file)
    (first,) = once.sessions
    date = first.date + timedelta(days=APART)
    again = first.model_copy(update={"day": float(APART), "date": date})
    return once, once.model_copy(update={"sessions": (first, again)})


def drawn(treatment, days, seed, since=0.0):
    """Lags and signs of the treated area, after a moment of the course."""
    course = forecast(treatment, days, DRAWS, seed)
    area = TreatedArea.of(course.treated, PARAMETERS)
    chosen = np.flatnonzero(course.days >= since)
    names = (*SEEN, "lesions", "gloss", "barrier_defect")
    signs = {name: area.draws(course.dataset, name)[:, chosen] for name in names}
    return course.days[chosen] - since, signs


@pytest.fixture(scope="module")
def after(treatment):
    lags, signs = drawn(treatment[0], APART, seed=1)
    return DaysAfter.of(SessionResponse(lags, signs, np.zeros(DRAWS)), PARAMETERS)


def looked_at(lags, signs, days, seed):
    """Whether nothing is noticed on each day, and whether a glow is: one face after the other."""
    limits = {name: clear for name, (_, clear, _) in noticed_limits(PARAMETERS).items()}
    random = np.random.default_rng(seed)
    unseen, glowing = np.zeros((2, DRAWS, days), dtype=bool)
    for one in range(days):
        inside = np.abs(lags - one) <= 0.5 + 1e-6
        for person in range(DRAWS):
            calm = all((signs[name][person, inside] < limits[name]).all() for name in SEEN)
            spots = random.poisson(signs["lesions"][person, inside].max())
            unseen[person, one] = calm and spots == 0
            glowing[person, one] = one > 0 and (signs["gloss"][person, inside] >= 0.12).all()
    return unseen, glowing


def agree(chance, frequency):
    """Equal within the error of two samples of `DRAWS` people."""
    mean = (chance + frequency) / 2.0
    error = np.sqrt(np.maximum(mean * (1.0 - mean), 1.0 / DRAWS) * 2.0 / DRAWS)
    return np.abs(chance - frequency) <= SURE * error


def test_chances_are_frequencies_among_other_people(treatment, after):
    lags, signs = drawn(treatment[0], APART, seed=2)
    unseen, glowing = looked_at(lags, signs, APART, seed=3)
    assert agree(after.clear[:APART], unseen.mean(axis=0)).all()
    assert agree(after.glow[:APART], (unseen & glowing).mean(axis=0)).all()
    # It would not agree by chance: the days differ.
    assert np.ptp(after.clear) > 0.5
    for wanted in (0.5, 0.8, 0.9):
        first = first_clear_day(after.clear, wanted)
        assert unseen[:, first].mean() >= wanted - SURE * np.sqrt(wanted * (1 - wanted) / DRAWS)
        assert not agree(np.array(wanted), unseen[:, first - 2].mean())


def test_a_later_session_is_as_the_whole_series_has_it(treatment, after):
    lags, signs = drawn(treatment[1], 2 * APART, seed=4, since=float(APART))
    unseen, glowing = looked_at(lags, signs, APART, seed=5)
    sessions = (day(0), day(APART))
    told = np.array([chances_on(day(APART + d), sessions, after) for d in range(APART)])
    assert agree(told[:, 0], unseen.mean(axis=0)).all()
    # Something of the first glow is left, and two are seen together where neither was by itself:
    # the chances told are a little low, never high.
    frequency = (unseen & glowing).mean(axis=0)
    assert (agree(told[:, 1], frequency) | (told[:, 1] < frequency)).all()
    assert (frequency - told[:, 1]).max() < 0.12
