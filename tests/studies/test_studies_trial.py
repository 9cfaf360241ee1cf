"""Virtual trials: who is drawn, what is shared, and when is looked."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.errors import MicropenError
from micropen.evidence import Grade, load_parameters
from micropen.healing import forecast
from micropen.observation import Kind, Scale
from micropen.studies.study import Arm, Claim, Finding, Group, Role, Spread, Statistic, Study
from micropen.studies.trial import Look, sample_people, simulate, within_person
from micropen.treatment import Anaesthetic, Person, Session, Treatment, ZoneSetting, device

NAN = float("nan")


def group(n=12, **changes):
    base = Group(
        n=n,
        age_years=Spread(30.0, 6.0, 18.0, 45.0),
        phototypes={3: 0.25, 4: 0.75},
        female=0.6,
        acne_proneness=0.5,
        sensitivity=0.5,
        sun_exposure=0.5,
        melasma=0.3,
        herpes=0.2,
        active_acne=0.0,
    )
    return replace(base, **changes)


def session(day=0.0, zones=("cheek_left",), length=1.0):
    used = device("SkinPen Precision")
    return Session(
        date=date(2026, 1, 5),
        time_of_day=time(10),
        day=day,
        device=used,
        anaesthetic=Anaesthetic.TOPICAL,
        zones={z: ZoneSetting(needle_length_mm=length, passes=4) for z in zones},
        strike_rate_hz=used.strike_rate_hz,
        hand_speed_mm_per_s=used.hand_speed_mm_per_s,
    )


def arm(key="pen", protocols=None, who=None, zones=("cheek_left",)):
    done = protocols or ((session(zones=zones),),)
    return Arm(key, who or group(), done, zones, {}, False, "", ())


def finding(key="s.row", scale="level", statistic=Statistic.MEAN, day=1.0, **changes):
    base = Finding(
        key, "pen", "", scale, statistic, NAN, day, Claim.EQUALS, 1.0, 1.0, NAN, NAN, 12,
        Grade.A, Role.FIT, (), "",
    )  # fmt: skip
    return replace(base, **changes)


def study(*findings, arms=None):
    by_key = {a.key: a for a in (arms or (arm(),))}
    rows = findings or (finding(),)
    return Study("s", "t", "A B (2020)", Role.FIT, "", "", by_key, rows, Path("s.toml"))


def scale(observe, kind=Kind.LEVEL):
    return Scale("level", "1", kind, -9.0, 9.0, "lower", "", "", (), (), observe)


def run(trial_study, observe, trials=20, kind=Kind.LEVEL, seed=0):
    return simulate(
        trial_study,
        load_parameters(),
        trials=trials,
        seed=seed,
        scale_of=lambda _: scale(observe, kind),
    )


def sign_of(name):
    return lambda view, day: view.at(name, day)


def test_people_follow_their_group():
    people = sample_people(group(), 20_000, 3)
    assert people.age_years.min() >= 18.0
    assert people.age_years.max() <= 45.0
    assert people.age_years.mean() == pytest.approx(30.1, abs=0.2)
    assert people.male.mean() == pytest.approx(0.4, abs=0.015)
    assert set(people.phototype) == {3.0, 4.0}
    assert (people.phototype == 4.0).mean() == pytest.approx(0.75, abs=0.015)
    assert people.melasma.mean() == pytest.approx(0.3, abs=0.015)
    assert people.herpes.mean() == pytest.approx(0.2, abs=0.015)
    # Independent purposes: melasma does not follow sex.
    assert abs(np.corrcoef(people.male, people.melasma)[0, 1]) < 0.03


def test_a_group_without_spread_is_alike():
    people = sample_people(group(age_years=Spread(40.0, 0.0, 18.0, 75.0)), 5, 0)
    assert people.age_years.tolist() == [40.0] * 5


@given(mean=st.floats(20, 60), sd=st.floats(0, 20), low=st.floats(18, 40), width=st.floats(0, 40))
def test_ages_never_leave_the_admitted_range(mean, sd, low, width):
    people = sample_people(group(age_years=Spread(mean, sd, low, low + width)), 50, 1)
    assert np.all((people.age_years >= low) & (people.age_years <= low + width))


def test_the_reduced_chain_gives_what_the_forecast_gives(treatment_of):
    """Only the signs that are looked at are solved; their values stay those of a full forecast."""
    seen = run(study(finding(day=3.0)), sign_of("scaling"), trials=200)["pen"]
    course = forecast(treatment_of, days=4.0, draws=2000)
    direct = course.dataset["scaling"].sel(zone="cheek_left").sel(day=3.0, method="nearest")
    simulated = np.median(seen.values[Look("level", 3.0)])
    assert simulated == pytest.approx(float(direct.median()), rel=0.12)


@pytest.fixture(scope="module")
def treatment_of():
    person = Person(age_years=30.0, sex="unstated", phototype=4)
    return Treatment(title="", person=person, sessions=(session(),))


def test_people_of_a_trial_share_what_is_not_known():
    seen = run(study(), lambda view, _: view.rater("a") + 0.0 * view.noise("b"))["pen"]
    values = seen.values[Look("level", 1.0)]
    assert values.shape == (20, 12)
    assert np.all(values == values[:, :1])
    assert np.unique(values[:, 0]).size == 20


def test_the_same_seed_gives_the_same_numbers_and_another_does_not():
    first, again, other = (run(study(), sign_of("erythema"), seed=s)["pen"] for s in (0, 0, 1))
    look = Look("level", 1.0)
    assert np.array_equal(first.values[look], again.values[look])
    assert not np.array_equal(first.values[look], other.values[look])


def two_sides(zones_of_other, who=None):
    arms = (arm(), arm("other", who=who, zones=zones_of_other))
    row = finding(statistic=Statistic.DIFFERENCE, versus="other")
    return study(row, arms=arms)


def test_sides_of_one_face_are_the_same_people_in_the_same_world():
    split = two_sides(("cheek_right",))
    assert within_person(split, "pen", "other")
    seen = run(split, lambda view, _: view.noise("person"))
    look = Look("level", 1.0)
    assert np.array_equal(seen["pen"].values[look], seen["other"].values[look])


@pytest.mark.parametrize("other", [{"zones": ("cheek_left",)}, {"who": group(n=14)}])
def test_parallel_groups_share_the_world_but_not_the_people(other):
    parallel = two_sides(other.get("zones", ("cheek_right",)), other.get("who"))
    assert not within_person(parallel, "pen", "other")
    look = Look("level", 1.0)
    people = run(parallel, lambda view, _: view.noise("person"))
    assert not set(people["pen"].values[look].ravel()) & set(people["other"].values[look].ravel())
    worlds = run(parallel, lambda view, _: view.rater("raters"))
    assert np.array_equal(worlds["pen"].values[look][:, 0], worlds["other"].values[look][:, 0])


def test_protocols_are_equally_likely():
    depths = (0.5, 1.0, 1.5, 2.0)
    protocols = tuple((session(length=depth),) for depth in depths)
    several = study(arms=(arm(protocols=protocols),))
    seen = run(several, lambda view, _: np.full(view.draws, view.sessions[0].deepest_mm))["pen"]
    used = seen.values[Look("level", 1.0)][:, 0]
    assert [int((used == depth).sum()) for depth in depths] == [5, 5, 5, 5]


def test_on_the_day_of_a_later_session_the_look_comes_before_it():
    protocol = ((session(), session(28.0)),)
    seen = run(
        study(finding(day=28.0), arms=(arm(protocols=protocol),)), sign_of("pinpoint_bleeding")
    )["pen"]
    assert seen.values[Look("level", 28.0)].max() < 0.05


def test_changes_are_read_before_treatment_too():
    seen = run(study(finding(statistic=Statistic.MEAN_CHANGE)), sign_of("erythema"))["pen"]
    assert set(seen.values) == {Look("level", 1.0), Look("level", None)}
    assert not seen.values[Look("level", None)].any()


def test_zones_that_nobody_looks_at_do_not_matter():
    alone = run(study(), sign_of("erythema"))["pen"]
    whole_face = arm(protocols=((session(zones=("cheek_left", "forehead", "chin")),),))
    among = run(study(arms=(whole_face,)), sign_of("erythema"))["pen"]
    look = Look("level", 1.0)
    assert np.allclose(alone.values[look], among.values[look])


def test_a_look_that_the_scale_refuses_is_told_when_it_is_needed():
    def refuse(view, day):
        raise MicropenError("cannot be scored here")

    seen = run(study(), refuse)["pen"]
    with pytest.raises(MicropenError, match="cannot be scored here"):
        seen.at(Look("level", 1.0))


@pytest.mark.parametrize("trials", [0, 19, 5001])
def test_too_few_or_too_many_trials_are_refused(trials):
    with pytest.raises(MicropenError, match="20 and 5000"):
        run(study(), sign_of("erythema"), trials=trials)


def test_an_event_is_followed_for_a_month_and_beyond_what_was_reported():
    last = {}

    def follow(view, day):
        last["day"] = view.days[-1]
        return np.zeros(view.draws)

    run(study(finding(day=None)), follow, kind=Kind.EVENT)
    assert last["day"] >= 30.0
    run(study(finding(day=None, low=40.0, high=40.0)), follow, kind=Kind.EVENT)
    assert last["day"] >= 60.0


def test_a_day_beyond_the_model_is_refused():
    with pytest.raises(MicropenError, match="400"):
        run(study(finding(day=500.0)), sign_of("collagen"))


def test_progress_ends_with_all_done():
    shares = []
    simulate(
        study(), load_parameters(), trials=20, progress=shares.append,
        scale_of=lambda _: scale(sign_of("erythema")),
    )  # fmt: skip
    assert shares == sorted(shares)
    assert math.isclose(shares[-1], 1.0)
