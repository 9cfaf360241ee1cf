"""What every scale owes: names, parameters and sources that exist, range, no hope without cause."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from micropen.errors import MicropenError, UnknownNameError
from micropen.evidence import load_parameters, sources
from micropen.observation import Kind, scale, scales
from micropen.signs import SIGNS

DAYS = np.array([0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 14.0, 30.0, 60.0])  # as the views
CONTRACT = re.findall(
    r"\w+",
    """
erythema_clinician erythema_visible erythema_subject erythema_index_change oedema_clinician
swelling_subject pain_during pain_after scaling_clinician dryness_subject peeling_visible
lesion_count transepidermal_water_loss_ratio tewl_raised brightness_grade texture_grade
gloss_instrument goodman_baron_qualitative goodman_baron_quantitative acne_scar_score_change
lemperle_wrinkle laxity_grade texture_alexiades gais improvement_quartile masi_change
melanin_index_change collagen_change dermal_density_change elasticity_change
epidermal_thickness_change satisfaction overall_opinion_change practice_redness practice_swelling
practice_peeling practice_dryness practice_breakout practice_glow practice_makeup_allowed
practice_pinpoint_scabs erythema_gone_days erythema_oedema_gone_days swelling_gone_days
peeling_start_days peeling_end_days downtime_days barrier_closed_days micropore_closed_days
micropore_half_life_days reepithelialised_days glow_start_days pih prolonged_erythema
herpes_reactivation tram_track infection acne_flare pinpoint_bleeding_seen crusting_seen
scaling_seen erythema_seen oedema_seen scar_boxcar_change scar_rolling_change scar_icepick_change
""",
)
# Signs that a person does not want, each for its scales; a larger sign reads higher.
# (a* is left out: beyond some ten times the blood it falls again.)
ACUTE = {
    "erythema": ("erythema_clinician", "erythema_four_point", "erythema_subject", "erythema_vas",
                 "erythema_visible", "erythema_index_change", "blood_flow_change",
                 "erythema_gone_days", "downtime_days", "erythema_seen",
                 "practice_redness"),
    "swelling": ("oedema_clinician", "oedema_four_point", "swelling_subject", "swelling_visible",
                 "swelling_gone_days", "oedema_seen", "practice_swelling"),
    "scaling": ("scaling_clinician", "peeling_subject", "peeling_visible", "dryness_subject",
                "itching_subject", "peeling_end_days", "scaling_seen", "practice_peeling"),
    "barrier_defect": ("transepidermal_water_loss_ratio", "tewl_raised", "dryness_subject",
                       "barrier_closed_days"),
    "pain": ("pain_during", "pain_after", "burning_subject", "pain_gone_days"),
    "lesions": ("lesion_count", "practice_breakout"),
    "pinpoint_bleeding": ("bleeding_four_point", "crusts_gone_days", "pinpoint_bleeding_seen",
                          "crusting_seen", "practice_pinpoint_scabs"),
    "pigment": ("masi", "mmasi", "masi_change", "melanin_index_change", "spot_score_change"),
}  # fmt: skip
GAINS = {
    "collagen": ("goodman_baron_lost", "collagen_change", "dermal_density_change",
                 "elasticity_change", "gais", "improvement_quartile", "satisfaction"),
    "relief": ("texture_grade", "smoothness_subject", "gais"),
    "gloss": ("brightness_grade", "gloss_instrument", "glow_subject", "glow_visible"),
}  # fmt: skip
LOSSES = {
    "collagen": ("goodman_baron_qualitative", "goodman_baron_quantitative", "ecca",
                 "acne_scar_score_change", "scar_boxcar_change", "scar_rolling_change",
                 "scar_icepick_change", "lemperle_wrinkle", "laxity_grade", "wrinkle_depth_change",
                 "overall_opinion_change", "posas_observer"),
    "relief": ("texture_alexiades", "pore_score_change", "roughness_change", "fine_lines_grade"),
}  # fmt: skip
RISING = [(sign, name) for group in (ACUTE, GAINS) for sign in group for name in group[sign]]
FALLING = [(sign, name) for sign, names in LOSSES.items() for name in names]
# Some are satisfied with nothing; makeup is allowed before and waits for the label.
AT_REST = [
    entry
    for entry in scales().values()
    if entry.kind is Kind.LEVEL and entry.name not in {"satisfaction", "practice_makeup_allowed"}
]
LARGEST = {sign: min(entry.upper, 4.0) for sign, entry in SIGNS.items()}


@pytest.mark.parametrize("name", CONTRACT)
def test_scales_that_study_files_name_are_there(name):
    assert scale(name).name == name


@pytest.mark.parametrize("entry", scales().values(), ids=lambda entry: entry.name)
def test_scale_states_itself(entry):
    known = load_parameters().members
    missing = [name for name in entry.parameters if f"observation.{name}" not in known]
    assert not missing
    assert entry.sources
    assert set(entry.sources) <= set(sources())
    assert entry.lower < entry.upper
    assert entry.better in {"lower", "higher"}
    assert entry.unit
    assert len(entry.summary) > 15
    assert len(entry.mapping) > 15
    text = entry.mapping + "".join(
        scales()[n].mapping for n in re.findall(r"\w+", entry.mapping) if n in scales()
    )
    summed_up = ("clinician.", "subject.", "observer.", "grader.", "placebo.days", "before.")
    unsaid = [n for n in entry.parameters if n not in text and not n.startswith(summed_up)]
    assert not unsaid


def test_every_parameter_of_the_room_belongs_to_a_scale():
    used = {f"observation.{name}" for entry in scales().values() for name in entry.parameters}
    unused = [p.name for p in load_parameters().group("observation") if p.name not in used]
    assert not unused


def test_a_scale_reads_the_parameters_that_it_lists(view):
    for entry in scales().values():
        at = view(dict.fromkeys(SIGNS, 0.5))
        asked: set[str] = set()

        class Listening(type(at)):
            def parameter(self, name, asked=asked):
                asked.add(name)
                return super().parameter(name)

        listening = Listening(**{f: getattr(at, f) for f in at.__dataclass_fields__})
        entry.observe(listening, None if entry.kind is Kind.EVENT else 7.0)
        usual = {name for name in entry.parameters if name.startswith("before.")}
        assert asked | usual == set(entry.parameters), entry.name


def test_unknown_scale_names_the_nearest():
    with pytest.raises(UnknownNameError, match="goodman_baron_qualitative"):
        scale("goodman_baron_qualitativ")


@pytest.mark.parametrize("entry", scales().values(), ids=lambda entry: entry.name)
@pytest.mark.parametrize("size", [0.0, 1.0])
def test_range_is_respected_by_observers_who_lean_and_slip(entry, size, view):
    parameters = load_parameters().in_worlds(10)
    signs = {name: size * LARGEST[name] for name in SIGNS}
    at = view(signs, draws=60, parameters=parameters, phototype=5.0)
    for day in (None, 0.0, 1.0, 30.0):
        values = entry.observe(at, day)
        assert values.shape == (60,)
        assert values.dtype == np.float64
        assert np.all((values >= entry.lower - 1e-9) & (values <= entry.upper + 1e-9))


@pytest.mark.parametrize("entry", AT_REST, ids=lambda entry: entry.name)
def test_nothing_done_reads_as_before(entry, view):
    at = view({}, draws=30, controlled=True)
    assert np.allclose(entry.observe(at, 30.0), entry.observe(at, None), atol=1e-6)


@pytest.mark.parametrize("entry", scales().values(), ids=lambda entry: entry.name)
def test_same_view_same_answer(entry, view):
    at = view(dict.fromkeys(SIGNS, 0.3), draws=20, parameters=load_parameters().in_worlds(5))
    again = replace(at, _faces={})
    assert np.array_equal(entry.observe(at, 3.0), entry.observe(again, 3.0))


@pytest.mark.parametrize(("sign", "name"), RISING)
@given(shares=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)))
@settings(max_examples=8, deadline=None)
def test_more_of_a_sign_reads_higher(view, sign, name, shares):
    low, high = (LARGEST[sign] * share for share in sorted(shares))
    parameters = load_parameters().in_worlds(5)
    fade = np.exp(-DAYS / 2.0)
    shape = fade if scale(name).kind is Kind.EVENT else 1.0
    few, many = (
        view({sign: size * shape}, draws=10, parameters=parameters) for size in (low, high)
    )
    assert np.all(scale(name).observe(few, 3.0) <= scale(name).observe(many, 3.0) + 1e-6)


@pytest.mark.parametrize(("sign", "name"), FALLING)
@given(shares=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)))
@settings(max_examples=8, deadline=None)
def test_more_gain_lowers_a_fault(view, sign, name, shares):
    low, high = (LARGEST[sign] * share for share in sorted(shares))
    parameters = load_parameters().in_worlds(5)
    few, many = (view({sign: size}, draws=10, parameters=parameters) for size in (low, high))
    assert np.all(scale(name).observe(few, 30.0) >= scale(name).observe(many, 30.0) - 1e-6)


@pytest.mark.parametrize(("sign", "name"), [*RISING, *FALLING])
def test_a_scale_hears_its_sign(view, sign, name):
    fade = np.exp(-DAYS / 5.0)
    shape = fade if scale(name).kind is Kind.EVENT else 1.0
    parameters = load_parameters().in_worlds(5)
    none, much = (
        view({sign: size * LARGEST[sign] * shape}, draws=50, parameters=parameters)
        for size in (0.0, 1.0)
    )
    assert not np.allclose(scale(name).observe(none, 3.0), scale(name).observe(much, 3.0))


def test_a_risk_without_its_sessions_is_refused(view):
    with pytest.raises(MicropenError, match="sessions"):
        scale("pih").observe(view({}, sessions=()), 30.0)
