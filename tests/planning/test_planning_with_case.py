"""Chances told with a case: the scores by which they are judged, and a few people judged."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.append(str(Path(__file__).parents[2] / "validation"))

from planning_with_case import (
    CHANCES,
    LOOKED_AT,
    SETTINGS,
    Mean,
    brier,
    chances_table,
    intervals,
    log_score,
    simulate,
)

# One in 15,000 lies further out.
SURE = 4.0


def test_the_error_of_a_mean_counts_people_not_days():
    of_people = np.random.default_rng(0).standard_normal(2000)
    days = np.repeat(of_people, 21)
    error = Mean.of(days, np.repeat(np.arange(2000), 21)).error
    assert error == pytest.approx(of_people.std() / np.sqrt(2000), rel=1e-3)
    assert Mean.of(days, np.arange(days.size)).error < error / 4.0


@pytest.mark.parametrize("score", [brier, log_score])
def test_the_truth_scores_best(score):
    told = np.linspace(0.01, 0.99, 99)
    for share in (0.1, 0.5, 0.8):
        scores = score(told, np.full(told.shape, share))
        assert told[np.argmin(scores)] == pytest.approx(share)


def test_no_score_is_infinite():
    assert np.isfinite(log_score(np.array([0.0, 1.0]), np.array([1.0, 0.0]))).all()


@pytest.fixture(scope="module")
def rows():
    return simulate(range(8), 1, LOOKED_AT["two weeks"])


@pytest.mark.slow
def test_what_is_told_with_a_case_happens(rows):
    for kind in CHANCES:
        found = chances_table(rows, kind)
        off = found["own: told less happened"]
        assert abs(off.value) <= SURE * off.error
        learnt = {score: found[f"own less population: {score}"] for score in ("brier", "log_score")}
        assert learnt["brier"].value <= SURE * learnt["brier"].error
        # Being too sure costs most by this score.
        assert learnt["log_score"].value < 0.0
    # It would not agree by chance: what is told of one setting does not fit the other.
    shallow, deep = ([row for row in rows if row["setting"] == key] for key in SETTINGS)
    swapped = [{**s, "own clear": d["own clear"]} for s, d in zip(shallow, deep, strict=True)]
    off = chances_table(swapped, "clear")["own: told less happened"]
    assert off.value < -SURE * off.error
    days = intervals(rows)["own downtime"]
    assert abs(days["holds"] - days["claims"]) <= SURE * max(days["error"], 0.05)
    assert days["score"] < intervals(rows)["population downtime"]["score"]
