"""What the workflows put together: notes on the photograph, evidence, horizon."""

from __future__ import annotations

from datetime import date

import pytest

import micropen as mp
from micropen.errors import MicropenError
from micropen.evidence import load_parameters
from micropen.optics import skin_colour
from micropen.portrait.calibration import with_stated_tone
from micropen.signs import SIGNS
from micropen.workflows.content import cited_sources, photo_notes, sign_evidence
from micropen.workflows.forecast import ForecastRequest, forecast_report


def notes(file, tone: float) -> str:
    return " ".join(photo_notes(mp.Portrait.read(file, stated_ita_deg=tone)))


def test_a_phototype_that_does_not_fit_the_photograph_is_said(demo_portrait_file):
    assert "check the phototype" not in notes(demo_portrait_file, 41.0)
    dark = notes(demo_portrait_file, -45.0)
    assert "looks lighter than the stated phototype" in dark
    assert "not measured" in dark


def test_stated_tone_moves_the_melanin_that_is_expected():
    parameters, colour = load_parameters(), skin_colour()
    expected = [
        with_stated_tone(tone, colour, parameters).value("portrait.anchor.melanin")
        for tone in (60.0, 40.0, 20.0, 0.0, -30.0)
    ]
    assert expected == sorted(expected)
    assert expected[0] < 0.02 < 0.1 < expected[-1]


def test_every_sign_says_what_it_rests_on():
    rows = {row.sign: row for row in sign_evidence()}
    assert set(rows) == set(SIGNS)
    for row in rows.values():
        assert row.grade in "ABCD"
        assert cited_sources(row.sources)


def test_a_series_beyond_the_model_is_refused(tmp_path, demo_portrait_file):
    file = tmp_path / "treatment.toml"
    file.write_text(
        "[person]\nage_years = 35\nphototype = 2\n[[session]]\ndate = 2026-01-08\n"
        'device = "SkinPen Precision"\nface = { needle_length_mm = 1.0, passes = 4 }\n'
        "[series]\ncount = 6\ninterval_days = 90\n",
        encoding="utf-8",
    )
    request = ForecastRequest(demo_portrait_file, file, tmp_path / "report")
    with pytest.raises(MicropenError, match="last session is on day 450"):
        forecast_report(request)
    assert not (tmp_path / "report").exists()


def test_a_course_of_a_series_reaches_beyond_its_last_session():
    sessions = [
        {
            "date": date(2026, month, 8),
            "device": "SkinPen Precision",
            "face": {"needle_length_mm": 1.0, "passes": 4},
        }
        for month in (1, 2)
    ]
    person = {"age_years": 35, "phototype": 2}
    treatment = mp.Treatment.from_dict({"person": person, "session": sessions})
    course = mp.forecast(treatment, days=treatment.days[-1] + 5.0, draws=20)
    assert course.treatment is treatment
    assert course.days[-1] == treatment.days[-1] + 5.0
