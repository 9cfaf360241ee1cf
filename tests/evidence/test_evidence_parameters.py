"""Sampling of parameters: reproducible, independent by name, with the stated spread."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from micropen.errors import MicropenError, UnknownNameError
from micropen.evidence import Grade, load_parameters, prior_parameters, stream


@pytest.fixture
def parameters():
    return load_parameters()


def test_same_seed_same_draws_and_names_have_their_own_stream(parameters):
    name, other = "punctures.channel.recoil", "punctures.depth.pen_fraction"
    first = parameters.sample(name, 50, seed=3)
    assert np.array_equal(first, parameters.sample(name, 50, seed=3))
    assert not np.array_equal(first, parameters.sample(name, 50, seed=4))
    z = np.log(first / parameters.value(name))
    w = np.log(parameters.sample(other, 50, seed=3) / parameters.value(other))
    assert abs(np.corrcoef(z, w)[0, 1]) < 0.5


def test_more_draws_begin_with_the_fewer(parameters):
    name = "punctures.channel.recoil"
    assert np.array_equal(
        parameters.sample(name, 10, seed=0), parameters.sample(name, 20, seed=0)[:10]
    )


def test_spread_is_uncertainty_and_between_person_together(parameters):
    member = parameters["punctures.channel.recoil"]
    logs = np.log(parameters.sample(member.name, 20_000, seed=1))
    expected = np.hypot(member.uncertainty_sd, member.between_person_sd)
    assert np.isclose(logs.mean(), np.log(member.value), atol=4 * expected / np.sqrt(20_000))
    assert np.isclose(logs.std(), expected, rtol=0.03)


def test_plain_normal_parameter_keeps_its_unit(parameters):
    member = parameters["treatment.typology_angle.phototype_5"]
    assert member.value < 0
    assert not member.log_normal
    values = parameters.sample(member.name, 5_000, seed=0)
    assert np.isclose(values.mean(), member.value, atol=1.0)


def test_changed_values_change_the_digest_only_then(parameters):
    same = parameters.with_values({})
    other = parameters.with_values({"punctures.channel.recoil": 0.6})
    assert same.digest == parameters.digest != other.digest
    assert other.value("punctures.channel.recoil") == 0.6


def test_unknown_parameter_names_the_nearest(parameters):
    with pytest.raises(UnknownNameError, match=r"punctures\.channel\.recoil"):
        parameters.value("punctures.channel.recoill")
    with pytest.raises(UnknownNameError):
        parameters.group("nothing")


def test_lowest_grade_is_the_weakest():
    parameters = prior_parameters()
    names = ["punctures.channel.recoil", "punctures.bleeding.half_depth"]
    assert parameters.lowest_grade(names[:1]) is Grade.A
    assert parameters.lowest_grade(names) is Grade.C
    assert parameters.lowest_grade() is Grade.D


def test_streams_differ_by_purpose():
    assert stream(0, "a").random() != stream(0, "b").random()
    assert stream(0, "a").random() == stream(0, "a").random()


def test_positive_log_normal_values(parameters):
    wrong = [p.name for p in parameters if p.log_normal and p.value <= 0]
    assert not wrong
    assert issubclass(UnknownNameError, MicropenError)


# --- scatter: what is no parameter --------------------------------------


def other_scatter(seed, purpose, count):
    """Numbers that tell where they were asked for."""
    return np.full(count, float(seed) + len(purpose))


def test_scatter_comes_from_the_stream_of_its_purpose(parameters):
    drawn = parameters.scattered("healing.session.0", 40, seed=3)
    assert np.array_equal(drawn, stream(3, "healing.session.0").standard_normal(40))
    assert not np.array_equal(drawn, parameters.scattered("healing.session.1", 40, seed=3))
    assert np.array_equal(drawn[:10], parameters.scattered("healing.session.0", 10, seed=3))


def test_scatter_from_elsewhere_is_asked_for_with_seed_purpose_and_count(parameters):
    changed = replace(parameters, scatter=other_scatter)
    assert np.array_equal(changed.scattered("four", 3, seed=2), [6.0, 6.0, 6.0])
    name = "punctures.channel.recoil"
    assert np.array_equal(changed.sample(name, 5, seed=0), parameters.sample(name, 5, seed=0))
    assert changed.digest == parameters.digest


def test_normals_from_elsewhere_leave_the_scatter_alone(parameters):
    changed = replace(parameters, normals=lambda _s, _p, count: np.zeros(count))
    assert np.array_equal(
        changed.scattered("a purpose", 5, seed=1), parameters.scattered("a purpose", 5, seed=1)
    )


def test_every_copy_keeps_its_scatter(parameters):
    changed = replace(parameters, scatter=other_scatter)
    name = "punctures.channel.recoil"
    copies = (
        changed.group("punctures"),
        changed.with_values({name: 0.5}),
        changed.with_parameter(changed[name]),
        changed.without_spread(),
        changed.without_uncertainty(),
        changed.in_worlds(5),
        pickle.loads(pickle.dumps(changed)),
    )
    for copy in copies:
        assert np.array_equal(copy.scattered("four", 2, seed=1), [5.0, 5.0])
