"""What a new study may differ by: as wide as the calibration allows, and no stranger."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from micropen.calibration.new_study import with_discrepancy
from micropen.calibration.target import Transform, discrepancy
from micropen.evidence import Grade, load_parameters
from micropen.observation import scale
from micropen.studies.study import Claim, Finding, Role, Statistic

NAN = float("nan")
PARAMETERS = load_parameters(calibrated=False)
BASE = Finding(
    "s.row", "pen", "", "erythema_clinician", Statistic.MEAN, NAN, 1.0, Claim.EQUALS, 1.0, 1.0,
    NAN, NAN, 20, Grade.A, Role.FIT, (), "",
)  # fmt: skip


def added(value, finding, draws=20_000):
    sample = np.full(draws, float(value))
    return with_discrepancy(sample, finding, scale(finding.scale), PARAMETERS, 0)


def test_a_level_is_widened_by_what_the_fit_allows():
    expected = discrepancy(Transform.PLAIN, Grade.A, scale(BASE.scale), 2.0, PARAMETERS)
    found = added(2.0, BASE)
    assert found.std() == pytest.approx(expected, rel=0.03)
    assert found.mean() == pytest.approx(2.0, abs=0.02)


def test_weaker_evidence_is_widened_more():
    assert added(2.0, replace(BASE, grade=Grade.D)).std() > 1.5 * added(2.0, BASE).std()


def test_times_are_widened_in_proportion_and_never_stays_never():
    event = replace(BASE, scale="erythema_gone_days", statistic=Statistic.MEDIAN, day=None)
    found = added(3.0, event)
    assert np.log(found + 0.25).std() == pytest.approx(
        discrepancy(Transform.LOG_DAYS, Grade.A, scale(event.scale), 3.0, PARAMETERS), rel=0.03
    )
    never = with_discrepancy(np.full(5, np.inf), event, scale(event.scale), PARAMETERS, 0)
    assert np.all(np.isinf(never))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_shares_stay_shares_of_whole_people(share):
    found = added(share, replace(BASE, statistic=Statistic.SHARE, threshold=1.0))
    assert found.min() >= 0.0
    assert found.max() <= 1.0
    assert np.allclose(found * 20, np.round(found * 20))
    assert np.median(found) == pytest.approx(share, abs=0.051)


def test_the_same_seed_adds_the_same():
    assert np.array_equal(added(1.0, BASE, 50), added(1.0, BASE, 50))
    assert not np.array_equal(added(1.0, BASE, 50), added(1.0, replace(BASE, key="s.b"), 50))
