"""Goals: what their effects say, and that they say what graders without error would."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.anatomy import ZONES
from micropen.errors import MicropenError, UnknownNameError
from micropen.evidence import Grade, load_parameters, sources
from micropen.healing.course import CourseOrigin, build_course
from micropen.observation import View, scale
from micropen.observation.families.wrinkles import fine
from micropen.observation.improvement import emax_effect
from micropen.planning.goals import Goal, goal, goals, sampler
from micropen.planning.goals.catalogue import named
from micropen.signs import SIGNS
from micropen.treatment import People, Person, Treatment

NAMES = [each.name for each in goals()]
BETTER = {"collagen": 1.0, "relief": 1.0, "gloss": 1.0, "pigment": -1.0}
DAYS = np.array([0.0, 30.0, 60.0])
DRAWS = 40
SEED = 3
AT = 30.0


def signs_of(each, values):
    return {name: np.asarray(values, dtype=np.float64) for name in each.signs}


def helpful(each, size, draws=DRAWS):
    """Signs of one size in the direction a person would want."""
    return {name: np.full(draws, BETTER[name] * size) for name in each.signs}


def seen_without_error(signs):
    """What graders of a controlled trial see who neither lean nor slip; signs by draw."""
    names = ("lean_sd", "slip_sd", "person_sd", "slip_grades", "slip_share")
    parameters = load_parameters()
    mute = {p.name: 0.0 for p in parameters.group("observation") if p.name.endswith(names)}
    values = {
        name: np.broadcast_to(
            np.asarray(signs.get(name, np.zeros(DRAWS)))[:, None, None],
            (DRAWS, len(ZONES), DAYS.size),
        ).astype(np.float32)
        for name in SIGNS
    }
    setting = {"device": "SkinPen Precision", "face": {"needle_length_mm": 1.0, "passes": 4}}
    treatment = Treatment.from_dict(
        {
            "person": {"age_years": 40, "sex": "female", "phototype": 2},
            "session": [{"date": date(2026, 5, 8), **setting}],
        }
    )
    origin = CourseOrigin("test", "", "", SEED, DRAWS, (0.0,), Grade.D, ())
    return View(
        course=build_course(values, DAYS, origin, 0.0),
        people=people_of(DRAWS),
        zones=("cheek_left", "cheek_right"),
        parameters=parameters.with_values(mute),
        seed=SEED,
        controlled=True,
        sessions=treatment.sessions,
    )


def people_of(draws):
    ones = np.ones(draws)
    return People(
        age_years=40.0 * ones,
        male=0.0 * ones,
        phototype=2.0 * ones,
        acne_proneness=0.5 * ones,
        sensitivity=0.5 * ones,
        sun_exposure=0.5 * ones,
        melasma=ones,
        anticoagulants=0.0 * ones,
        herpes=0.0 * ones,
        active_acne=0.0 * ones,
    )


@pytest.fixture(scope="module")
def random():
    return np.random.default_rng(11)


def test_the_five_goals_are_there():
    assert NAMES == ["acne scars", "glow", "laxity", "pigment", "texture"]


@pytest.mark.parametrize("name", NAMES)
def test_every_goal_names_what_exists(name):
    each, parameters = goal(name), load_parameters()
    assert set(each.signs) <= {"collagen", "relief", "gloss", "pigment"}
    assert {f"observation.{part}" for part in each.parameters} <= set(parameters.members)
    assert parameters[each.read_after].unit == "day"
    assert 0.0 < parameters.value(each.worth) < 0.2
    assert set(each.sources) <= set(sources())
    assert each.words.endswith(".")
    assert each.caveat.endswith(".")
    assert not each.lasts.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_no_change_is_no_gain(name):
    each = goal(name)
    effect = each.effect(helpful(each, 0.0), sampler(each, load_parameters(), DRAWS, SEED))
    assert np.array_equal(effect, np.zeros(DRAWS))


@pytest.mark.parametrize("name", NAMES)
@given(sizes=st.lists(st.floats(-3.0, 3.0), min_size=2, max_size=8))
def test_more_of_the_sign_is_never_less_gain(name, sizes):
    each = goal(name)
    sample = sampler(each, load_parameters(), DRAWS, SEED)
    gains = [each.effect(helpful(each, size), sample) for size in sorted(sizes)]
    assert all(np.all(later >= before) for before, later in pairwise(gains))
    assert all(np.all((gain <= 1.0) & (gain >= -1.0)) for gain in gains)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "pigment"])
def test_only_pigment_can_become_worse_than_before(name):
    each = goal(name)
    effect = each.effect(helpful(each, -0.5), sampler(each, load_parameters(), DRAWS, SEED))
    assert np.array_equal(effect, np.zeros(DRAWS))


def test_darker_skin_is_a_loss():
    each = goal("pigment")
    effect = each.effect(helpful(each, -0.1), sampler(each, load_parameters(), DRAWS, SEED))
    assert np.all(effect < 0.0)


@pytest.mark.parametrize("name", NAMES)
def test_leading_axes_broadcast(name, random):
    each = goal(name)
    sample = sampler(each, load_parameters(), DRAWS, SEED)
    values = {sign: 0.2 * random.standard_normal((3, 2, DRAWS)) for sign in each.signs}
    together = each.effect(values, sample)
    assert together.shape == (3, 2, DRAWS)
    one = each.effect({sign: value[2, 1] for sign, value in values.items()}, sample)
    assert np.array_equal(together[2, 1], one)


def random_signs(random):
    return {
        "collagen": random.uniform(-0.02, 0.3, DRAWS).astype(np.float32),
        "relief": random.uniform(-0.1, 0.5, DRAWS).astype(np.float32),
        "gloss": random.uniform(-0.3, 0.6, DRAWS).astype(np.float32),
        "pigment": random.uniform(-0.2, 0.1, DRAWS).astype(np.float32),
    }


def gain_and_view(name, random):
    signs, each = random_signs(random), goal(name)
    view = seen_without_error(signs)
    plain = {sign: signs[sign].astype(np.float64) for sign in each.signs}
    return each.effect(plain, sampler(each, load_parameters(), DRAWS, SEED)), view


@pytest.mark.parametrize(
    ("name", "change"), [("acne scars", "acne_scar_score_change"), ("pigment", "masi_change")]
)
def test_a_gain_is_the_fall_of_the_score_without_placebo_and_error(name, change, random):
    gain, view = gain_and_view(name, random)
    assert gain == pytest.approx(-scale(change).observe(view, AT), abs=1e-9)


def test_glow_falls_into_the_quarters_of_the_brightness_grade(random):
    gain, view = gain_and_view("glow", random)
    grade = scale("brightness_grade").observe(view, AT)
    assert np.array_equal(np.digitize(gain, [0.25, 0.5, 0.75]), grade)
    assert len(set(grade)) > 1


def test_laxity_and_texture_are_the_effects_that_graders_score(random):
    gain, view = gain_and_view("laxity", random)
    assert gain == pytest.approx(emax_effect(view, "laxity", AT), abs=1e-12)
    gain, view = gain_and_view("texture", random)
    assert gain == pytest.approx(fine("texture").effect(view, AT), abs=1e-12)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Acne-Scars", "acne scars"),
        ("scars", "acne scars"),
        ("  ACNE SCAR ", "acne scars"),
        ("wrinkles", "laxity"),
        ("firmness", "laxity"),
        ("fine_lines", "texture"),
        ("melasma", "pigment"),
        ("radiance", "glow"),
    ],
)
def test_other_words_for_a_goal(words, name):
    assert goal(words) is goal(name)


def test_an_unknown_goal_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"glow"):
        goal("glowing")


def test_two_goals_never_share_a_word():
    first = goal("glow")
    second = goal("texture")
    shared = Goal(
        **{
            **{field: getattr(second, field) for field in second.__slots__},
            "aliases": ("Radiance",),
        }
    )
    with pytest.raises(MicropenError, match="share the word"):
        named((first, shared))


def person(**more):
    return Person(**{"age_years": 45, "phototype": 3, **more})


@pytest.mark.parametrize("name", ["acne scars", "texture", "glow"])
def test_these_goals_suit_anybody(name):
    assert goal(name).suits(person()) == ""


def test_pigment_suits_whoever_has_some():
    suits = goal("pigment").suits
    assert "little pigment" in suits(person())
    assert suits(person(melasma=True)) == ""
    assert suits(person(history=["post-inflammatory hyperpigmentation"])) == ""


def test_laxity_suits_from_the_youngest_studied():
    suits, youngest = (
        goal("laxity").suits,
        load_parameters().value("planning.goals.laxity.youngest_studied"),
    )
    assert suits(person(age_years=youngest)) == ""
    assert f"at {youngest - 8:.0f}" in suits(person(age_years=youngest - 8))


def test_a_sampler_gives_what_observers_have():
    each, parameters = goal("acne scars"), load_parameters()
    sample = sampler(each, parameters, 7, SEED)
    expected = parameters.sample("observation.scars.largest", 7, SEED)
    assert np.array_equal(sample("scars.largest"), expected)
    with pytest.raises(KeyError):
        sample("texture.relief_scale")
