"""What practices tell clients: one practice a draw, its typical client the median of its world."""

import numpy as np
import pytest
from scipy.stats import norm

from micropen.evidence import load_parameters
from micropen.observation import Kind, View, scale, scales

DAYS = np.array([0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 14.0, 30.0, 60.0])  # as the views


def _only_practices_differ(people):
    return load_parameters().without_spread().in_worlds(people)


def test_share_of_practices_is_a_normal_of_the_logarithm(view):
    parameters = _only_practices_differ(4000)
    shown = 0.6
    at = view({"erythema": shown}, draws=4000, parameters=parameters)
    limit = parameters.value("healing.milestones.visible_redness")
    lean = parameters.value("observation.practice.redness_lean")
    spread = parameters.value("observation.practice.redness_sd")
    expected = norm.cdf((np.log(shown / limit) - lean) / spread)
    assert np.isclose(scale("practice_redness").observe(at, 2.0).mean(), expected, atol=0.03)


def test_a_practice_speaks_of_its_typical_client(view):
    people = np.array([0.0, 0.0, 5.0, 5.0, 5.0] * 200)
    at = view({"erythema": np.tile(people[:, None], (1, DAYS.size))}, draws=1000,
              parameters=_only_practices_differ(5))  # fmt: skip
    assert scale("practice_redness").observe(at, 2.0).mean() > 0.95


@pytest.mark.parametrize("start", [0.0, 3.0])
def test_stated_days_agree_with_stated_signs(view, start):
    shape = np.where(start <= DAYS, 0.08 * np.exp(-np.maximum(DAYS - start, 0.0) / 4.0), 0.0)
    at = view({"scaling": shape}, draws=500, parameters=_only_practices_differ(500))
    begin, end = (scale(f"practice_peeling_{x}_days").observe(at, None) for x in ("start", "end"))
    states = scale("practice_peeling").observe(at, 5.0) > 0.0
    assert np.all(states[(begin <= 4.75) & (end >= 5.25)])
    assert not np.any(states[(begin > 5.25) | (end < 4.75)])


def test_day_zero_is_the_rest_of_that_day(view):
    late = view({"swelling": np.where(DAYS == 0.0, 0.0, 5.0)}, draws=200,
                parameters=_only_practices_differ(200))  # fmt: skip
    assert scale("practice_swelling").observe(late, 0.0).mean() > 0.95


def test_makeup_waits_for_the_label_and_for_the_skin(view):
    parameters = _only_practices_differ(1000)
    well, open_skin = (
        view({"barrier_defect": defect * np.exp(-DAYS / 4)}, draws=1000, parameters=parameters)
        for defect in (0.0, 0.5)
    )
    rule = scale("practice_makeup_days").observe(well, None)
    wait = parameters.value("healing.milestones.makeup_wait")
    lean = parameters.value("observation.practice.makeup_lean")
    assert np.isclose(np.median(rule), wait * np.exp(lean), rtol=0.05)
    allowed = scale("practice_makeup_allowed").observe(well, 1.0)
    assert np.array_equal(allowed, (rule <= 1.25).astype(float))
    assert np.all(scale("practice_makeup_days").observe(open_skin, None) > 3.0)
    assert np.all(scale("practice_makeup_allowed").observe(well, None) == 1.0)


def test_a_glow_is_promised_after_it_first_shows_and_stays_promised(view):
    at = view({"gloss": np.where((DAYS > 2.0) & (DAYS < 30.0), 1.0, 0.0)}, draws=500,
              parameters=_only_practices_differ(500))  # fmt: skip
    start = scale("practice_glow_start_days").observe(at, None)
    assert np.all(start > 2.0)
    shares = [scale("practice_glow").observe(at, day).mean() for day in (1.0, 4.0, 7.0, 14.0, 60.0)]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] > 0.9


def test_fresh_blood_is_not_a_scab(view):
    at = view({"pinpoint_bleeding": 100.0}, draws=100, parameters=_only_practices_differ(100))
    assert scale("practice_pinpoint_scabs").observe(at, 0.0).max() == 0.0
    assert scale("practice_pinpoint_scabs").observe(at, 1.0).mean() > 0.9


class _Listening(View):
    """A view that remembers which days are asked for: -1 is all of them."""

    def at(self, sign, day):
        _ASKED.add(day)
        return np.full(self.draws, 0.1)

    count_at = at

    def over_time(self, sign):
        _ASKED.add(-1.0)
        return super().over_time(sign)


_ASKED: set[float | None] = set()


@pytest.mark.parametrize("name", [n for n, s in scales().items() if s.kind is Kind.LEVEL])
def test_a_level_that_reads_other_days_says_so(view, name):
    at = view({"gloss": 1.0})
    _ASKED.clear()
    scale(name).observe(_Listening(**{f: getattr(at, f) for f in at.__dataclass_fields__}), 7.0)
    # Pain while being needled is read at its session, which every course reports.
    others = _ASKED - {None, 7.0, 0.0}
    assert bool(others) == scale(name).whole_course
