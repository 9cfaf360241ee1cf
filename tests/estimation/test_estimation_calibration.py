"""Ranks, intervals and scores by which validation/estimation.py judges; and a few people judged."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.append(str(Path(__file__).parents[2] / "validation"))

from rank_tests import RANKED, inside, interval_score, rank_of, uniformity
from simulated_people import Looks, draw_treatment, face_courses, simulate_person

from micropen.estimation.fit import fit
from micropen.evidence import load_parameters, stream


def random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_rank_counts_the_draws_below():
    draws = np.arange(RANKED, dtype=float)
    assert rank_of(-1.0, draws, random()) == 0
    assert rank_of(4.5, draws, random()) == 5
    assert rank_of(1e3, draws, random()) == RANKED


def test_ties_are_broken_evenly():
    draws, chance = np.zeros(RANKED), random()
    ranks = np.array([rank_of(0.0, draws, chance) for _ in range(4000)])
    assert ranks.min() == 0
    assert ranks.max() == RANKED
    assert ranks.mean() == pytest.approx(0.5 * RANKED, abs=4.0 * 28.9 / np.sqrt(4000))


def test_honest_ranks_pass_and_crowded_ones_do_not():
    honest = random(1).integers(0, RANKED + 1, 300)
    assert min(uniformity(honest, random())) > 0.01
    crowded = np.clip(50 + 20 * random(1).standard_normal(300), 0, RANKED).astype(int)
    assert max(uniformity(crowded, random())) < 1e-3
    shifted = np.minimum(honest + 15, RANKED)
    assert max(uniformity(shifted, random())) < 1e-3


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_an_interval_holds_its_share_of_all_ranks(share):
    within = inside(np.arange(RANKED + 1), share)
    assert within.mean() == share
    assert np.array_equal(within, within[::-1])


def test_the_interval_score_is_width_plus_penalty():
    draws = np.linspace(0.0, 1.0, 1001)[:, None] * np.ones(3)
    found = interval_score(np.array([0.5, 0.0, 1.05]), draws)
    assert found == pytest.approx([0.9, 0.9 + 20.0 * 0.05, 0.9 + 20.0 * 0.1])


def test_the_interval_score_is_least_for_the_true_spread():
    truths = random().standard_normal(4000)
    draws = random(1).standard_normal((4000, 1))
    scores = [interval_score(truths, s * draws).mean() for s in (0.6, 1.0, 1.6)]
    assert scores[1] < min(scores[0], scores[2])


FEW = Looks(
    photo_days=(1.0, 2.0), answer_days=(1.3,), signs=("erythema",),
    questions=("redness", "peeling"), counts=False,
)  # fmt: skip


def test_a_seed_gives_the_same_person():
    members = load_parameters()
    treatment = draw_treatment(stream(3, "treatment"))
    one, two, other = (simulate_person(treatment, FEW, members, random(seed)) for seed in (5, 5, 6))
    assert one.readings == two.readings
    assert np.array_equal(one.truth, two.truth)
    assert one.readings != other.readings
    assert one.readings.count == 2 * len(treatment.zones) + 2


@pytest.mark.slow
def test_a_few_people_rank_evenly_in_their_own_posterior():
    members, chance = load_parameters(), random(11)
    ranks, scores = [], []
    for number in range(16):
        treatment = draw_treatment(stream(number, "treatment"))
        person = simulate_person(treatment, FEW, members, stream(number, "person"))
        posterior = fit(person.problem, number)
        own = face_courses(person.problem, posterior.persons(400))["erythema"]
        truth = face_courses(person.problem, person.truth[None])["erythema"]
        population = chance.standard_normal((800, person.truth.size))
        typical = face_courses(person.problem, population)["erythema"]
        day = 6  # half days: day 3
        chosen = chance.permutation(400)[:RANKED]
        ranks.append(rank_of(truth[0, day], own[chosen, day], chance))
        scores.append([interval_score(truth[0], each).mean() for each in (own, typical)])
    # Of 16 people 90 % intervals miss more than 5 less than once in a thousand times.
    assert inside(ranks, 0.9).sum() >= 11
    assert min(uniformity(ranks, chance)) > 1e-3
    mine, theirs = np.mean(scores, axis=0)
    assert mine < 0.8 * theirs
