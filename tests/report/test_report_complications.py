"""What can go wrong: the words, the order, and the page."""

from __future__ import annotations

import pytest

from micropen.healing import RISKS
from micropen.report import Complication, OverTreatment, write_report
from micropen.report.complications import DISPLAYS, complication_rows, over_treatment_note

NAN = float("nan")


def line(key="pih", probability=0.0713, low=0.0002, high=0.178, **changes) -> Complication:
    return Complication(key, "dark marks", probability, low, high, "D", "5 of 30", **changes)


def row(**changes):
    return complication_rows([line(**changes)])[0]


def test_every_complication_of_the_model_has_words_of_its_own():
    assert set(DISPLAYS) == {risk.name for risk in RISKS}
    for shown in DISPLAYS.values():
        assert shown.title
        assert shown.concerns.endswith(".")
        assert "clinician" in shown.call


@pytest.mark.parametrize(
    ("probability", "low", "high", "answer", "band"),
    [
        (0.0713, 0.0002, 0.178, "71", "fewer than 1 to 180"),
        (0.0046, 0.0011, 0.0094, "4.6", "1.1 to 9.4"),
        (0.0001, 0.0, 0.0009, "fewer than 1", "fewer than 1"),
        (0.999, 0.5, 1.0, "1000", "500 to 1000"),
        (NAN, NAN, NAN, "cannot be told", "the forecast ends before it could show"),
    ],
)
def test_people_of_a_thousand(probability, low, high, answer, band):
    shown = row(probability=probability, low=low, high=high)
    assert (shown.answer, shown.band) == (answer, band)


def test_without_a_history_the_chance_of_somebody_with_one_is_told():
    shown = row(key="herpes_reactivation", probability=0.0, low=0.0, high=0.0, with_history=0.13)
    assert shown.answer == "none expected"
    assert "with one, 130" in shown.band


def test_the_order_is_that_of_the_words_and_a_new_one_comes_last():
    rows = complication_rows([line(key="granuloma"), line(key="infection"), line(key="pih")])
    assert [r.key for r in rows] == ["pih", "infection", "granuloma"]
    assert rows[-1].shown.title == "Dark marks"
    assert rows[-1].shown.call


def test_over_treatment_is_told_from_a_few_per_cent():
    assert over_treatment_note(None) == ""
    assert over_treatment_note(OverTreatment(0.02, 0.0, 0.2, "D")) == ""
    said = over_treatment_note(OverTreatment(0.21, 0.014, 0.93, "D"))
    assert "about 21 % of the lasting gain" in said
    assert "1 % to 93 %" in said
    assert "grade D" in said


def test_the_page_shows_them_escaped_with_their_evidence(small_portrait, content_of, tmp_path):
    lines = (line(), line(key="other<risk>", probability=0.01))
    content = content_of(
        small_portrait,
        (0.3, 3.0),
        complications=lines,
        over_treatment=OverTreatment(0.21, 0.014, 0.93, "D"),
    )
    text = write_report(tmp_path / "report", content).read_text(encoding="utf-8")
    assert 'data-risk="pih"' in text
    assert "5 of 30" in text
    assert "other&lt;risk&gt;" in text
    assert "other<risk>" not in text
    assert "about 21 %" in text


def test_a_page_without_them_has_no_empty_heading(small_report):
    text = (small_report[0] / "report.html").read_text(encoding="utf-8")
    assert 'id="h-risks"' not in text
