"""Settings: every limit against its source, and a stricter one never allows more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.anatomy import UNPAIRED_ZONES, ZONES, unpaired, zone_record
from micropen.errors import MicropenError, OutsideEvidenceError, UnknownNameError
from micropen.evidence import Grade, load_parameters, source, sources
from micropen.evidence.facts import fact
from micropen.planning.goals import goal, goals
from micropen.planning.settings import (
    ZONE_GROUPS,
    needle_lengths,
    options,
    pass_choices,
    skin_thickness_mm,
    why_not_deeper,
    zone_limits,
)
from micropen.planning.settings.limits import rests_on
from micropen.treatment import Person
from micropen.treatment.catalogue import device, devices

PEN = device("SkinPen Precision")
PARAMETERS = load_parameters()
SCARS = goal("acne scars")
GLOW = goal("glow")
CHART = ("forehead", "glabella", "nose", "cheekbone", "cheek_chin", "upper_lip", "facial_scars")


def person(sex="female", **more):
    return Person(**{"age_years": 40, "phototype": 2, "sex": sex, **more})


def made(zones=(), used=PEN, who=None, wished=SCARS, parameters=PARAMETERS):
    return options(zones, used, who or person(), wished, parameters)


def limit_of(key, zone, used=PEN, who=None, wished=SCARS, parameters=PARAMETERS):
    found = zone_limits(zone, used, who or person(), wished, parameters)
    return next(limit for limit in found if limit.key == key)


def with_fixed_length(length_mm):
    return PEN.model_copy(
        update={
            "needle_length_min_mm": length_mm,
            "needle_length_max_mm": length_mm,
            "needle_length_step_mm": 0.0,
        }
    )


# --- groups ---


def test_every_zone_is_in_one_group():
    grouped = [zone for group in ZONE_GROUPS for zone in group.zones]
    assert sorted(grouped) == sorted(UNPAIRED_ZONES)
    options_of = made().group_of
    assert options_of("cheek_left") is options_of("jaw")


# --- limits against their sources ---


@pytest.mark.parametrize("row", CHART)
def test_the_chart_s_limits_are_its_upper_values_for_thick_skin(row):
    stated = fact(f"depth.drpen.{row}.thick")
    upper = np.max(stated.value)
    member = PARAMETERS[f"planning.settings.chart.{row}"]
    assert member.value == upper
    assert member.grade is Grade.C
    assert stated.used == f"parameter:{member.name}"


def test_published_ranges_are_the_facts():
    assert PARAMETERS.value("planning.settings.passes.pen.most") == max(
        fact("out.dr_pract.passes").value
    )
    assert made().most_sessions == max(fact("out.dr_pract.sessions").value)
    assert made().most_interval_days == 7 * max(fact("out.dr_pract.interval").value)
    assert made().least_interval_days == fact("care.skinpen.interval").value


@pytest.mark.parametrize(
    ("zone", "wished", "deepest"),
    [
        ("forehead", "glow", 0.75),
        ("temple", "glow", 0.75),
        ("glabella", "acne scars", 1.0),
        ("nose", "acne scars", 0.5),
        ("cheek", "glow", 1.0),
        ("cheek", "acne scars", 2.0),
        ("chin", "glow", 2.0),
        ("upper_lip", "laxity", 0.75),
        ("periorbital", "laxity", 0.5),
    ],
)
def test_the_chart_by_zone_and_goal(zone, wished, deepest):
    assert limit_of("chart", zone, wished=goal(wished)).deepest_mm == deepest


def test_a_neighbour_s_row_is_ours():
    assert limit_of("chart", "jaw").grade is Grade.D
    assert limit_of("chart", "chin").grade is Grade.C


@pytest.mark.parametrize("zone", UNPAIRED_ZONES)
def test_a_pen_stays_in_the_skin(zone):
    record = zone_record(zone, PARAMETERS)
    women = record.epidermis_mm + record.dermis_female_mm
    men = record.epidermis_mm + record.dermis_male_mm
    assert limit_of("skin", zone, wished=GLOW).deepest_mm == pytest.approx(women)
    male = limit_of("skin", zone, who=person("male"), wished=GLOW)
    assert male.deepest_mm == pytest.approx(men)
    between = skin_thickness_mm(zone, "unstated", PARAMETERS)
    assert between == pytest.approx(0.5 * (women + men))


def test_a_roller_reaches_a_part_of_its_length():
    roller = device("dermaroller-mf8")
    share = PARAMETERS.value("punctures.depth.roller_fraction")
    deepest = limit_of("skin", "cheek", used=roller, wished=GLOW).deepest_mm
    assert deepest * share == pytest.approx(skin_thickness_mm("cheek", "female", PARAMETERS))


def test_a_device_s_own_evaluation_may_be_stricter():
    assert limit_of("evaluated", "cheek").deepest_mm == 1.5
    shorter = PEN.model_copy(update={"evaluated_length_max_mm": 0.6})
    assert limit_of("evaluated", "cheek", used=shorter).deepest_mm == 0.6
    longer = PEN.model_copy(update={"evaluated_length_max_mm": 2.5})
    assert limit_of("evaluated", "cheek", used=longer).deepest_mm == 1.5


@pytest.mark.parametrize("zone", UNPAIRED_ZONES)
def test_limits_are_sorted_and_sourced(zone):
    found = zone_limits(zone, PEN, person(), GLOW, PARAMETERS)
    assert [x.deepest_mm for x in found] == sorted(x.deepest_mm for x in found)
    assert {x.key for x in found} == {"device", "evaluated", "chart", "skin"}
    assert all(x.source in sources() for x in found)
    assert all(f"{source(x.source).year}, grade {x.grade})" in x.told for x in found)
    assert not any(x.source in x.told for x in found)


# --- options ---


@pytest.mark.parametrize("sex", ["female", "male", "unstated"])
@pytest.mark.parametrize("name", sorted(devices()))
def test_every_device_gives_options_within_every_limit(name, sex):
    used = device(name)
    for wished in goals():
        found = made(used=used, who=person(sex), wished=wished)
        left = {out.zone for out in found.left_out}
        assert set(found.zones) == {zone for zone in ZONES if unpaired(zone) not in left}
        for group in found.groups:
            assert group.lengths_mm == tuple(sorted(group.lengths_mm))
            assert group.lengths_mm[0] == used.needle_length_min_mm
            assert group.deepest_mm <= used.needle_length_max_mm
            for zone in group.zones:
                for limit in zone_limits(zone, used, person(sex), wished, PARAMETERS):
                    assert group.deepest_mm <= limit.deepest_mm + 1e-5


@pytest.mark.parametrize("name", sorted(devices()))
def test_one_step_deeper_than_the_deepest_breaks_a_limit(name):
    used = device(name)
    for group in made(used=used).groups:
        longer = [x for x in needle_lengths(used, np.inf) if x > group.deepest_mm + 1e-5]
        if longer:
            assert longer[0] > group.limit.deepest_mm + 1e-5


def test_lengths_are_the_dial_s():
    assert needle_lengths(PEN, 1.1) == (0.25, 0.5, 0.75, 1.0)
    assert needle_lengths(PEN, 1.0) == (0.25, 0.5, 0.75, 1.0)
    assert needle_lengths(PEN, 0.2) == ()
    assert needle_lengths(device("exceed"), 0.35) == (0.1, 0.2, 0.3)
    assert needle_lengths(with_fixed_length(0.5), 2.0) == (0.5,)


@given(
    skin=st.lists(st.floats(0.3, 1.5), min_size=2, max_size=2),
    chart=st.lists(st.floats(0.5, 2.0), min_size=2, max_size=2),
)
def test_a_stricter_limit_never_allows_more(skin, chart):
    def deepest(share, cheek):
        parameters = PARAMETERS.with_values(
            {
                "planning.settings.skin_share": share,
                "planning.settings.chart.cheek_chin": cheek,
                "planning.settings.chart.facial_scars": cheek,
            }
        )
        return {g.key: g.lengths_mm for g in made(parameters=parameters).groups}

    strict, mild = deepest(min(skin), min(chart)), deepest(max(skin), max(chart))
    assert all(set(lengths) <= set(mild[key]) for key, lengths in strict.items())


def test_one_zone_alone_is_never_stricter_than_its_group():
    whole = made().group_of("cheek").deepest_mm
    for zone in ("cheek", "chin", "jaw"):
        assert made((zone,)).groups[0].deepest_mm >= whole


def test_zones_as_wished():
    found = made(("cheek_left", "Nose"))
    assert found.zones == ("nose", "cheek_left")
    assert [group.key for group in found.groups] == ["cheeks", "nose_lip"]
    assert found.group_of("cheek_left").zones == ("cheek_left",)
    assert made().zones == ZONES
    with pytest.raises(UnknownNameError, match="eyelid"):
        made(("eyelid",))


def test_a_long_roller_leaves_thin_zones_out_and_says_why():
    found = made(used=device("dermaroller-mf8"))
    assert {unpaired(zone) for zone in found.zones} == {"cheek", "chin", "jaw"}
    nose = next(out for out in found.left_out if out.zone == "nose")
    assert "only needle of" in nose.why
    assert "0.5 mm" in nose.why
    assert found.groups[0].lengths_mm == (1.5,)


def test_a_needle_that_is_too_long_everywhere_is_refused():
    with pytest.raises(OutsideEvidenceError, match="shorter needle") as caught:
        made(used=with_fixed_length(2.5))
    assert isinstance(caught.value, MicropenError)
    assert "cheek" in str(caught.value)


def test_a_needle_that_is_too_long_for_the_wished_zones_is_refused():
    with pytest.raises(OutsideEvidenceError, match="nose"):
        made(("nose",), used=device("dermaroller-mf8"))


# --- passes, sessions ---


def test_passes_by_kind_of_device():
    assert pass_choices(PEN, PARAMETERS) == (2.0, 4.0, 6.0, 8.0, 10.0)
    assert pass_choices(device("dermaroller-192"), PARAMETERS) == (5.0, 10.0, 15.0)
    assert made(used=device("dermastamp")).passes == (2.0, 4.0, 6.0, 8.0, 10.0)
    assert made().passes_words == (
        "No more than 10 passes over each spot (Juhasz MLW, Cohen JL 2020, grade A)."
    )
    assert "presses over each spot" in made(used=device("dermastamp")).passes_words
    assert rests_on("assumed", Grade.D) == "our own judgement, grade D"


def test_the_longer_of_label_and_custom_holds_between_sessions():
    longer = PARAMETERS.with_values({"planning.settings.least_interval": 42.0})
    assert made(parameters=longer).least_interval_days == 42
    shorter = PARAMETERS.with_values({"planning.settings.least_interval": 7.0})
    assert made(parameters=shorter).least_interval_days == 30


def test_no_parameter_of_planning_is_an_unknown():
    own = [p for p in PARAMETERS if p.name.startswith(("planning.goals", "planning.settings"))]
    assert len(own) > 20
    assert all(p.uncertainty_sd == 0.0 and p.between_person_sd == 0.0 for p in own)


# --- words ---


@pytest.mark.parametrize("zone", ["cheek", "chin", "jaw"])
def test_where_scars_lie_the_label_s_evaluation_goes_before_our_rule_for_the_skin(zone):
    keys = [x.key for x in zone_limits(zone, PEN, person(), SCARS, PARAMETERS)]
    assert "skin" not in keys
    assert keys[0] == "evaluated"
    assert "skin" in {x.key for x in zone_limits("forehead", PEN, person(), SCARS, PARAMETERS)}


def test_why_not_deeper():
    cheeks = made().group_of("cheek")
    assert why_not_deeper(cheeks, 1.5) == (
        "Not deeper than 1.5 mm, because beyond 1.5 mm safety and effectiveness were not evaluated."
    )
    shallower = why_not_deeper(cheeks, 0.5)
    assert shallower.startswith("0.5 mm is enough for this plan; not more than 1.5 mm")
    roller = made(used=device("dermaroller-mf8")).groups[0]
    assert "no other needle length" in why_not_deeper(roller, 1.5)


# --- mild settings ---


def test_mild_settings_are_shallower_and_have_fewer_passes():
    usual = options((), PEN, person(), SCARS, PARAMETERS)
    mild = options((), PEN, person(), SCARS, PARAMETERS, ("Melasma",))
    longest = PARAMETERS.value("planning.settings.mild.needle_length")
    assert usual.group_of("cheek").deepest_mm > longest
    assert mild.group_of("cheek").deepest_mm == pytest.approx(longest)
    assert "kept mild (melasma)" in mild.group_of("cheek").limit.words
    assert mild.group_of("nose").lengths_mm == usual.group_of("nose").lengths_mm
    share = PARAMETERS.value("planning.settings.mild.pass_share")
    assert max(mild.passes) <= share * max(usual.passes)
    assert min(mild.passes) == min(usual.passes)
    assert "kept mild (melasma)" in mild.passes_words
    assert "mild" not in usual.passes_words


def test_a_needle_that_is_too_long_for_mild_settings_is_refused():
    with pytest.raises(OutsideEvidenceError, match="kept mild"):
        options(("cheek",), with_fixed_length(1.5), person(), SCARS, PARAMETERS, ("Melasma",))
