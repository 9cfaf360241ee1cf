"""An account held against a forecast: limits, measures, and the founding case itself."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from micropen.errors import StudyError
from micropen.evidence import load_parameters
from micropen.healing import forecast
from micropen.studies.account import read_statements, replay
from micropen.treatment import Treatment

DEMO = Path(str(files("micropen.workflows") / "data" / "demo"))


@pytest.fixture(scope="module")
def course():
    return forecast(Treatment.read(DEMO / "founding_case.toml"), days=180.0, draws=300)


def one(course, **row):
    base = {"key": "k", "moment": "m", "words": "w", "criterion": "c"}
    return replay([base | row], course, load_parameters()).statements[0]


def test_a_level_is_the_face_on_its_day(course):
    found = one(course, sign="erythema", measure="level", day=1.0, at_most=0.0)
    values = course.dataset["erythema"].sel(day=1.0).values
    assert values.min() <= found.predicted_low <= found.predicted_high <= values.max()
    assert found.probability == 0.0
    assert not found.inside


def test_lesions_are_summed_over_the_face(course):
    found = one(course, sign="lesions", measure="peak", at_least=0.0)
    summed = course.dataset["lesions"].values.sum(axis=1).max(axis=1)
    assert found.predicted_median == pytest.approx(np.median(summed), rel=0.05)


def test_starts_and_ends_are_times_and_never_is_infinite(course):
    first = one(course, sign="scaling", measure="starts", threshold=0.01, at_least=0.0)
    last = one(course, sign="scaling", measure="ends", threshold=0.01, at_least=0.0)
    assert first.unit == last.unit == "d"
    assert 0.0 < first.predicted_median < last.predicted_median
    never = one(course, sign="scaling", measure="starts", threshold=0.99, at_most=180.0)
    assert never.predicted_low == np.inf
    assert never.probability == 0.0


def test_limits_may_name_parameters_and_their_opposite(course):
    limit = load_parameters().value("healing.milestones.visible_gloss")
    found = one(
        course, sign="gloss", measure="level", day=30.0,
        at_least="-healing.milestones.visible_gloss", at_most="healing.milestones.visible_gloss",
    )  # fmt: skip
    assert (found.low, found.high) == (-limit, limit)


def test_an_unknown_measure_is_refused(course):
    with pytest.raises(StudyError, match="size"):
        one(course, sign="gloss", measure="size", day=1.0)


def test_the_founding_case_is_inside_the_bands(course):
    statements = read_statements(DEMO / "founding_account.toml")
    found = replay(statements, course, load_parameters())
    outside = [s.key for s in found.statements if not s.inside]
    assert outside == []
    assert {curve.sign for curve in found.curves} == {s.sign for s in found.statements}
    for curve in found.curves:
        assert np.all(curve.low <= curve.median)
        assert np.all(curve.median <= curve.high)
