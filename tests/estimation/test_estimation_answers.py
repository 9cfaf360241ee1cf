"""Answers from 0 to 10: probabilities that sum to one, and the scales of `micropen.observation`."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from linear_problem import ERROR, answer_term
from made_up_courses import treatment
from simulated_person import seen, someone

from micropen.case import QUESTIONS
from micropen.estimation.likelihood.answers import AnswerTerm, drive_of, mark_of
from micropen.estimation.problem import Problem
from micropen.estimation.readings import Readings, ScoredAnswer
from micropen.evidence import load_parameters
from micropen.observation import Baseline, View, scale
from micropen.treatment import People

WHOLE = np.arange(11.0)
HALVES = np.arange(21) / 2.0
drives = st.floats(-9.0, 3.0)


def probabilities(drive: float, marks=WHOLE, step: float = 1.0) -> np.ndarray:
    """Of every answer that could be given."""
    term = answer_term(*marks, step=step)
    return np.exp(term.single(np.full((1, len(marks)), drive))[0])


@given(drives)
def test_all_answers_together_are_certain(drive):
    assert probabilities(drive).sum() == pytest.approx(1.0, abs=1e-9)
    assert probabilities(drive, HALVES, 0.5).sum() == pytest.approx(1.0, abs=1e-9)


@given(drives, st.integers(0, 10), st.integers(0, 10))
def test_a_word_is_the_sum_of_its_numbers(drive, one, other):
    low, high = sorted((one, other))
    word = replace(answer_term(0.0), answers=(ScoredAnswer("redness", 1.0, low, high),))
    exact = probabilities(drive)[low : high + 1].sum()
    assert np.exp(word.single(np.full((1, 1), drive)))[0, 0] == pytest.approx(exact, abs=1e-9)


@pytest.mark.parametrize("mark", [0.0, 0.4, 2.0, 5.0, 8.7, 10.0])
@pytest.mark.parametrize("mistakes", [False, True])
def test_replicas_come_as_often_as_the_likelihood_says(mark, mistakes):
    drive, draws = float(drive_of(mark)), 40_000
    new = answer_term(0.0).replica(
        np.full((draws, 1), drive), np.random.default_rng(1), mistakes=mistakes
    )
    expected = probabilities(drive)
    if not mistakes:
        expected = (expected - ERROR.mistaken / 11.0) / (1.0 - ERROR.mistaken)
    found = np.bincount(new[:, 0].astype(int), minlength=11) / draws
    assert np.allclose(found, expected, atol=4.5 * np.sqrt(0.25 / draws))


def test_replicas_keep_the_step_of_each_answer():
    term = replace(
        answer_term(0.0, 0.0),
        answers=(ScoredAnswer("redness", 1.0, 3, 3), ScoredAnswer("redness", 2.0, 3.5, 3.5, 0.5)),
    )
    new = term.replica(np.full((4000, 2), drive_of(3.2)), np.random.default_rng(1), mistakes=True)
    assert set(np.unique(new[:, 0])) <= set(WHOLE)
    assert set(np.unique(new[:, 1])) <= set(HALVES)
    assert np.any(new[:, 1] % 1.0)
    found = np.array([(new[:, 1] == mark).mean() for mark in HALVES])
    assert np.allclose(found, probabilities(float(drive_of(3.2)), HALVES, 0.5), atol=0.035)


@pytest.mark.parametrize("answer", [0.0, 1.0, 4.0, 9.0, 10.0])
def test_the_gradient_is_that_of_the_probability(answer):
    term = answer_term(answer)
    for drive in (-3.5, -1.0, 0.2):
        gradient, _ = term.slope(np.array([drive]))
        low, high = (term.log_likelihood(np.array([[drive + s * 1e-4]]))[0] for s in (-1, 1))
        assert gradient[0] == pytest.approx((high - low) / 2e-4, rel=1e-3, abs=1e-5)


@given(st.lists(drives, min_size=3, max_size=3))
def test_information_is_positive_and_doubt_a_probability(predicted):
    term = answer_term(0.0, 4.0, 10.0)
    gradient, information = term.slope(np.array(predicted))
    assert np.all(np.isfinite(gradient))
    assert np.array_equal(information, np.diag(np.diag(information)))
    assert np.all(np.diag(information) >= 0.0)
    doubt = term.doubt(np.array([predicted]))
    assert np.all((doubt >= 0.0) & (doubt <= 1.0))


def test_good_answers_are_hardly_doubted_and_a_mistyped_ten_is():
    term = answer_term(2.0, 3.0, 10.0, 0.0)
    doubt = term.doubt(np.full((1, 4), drive_of(2.4)))[0]
    assert doubt[:2].max() < 0.02
    assert doubt[2] > 0.95
    assert doubt[3] > 0.5


def test_marks_and_drives_undo_each_other():
    marks = np.linspace(0.02, 9.98, 50)
    assert np.allclose(mark_of(drive_of(marks)), marks)
    assert np.allclose(mark_of(drive_of(np.array([0.0, 10.0]))), [0.0, 10.0], atol=0.011)


# --- the prediction is the scale's ---------------------------------------------

DAYS = (0.5, 1.0, 3.0, 6.0)
ALL = Readings(answers=tuple(ScoredAnswer(q, d, 0.0, 0.0) for q in QUESTIONS for d in DAYS))
NO_ERROR = {f"observation.subject.{name}": 0.0 for name in ("lean_sd", "use_sd", "slip_sd")}


def many(problem: Problem, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((6, problem.unknowns.count))


@pytest.fixture(scope="module")
def problem():
    return Problem.of(treatment(), ALL, load_parameters())


@pytest.mark.parametrize("usual", [None, 2.0])
def test_a_predicted_mark_is_that_of_the_scale_without_errors(usual):
    told = tuple((q, usual) for q in QUESTIONS) if usual else ()
    silent = load_parameters().with_values(NO_ERROR)
    problem = Problem.of(treatment(), replace(ALL, usual=told), silent)
    values = many(problem)
    what = problem.seen(values)
    before = {q.scale: Baseline(usual, 0.0) for q in QUESTIONS.values()} if usual else {}
    people, zones = People.of(someone(), 6), problem.treatment.zones
    view = View(what.course, people, zones, what.parameters, 11, baselines=before)
    for term in problem.terms:
        assert isinstance(term, AnswerTerm)
        marks = mark_of(term.predicted(what))
        own = scale(QUESTIONS[term.question].scale).observe
        exact = np.stack([own(view, day) for day in DAYS], axis=1)
        assert np.allclose(marks, np.clip(exact, 0.01, 9.99), atol=2e-4), term.question
        assert np.ptp(marks) > 0.1


def test_personal_use_of_scales_shifts_all_answers_alike(problem):
    unknowns = problem.unknowns
    values = np.zeros((2, unknowns.count))
    values[1, unknowns.names.index("subject.use")] = 1.0
    use_sd = load_parameters().value("observation.subject.use_sd")
    for predicted in problem.predictions(values):
        inside = (predicted[0] > drive_of(0.05)) & (predicted[1] < drive_of(9.8))
        assert inside.any()
        assert np.allclose((predicted[1] - predicted[0])[inside], use_sd, atol=2e-3)


def test_the_wording_of_a_question_shifts_that_question_alone(problem):
    unknowns = problem.unknowns
    values = np.zeros((2, unknowns.count))
    values[1, unknowns.names.index("subject.pain_after")] = 1.0
    lean_sd = load_parameters().value("observation.subject.lean_sd")
    for term, predicted in zip(problem.terms, problem.predictions(values), strict=True):
        moved = predicted[1] - predicted[0]
        inside = predicted[0] > drive_of(0.05)
        expected = lean_sd if term.question == "pain" else 0.0
        assert np.allclose(moved[inside], expected, atol=2e-3)


ZERO = {"subject.use": np.zeros(1), "subject.erythema_subject": np.zeros(1)}


def test_what_is_usual_is_the_least_that_is_answered():
    nothing = seen([0.0, 1.0], ZERO, erythema=np.zeros((1, 13, 2)))
    term = replace(answer_term(3.0), person=someone(), usual=3.0)
    assert mark_of(term.predicted(nothing))[0, 0] == pytest.approx(3.0)
    assert mark_of(replace(term, usual=None).predicted(nothing))[0, 0] < 0.02


def test_points_are_the_answers():
    word = ScoredAnswer("redness", 1.0, 4.0, 6.0)
    point = replace(answer_term(0.0), answers=(word,)).points[0]
    assert (point.key, point.day, point.value, point.sd) == ("redness", 1.0, 5.0, 1.0)
