"""Complications as probabilities: against the counts behind them, and what they depend on."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.stats import binom, poisson

from micropen.errors import MicropenError, UnknownNameError
from micropen.evidence import load_parameters, source
from micropen.healing import RISKS, RiskContext, estimate_risks, risks_of
from micropen.healing.risk import over_sessions
from micropen.healing.risk_estimate import context_of
from micropen.healing.risks import risk
from micropen.healing.risks.acne_flare import _at_least
from micropen.treatment import Treatment


def _plan(
    length=1.5, passes=4, sessions=1, interval=30, device="SkinPen Precision", zones=None, **who
):
    where = {"needle_length_mm": length, "passes": passes}
    person = {"age_years": 30, "sex": "female", "phototype": 3, **who}
    session = {"date": date(2026, 1, 5), "device": device, "anaesthetic": "topical"}
    session |= {"face": where} if zones is None else {"zones": dict.fromkeys(zones, where)}
    series = {"count": sessions, "interval_days": interval}
    return Treatment.from_dict({"person": person, "session": [session], "series": series})


def _estimates(plan, worlds=16, people=25):
    return {e.risk.name: e for e in risks_of(plan, worlds=worlds, people=people)}


@pytest.fixture(scope="module")
def dogra():
    """Five monthly sessions with a roller, types IV-V."""
    return context_of(
        _plan(1.5, 12, 5, device="Dermaroller MF8", zones=["cheek"], phototype=4.4), worlds=30
    )


@pytest.fixture(scope="module")
def usual():
    return context_of(_plan(1.0, history=["herpes"]), worlds=16)


def test_the_complications_are_those_that_observers_count():
    names = {r.name for r in RISKS}
    assert names == {
        "pih", "prolonged_erythema", "herpes_reactivation", "tram_track", "infection", "acne_flare",
    }  # fmt: skip
    assert [r.name for r in RISKS] == sorted(names)


@pytest.mark.parametrize("each", RISKS, ids=lambda r: r.name)
def test_each_leans_on_known_parameters_and_sources(each):
    parameters = load_parameters()
    for name in each.parameters:
        assert parameters[name].name == name
    for key in each.sources:
        assert source(key).key == key
    assert each.summary
    assert each.counts


@pytest.mark.parametrize("each", RISKS, ids=lambda r: r.name)
def test_each_is_a_probability_of_a_person(usual, each):
    values = each.probability(usual)
    assert values.shape == (usual.people.draws,)
    assert values.min() >= 0.0
    assert values.max() <= 1.0


def test_bands_hold_their_mean_and_say_their_grade(usual):
    for found in estimate_risks(usual):
        assert found.low <= found.high
        assert found.low >= 0.0
        assert found.high <= 1.0
        assert found.grade.value == "D"


def test_dogra_and_the_trials_without_a_case_are_possible_together(dogra):
    # 5 of 30 with a roller in types IV-V: inside what worlds of 30 people may give.
    values = risk("pih").probability(dogra).reshape(30, 25).mean(axis=1)
    at_least_five = np.mean(1.0 - binom.cdf(4, 30, values))
    assert at_least_five > 0.02
    # 0 of 31 with weekly rolling, types III-IV.
    weekly = context_of(
        _plan(1.5, 8, 12, 7, device="Dermaroller MF8", zones=["cheek"], phototype=3.5), worlds=20
    )
    values = risk("pih").probability(weekly).reshape(20, 25).mean(axis=1)
    assert np.mean(binom.pmf(0, 31, values)) > 0.15
    # 0 of 32 after two sessions in lighter skin.
    light = _estimates(_plan(1.5, 8, 2, device="Dermaroller MF8", zones=["cheek"], phototype=2.5))
    assert light["pih"].mean < 0.03


def test_pigment_is_a_risk_of_type_dose_and_haste():
    def pih(**more):
        return _estimates(_plan(**more))["pih"].mean

    cheek = {"zones": ["cheek"]}
    light, dark = pih(sessions=3, phototype=2, **cheek), pih(sessions=3, phototype=5, **cheek)
    assert light < 0.03 < dark
    # One shallow session in type IV is not free of it.
    assert 0.001 < pih(length=0.5, phototype=4) < 0.04
    dense = pih(sessions=3, passes=20, phototype=4, **cheek)
    soon = pih(sessions=3, interval=2, phototype=4, **cheek)
    assert min(dense, soon) > 1.5 * pih(sessions=3, phototype=4, **cheek)


def test_redness_beyond_a_week_is_rare_unless_overdone():
    usual = _estimates(_plan(1.0, 4, 3))["prolonged_erythema"]
    assert usual.mean < 0.02
    overdone = _estimates(_plan(2.5, 20, 3, 2))["prolonged_erythema"]
    assert overdone.mean > 10 * usual.mean


def test_herpes_needs_a_history_and_is_more_likely_near_the_mouth():
    assert _estimates(_plan(1.0))["herpes_reactivation"].high == 0.0
    far = _estimates(_plan(1.0, zones=["forehead"], history=["herpes"]))["herpes_reactivation"]
    near = _estimates(_plan(1.0, zones=["upper_lip"], history=["herpes"]))["herpes_reactivation"]
    assert 2.0 * far.mean < near.mean
    # Cassiano: 3 in 64 (in four arms, about half needled); three of ten with a history, two
    # sessions. Both readings of the count are likely enough.
    two = _estimates(_plan(1.0, sessions=2, history=["herpes"]))["herpes_reactivation"]
    assert 3 / 64 / 2 < 0.3 * two.mean < 3 / 32


def test_tram_tracks_belong_to_long_needles_of_rollers(dogra):
    values = risk("tram_track").probability(dogra)
    # 2 of 30 (roller, five sessions), none reported of 31, 32 and 36 others.
    assert 0.01 < values.mean() < 0.067
    # Many worlds of one person: only what is not known changes this hazard.
    crowd = {"worlds": 100, "people": 1}
    pen = _estimates(_plan(1.5, 4, 5), **crowd)["tram_track"].mean
    short = _estimates(_plan(0.5, 12, 5, device="dermaroller"), **crowd)["tram_track"].mean
    assert pen < 0.1 * values.mean()
    assert short < 0.5 * values.mean()


def test_infection_meets_the_rule_of_three():
    # None in 1,845 people: 95 % upper bound 3 / 1,845 for a usual series of three sessions.
    found = _estimates(_plan(1.0, 4, 3), worlds=200, people=1)["infection"]
    assert found.low < 0.5 / 1845 < found.high
    assert np.isclose(found.high, 3 / 1845, rtol=0.5)


def test_flares_of_acne_stay_below_the_highest_count():
    average = _estimates(_plan(1.0, 4))["acne_flare"].mean
    prone = _estimates(_plan(1.0, 4, acne_proneness=0.9))["acne_flare"].mean
    assert 0.005 < average < 0.133
    assert prone > 2.0 * average


def test_poisson_tail_is_that_of_scipy():
    expected = np.array([0.0, 0.5, 4.0, 20.0, 60.0])
    assert np.allclose(_at_least(20, expected), poisson.sf(19, expected), atol=1e-12)


def test_sessions_add_up_as_independent_chances():
    hazard = np.array([0.0, 0.1, 1.0, 1.7])
    assert np.allclose(over_sessions([hazard] * 3), [0.0, 1.0 - 0.9**3, 1.0, 1.0])


def test_a_course_that_is_too_short_cannot_tell(usual):
    short = replace(usual.course, dataset=usual.course.dataset.sel(day=slice(0.0, 5.0)))
    context = replace(usual, course=short)
    found = {each.name: each.probability(context) for each in RISKS}
    assert np.isnan(found["pih"]).all()
    assert np.isnan(found["prolonged_erythema"]).all()
    assert np.isfinite(found["acne_flare"]).all()


def test_people_and_draws_must_match(usual):
    with pytest.raises(MicropenError, match="one person per draw"):
        replace(usual, people=usual.people.take(slice(0, 3)))
    with pytest.raises(MicropenError, match="sessions"):
        RiskContext(usual.course, usual.people, (), usual.parameters, usual.seed)


def test_people_may_differ_within_a_course(usual):
    mixed = replace(usual.people, herpes=np.where(np.arange(usual.people.draws) % 2 == 0, 1.0, 0.0))
    values = risk("herpes_reactivation").probability(replace(usual, people=mixed))
    assert (values[::2] > 0.0).all()
    assert (values[1::2] == 0.0).all()


def test_an_unknown_complication_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="pih"):
        risk("phi")
