"""Draws, covariates and zones."""

import numpy as np
import pytest

from micropen.anatomy import ZONES, Layers, layers
from micropen.evidence import load_parameters, prior_parameters
from micropen.healing.chain import default_chain
from micropen.healing.population import (
    Dose,
    lanes,
    treated_zones,
    widen_beyond_evidence,
    zone_factor,
)
from micropen.punctures import wound as punctures_wound
from micropen.treatment import Aftercare, People, Person


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
    widen_beyond_evidence(signs, doses, np.asarray(days), load_parameters(), seed=0)
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
    parameters = prior_parameters()  # a unit does not follow a fit
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


def test_a_person_differs_from_session_to_session_but_keeps_to_themselves(laboratory):
    built = laboratory.lanes(draws=3000, days=(0.0, 30.0), zones=("nose", "chin"))
    first, second = (w["vascular_injury"].reshape(3000, 2) for w in built.wounds)
    stated = laboratory.parameters.value("healing.population.between_session_sd")
    # The synthetic wounds are alike, so all that differs is the session.
    assert np.isclose(np.log(first[:, 0]).std(), stated, rtol=0.05)
    assert np.array_equal(first[:, 0], first[:, 1])
    assert abs(np.corrcoef(np.log(first[:, 0]), np.log(second[:, 0]))[0, 1]) < 0.06
    for name in ("epidermal_wound", "dermal_wound"):
        ratio = built.wounds[0][name] / built.wounds[0]["vascular_injury"]
        assert np.allclose(ratio, ratio[0]), name
    assert np.ptp(built.wounds[0]["pain_during_vas"]) == 0.0


def test_a_later_session_leaves_the_first_as_it_was(laboratory):
    alone = laboratory.lanes(draws=20).wounds[0]
    among = laboratory.lanes(draws=20, days=(0.0, 14.0)).wounds[0]
    for name, values in alone.items():
        assert np.array_equal(values, among[name]), name


def _cheek(treatment, parameters, draws=1, **settings):
    """Doses of the cheek of one session, as punctures make them."""
    plan = treatment(zones=["cheek"], **settings)
    people = People.of(plan.person, draws)
    skin = layers(people.male, parameters, 0)
    made = punctures_wound(plan.sessions[0], skin, parameters, draws, 0, people=people)
    built = lanes(default_chain(), people, [Dose(made, True)], parameters, seed=0)
    return {name: float(values[0]) for name, values in built.wounds[0].items()}


@pytest.fixture(scope="module")
def typical():
    """No spread at all, between sessions neither."""
    parameters = load_parameters().without_spread()
    return parameters.with_values({"healing.population.between_session_sd": 0.0})


def test_islands_are_whole_in_usual_sessions_and_lost_in_dense_ones(treatment, typical):
    usual = _cheek(treatment, typical)
    dense = _cheek(treatment, typical, needle_length_mm=2.5, passes=20)
    assert usual["island_loss"] < 0.002
    assert _cheek(treatment, typical, needle_length_mm=2.5)["island_loss"] < 0.005
    assert 0.3 < dense["island_loss"] < 0.7
    # Percolation of discs: half is lost when their summed area is 1.13 of the surface.
    assert np.isclose(typical.value("healing.population.connected_cover"), 1.128, atol=0.005)


def test_a_torn_ring_opens_more_than_the_hole(treatment, typical):
    shallow, usual = _cheek(treatment, typical, needle_length_mm=0.25), _cheek(treatment, typical)
    # Face, 0.15-0.25 mm: water loss was measurably raised (Han 2012).
    assert 0.01 < shallow["torn_area"] < usual["torn_area"]
    assert 0.05 < usual["torn_area"] < 0.1


def test_only_needles_beyond_the_living_dermis_overshoot(treatment, typical):
    for length in (0.5, 1.0, 1.5):
        found = _cheek(treatment, typical, needle_length_mm=length)
        assert np.isclose(found["deep_wound"], found["dermal_wound"])
    deep = _cheek(treatment, typical, needle_length_mm=2.5)
    assert deep["deep_wound"] > 1.2 * deep["dermal_wound"]


def test_skin_is_as_thick_as_living_skin_by_ultrasound(typical):
    # 50 MHz, women: cheek 1.90-2.12 mm, men 2.43-2.53 mm; canthus 1.36-1.43 mm.
    skin: Layers = layers(np.zeros(1), typical, 0)
    whole = skin.epidermis_mm + skin.dermis_mm
    living = typical.value("healing.population.living_thickness") * whole[0]
    assert np.isclose(living[ZONES.index("cheek_left")], 2.0, rtol=0.15)
    assert np.isclose(living[ZONES.index("periorbital_left")], 1.4, rtol=0.2)


def test_aftercare_holds_gaps_open_under_occlusion(wound, laboratory):
    person = Person.model_validate({"age_years": 35, "phototype": 3})
    found = []
    for aftercare in (Aftercare.NONE, Aftercare.BLAND, Aftercare.HYDROGEL, Aftercare.OCCLUSIVE):
        dose = Dose(wound(3, zones=("chin",)), True, aftercare)
        built = lanes(laboratory.chain, People.of(person, 3), [dose], laboratory.parameters, seed=0)
        found.append(built.wounds[0]["occlusion"][0])
    assert found[0] == 0.0
    assert found[-1] == 1.0
    assert found == sorted(set(found))
