"""Sessions that have been: what they left is part of a plan, and the new ones add to it."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from planning_cases import TODAY, client, request

from micropen.evidence import load_parameters
from micropen.healing.forecast import forecast
from micropen.planning.goals import goal
from micropen.planning.goals.goal import sampler
from micropen.planning.search.adding_up import made_of
from micropen.planning.search.face import Face, FaceSettings
from micropen.planning.search.make_plan import PlanRequest, make_plan
from micropen.planning.search.over_a_series import added_at, effect_at
from micropen.planning.search.series import face_mean, sums_of_series
from micropen.treatment import Treatment, device

SIGNS = ("collagen", "relief")
DRAWS = 100
GROUPS = (("cheek_left",), ("forehead",))
SETTINGS = FaceSettings((0.75, 0.5), 4.0)
AGO = 42


def _session(ago: int, zones: dict[str, float]) -> dict[str, object]:
    return {
        "date": TODAY - timedelta(days=ago),
        "device": "skinpen-precision",
        "anaesthetic": "topical",
        "zones": {zone: {"needle_length_mm": mm, "passes": 4} for zone, mm in zones.items()},
    }


def _treatment(*sessions: dict[str, object]) -> Treatment:
    person = {"age_years": 35, "sex": "female", "phototype": 3}
    return Treatment.from_dict({"person": person, "session": list(sessions)})


def _face(been: Treatment) -> Face:
    # Without the luck of single sessions, which the superposition draws once for all of them.
    members = load_parameters().with_values({"healing.population.between_session_sd": 1e-9})
    return Face.under(
        client(),
        device("skinpen-precision"),
        GROUPS,
        [SETTINGS],
        members,
        DRAWS,
        0,
        made_of(SIGNS),
        been.sessions,
    )


@pytest.mark.parametrize("zones", [{"cheek_left": 1.0, "forehead": 0.5}, {"cheek_left": 1.0}])
def test_new_sessions_add_to_earlier_ones_as_the_engine_has_it(zones: dict[str, float]) -> None:
    # A zone that the earlier session left out has nothing left of it.
    new = {"cheek_left": 0.75, "forehead": 0.5}
    before, first, second = _session(AGO, zones), _session(0, new), _session(-35, new)
    face = _face(_treatment(before))
    members = load_parameters().with_values({"healing.population.between_session_sd": 1e-9})
    course = forecast(_treatment(before, first, second), AGO + 35 + 90.0, DRAWS, 0, members)
    areas = np.concatenate([part.areas_cm2 for part in face.chosen(SETTINGS)])
    for made in made_of(SIGNS):
        for after in (8.0, 60.0):
            day = AGO + 35 + after
            values = course.dataset[made.sign].sel(zone=list(new)).interp(day=day).values
            engine = values @ areas / areas.sum()
            sums = sums_of_series((0.0, 35.0), (35.0 + after,), face.earlier_days)
            added_up = face_mean(face.chosen(SETTINGS), made, sums)[0]
            np.testing.assert_allclose(added_up, engine, atol=0.03 * np.abs(engine).max() + 1e-4)


def test_what_is_added_is_less_than_what_rested_skin_would_gain() -> None:
    # The effect saturates: the third session brings less than the first.
    zones = {"cheek_left": 1.0, "forehead": 0.5}
    treated, rested = _face(_treatment(_session(AGO, zones))), _face_without()
    wished, members = goal("acne scars"), load_parameters()
    sample = sampler(wished, members, DRAWS, 0)
    added = added_at(wished, sample, treated, SETTINGS, (0.0,), 90.0)
    alone = added_at(wished, sample, rested, SETTINGS, (0.0,), 90.0)
    both = effect_at(wished, sample, treated, SETTINGS, (0.0,), (90.0,))[0]
    assert 0.0 < added.mean() < alone.mean() < both.mean()
    kept = effect_at(wished, sample, treated, SETTINGS, (), (90.0,))[0]
    np.testing.assert_allclose(added + kept, both)


def _face_without() -> Face:
    members = load_parameters().with_values({"healing.population.between_session_sd": 1e-9})
    used = device("skinpen-precision")
    return Face.under(client(), used, GROUPS, [SETTINGS], members, DRAWS, 0, made_of(SIGNS))


def test_days_are_counted_from_today_only_where_sessions_have_been() -> None:
    zones = {"cheek_left": 1.0}
    assert _face(_treatment(_session(AGO, zones))).counted((10, 45)) == (10.0, 45.0)
    assert _face_without().counted((10, 45)) == (0.0, 35.0)


def test_a_plan_says_what_earlier_sessions_have_left() -> None:
    asked = request(client())
    been = _treatment(_session(AGO, {"cheek_left": 1.0, "forehead": 0.5})).sessions
    again = PlanRequest(
        asked.client, asked.suitability, asked.parameters, asked.believed, 0, 3, been
    )
    planned, first = make_plan(again), make_plan(asked)
    left = planned.plans[0].earlier
    assert left is not None
    assert 0.0 < left.low < left.mean < left.high < 0.5
    assert any("earlier sessions would leave" in note for note in planned.notes)
    assert first.plans[0].earlier is None
    assert not any("earlier sessions" in note for note in first.notes)
