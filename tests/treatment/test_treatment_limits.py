"""What is forecast all the same, but said."""

import tomllib

import pytest

from micropen.treatment import Condition, Medication, Treatment
from micropen.treatment.contraindications import _BY_CONDITION, _CAUTION_BY_CONDITION

BASE = """
[person]
age_years = 35
phototype = 2
# more

[[session]]
date = 2026-05-08
device = "SkinPen Precision"
face = { needle_length_mm = 1.0, passes = 4 }
zones.periorbital = { needle_length_mm = 0.5 }
"""
# Where it may go deep: men's cheeks.
CHEEK_ONLY = (
    ("phototype = 2", 'phototype = 2\nsex = "male"'),
    ("zones.periorbital = { needle_length_mm = 0.5 }", ""),
    ("face =", "zones.cheek ="),
)


def read(*replacements):
    text = BASE
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return Treatment.from_dict(tomllib.loads(text))


def warnings(*replacements):
    return read(*replacements).warnings


def test_nothing_to_say():
    assert warnings() == ()
    assert read().contraindications == ()


@pytest.mark.parametrize("length", [0.25, 1.25])
def test_inside_the_evidence_nothing_is_widened(length):
    assert warnings(*CHEEK_ONLY, ("1.0", str(length))) == ()


def test_beyond_the_evidence_is_widened_and_said():
    wide, through = warnings(("1.0", "1.75"))
    assert "1.75 mm (forehead," in wide
    assert "1.5 mm" in wide
    assert "widened" in wide
    assert "longer than epidermis and dermis are thick there, typically 1.2 to 1.3 mm" in through


def test_only_the_deep_zone_is_named():
    wide, through = warnings(("4 }", "4 }\nzones.cheek = { needle_length_mm = 2.0 }"))
    assert "(cheek)" in wide
    assert "2 mm (cheek)" in through


def test_longer_than_the_skin_is_thick():
    said, between = warnings(("phototype = 2", 'phototype = 2\nsex = "female"'), ("1.0", "1.05"))
    assert "between two settings" in between
    assert "1.05 mm (temple)" in said
    assert "typically 1.0 mm" in said


@pytest.mark.parametrize(("length", "said"), [(0.5, 0), (0.75, 1)])
def test_too_long_around_the_eyes_is_said_loudly(length, said):
    found = warnings(("mm = 0.5", f"mm = {length}"))
    assert len(found) == said
    assert all("TOO LONG AROUND THE EYES" in w and "periorbital" in w for w in found)


def test_what_is_the_same_in_every_session_is_said_once():
    (said,) = warnings(("0.5 }", "0.75 }\n[series]\ncount = 4\ninterval_days = 30"))
    assert said.startswith("Every session: TOO LONG")


def test_melasma_is_warned_of():
    (said,) = warnings(("# more", "melasma = true"))
    for words in ("rebound", "small spot", "sun", "heat", "hormones", "weeks"):
        assert words in said


@pytest.mark.parametrize(("phototype", "said"), [("3", 0), ('"III-IV"', 1), ("4", 1), ("6", 1)])
def test_dark_marks_are_a_risk_of_darker_skin(phototype, said):
    found = warnings(("phototype = 2", f"phototype = {phototype}"))
    assert len(found) == said
    assert all("dark marks" in w and "Phototype" in w for w in found)


@pytest.mark.parametrize(("angle", "said"), [(48, 0), (10, 0), (5, 1), (-40, 1)])
def test_phototype_and_angle_that_contradict_each_other(angle, said):
    found = warnings(("# more", f"individual_typology_angle_deg = {angle}"))
    assert len(found) == said
    assert all("contradict" in w and "48 degrees" in w for w in found)


def test_a_length_between_two_settings():
    (said,) = warnings(*CHEEK_ONLY, ("1.0", "0.6"))
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
    found = warnings(("0.5 }", "0.5 }\n[series]\ncount = 3\ninterval_days = 14"))
    assert len(found) == 2
    assert "only 14 days after" in found[0]
    (one,) = warnings(("0.5 }", "0.5 }\n[series]\ncount = 2\ninterval_days = 1"))
    assert "only 1 day after" in one


@pytest.mark.parametrize(("stopped", "said"), [("2026-03-01", 1), ("2025-10-01", 0)])
def test_isotretinoin_stopped(stopped, said):
    found = warnings(("# more", f"isotretinoin_stopped = {stopped}"))
    assert len(found) == said
    assert all("clinician" in w for w in found)


def test_every_condition_is_spoken_of_once():
    assert set(_BY_CONDITION) | set(_CAUTION_BY_CONDITION) == set(Condition)
    assert not set(_BY_CONDITION) & set(_CAUTION_BY_CONDITION)
    words = ", ".join(f'"{c}"' for c in Condition)
    treatment = read(("# more", f"history = [{words}]"))
    assert len(treatment.contraindications) == len(_BY_CONDITION)
    assert len(treatment.warnings) == len(_CAUTION_BY_CONDITION)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('medication = ["isotretinoin"]', "SkinPen"),
        ('medication = ["anticoagulants"]', "Anticoagulants are a contraindication on the Exceed"),
        ('history = ["keloids"]', "Exceed"),
        ('history = ["pregnancy"]', "SkinPen"),
        ('history = ["nursing"]', "SkinPen"),
        ('history = ["active infection"]', "Dermapen 4"),
        ('history = ["herpes"]', "active"),
        ('history = ["bleeding disorder"]', "Dermapen 4"),
        ('active_acne = "severe"', "Dermapen 4"),
    ],
)
def test_contraindications_say_what_and_by_whose_label(line, says):
    treatment = read(("# more", line))
    (said,) = treatment.contraindications
    assert says in said
    assert "contraindication" in said
    assert "label" in said
    assert said.endswith("Ask a clinician first.")
    assert treatment.warnings == ()


def test_cautions_are_warnings():
    treatment = read(("# more", 'medication = ["topical retinoids"]\nhistory = ["smoking"]'))
    assert treatment.contraindications == ()
    assert len(treatment.warnings) == 2
    assert all("forecast does not include" in w for w in treatment.warnings)


@pytest.mark.parametrize(
    "line", ['medication = ["hormonal contraception"]', 'active_acne = "mild"']
)
def test_what_labels_do_not_mention_is_not_warned_of(line):
    treatment = read(("# more", line))
    assert treatment.warnings == treatment.contraindications == ()
    assert Medication.HORMONAL_CONTRACEPTION == "hormonal contraception"
