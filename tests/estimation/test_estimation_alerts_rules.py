"""Each rule on both sides: what it speaks of, and what it lets pass."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from alert_cases import person, treatment
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.case.check_in import WARNING_SIGNS, CheckIn
from micropen.estimation.alerts import AlertContext, raise_alerts
from micropen.estimation.predictive import Predictive
from micropen.estimation.result import Axis, Level, ReadPoint
from micropen.measurement.result import LesionSighting
from micropen.treatment.person import Condition

DAY_4 = 4.0
SERIOUS = [None, Level.WATCH, Level.ASK, Level.CLINICIAN]


def at(day):
    return lambda point: point.day == day


def rank(alerts):
    return max((SERIOUS.index(a.level) for a in alerts), default=0)


def keys(alerts):
    return {alert.key: alert.level for alert in alerts}


def empty(**more):
    none = Predictive((), np.zeros((500, 0)), np.zeros(0, bool))
    return AlertContext(treatment(), none, **more)


def changed(key, day, by, *, zone=None):
    """Add to the readings of one sign from a day on."""

    def change(point, value):
        hit = point.key == key and point.day >= day and zone in {None, point.zone}
        if not hit:
            return value
        return min(max(value + by, 0.0), 10.0) if point.axis is Axis.DIARY else value + by

    return change


def with_person(**fields):
    case = treatment()
    return case.model_copy(update={"person": case.person.model_copy(update=fields)})


def check_in(day, *flags):
    return CheckIn(treatment().sessions[0].moment + timedelta(days=day), warning_signs=flags)


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("day", [1.0, 4.0, 7.1, 12.0])
def test_a_typical_person_hears_nothing(number, day):
    assert raise_alerts(person(number).context(at(day))) == ()


def test_nothing_to_look_at_is_no_alert():
    assert raise_alerts(empty()) == ()


@pytest.mark.parametrize("flag", sorted(WARNING_SIGNS))
def test_every_red_flag_means_a_clinician(flag):
    (alert,) = raise_alerts(empty(check_ins=(check_in(1.0), check_in(3.0, flag))))
    assert (alert.level, alert.key, alert.day) == (Level.CLINICIAN, "red_flag", pytest.approx(3.0))
    assert np.isnan(alert.probability)
    assert WARNING_SIGNS[flag] in alert.sentence
    assert "may" in alert.sentence
    assert "Be seen today" in alert.advice


def test_several_red_flags_are_told_one_by_one_and_old_ones_pass():
    told = raise_alerts(empty(check_ins=(check_in(2.0, "pus"), check_in(3.0, "eye", "fever"))))
    assert [a.title for a in told if a.level is Level.CLINICIAN] == [a.title for a in told]
    assert len(told) == 3
    later = raise_alerts(empty(check_ins=(check_in(2.0, "pus"), check_in(9.5))))
    assert later == ()


def test_a_note_is_enough_and_says_so():
    when = treatment().sessions[0].moment + timedelta(days=2)
    (alert,) = raise_alerts(empty(mentions=((when, "fever"), (when, "glow"))))
    assert alert.level is Level.CLINICIAN
    assert "If your note meant something else" in alert.sentence


def test_herpes_before_is_said_with_blisters():
    had = replace(empty(check_ins=(check_in(3.0, "blisters"),)),
                  treatment=with_person(history=(Condition.HERPES,)))  # fmt: skip
    (alert,) = raise_alerts(had)
    assert "herpes before" in alert.sentence


@pytest.mark.parametrize(
    ("question", "by", "key"),
    [("pain", 6, "pain"), ("swelling", 6, "swelling"), ("itching", 7, "itching"),
     ("peeling", 8, "peeling"), ("redness", 6, "redness")],
)  # fmt: skip
def test_far_more_than_expected_is_asked_about(question, by, key):
    someone = person(0)
    alerts = raise_alerts(someone.reads(changed(question, DAY_4, by)).context(at(DAY_4)))
    (alert,) = [a for a in alerts if a.key in {key, f"rising_{key}"}]
    assert alert.level in {Level.ASK, Level.CLINICIAN}
    assert alert.probability < 1e-3
    assert "your own forecast" in alert.sentence
    assert "less than 1 in 1000" in alert.sentence
    assert alert.evidence[0].startswith("Day 4, answer")
    assert alert.advice.startswith(("Ask your practitioner", "See a clinician"))
    assert alert.harmless


@pytest.mark.parametrize("question", ["pain", "swelling", "itching", "peeling", "redness"])
def test_better_than_expected_is_never_an_alert(question):
    better = person(0).reads(changed(question, 0.0, -10.0)).reads(changed("erythema", 0.0, -1.0))
    for day in (1.0, 2.1, 4.0):
        assert raise_alerts(better.context(at(day))) == ()


def test_what_matters_to_nobody_is_no_alert_however_improbable():
    someone = person(0)
    context = someone.context(at(DAY_4))
    sharp = replace(
        context.predictive,
        draws=context.predictive.draws * 0.0,
        points=tuple(
            replace(p, value=1.0 if p.axis is not Axis.SIGN else 0.1)
            for p in context.predictive.points
        ),
    )
    assert raise_alerts(replace(context, predictive=sharp)) == ()


def test_red_zones_of_a_photograph_speak_jointly():
    someone = person(1)
    at_photo = at(4.1)
    moderate = someone.reads(changed("erythema", 4.0, 0.35)).context(at_photo)
    single = someone.reads(changed("erythema", 4.0, 0.35, zone="chin")).context(at_photo)
    assert keys(raise_alerts(moderate)).get("redness") is not None
    assert "redness" not in keys(raise_alerts(single))


def test_redness_after_a_week_is_told_as_lasting():
    lasting = person(1).reads(changed("erythema", 12.0, 0.6)).context(at(12.1))
    (alert,) = [a for a in raise_alerts(lasting) if "redness" in a.key]
    assert "outlasts" in alert.title or "rises" in alert.title
    early = person(1).reads(changed("erythema", 4.0, 0.6)).context(at(4.1))
    assert not any("outlasts" in a.title for a in raise_alerts(early))


def test_pain_that_rises_again_is_told_with_the_step():
    def change(point, value):
        return {4.0: 1.0, 5.0: 3.0}.get(point.day, value) if point.key == "pain" else value

    someone = person(2).reads(change)
    alerts = raise_alerts(someone.context(at(5.0)))
    (alert,) = [a for a in alerts if a.key in {"pain", "rising_pain"}]
    assert any("rose from" in text for text in (alert.sentence, *alert.evidence))


def test_a_rise_before_day_two_is_not_compared():
    someone = person(2).reads(changed("pain", 1.0, 6.0))
    assert "rising_pain" not in keys(raise_alerts(someone.context(at(1.0))))
    assert not any(
        "rose from" in text
        for a in raise_alerts(someone.context(at(2.0)))
        for text in (a.sentence, *a.evidence)
    )


def test_one_red_cheek_is_one_sided_and_an_even_face_is_not():
    one = person(1).reads(changed("erythema", 4.0, 0.6, zone="cheek_left")).context(at(4.1))
    alert = next(a for a in raise_alerts(one) if a.key == "one_sided")
    assert "left cheek" in alert.sentence
    assert "left cheek" in alert.evidence[0]
    even = person(1).reads(changed("erythema", 4.0, 0.6)).context(at(4.1))
    assert "one_sided" not in keys(raise_alerts(even))


def test_a_red_side_is_told_as_a_side():
    def change(point, value):
        side = point.zone.endswith("_right") and point.key == "erythema" and point.day > 4.0
        return value + 0.4 * side

    alerts = raise_alerts(person(1).reads(change).context(at(4.1)))
    assert "the right side" in next(a for a in alerts if a.key == "one_sided").sentence


@pytest.mark.parametrize("day", [4.1, 12.1])
def test_dark_patches_are_looked_for_after_a_week(day):
    dark = person(1).reads(changed("pigment", 0.0, 0.5, zone="cheek_left"))
    alerts = keys(raise_alerts(dark.context(at(day))))
    assert ("dark_patches" in alerts) == (day > 7.0)


def test_dark_patches_are_graver_in_skin_that_darkens_easily():
    plain = with_person(melasma=False, phototype=2.0)
    dark_skin = with_person(melasma=False, phototype=5.0)
    for by in np.arange(0.2, 0.6, 0.02):
        someone = person(3).reads(changed("pigment", 0.0, by, zone="cheek_left"))
        light, dark = (
            keys(raise_alerts(someone.context(at(12.1), treatment=case)))
            for case in (plain, dark_skin)
        )
        if light == {"dark_patches": Level.WATCH}:
            assert dark == {"dark_patches": Level.ASK}
            return
    pytest.fail("no reading was found that is only watched")


def test_many_spots_are_asked_about_and_a_few_are_not():
    few = person(0).reads(changed("lesions", 3.0, 3.0))
    many = person(0).reads(changed("lesions", 3.0, 25.0))
    assert raise_alerts(few.context(at(3.0))) == ()
    (alert,) = raise_alerts(many.context(at(3.0)))
    assert alert.key == "breakouts"
    assert "spots" in alert.sentence


def test_spots_that_become_more_are_spreading():
    def change(point, value):
        return {3.0: 2.0, 4.0: 6.0, 5.0: 30.0}.get(point.day, value) if (
            point.key == "lesions"
        ) else value  # fmt: skip

    (alert,) = raise_alerts(person(0).reads(change).context(at(5.0)))
    texts = (alert.sentence, *alert.evidence)
    assert alert.key in {"breakouts", "spreading_spots"}
    assert any("still becoming more" in text for text in texts)


def sightings(count, *, spread_mm=2.0, zone="upper_lip", day=4.1, diameter=2.0, first=1):
    return tuple(
        LesionSighting(
            lesion=first + i, photo="photo-4.1.jpg", day=day, zone=zone, x_px=0.0, y_px=0.0,
            x_mm=spread_mm * i, y_mm=0.0, diameter_mm=diameter, diameter_sd_mm=0.3, contrast=0.5,
            probability=0.9,
        )
        for i in range(count)
    )  # fmt: skip


def group(lesions, **fields):
    context = person(1).context(at(4.1), treatment=with_person(**fields), lesions=lesions)
    return [a for a in raise_alerts(context) if a.key == "group_near_lip"]


def test_a_close_group_near_the_lip_is_told():
    (alert,) = group(sightings(5))
    assert alert.level in {Level.WATCH, Level.ASK}
    assert "cold sores" in alert.sentence
    assert group(sightings(5, spread_mm=15.0)) == []
    assert group(sightings(5, zone="cheek_left")) == []
    assert group(sightings(5, diameter=9.0)) == []
    assert group(sightings(2)) == []
    assert group(sightings(5) + sightings(5, day=-1.0)) == []


def test_a_group_is_graver_after_herpes():
    (plain,), (had,) = group(sightings(4)), group(sightings(4), history=(Condition.HERPES,))
    assert had.level is Level.ASK
    assert SERIOUS.index(had.level) >= SERIOUS.index(plain.level)
    assert "herpes before" in had.sentence


def doubts(*keys_):
    return lambda point: 0.9 if point.key in keys_ and point.day >= DAY_4 else 0.0


def test_a_single_absurd_entry_is_asked_to_be_checked():
    absurd = person(0).reads(changed("pain", DAY_4, 10.0)).context(at(DAY_4), doubts=doubts("pain"))
    (alert,) = raise_alerts(absurd)
    assert (alert.key, alert.level) == ("check_entry", Level.WATCH)
    assert "check" in alert.title
    assert "If it is true" in alert.advice


def test_an_absurd_entry_that_a_sure_one_bears_out_counts():
    someone = person(0).reads(changed("pain", DAY_4, 10.0)).reads(changed("swelling", DAY_4, 6.0))
    alerts = keys(raise_alerts(someone.context(at(DAY_4), doubts=doubts("pain"))))
    assert "check_entry" not in alerts
    assert alerts["pain"] is Level.CLINICIAN


def test_two_absurd_entries_are_slips_and_three_are_a_reaction():
    two = person(0).reads(changed("pain", DAY_4, 7.0)).reads(changed("itching", DAY_4, 7.0))
    three = two.reads(changed("swelling", DAY_4, 6.0))
    slips = keys(raise_alerts(two.context(at(DAY_4), doubts=doubts("pain", "itching"))))
    assert slips == {"check_entry": Level.WATCH}
    told = raise_alerts(three.context(at(DAY_4), doubts=doubts("pain", "itching", "swelling")))
    assert keys(told)["pain"] is Level.CLINICIAN
    assert "check_entry" not in keys(told)


def test_the_same_absurd_entry_twice_counts():
    someone = person(0).reads(changed("pain", DAY_4, 10.0))
    alerts = keys(raise_alerts(someone.context(at(5.0), doubts=doubts("pain"))))
    assert alerts.keys() & {"pain", "rising_pain"}


def test_zones_of_one_photograph_do_not_bear_each_other_out():
    red_light = person(1).reads(changed("erythema", 4.0, 1.0))
    (alert,) = raise_alerts(red_light.context(at(4.1), doubts=doubts("erythema")))
    assert (alert.key, alert.level) == ("check_entry", Level.WATCH)


def test_a_doubtful_good_entry_is_nothing():
    good = person(0).reads(changed("pain", 0.0, -10.0)).context(at(1.0), doubts=lambda _: 0.9)
    assert raise_alerts(good) == ()


def test_two_signs_of_inflammation_go_to_a_clinician():
    both = person(0).reads(changed("pain", DAY_4, 6.0)).reads(changed("swelling", DAY_4, 6.0))
    alerts = raise_alerts(both.context(at(DAY_4)))
    assert {a.level for a in alerts} == {Level.CLINICIAN}
    assert all("Several signs of inflammation" in a.advice for a in alerts)
    one = person(0).reads(changed("pain", DAY_4, 6.0))
    assert {a.level for a in raise_alerts(one.context(at(DAY_4)))} == {Level.ASK}


def test_most_serious_comes_first():
    case = person(0).reads(changed("itching", DAY_4, 9.0)).reads(changed("pain", DAY_4, 10.0))
    alerts = raise_alerts(case.context(at(DAY_4), check_ins=(check_in(4.0, "fever"),)))
    levels = [SERIOUS.index(a.level) for a in alerts]
    assert alerts[0].key == "red_flag"
    assert levels == sorted(levels, reverse=True)


def test_dark_skin_is_told_what_to_go_by():
    red = person(0).reads(changed("redness", DAY_4, 7.0))
    for phototype, told in ((2.0, False), (5.5, True)):
        context = red.context(at(DAY_4), treatment=with_person(phototype=phototype))
        (alert,) = [a for a in raise_alerts(context) if "redness" in a.key]
        assert ("warmth, tightness" in alert.advice) == told


def test_lost_draws_do_not_silence_or_invent_alerts():
    context = person(0).reads(changed("pain", DAY_4, 6.0)).context(at(DAY_4))
    whole = keys(raise_alerts(context))
    draws = context.predictive.draws.copy()
    draws[::7, ::3] = np.nan
    some = replace(context, predictive=replace(context.predictive, draws=draws))
    assert keys(raise_alerts(some)).keys() == whole.keys()
    draws = np.full_like(draws, np.nan)
    none = replace(context, predictive=replace(context.predictive, draws=draws))
    assert raise_alerts(none) == ()


def test_points_that_are_no_number_or_before_the_session_are_left_out():
    context = person(0).context(at(DAY_4))
    points = tuple(
        replace(p, value=float("nan")) if p.key == "pain" else replace(p, day=-1.0, value=10.0)
        for p in context.predictive.points
    )
    assert (
        raise_alerts(replace(context, predictive=replace(context.predictive, points=points))) == ()
    )


def test_what_the_forecast_knew_is_not_judged_again():
    context = person(0).reads(changed("pain", DAY_4, 8.0)).context(at(DAY_4))
    known = replace(context.predictive, new=np.zeros_like(context.predictive.new))
    assert raise_alerts(replace(context, predictive=known)) == ()


def test_the_same_case_gives_the_same_alerts():
    context = person(0).reads(changed("pain", DAY_4, 8.0)).context(at(DAY_4))
    assert raise_alerts(context) == raise_alerts(context)


@settings(max_examples=15)
@given(
    st.sampled_from(["pain", "swelling", "redness", "itching", "peeling"]),
    st.integers(0, 9),
    st.integers(1, 5),
)
def test_a_worse_answer_never_lowers_the_alert(question, before, by):
    """Of the newest look, at equal doubt."""
    context = _context_of_day_4()
    ranks = [
        rank(raise_alerts(_with_value(context, question, min(score, 10.0))))
        for score in (before, before + by)
    ]
    assert ranks[0] <= ranks[1]


_CONTEXT: list[AlertContext] = []


def _context_of_day_4():
    if not _CONTEXT:
        _CONTEXT.append(person(5).context(at(DAY_4), draws=400))
    return _CONTEXT[0]


def _with_value(context, question, value):
    def moved(point: ReadPoint) -> ReadPoint:
        hit = point.key == question and point.day == DAY_4
        return replace(point, value=float(value)) if hit else point

    points = tuple(moved(p) for p in context.predictive.points)
    return replace(context, predictive=replace(context.predictive, points=points))
