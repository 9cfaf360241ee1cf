"""Forecasts of many people: quantiles without the draws, the same on any number of threads."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from micropen.errors import MicropenError
from micropen.evidence import load_parameters
from micropen.healing import forecast, forecast_quantiles, streamed_quantiles
from micropen.healing.quantile_counts import BINS, CellCounts
from micropen.treatment import People

QUANTILES = (0.05, 0.5, 0.95)


def _rank_error(found, values, q, near=0.0):
    """How far the share of values below a quantile is from `q`; equal values count either way."""
    below, upto = (values < found - near).mean(axis=0), (values <= found + near).mean(axis=0)
    return np.maximum(np.maximum(below - q, q - upto), 0.0)


def _counted(values, pilot, quantiles=QUANTILES, threshold=np.inf, pieces=5):
    """Count values of shape (draw, zone, day) in a few chunks."""
    counts = CellCounts(pilot.astype(np.float32), quantiles, threshold)
    for piece in np.array_split(values.astype(np.float32), pieces):
        counts.add(np.ascontiguousarray(piece.transpose(2, 0, 1).reshape(piece.shape[2], -1)))
    return counts


@pytest.mark.parametrize(
    ("shape", "near"),
    [
        (lambda rng, n: rng.standard_normal(n), 0.0),
        (lambda rng, n: np.exp(2.0 * rng.standard_normal(n)), 0.0),
        (lambda rng, n: rng.random(n) ** 3, 0.0),
        (lambda rng, n: rng.standard_normal(n) + 8.0 * (rng.random(n) < 0.5), 0.0),
        # Many draws of one value: the quantile lies in the bin of that value.
        (lambda rng, n: np.maximum(rng.standard_normal(n), 0.0), 0.01),
        (lambda rng, n: rng.poisson(2.0, n).astype(float), 0.1),
    ],
    ids=["normal", "skewed", "piled up", "two groups", "zeros", "whole numbers"],
)
def test_ranks_are_right_to_a_thousandth_whatever_the_distribution(shape, near):
    rng = np.random.default_rng(1)
    values, pilot = shape(rng, (20_000, 2, 3)), shape(rng, (640, 2, 3))
    found, share = _counted(values, pilot).values()
    for q, row, held in zip(QUANTILES, found, share, strict=True):
        assert _rank_error(row, values, q, near).max() < 1e-3
        assert np.all(_rank_error(row, values, q) <= held + 1e-9)


def test_means_shares_and_extremes_are_exact():
    rng = np.random.default_rng(2)
    values = rng.standard_normal((4001, 3, 2)).astype(np.float32)
    counts = _counted(values, values[:600], (0.0, 0.5, 1.0), threshold=1.0)
    assert np.allclose(counts.mean, values.mean(axis=0, dtype=float), atol=1e-12)
    assert np.array_equal(counts.share_above, (values > 1.0).mean(axis=0))
    found, _ = counts.values()
    assert np.all(np.diff(found, axis=0) > 0.0)
    assert np.allclose(found[1], np.median(values, axis=0), atol=2e-3)
    assert np.all(found[0] >= values.min(axis=0))
    assert np.all(found[2] <= values.max(axis=0))


def test_a_pilot_of_other_people_costs_precision_and_says_so():
    rng = np.random.default_rng(3)
    values = rng.standard_normal((10_000, 1, 1))
    good, bad = _counted(values, values[:640]), _counted(values, values[:640] + 3.0)
    for counts in (good, bad):
        found, share = counts.values()
        for q, row, held in zip(QUANTILES, found, share, strict=True):
            assert np.all(_rank_error(row, values, q) <= held)
            assert values.min() <= row <= values.max()
    assert good.values()[1].max() < 4.0 / BINS
    assert bad.values()[1].max() > 0.3


@settings(max_examples=20, deadline=None, derandomize=True)
@example(seed=2, draws=2, pieces=1)
@example(seed=0, draws=1, pieces=2)  # one of the two holds nobody
@given(seed=st.integers(0, 1000), draws=st.integers(1, 900), pieces=st.integers(1, 7))
def test_the_order_and_the_number_of_chunks_do_not_matter(seed, draws, pieces):
    rng = np.random.default_rng(seed)
    values = np.exp(rng.standard_normal((draws, 1, 2)))
    pilot = np.exp(rng.standard_normal((64, 1, 2)))
    one = _counted(values, pilot, pieces=1).values()[0]
    many = _counted(rng.permutation(values), pilot, pieces=pieces).values()[0]
    assert np.array_equal(one, many)
    assert np.all(np.diff(one, axis=0) >= 0.0)


@pytest.fixture(scope="module")
def two_sessions(treatment):
    return treatment(sessions=2, interval=10, zones=["cheek_left", "chin"])


def _one_person(person):
    return lambda numbers: People.of(person, numbers.size)


def test_a_stream_gives_the_quantiles_of_all_its_draws(two_sessions, monkeypatch):
    kept, add = {}, CellCounts.add

    def keep(self, values):
        kept.setdefault(id(self), [self]).append(np.array(values))
        add(self, values)

    monkeypatch.setattr(CellCounts, "add", keep)
    people = _one_person(two_sessions.person)
    signs = ("erythema", "lesions", "gloss")
    found = forecast_quantiles(two_sessions.sessions, people, 30.0, 3000, signs=signs)
    assert len(kept) == len(signs)
    for counts, *chunks in kept.values():
        values = np.concatenate(
            [c.reshape(c.shape[0], -1, 2).transpose(1, 2, 0) for c in chunks]
        ).astype(float)
        assert values.shape[0] == 3000
        estimates, _ = counts.values()
        for q, row in zip(QUANTILES, estimates, strict=True):
            exact = np.quantile(values, q, axis=0)
            size = np.abs(exact).max()
            gone = np.abs(exact) < 0.01 * size
            assert np.all((_rank_error(row, values, q) < 4e-3) | gone)
            assert np.all(np.abs(row - exact)[gone] < 5e-3 * size)
    assert all(0.0 < found[sign].attrs["rank_resolution"] < 0.03 for sign in signs)


def test_a_stream_and_a_forecast_tell_the_same(two_sessions):
    course = forecast(two_sessions, days=30.0, draws=1500, seed=5)
    found = forecast_quantiles(
        two_sessions.sessions, _one_person(two_sessions.person), 30.0, 1500, seed=5,
        above={"erythema": 0.2},
    )  # fmt: skip
    assert set(course.dataset.data_vars) <= set(found.data_vars)
    for sign in course.dataset.data_vars:
        draws = course.dataset[sign].values.astype(float)
        assert found[sign].dims == ("quantile", "zone", "day")
        assert found[sign].shape == (3, *draws.shape[1:])
        spread = draws.std(axis=0).max()
        assert np.abs(found[f"{sign}_mean"].values - draws.mean(axis=0)).max() < 0.2 * spread
        middle = np.abs(found[sign].sel(quantile=0.5).values - np.median(draws, axis=0)).max()
        assert middle < 0.2 * spread
    share = (course.dataset["erythema"].values > 0.2).mean(axis=0)
    assert np.abs(found["erythema_share_above"].values - share).max() < 0.08
    assert found.attrs["seed"] == 5
    assert found.attrs["draws"] == 1500
    untreated = found.sel(zone="forehead")
    assert not any(values.values.any() for values in untreated.data_vars.values())


def test_threads_do_not_change_a_byte(two_sessions):
    people, shares = _one_person(two_sessions.person), []
    runs = [
        forecast_quantiles(
            two_sessions.sessions, people, 15.0, 1300, threads=threads, progress=shares.append
        )
        for threads in (1, 2, 3)
    ]
    assert runs[0].identical(runs[1])
    assert runs[0].identical(runs[2])
    assert shares.count(1.0) == 3
    other = forecast_quantiles(two_sessions.sessions, people, 15.0, 1300, seed=1)
    assert not np.array_equal(other["erythema"], runs[0]["erythema"])


def test_only_the_signs_that_are_asked_for_are_solved(two_sessions):
    people = _one_person(two_sessions.person)
    all_signs = forecast_quantiles(two_sessions.sessions, people, 15.0, 600)
    one = forecast_quantiles(two_sessions.sessions, people, 15.0, 600, signs=["scaling"])
    assert set(one.data_vars) == {"scaling", "scaling_mean"}
    assert np.allclose(one["scaling"], all_signs["scaling"], atol=2e-4)


def test_every_person_is_asked_for_once_besides_the_pilot(two_sessions):
    asked = []

    def people(numbers):
        asked.append(numbers)
        return People.of(two_sessions.person, numbers.size)

    forecast_quantiles(two_sessions.sessions, people, 15.0, 1200, signs=["pain"], threads=1)
    pilot, *chunks = asked
    assert np.array_equal(np.concatenate(chunks), np.arange(1200))
    assert max(chunk.size for chunk in chunks) <= streamed_quantiles.CHUNK
    # The pilot is spread over all people, who may come sorted.
    assert pilot.max() > 1100
    assert np.all(np.diff(pilot) <= 2)


def test_a_world_is_not_cut(two_sessions):
    sizes = []

    def people(numbers):
        sizes.append(numbers.size)
        return People.of(two_sessions.person, numbers.size)

    worlds = load_parameters().in_worlds(300)
    forecast_quantiles(
        two_sessions.sessions, people, 15.0, 1300, signs=["pain"], parameters=worlds, threads=1
    )
    assert sizes[1:] == [600, 600, 100]


def test_what_cannot_be_is_refused(two_sessions):
    people = _one_person(two_sessions.person)
    sessions = two_sessions.sessions
    with pytest.raises(MicropenError, match="draws is 0"):
        forecast_quantiles(sessions, people, 15.0, 0)
    with pytest.raises(MicropenError, match="between 0 and 1"):
        forecast_quantiles(sessions, people, 15.0, 10, quantiles=(0.5, 95.0))
    with pytest.raises(MicropenError, match=r"'erithema'.*erythema"):
        forecast_quantiles(sessions, people, 15.0, 10, signs=["erithema"])
    with pytest.raises(MicropenError, match="'gloss'"):
        forecast_quantiles(sessions, people, 15.0, 10, signs=["pain"], above={"gloss": 0.1})
    with pytest.raises(MicropenError, match="threads is 0"):
        forecast_quantiles(sessions, people, 15.0, 10, threads=0)
    with pytest.raises(MicropenError, match="horizon"):
        forecast_quantiles(sessions, people, 0.0, 10)
    with pytest.raises(MicropenError, match="gave 3 people for 10"):
        forecast_quantiles(sessions, lambda _: People.of(two_sessions.person, 3), 15.0, 10)
