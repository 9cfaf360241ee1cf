"""Complications as a report shows them."""

from datetime import date

import numpy as np
import pytest

from micropen.evidence import source
from micropen.treatment import Treatment
from micropen.workflows.complications import what_can_go_wrong


def _plan(**who):
    person = {"age_years": 30, "sex": "female", "phototype": 3, **who}
    where = {"upper_lip": {"needle_length_mm": 0.5, "passes": 3}}
    session = {"date": date(2026, 1, 5), "device": "SkinPen Precision", "zones": where}
    return Treatment.from_dict({"person": person, "session": [session]})


@pytest.fixture(scope="module")
def plain():
    return what_can_go_wrong(_plan())


def test_each_is_a_probability_in_its_band_with_its_sources(plain):
    for line in plain.complications:
        assert 0.0 <= line.low <= line.high <= 1.0
        assert 0.0 <= line.probability <= 1.0
        assert line.counts
        assert all(source(key) for key in line.sources)


def test_cold_sores_need_a_history_and_say_what_it_would_be(plain):
    known = what_can_go_wrong(_plan(history=["herpes"]))
    without, having = (
        next(line for line in found.complications if line.key == "herpes_reactivation")
        for found in (plain, known)
    )
    assert without.probability == 0.0
    assert np.isnan(having.with_history)
    assert without.with_history == pytest.approx(having.probability)
    assert having.probability > 0.0


def test_only_cold_sores_speak_of_a_history(plain):
    others = [x for x in plain.complications if x.key != "herpes_reactivation"]
    assert all(np.isnan(line.with_history) for line in others)


def test_a_gentle_session_is_no_over_treatment(plain):
    assert plain.over_treatment.median < 0.01
