"""Names of zones, and the anatomy behind them."""

import numpy as np
import pytest

from micropen.anatomy import (
    UNPAIRED_ZONES,
    ZONES,
    expand_zone,
    label,
    layers,
    per_zone,
    unpaired,
    zone_records,
)
from micropen.errors import UnknownNameError
from micropen.evidence import Grade, load_parameters


@pytest.fixture(scope="module")
def parameters():
    return load_parameters()


def test_thirteen_zones_nine_names():
    assert len(ZONES) == len(set(ZONES)) == 13
    assert len(UNPAIRED_ZONES) == 9
    assert {unpaired(z) for z in ZONES} == set(UNPAIRED_ZONES)


@pytest.mark.parametrize(
    ("name", "zones"),
    [
        ("forehead", ("forehead",)),
        ("cheek", ("cheek_left", "cheek_right")),
        ("Cheek Left", ("cheek_left",)),
        ("upper-lip", ("upper_lip",)),
    ],
)
def test_names_expand(name, zones):
    assert expand_zone(name) == zones


def test_every_zone_has_words_with_its_side():
    assert label("cheek_left") == "left cheek"
    assert len({label(z) for z in ZONES}) == 13


def test_unknown_zone_answers_with_the_nearest_once():
    with pytest.raises(UnknownNameError, match="nearest: forehead") as caught:
        expand_zone("forhead")
    assert str(caught.value).count("forehead") == 1


@pytest.mark.parametrize("name", ["eyelid", "upper eyelid", "eyelid_left", "lids"])
def test_eyelid_is_not_a_zone_and_says_why(name):
    with pytest.raises(UnknownNameError, match="never needled"):
        expand_zone(name)


def test_both_sides_share_their_draw(parameters):
    area = per_zone("area", parameters, 20, seed=0)
    left, right = ZONES.index("cheek_left"), ZONES.index("cheek_right")
    assert area.shape == (20, 13)
    assert np.array_equal(area[:, left], area[:, right])


def test_dermis_follows_the_published_order(parameters):
    """Meng 2022: men thicker than women in every zone; the orbital rim is thinnest."""
    records = zone_records(parameters)
    assert all(r.dermis_male_mm > r.dermis_female_mm for r in records)
    thinnest = min(records, key=lambda r: r.dermis_female_mm)
    assert unpaired(thinnest.name) == "periorbital"


def test_thickness_lies_inside_the_published_extremes(parameters):
    """Dermis 0.759-1.969 mm (Chopra 2015); epidermis 30 um (Chopra) to 121 um (histology)."""
    for record in zone_records(parameters):
        assert 0.759 < record.dermis_female_mm < 1.969
        assert 0.759 < record.dermis_male_mm < 1.969
        assert 0.030 < record.epidermis_mm < 0.121
    lip = max(zone_records(parameters), key=lambda r: r.epidermis_mm)
    assert lip.name == "upper_lip"


def test_dermis_ratio_to_glabella_is_that_of_the_table(parameters):
    by_name = {r.name: r for r in zone_records(parameters)}
    ratio = by_name["forehead"].dermis_male_mm / by_name["glabella"].dermis_male_mm
    assert np.isclose(ratio, 1.17 / 1.14)


@pytest.mark.parametrize("male", [0.0, 1.0, 0.5])
def test_layers_are_positive_and_add_up(parameters, male):
    skin = layers(np.full(200, male), parameters, seed=5)
    for part in (skin.epidermis_mm, skin.papillary_mm, skin.reticular_mm):
        assert part.shape == (200, 13)
        assert part.dtype == np.float64
        assert (part > 0).all()
    assert np.allclose(skin.dermis_mm, skin.papillary_mm + skin.reticular_mm)
    assert (skin.papillary_mm <= 0.5 * skin.dermis_mm + 1e-12).all()


def test_unstated_sex_lies_between(parameters):
    women, men, either = (layers(np.full(50, m), parameters, 1) for m in (0.0, 1.0, 0.5))
    assert np.allclose(either.dermis_mm, 0.5 * (women.dermis_mm + men.dermis_mm))


def test_pain_order_is_the_clinics(parameters):
    """Nose base and upper lip > glabella > crow's feet > forehead > cheeks."""
    pain = {unpaired(r.name): r.pain_sensitivity for r in zone_records(parameters)}
    assert min(pain["nose"], pain["upper_lip"]) > pain["glabella"] > pain["periorbital"]
    assert pain["periorbital"] > pain["forehead"] > pain["cheek"] == 1.0


def test_oily_zone_and_face_area(parameters):
    records = zone_records(parameters)
    glands = {unpaired(r.name): r.sebaceous_density for r in records}
    assert min(glands[z] for z in ("nose", "glabella", "forehead", "chin")) > max(
        glands[z] for z in ("cheek", "temple", "periorbital", "jaw", "upper_lip")
    )
    assert 250 < sum(r.area_cm2 for r in records) < 400
    assert all(r.grade is Grade.D for r in records)
