"""The program's own study files: readable, true to the facts they carry, fit and held out apart."""

import math
import re
import tomllib

import pytest

from micropen.evidence import Grade, prior_parameters, sources
from micropen.evidence.facts import facts
from micropen.observation import scales
from micropen.studies import Claim, Role, Statistic
from micropen.studies.catalogue import load_studies

CATALOGUE = load_studies()
# The practices' timelines are studies too, of another form.
STUDIES = {study.key: study for study in CATALOGUE.studies if study.path.suffix == ".toml"}
ROWS = {row.key: row for study in STUDIES.values() for row in study.findings}
SOURCE = {
    key: tomllib.loads(study.path.read_text(encoding="utf-8"))["source"]
    for key, study in STUDIES.items()
}


def number(key: str) -> float:
    return float(facts()[key].value)


# Rows that combine facts, or read a bound out of one: recomputed here.
DERIVED = {
    "dogra2014.scar_score_end": lambda: number("out.dogra_end") / number("out.dogra_base") - 1,
    "vietnam_roller.lipper_perez_last_session": lambda: (
        number("out.vn_lp_final") / number("out.vn_lp_baseline") - 1
    ),
    "vietnam_roller.lipper_perez_month_1": lambda: (
        number("out.vn_lp_m1") / number("out.vn_lp_baseline") - 1
    ),
    "vietnam_roller.lipper_perez_month_2": lambda: (
        number("out.vn_lp_m2") / number("out.vn_lp_baseline") - 1
    ),
    "casabona2021.third_over_second_raters": lambda: (
        number("out.casa_3_rater") / number("out.casa_2_rater")
    ),
    "casabona2021.third_over_second_patients": lambda: (
        number("out.casa_3_pat") / number("out.casa_2_pat")
    ),
    "cassiano2022.herpes_day_120": lambda: number("out.cass.hsv") / (facts()["out.cass.hsv"].n / 2),
    "alster2020.half_improved_end": lambda: number("out.alst_share75") / 100,
    "liang2022.brightness_moderate_or_more": lambda: 1 - number("out.liang_bright_mn.none") / 28,
    "liang2022.brightness_marked_or_more": lambda: (
        (number("out.liang_bright_mn.marked") + number("out.liang_bright_mn.excellent")) / 28
    ),
    "liang2022.texture_moderate_or_more": lambda: 1 - number("out.liang_text_mn.none") / 28,
    "liang2022.texture_marked_or_more": lambda: (
        (number("out.liang_text_mn.marked") + number("out.liang_text_mn.excellent")) / 28
    ),
    "han2012.barrier_closed": lambda: number("rec.han.barrier_h") / 24,
}

# Rows whose number is our coding of words, of a direction, or of a point on a curve.
CODED = {
    "acneorg.acne_flare": "inc.acneorg.acne_flare_max",
    "alster2020.half_improved_after_three": "out.alst_50",
    "depth_split_face.deep_better": "out.dr_25_15",
    "schwarz2011.gap_closed": "out.schw",
    "skinpen_clinics.spots_gone": "rec.skinpen.minor",
    "stumpp2009.most_covered": "out.stumpp.ed84",
}


def in_units_of_a_study(key: str) -> tuple[float, ...]:
    """A fact's numbers as study files write them: fractions, and days."""
    entry = facts()[key]
    values = entry.value if isinstance(entry.value, tuple) else (entry.value,)
    factor = 1.0
    counted = re.match(r"patients of (\d+)", entry.unit)
    if entry.unit == "%":
        factor = 1 / 100
    elif entry.unit == "h":
        factor = 1 / 24
    elif counted or entry.unit == "patients":
        factor = 1 / (int(counted[1]) if counted else entry.n)
    return tuple(abs(value) * factor for value in values)


def numeric_rows():
    return sorted(
        key
        for key, row in ROWS.items()
        if len(row.facts) == 1
        and not isinstance(facts()[row.facts[0]].value, str)
        and key not in DERIVED
        and (key not in CODED or key == "acneorg.acne_flare")
    )


def test_every_file_is_read_and_can_be_simulated():
    assert CATALOGUE.problems == ()
    assert len(STUDIES) >= 42
    assert {row.scale for row in ROWS.values()} <= set(scales())


@pytest.mark.parametrize("key", numeric_rows())
def test_a_row_of_one_fact_has_its_number(key):
    row = ROWS[key]
    wanted = in_units_of_a_study(row.facts[0])
    stated = [abs(row.low), abs(row.high)]
    if row.claim is not Claim.EQUALS:
        stated += [row.day or 0.0]
    for value in wanted:
        assert any(math.isclose(value, have, rel_tol=1e-3, abs_tol=5e-5) for have in stated)
    if row.claim is Claim.EQUALS:
        assert len(wanted) == 1


@pytest.mark.parametrize("key", sorted(DERIVED))
def test_a_derived_number_follows_from_its_facts(key):
    row = ROWS[key]
    stated = row.low if math.isfinite(row.low) else row.high
    assert math.isclose(stated, DERIVED[key](), abs_tol=6e-4)


def test_spreads_are_those_of_the_facts():
    # Printed beside the values; the index keeps values only.
    assert ROWS["luz2017.pain_cream"].sd == 1.74
    assert math.isclose(ROWS["ogunjimi2021.half_life_abdomen"].sd, 14.96 / 24, rel_tol=1e-3)
    half_width = (1.34 - 1.11) / 2
    assert math.isclose(
        ROWS["ablon2018.wrinkles_day_150"].standard_error, half_width / 2.5758, rel_tol=0.01
    )


def test_rows_and_the_index_of_facts_agree():
    for key, row in ROWS.items():
        for name in row.facts:
            entry = facts()[name]
            assert entry.kind == "study", f"{key} carries {name}, which is {entry}"
            assert entry.grade.value <= row.grade.value, f"{key} is graded above {name}"
    for entry in facts().values():
        if entry.kind == "study":
            study, name = entry.target.split(".", 1)
            row = ROWS.get(entry.target)
            assert row is None or entry.key in row.facts, entry
            assert row is not None or name in STUDIES[study].arms, entry


def test_what_was_not_stated_is_said_openly():
    for study in STUDIES.values():
        assert study.seen, study.key
        assert study.not_seen, study.key
        assert any(arm.assumed for arm in study.arms.values()), study.key


def test_no_row_is_graded_above_its_source():
    for study in STUDIES.values():
        limit = sources()[SOURCE[study.key]].grade
        for row in study.findings:
            assert row.grade.value >= limit.value, row.key


def test_numbers_coded_from_words_are_grade_d():
    for row in ROWS.values():
        words = [name for name in row.facts if isinstance(facts()[name].value, str)]
        direction = math.inf in (abs(row.low), abs(row.high)) and 0.0 in (row.low, row.high)
        if words and not direction:
            assert row.grade is Grade.D, row.key


HELD_OUT = {
    "casabona2021", "fabbrocini2009", "hk2018", "needlingpen", "ogunjimi2020",
    "sharma_split_face",
}  # fmt: skip
HELD_OUT_IN_PART = {
    "dermapen_downtime", "foppiani2025", "hoesly2012", "kenkel2021", "liang2022",
}  # fmt: skip


def test_what_is_held_out_is_what_was_chosen_before_any_fit():
    held = {key for key, row in ROWS.items() if row.role is Role.HELD_OUT}
    whole = {
        key
        for key, study in STUDIES.items()
        if {row.role for row in study.findings} - {Role.CHECK} == {Role.HELD_OUT}
    }
    assert whole == HELD_OUT
    assert {key.split(".")[0] for key in held} - whole == HELD_OUT_IN_PART
    judged = [row for row in ROWS.values() if row.role is not Role.CHECK]
    assert 0.2 <= len(held) / len(judged) <= 0.4


def test_no_parameter_rests_on_a_study_that_is_wholly_held_out():
    cited = {entry.source for entry in prior_parameters()}
    assert cited.isdisjoint(SOURCE[key] for key in HELD_OUT)


SIGNS = {
    "redness": ("erythema_clinician", "erythema_gone_days", "erythema_oedema_gone_days"),
    "swelling": ("erythema_oedema_gone_days",),
    "peeling": ("peeling_end_days",),
    "barrier": ("barrier_closed_days", "micropore_closed_days", "reepithelialised_days"),
    "glow": ("brightness_grade", "texture_grade"),
    "scars": ("acne_scar_score_change", "goodman_baron_qualitative", "goodman_baron_lost"),
    "biophysics": ("dermal_density_change", "attenuation_change", "blood_flow_change"),
    "darkening": ("pih",),
    "pain": ("pain_during",),
    "satisfaction": ("satisfaction",),
}


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_has_rows_to_fit_and_rows_held_out(sign):
    roles = {row.role for row in ROWS.values() if row.scale in SIGNS[sign]}
    assert {Role.FIT, Role.HELD_OUT} <= roles


@pytest.mark.parametrize(
    "scale",
    [
        "lemperle_wrinkle", "laxity_grade", "texture_alexiades", "dermal_density_change",
        "elasticity_change", "epidermal_thickness_change", "masi_change", "tram_track",
        "herpes_reactivation", "acne_flare", "micropore_half_life_days", "downtime_days",
        "transepidermal_water_loss_ratio", "scar_icepick_change", "dryness_subject",
    ],
)  # fmt: skip
def test_quantities_with_one_study_are_fitted(scale):
    assert Role.FIT in {row.role for row in ROWS.values() if row.scale == scale}


def test_treatments_that_the_model_does_not_know_are_not_fitted_as_needling():
    for study in STUDIES.values():
        for row in study.findings:
            arm = study.arms[row.arm]
            if arm.co_treatment and not arm.controlled and row.claim is Claim.EQUALS:
                assert row.role is Role.CHECK, row.key


def test_the_founding_account_is_a_check_of_one_person():
    study = STUDIES["founding_case"]
    assert {row.role for row in study.findings} == {Role.CHECK}
    assert {arm.group.n for arm in study.arms.values()} == {1}
    over_cheeks = [row for row in study.findings if row.statistic is Statistic.RATIO]
    assert {(row.arm, row.versus) for row in over_cheeks} == {
        ("forehead", "cheeks"), ("nose", "cheeks"),
    }  # fmt: skip


def test_the_scarred_series_is_coded_as_it_was_done():
    arm = STUDIES["vietnam_roller"].arms["roller"]
    assert all(len(protocol) == 13 for protocol in arm.protocols)
    assert arm.protocols[0][-1].day == 84
    assert arm.baselines["goodman_baron_qualitative"].mean == 3.29
    depths = [protocol[0].deepest_mm for protocol in arm.protocols]
    assert 1.5 < min(depths) < max(depths) < 2.0


def test_every_quantity_is_a_fraction_where_it_should_be():
    for row in ROWS.values():
        if row.statistic is Statistic.SHARE:
            ends = [end for end in (row.low, row.high) if math.isfinite(end)]
            assert all(0.0 <= end <= 1.0 for end in ends), row.key
