"""Which numbers a sign rests on, asked of the equations themselves."""

from micropen.evidence import load_parameters
from micropen.healing.sign_evidence import sign_parameters
from micropen.signs import SIGNS


def test_every_sign_rests_on_known_numbers():
    found = sign_parameters()
    assert set(found) == set(SIGNS)
    names = {p.name for p in load_parameters()}
    for sign, numbers in found.items():
        assert numbers, sign
        assert set(numbers) <= names


def test_upstream_states_are_followed_to_their_sources():
    found = sign_parameters()
    assert "healing.inflammation.mediator_rate_per_day" in found["erythema"]
    assert "healing.flush.flush_rate_per_day" in found["erythema"]
    assert "healing.zone_redness.cheek" in found["erythema"]
    assert "healing.scaling.transit_rate_per_day" in found["gloss"]
    assert not any("lesions" in name for name in found["scaling"])
