"""Warning signs in free text: seen in four languages, denied ones left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.case import WARNING_SIGNS, mentions_warning


@pytest.mark.parametrize(
    ("note", "signs"),
    [
        ("Woke up with a fever.", ["fever"]),
        ("shivering, temperature 38.5 °C", ["fever"]),
        ("39,2 Grad heute früh", ["fever"]),
        ("temperature was 38.6 at noon", ["fever"]),
        ("temp 100.9 F", ["fever"]),
        ("red area getting bigger and warm", ["spreading_heat"]),
        ("no pain or swelling and pus", ["pus"]),
        ("a little pus at the chin", ["pus"]),
        ("yellow crusts on the cheek", ["pus"]),
        ("small blisters around the mouth", ["blisters"]),
        ("the redness is spreading and it is hot", ["spreading_heat"]),
        ("redness has spread to the neck", ["spreading_heat"]),
        ("my eye hurts", ["eye"]),
        ("blurry vision since noon", ["eye"]),
        ("no fever but pus", ["pus"]),
        ("No pain. Fever!", ["fever"]),
        ("not only fever, blisters as well", ["fever", "blisters"]),
        ("could not sleep because of fever", ["fever"]),
        ("no pain and fever since yesterday", ["fever"]),
        ("not much pus", ["pus"]),
        ("no fever at first, then a fever", ["fever"]),
        ("Fieber und Schüttelfrost", ["fever"]),
        ("eitrige Pusteln am Kinn", ["pus"]),
        ("gelbe Krusten", ["pus"]),
        ("kleine Bläschen an der Lippe", ["blisters"]),
        ("Rötung breitet sich aus", ["spreading_heat"]),
        ("noch Fieber", ["fever"]),
        ("kein Fieber, aber Eiter", ["pus"]),
        ("J'ai de la fièvre", ["fever"]),
        ("croûtes jaunes sur la joue", ["pus"]),
        ("la rougeur s'étend", ["spreading_heat"]),
        ("l'œil rouge et douloureux", ["eye"]),
        ("tengo fiebre y ampollas", ["fever", "blisters"]),
        ("costras amarillas", ["pus"]),
        ("el enrojecimiento se extiende", ["spreading_heat"]),
    ],
)
def test_seen(note, signs):
    assert mentions_warning(note) == tuple(signs)
    assert mentions_warning(note.upper()) == tuple(signs)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "all fine, a bit pink",
        "no fever",
        "no pus, no fever",
        "no fever, pus or blisters",
        "no fever or pus",
        "I did not have any fever or chills today",
        "fever: 0",
        "temperature 37.2",
        "temp 98.6 F",
        "without any sign of pus",
        "I don't have a fever",
        "fever: no",
        "fever? no",
        "isn't blistering",
        "kein Fieber",
        "kein Eiter, kein Fieber",
        "weder Fieber noch Eiter",
        "Fieber habe ich nicht",
        "ohne Eiter",
        "pas de fièvre",
        "je n'ai pas de fièvre",
        "ni fièvre ni pus",
        "sans pus",
        "sin fiebre",
        "no tengo fiebre",
        "ni fiebre ni pus",
        "a little swollen under the eyes",
        "Schwellung um die Augen, rot",
        "red as after skiing",
        "38 minutes of sun",
        "spread the cream over the red cheeks",
        "capsules and impulse",
        "keyed up, could not see the difference",
    ],
)
def test_not_seen(note):
    assert mentions_warning(note) == ()


@given(st.text(max_size=200))
def test_any_text_gives_known_signs_in_order(note):
    found = mentions_warning(note)
    assert list(found) == [sign for sign in WARNING_SIGNS if sign in found]
