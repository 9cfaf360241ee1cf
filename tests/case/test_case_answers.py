"""What one cell means: numbers, words of four languages, and what is refused with a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micropen.case.answers import (
    MOST_BREAKOUTS,
    read_breakouts,
    read_makeup,
    read_score,
    read_sun,
    read_warning_signs,
)
from micropen.case.check_in import WARNING_SIGNS
from micropen.case.columns import COLUMNS, column_of
from micropen.case.plain_words import data_file, plain, without_ends
from micropen.errors import CaseError


def score(text: str) -> tuple[float, float]:
    answer = read_score(text)
    assert answer is not None
    return answer.low, answer.high


@given(st.integers(0, 100), st.sampled_from(".,"), st.sampled_from(["", "/10", " / 10"]))
def test_every_number_from_0_to_10_with_either_decimal_sign(tenths, sign, tail):
    value = tenths / 10
    assert score(f"{value}".replace(".", sign) + tail) == (value, value)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("3-4", 3, 4),
        ("3,5 – 4", 3.5, 4),
        ("3 to 4", 3, 4),
        ("3 bis 4", 3, 4),
        ("None", 0, 0),
        ("A little.", 0.5, 3.5),
        ("very_little", 0.5, 2),
        ("some", 3.5, 6.5),
        ("Mäßig", 3.5, 6.5),
        ("sehr stark", 8.5, 10),
        ("pas du tout", 0, 0),
        ("Très fort", 8.5, 10),
        ("modérée", 3.5, 6.5),
        ("un poco", 0.5, 3.5),
        ("MUCHO!", 6.5, 9.5),
    ],
)
def test_ranges_and_words(text, low, high):
    assert score(text) == (low, high)


def test_what_was_written_is_kept():
    answer = read_score("  A   Little ")
    assert answer is not None
    assert answer.written == "A Little"
    assert answer.middle == 2.0


def test_score_words_stand_once_in_plain_letters_and_grow_in_order():
    groups = list(data_file("words.toml")["score"].values())
    seen: dict[str, int] = {}
    for number, group in enumerate(groups):
        for word in group["words"]:
            assert word == plain(word) == without_ends(word)
            assert seen.setdefault(word, number) == number, word
    assert [g["low"] for g in groups] == sorted(g["low"] for g in groups)
    assert [g["high"] for g in groups] == sorted(g["high"] for g in groups)


@pytest.mark.parametrize("text", ["", " ", "-", "–", "?", "n/a"])
def test_nothing_said(text):
    assert read_score(text) is None
    assert read_breakouts(text) is None
    assert read_makeup(text) is None
    assert read_sun(text) == ""
    assert read_warning_signs(text) == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("11", "'11' is outside of 0 to 10"),
        ("-1", "'-1' is outside of 0 to 10"),
        ("10,1", "outside of 0 to 10"),
        ("12/10", "outside of 0 to 10"),
        ("8-12", "outside of 0 to 10"),
        ("6-4", "turn it round"),
        ("abc", "'abc' is not known"),
        ("strnog", "nearest: strong"),
        ("nan", "not known"),
        ("inf", "not known"),
        ("1e1", "not known"),
        ("5%", "not known"),
        ("4/5", "not known"),
        ("x" * 400, "…"),
    ],
)
def test_scores_refused(text, says):
    with pytest.raises(CaseError, match=r"0 .*to 10|turn it round") as refused:
        read_score(text)
    assert says in str(refused.value)
    assert len(str(refused.value)) < 250


@given(st.integers(0, MOST_BREAKOUTS), st.sampled_from(["", ".0", ",0", ".00"]))
def test_counts_of_spots(count, tail):
    assert read_breakouts(f"{count}{tail}") == count


def test_no_spots_in_words():
    assert [read_breakouts(word) for word in ("none", "Keine", "aucun", "ninguno")] == [0] * 4


@pytest.mark.parametrize("text", ["201", "-1", "2.5", "many", "1e2", "9" * 30])
def test_counts_refused(text):
    with pytest.raises(CaseError, match="whole number from 0 to 200"):
        read_breakouts(text)


@pytest.mark.parametrize("text", ["yes", "Y", "1", "ja", "Oui", "Sí", "x", "✓", "TRUE", "wahr"])
def test_makeup_worn(text):
    assert read_makeup(text) is True


@pytest.mark.parametrize("text", ["no", "N", "0", "Nein", "non", "FALSE", "falsch", "none"])
def test_makeup_not_worn(text):
    assert read_makeup(text) is False


def test_makeup_refused():
    with pytest.raises(CaseError, match="'perhaps' is neither yes nor no"):
        read_makeup("perhaps")


def test_sun():
    words = ("none", "kein", "A little", "peu", "viel", "mucho")
    assert [read_sun(w) for w in words] == ["none", "none", "little", "little", "much", "much"]
    with pytest.raises(CaseError, match="write none, little or much"):
        read_sun("7 hours")


@pytest.mark.parametrize("sign", WARNING_SIGNS)
def test_a_sign_by_its_name_and_by_its_phrase(sign):
    assert read_warning_signs(sign) == (sign,)
    assert read_warning_signs(sign.replace("_", " ").upper()) == (sign,)
    assert read_warning_signs(WARNING_SIGNS[sign]) == (sign,)


@given(st.sets(st.sampled_from(list(WARNING_SIGNS)), min_size=1), st.data())
def test_any_signs_with_any_separator(signs, data):
    named = [data.draw(st.sampled_from([s, WARNING_SIGNS[s]])) for s in sorted(signs)]
    text = data.draw(st.sampled_from([";", ", ", " | "])).join(named)
    assert set(read_warning_signs(text)) == signs


def test_signs_of_other_languages_and_none():
    assert read_warning_signs("Fieber; Eiter") == ("fever", "pus")
    assert read_warning_signs("fièvre, croûtes jaunes") == ("fever", "pus")
    assert read_warning_signs("ampollas|ojo") == ("blisters", "eye")
    assert read_warning_signs("none") == ()


def test_an_unknown_sign_answers_with_the_nearest():
    with pytest.raises(CaseError, match="'fevr' is not a warning sign; nearest: fever"):
        read_warning_signs("pus; fevr")


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Redness (0-10)", "redness"),
        ("RÖTUNG", "redness"),
        ("Date and time", "when"),
        ("Datum", "when"),
        ("fecha", "when"),
        ("Démangeaison", "itching"),
        ("make-up", "makeup"),
        ("Warning Signs", "warning_signs"),
        ("Notizen", "note"),
        ("my cat", ""),
    ],
)
def test_headings(heading, column):
    assert column_of(heading) == column


def test_no_heading_means_two_columns():
    told = data_file("words.toml")["columns"]
    names = [without_ends(n) for column in COLUMNS for n in (column, *told[column])]
    assert len(names) == len(set(names))
    assert set(told) == {*COLUMNS, "time"}
