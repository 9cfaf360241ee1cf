"""Observation models against closed forms and against what they are meant to do."""

import numpy as np
import pytest
from scipy.stats import norm, poisson

from micropen.evidence import load_parameters
from micropen.healing.visibility import visible_days
from micropen.observation import Baseline, scale

DAYS = np.array([0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 14.0, 30.0, 60.0])  # as the views

N = 4000


def _mean(name, view, day=None):
    return scale(name).observe(view, day).mean()


def _value(name):
    return load_parameters().value(f"observation.{name}")


@pytest.mark.parametrize(("name", "top"), [("erythema_subject", 10.0), ("erythema_vas", 100.0)])
@pytest.mark.parametrize("redness", [0.0, 0.3, 1.0, 4.0])
def test_redness_uses_up_its_scale_exponentially(view, name, top, redness):
    expected = top * (1.0 - np.exp(-redness / _value("redness.grade_scale")))
    assert np.allclose(scale(name).observe(view({"erythema": redness}), 1.0), expected)


def test_redness_grades_are_rounded_and_reach_both_ends(view):
    grades = [scale("erythema_clinician").observe(view({"erythema": e}), 1.0)[0] for e in
              (0.0, 0.25, 1.0, 4.0)]  # fmt: skip
    assert grades == [0.0, 1.0, 3.0, 4.0]


def test_a_known_start_is_where_the_score_starts(view, quiet):
    at = view({}, draws=N, baselines={"erythema_subject": Baseline(2.0, 0.5)})
    before = scale("erythema_subject").observe(at, None)
    assert np.isclose(before.mean(), 2.0, atol=0.05)
    assert np.isclose(before.std(), 0.5, atol=0.05)
    assert np.array_equal(before, scale("erythema_subject").observe(at, 7.0))


def test_melanin_hides_redness_from_eyes(view):
    light, dark = (view({"erythema": 0.8}, phototype=p) for p in (2.0, 5.5))
    hidden = np.exp(-3.0 * _value("redness.tone_masking"))
    seen = [-np.log1p(-scale("erythema_subject").observe(v, 1.0)[0] / 10) for v in (light, dark)]
    assert np.isclose(seen[1] / seen[0], hidden)


def test_redness_gone_agrees_with_the_forecasts_own_milestone(view, quiet):
    at = view({"erythema": np.exp(-DAYS)}, zones=("cheek_left", "cheek_right"))
    _, last = visible_days(at.course, "erythema", parameters=quiet)
    assert np.allclose(scale("erythema_gone_days").observe(at, None), last)
    assert np.allclose(last, np.log(1 / 0.25), atol=0.15)


def test_events_look_at_the_first_session_only(view):
    fade = 2.0 * np.exp(-DAYS / 2.0) + 2.0 * (DAYS >= 30.0) * np.exp(-(DAYS - 30.0) / 2.0)
    alone = view({"erythema": 2.0 * np.exp(-DAYS / 2.0)})
    series = view({"erythema": fade}, starts=(0.0, 30.0))
    name = "erythema_gone_days"
    assert np.allclose(scale(name).observe(series, None), scale(name).observe(alone, None))
    assert np.all(scale("erythema_gone_days").observe(view({"erythema": 1.0}), None) == np.inf)
    assert np.all(scale("erythema_gone_days").observe(view({}), None) == 0.0)
    assert np.all(scale("peeling_start_days").observe(view({}), None) == np.inf)


def test_downtime_is_the_last_of_its_signs(view):
    at = view({"erythema": np.exp(-DAYS), "swelling": np.exp(-DAYS), "scaling": np.exp(-DAYS / 3)})
    parts = [scale(n).observe(at, None) for n in
             ("erythema_gone_days", "swelling_gone_days", "peeling_end_days")]  # fmt: skip
    assert np.array_equal(scale("downtime_days").observe(at, None), np.max(parts, axis=0))
    assert np.all(scale("presentable_days").observe(at, None) <= np.max(parts, axis=0))


def test_the_four_observables_of_the_barrier_close_one_after_the_other(view):
    days = np.concatenate([np.linspace(0, 5, 101), [10.0]])
    at = view({"barrier_defect": 0.05 * np.exp(-days)}, days=days)
    names = ("channel_gap_closed_days", "micropore_half_life_days", "channel_dye_closed_days",
             "micropore_closed_days")  # fmt: skip
    levels = ("gap_level", "half_level", "dye_level", "impedance_level")
    for name, level in zip(names, levels, strict=True):
        expected = -np.log(_value(f"barrier.{level}"))
        assert np.allclose(scale(name).observe(at, None), expected, atol=0.01), name
    closed = np.log(
        0.05 * _value("barrier.water_loss_gain") / _value("barrier.water_loss_detectable")
    )
    assert np.allclose(scale("barrier_closed_days").observe(at, None), closed, atol=0.01)


def test_pain_of_the_needling_is_read_at_its_session(view):
    at = view({"pain": np.where(DAYS == 30.0, 6.0, np.where(DAYS == 0.0, 3.0, 0.0))},
              starts=(0.0, 30.0))  # fmt: skip
    assert np.allclose(scale("pain_during").observe(at, 7.0), 3.0)
    assert np.allclose(scale("pain_during").observe(at, 30.0), 6.0)
    assert np.allclose(scale("pain_after").observe(at, 30.0), 6.0)
    assert np.allclose(scale("pain_after").observe(at, 7.0), 0.0)


def test_lesions_are_counted_over_the_zones(view):
    zones = ("cheek_left", "cheek_right", "chin")
    expected = 3 * 1.5 * _value("lesions.counted_share")
    counts = scale("lesion_count").observe(view({"lesions": 1.5}, draws=N, zones=zones), 3.0)
    assert np.isclose(counts.mean(), expected, rtol=0.05)
    assert np.isclose((counts == 0).mean(), poisson.pmf(0, expected), atol=0.02)


def test_scars_fade_by_emax_of_collagen(view):
    largest, half = _value("scars.largest"), _value("scars.half_collagen")
    at = view({"collagen": half}, draws=N, controlled=True)
    assert np.isclose(_mean("acne_scar_score_change", at, 60.0), -largest / 2)
    factors = [_value(f"scars.{kind}_factor") for kind in ("boxcar", "rolling", "icepick")]
    changes = [_mean(f"scar_{kind}_change", at, 60.0) for kind in ("boxcar", "rolling", "icepick")]
    assert np.allclose(changes, [-f * largest / 2 for f in factors])


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("acne_scar_score_change", "scars"),
        ("wrinkle_score_change", "wrinkles"),
        ("masi_change", "pigment"),
        ("pore_score_change", "pores"),
        ("overall_opinion_change", "overall"),
    ],
)
def test_what_improves_anyway_is_all_that_an_untreated_group_shows(view, name, family):
    built = 1.0 - np.exp(-60.0 / _value("placebo.days"))
    alone = view({})
    assert np.allclose(scale(name).observe(alone, 60.0), -_value(f"{family}.placebo") * built)
    assert np.all(scale(name).observe(alone, None) == 0.0)
    assert np.all(scale(name).observe(view({}, controlled=True), 60.0) == 0.0)


_GRADED = (
    "gais improvement_quartile texture_grade lemperle_wrinkle goodman_baron_lost posas_patient"
)


@pytest.mark.parametrize("name", _GRADED.split())
def test_a_control_takes_the_placebo_off(view, name):
    parameters = load_parameters().in_worlds(20)
    signs = {"collagen": 0.08, "relief": 0.1}
    free, controlled = (
        _mean(name, view(signs, draws=800, parameters=parameters, controlled=c), 60.0)
        for c in (False, True)
    )
    better_is_higher = scale(name).better == "higher"
    assert (free > controlled) == better_is_higher


def test_placebo_and_effect_share_what_is_left(view, quiet):
    at = view({"collagen": 0.11}, parameters=quiet)
    effect = -scale("acne_scar_score_change").observe(
        view({"collagen": 0.11}, controlled=True), 60.0
    )
    placebo = -scale("acne_scar_score_change").observe(view({}), 60.0)
    both = -scale("acne_scar_score_change").observe(at, 60.0)
    assert np.allclose(both, 1.0 - (1.0 - placebo) * (1.0 - effect))


def test_raters_of_one_trial_lean_together(view):
    values = dict.fromkeys(
        (p.name for p in load_parameters().group("observation.clinician")), 0.0
    ) | {"observation.clinician.lean_sd": 0.5}
    parameters = load_parameters().without_spread().with_values(values).in_worlds(25)
    at = view({"erythema": 0.7}, draws=500, parameters=parameters)
    marks = scale("erythema_vas").observe(at, 1.0).reshape(20, 25)
    assert np.allclose(marks, marks[:, :1])
    assert marks[:, 0].std() > 5.0


def test_what_is_not_known_is_shared_by_a_trial(view):
    parameters = load_parameters().in_worlds(50)
    at = view({"collagen": 0.1}, draws=2000, parameters=parameters)
    change = scale("dermal_density_change").observe(at, 60.0).reshape(40, 50)
    assert change.mean(axis=1).std() > 2.0 * change.std(axis=1).mean()


def test_grades_of_goodman_and_baron_start_as_published(view, quiet):
    known = {"goodman_baron_qualitative": Baseline(3.29, 0.59)}
    before = scale("goodman_baron_qualitative").observe(view({}, draws=N, baselines=known), None)
    assert set(before) <= {1.0, 2.0, 3.0, 4.0}
    assert np.isclose(before.mean(), 3.29, atol=0.05)
    assert np.isclose(before.std(), 0.59, atol=0.08)
    at = view({"collagen": 0.2}, draws=N, baselines=known, parameters=load_parameters())
    lost = scale("goodman_baron_lost").observe(at, 60.0)
    after = scale("goodman_baron_qualitative").observe(at, 60.0)
    assert np.isclose(lost.mean(), before.mean() - after.mean(), atol=0.1)


def test_darkening_shows_as_worse(view):
    dark = view({"pigment": 0.6})
    assert np.all(scale("masi_change").observe(dark, 60.0) > 0.0)
    assert np.all(scale("gais").observe(dark, 60.0) == -1.0)
    assert np.all(scale("satisfaction").observe(dark, 60.0) == 0.0)


def test_satisfaction_is_a_share_of_what_people_need(view, quiet):
    at = view({}, draws=N, controlled=True)
    expected = norm.cdf(-_value("satisfaction.needed") / _value("satisfaction.spread"))
    assert np.isclose(_mean("satisfaction", at, 60.0), expected, atol=0.02)


def test_colour_moves_as_blood_and_melanin_do(view):
    red, pale = view({"erythema": 0.69}), view({"pigment": -0.3})
    assert np.all(scale("a_star_change").observe(red, 1.0) > 2.0)
    assert np.all(scale("l_star_change").observe(red, 1.0) < 0.0)
    assert np.all(scale("ita_change").observe(pale, 1.0) > 2.0)
    dark = view({"erythema": 0.69}, phototype=6.0)
    assert np.all(
        scale("a_star_change").observe(dark, 1.0) < 0.5 * scale("a_star_change").observe(red, 1.0)
    )


def test_expected_reactions_are_listed_by_some_trials_only(view):
    parameters = load_parameters().in_worlds(40)
    at = view({"erythema": 3.0}, draws=8000, parameters=parameters)
    shares = scale("erythema_seen").observe(at, 7.0).reshape(200, 40).mean(axis=1)
    assert (shares < 0.1).mean() > 0.1
    assert (shares > 0.9).mean() > 0.1
    assert 0.35 < shares.mean() < 0.65


def test_complications_come_at_their_probability(view):
    limit = load_parameters().value("healing.milestones.visible_pigment")
    pigment = np.where(DAYS > 10.0, limit, 0.0)
    at = view({"pigment": pigment}, draws=N)
    assert np.isclose(_mean("pih", at, 60.0), 0.5, atol=0.03)
    assert _mean("pih", view({}, draws=N), 60.0) == 0.0
    assert np.all(scale("pih").observe(at, None) == 0.0)
