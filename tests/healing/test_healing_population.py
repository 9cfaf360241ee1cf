"""Draws, covariates and zones."""

import numpy as np
import pytest

from micropen.anatomy import ZONES, layers
from micropen.evidence import load_parameters
from micropen.healing.population import Dose, treated_zones, widen_beyond_evidence, zone_factor
from micropen.punctures import wound as punctures_wound


def test_a_lane_is_a_treated_zone_of_a_draw(laboratory):
    built = laboratory.lanes(draws=7, zones=("nose", "cheek_left", "chin"))
    assert built.count == 21


def test_a_person_is_the_same_in_all_zones_but_for_the_zone_spread(laboratory):
    built = laboratory.lanes(draws=50, zones=("nose", "chin"))
    inflammation = built.parameters["inflammation"]
    rates = inflammation["resolution_rate_per_day"].reshape(50, 2)
    assert np.array_equal(rates[:, 0], rates[:, 1])
    assert rates[:, 0].std() > 0.0
    response = inflammation["response"].reshape(50, 2)
    scatter = np.log(response[:, 0] / response[:, 1]).std() / np.sqrt(2.0)
    stated = laboratory.parameters.value("healing.population.between_zone_sd")
    assert 0.6 * stated < scatter < 1.4 * stated


def test_other_treated_zones_leave_a_zone_as_it_was(laboratory):
    alone = laboratory.lanes(draws=5, zones=("chin",)).parameters
    among = laboratory.lanes(draws=5, zones=ZONES).parameters
    chin = ZONES.index("chin")
    for process, members in alone.items():
        for name, values in members.items():
            assert np.array_equal(values, among[process][name].reshape(5, -1)[:, chin]), name


@pytest.mark.parametrize(
    ("process", "parameter", "low", "high", "direction"),
    [
        ("inflammation", "response", {"sensitivity": 0.0}, {"sensitivity": 1.0}, 1),
        ("inflammation", "resolution_rate_per_day", {"age_years": 25}, {"age_years": 70}, -1),
        ("barrier", "repair_rate_per_day", {"age_years": 25}, {"age_years": 70}, -1),
        ("collagen", "synthesis_per_day", {"age_years": 25}, {"age_years": 70}, -1),
        ("lesions", "proneness", {"acne_proneness": 0.0}, {"acne_proneness": 1.0}, 1),
        ("melanin", "susceptibility", {"phototype": 2}, {"phototype": 5}, 1),
        ("melanin", "susceptibility", {"sun_exposure": 0.0}, {"sun_exposure": 1.0}, 1),
        ("melanin", "susceptibility", {"melasma": False}, {"melasma": True}, 1),
        ("melanin", "largest_loss", {"melasma": False}, {"melasma": True}, 1),
        ("lesions", "proneness", {"active_acne": "none"}, {"active_acne": "mild"}, 1),
        ("lesions", "proneness", {"active_acne": "mild"}, {"active_acne": "moderate"}, 1),
        ("lesions", "proneness", {"active_acne": "moderate"}, {"active_acne": "severe"}, 1),
    ],
)
def test_covariates_act_in_the_stated_direction(
    laboratory, process, parameter, low, high, direction
):
    before = laboratory.lanes(draws=20, **low).parameters[process][parameter]
    after = laboratory.lanes(draws=20, **high).parameters[process][parameter]
    assert np.all(direction * (after - before) > 0.0)


def test_every_rate_and_share_can_be_what_it_is(laboratory):
    built = laboratory.lanes(draws=4000)
    for process in laboratory.chain.processes:
        members = built.parameters[process.name]
        for state in process.states:
            assert members[state.loss].min() > 0.0, state.name
        for name, values in members.items():
            assert np.isfinite(values).all()
            if name.endswith("_share") and name != "inflammation_share":
                assert values.min() >= 0.0
                assert values.max() <= 1.0, name


def _widened(doses, days, draws=400):
    signs = {name: np.ones((draws, len(days)), np.float32) for name in ("scaling", "pain")}
    widen_beyond_evidence(signs, doses, np.asarray(days), seed=0)
    return signs


def test_beyond_the_evidence_draws_are_wider_around_the_same_median(wound):
    deep = Dose(wound(400, zones=("chin",), widening=0.4), True)
    signs = _widened([deep], [0.0, 5.0])
    assert np.isclose(np.median(signs["scaling"]), 1.0, rtol=0.06)
    assert np.isclose(np.log(signs["scaling"]).std(), 0.4, rtol=0.1)
    assert np.array_equal(signs["scaling"][:, 0], signs["scaling"][:, 1])
    # Punctures have widened pain themselves.
    assert (signs["pain"] == 1.0).all()


def test_widening_begins_with_the_deep_session_and_stays(wound):
    doses = [
        Dose(wound(400, day=day, zones=("chin",), widening=widening), True)
        for day, widening in ((0.0, 0.0), (30.0, 0.4), (60.0, 0.1))
    ]
    signs = _widened(doses, [0.0, 29.0, 30.0, 59.0, 60.0, 90.0])["scaling"]
    assert (signs[:, :2] == 1.0).all()
    assert np.isclose(np.log(signs[:, 2]).std(), 0.4, rtol=0.1)
    assert np.array_equal(signs[:, 2], signs[:, 5])


def test_zones_treated_in_any_session_are_lanes(wound):
    doses = [Dose(wound(2, zones=("chin",)), True), Dose(wound(2, zones=("nose",)), True)]
    assert [ZONES[i] for i in treated_zones(doses)] == ["nose", "chin"]


def test_shares_of_lesions_add_up_to_a_face_and_follow_the_glands(laboratory):
    shares = np.median(zone_factor("lesions", laboratory.parameters, 500, 0), axis=0)
    assert np.isclose(shares.sum(), 1.0, rtol=0.1)
    assert shares[ZONES.index("forehead")] > 3 * shares[ZONES.index("temple_left")]


def test_units_of_the_doses_are_those_of_the_reference_session(treatment):
    parameters = load_parameters()
    (session,) = treatment().sessions
    skin = layers(np.zeros(4000), parameters, 0)
    cheek = ZONES.index("cheek_left")
    made = punctures_wound(session, skin, parameters, 4000, 0)
    for name, values in (
        ("epidermal", made.epidermal_wound_volume_mm3_cm2),
        ("dermal", made.dermal_wound_volume_mm3_cm2),
    ):
        unit = parameters.value(f"healing.population.reference_{name}_wound")
        assert np.isclose(np.median(values[:, cheek]), unit, rtol=0.08), name
