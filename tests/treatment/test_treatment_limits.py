"""What is forecast all the same, but said."""

import tomllib

import pytest

from micropen.treatment import Condition, Medication, Treatment
from micropen.treatment.limits import _CONDITIONS

BASE = """
[person]
age_years = 35
phototype = 2
# more

[[session]]
date = 2026-05-08
device = "SkinPen Precision"
face = { needle_length_mm = 1.0, passes = 4 }
"""


def warnings(*replacements):
    text = BASE
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return Treatment.from_dict(tomllib.loads(text)).warnings


def test_nothing_to_say():
    assert warnings() == ()


@pytest.mark.parametrize("length", [0.25, 1.5])
def test_inside_the_evidence_nothing_is_widened(length):
    assert warnings(("1.0", str(length))) == ()


def test_beyond_the_evidence_is_widened_and_said():
    (said,) = warnings(("1.0", "1.75"))
    assert "1.75 mm (the whole face)" in said
    assert "1.5 mm" in said
    assert "widened" in said


def test_only_the_deep_zone_is_named():
    (said,) = warnings(("4 }", "4 }\nzones.cheek = { needle_length_mm = 2.0 }"))
    assert "(cheek)" in said


def test_a_length_between_two_settings():
    (said,) = warnings(("1.0", "0.6"))
    assert "0.6 mm lies between two settings" in said


@pytest.mark.parametrize(
    ("device", "age", "said"),
    [("SkinPen Precision", 21, 1), ("SkinPen Precision", 22, 0), ("exceed", 19, 0)],
)
def test_label_age(device, age, said):
    found = warnings(("35", str(age)), ("SkinPen Precision", device))
    assert len(found) == said
    assert all("labelled for 22 years" in w for w in found)


def test_short_interval():
    found = warnings(("4 }", "4 }\n[series]\ncount = 3\ninterval_days = 14"))
    assert len(found) == 2
    assert "only 14 days" in found[0]


@pytest.mark.parametrize(("stopped", "said"), [("2026-03-01", 1), ("2025-10-01", 0)])
def test_isotretinoin_stopped(stopped, said):
    found = warnings(("# more", f"isotretinoin_stopped = {stopped}"))
    assert len(found) == said
    assert all("clinician" in w for w in found)


def test_every_condition_is_spoken_of():
    assert set(_CONDITIONS) == set(Condition)
    words = ", ".join(f'"{c}"' for c in Condition)
    assert len(warnings(("# more", f"history = [{words}]"))) == len(Condition)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('medication = ["isotretinoin"]', "contraindication"),
        ('medication = ["anticoagulants"]', "contraindication"),
        ('medication = ["topical retinoids"]', "caution"),
        ('history = ["keloids"]', "contraindication"),
        ('history = ["pregnancy"]', "contraindication"),
        ('history = ["herpes"]', "caution"),
        ('active_acne = "severe"', "contraindication"),
    ],
)
def test_label_rules(line, kind):
    (said,) = warnings(("# more", line))
    assert kind in said


@pytest.mark.parametrize(
    "line", ['medication = ["hormonal contraception"]', 'active_acne = "mild"']
)
def test_what_labels_do_not_mention_is_not_warned_of(line):
    assert warnings(("# more", line)) == ()
    assert Medication.HORMONAL_CONTRACEPTION == "hormonal contraception"
