"""The device catalogue: complete, sourced, and found by its names."""

import pytest

from micropen.errors import UnknownNameError
from micropen.evidence import Grade, source
from micropen.treatment import device, devices

ALL = sorted(devices())


@pytest.mark.parametrize("name", ALL)
def test_every_number_has_a_source_and_no_better_grade_than_it(name):
    for key, number in devices()[name].evidence.items():
        entry = source(number.source)
        assert number.grade.value >= entry.grade.value, key
        assert number.note, key
        assert number.source != "assumed" or number.grade is Grade.D


@pytest.mark.parametrize("name", ALL)
def test_every_number_used_is_documented_with_its_evidence(name):
    found = devices()[name]
    numbers = {
        field: value
        for field, value in found.model_dump(exclude={"evidence"}).items()
        if isinstance(value, (int, float)) and value
    }
    evidenced = {n.value for n in found.evidence.values()}
    assert set(numbers.values()) <= evidenced
    assert len(numbers) == len([n for n in found.evidence.values() if n.value])


@pytest.mark.parametrize("name", ALL)
def test_kinds_have_what_their_density_needs(name):
    found = devices()[name]
    assert 0 < found.needle_length_min_mm <= found.needle_length_max_mm
    match found.kind:
        case "pen":
            assert found.strike_rate_min_hz <= found.strike_rate_hz <= found.strike_rate_max_hz
            assert found.strike_rate_hz > 0
            assert found.tip_width_mm > 0
            assert found.hand_speed_mm_per_s > 0
        case "roller":
            assert found.drum_diameter_mm > 0
            assert found.drum_width_mm > 0
        case "stamp":
            assert found.plate_area_cm2 > 0


@pytest.mark.parametrize(
    ("name", "needles", "kind"),
    [
        ("SkinPen Precision", 14, "pen"),
        ("PRO Pen", 14, "pen"),
        ("rejuvapen nxt", 12, "pen"),
        ("Dermapen MD", 12, "pen"),
        ("exceed", 6, "pen"),
        ("Dermapen 4", 16, "pen"),
        ("Dermaroller MF8", 192, "roller"),
        ("dermastamp", 40, "stamp"),
    ],
)
def test_the_catalogue_holds_the_known_devices(name, needles, kind):
    found = device(name)
    assert (found.needle_count, found.kind) == (needles, kind)


def test_published_ranges():
    """SkinPen: 0-2.5 mm in 0.25 mm steps, 7,000 per minute, evaluated to 1.5 mm, 22 years."""
    skinpen = device("skinpen")
    assert skinpen.needle_length_max_mm == 2.5
    assert skinpen.needle_length_step_mm == 0.25
    assert skinpen.strike_rate_hz == pytest.approx(7000 / 60, rel=1e-3)
    assert skinpen.evaluated_length_max_mm == 1.5
    assert skinpen.minimum_age_years == 22
    exceed = device("exceed")
    assert (exceed.strike_rate_min_hz, exceed.strike_rate_max_hz) == (100, 150)
    assert exceed.needle_diameter_mm == 0.35
    assert device("mf8").fixed_length
    assert device("mf8").needle_length_max_mm == 1.5


def test_original_dermapen_makes_a_thousand_wounds_a_second():
    pen = device("dermapen")
    assert pen.needle_count * pen.strike_rate_hz == 990


def test_unknown_device_answers_with_the_nearest():
    with pytest.raises(UnknownNameError, match="skinpen-precision"):
        device("skin pen precisoin")


def test_devices_are_frozen_and_sorted():
    assert list(devices()) == ALL
    with pytest.raises(ValueError, match="frozen"):
        device("exceed").needle_count = 7
