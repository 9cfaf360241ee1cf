"""Sampling of parameters: reproducible, independent by name, with the stated spread."""

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
