"""What a calibration found, laid over the parameters: values, spreads, and their correlation."""

from dataclasses import replace

import numpy as np
import pytest

from micropen.calibration.parameter_file import fitted_text
from micropen.errors import MicropenError
from micropen.evidence import (
    Basis,
    FittedNumber,
    FittedSet,
    Grade,
    Quantity,
    load_parameters,
    prior_digest,
    prior_parameters,
    read_parameter_set,
    shipped_fit,
)
from micropen.evidence.fitted_set import parse_fitted_set

GAIN, RATE = "healing.erythema.mediator_gain", "healing.melanin.return_rate_per_day"


def a_set():
    prior = prior_parameters()
    gain, rate = prior[GAIN], prior[RATE]
    numbers = (
        FittedNumber(GAIN, Quantity.VALUE, 3.5, 0.05, gain.value, 0.15, ("one", "two")),
        FittedNumber(RATE, Quantity.VALUE, 0.03, 0.04, rate.value, 0.1, ("two",)),
        FittedNumber(GAIN, Quantity.BETWEEN_PERSON_SD, 0.3, 0.2, 0.15, 0.3, ("three",)),
    )
    correlation = np.array([[1.0, -0.8, 0.0], [-0.8, 1.0, 0.1], [0.0, 0.1, 1.0]])
    return FittedSet("fit-test", "0", 0, prior_digest(prior), "0" * 16, numbers, correlation)


def test_values_spreads_grade_and_basis_are_laid_over_the_prior():
    prior, fitted = prior_parameters(), a_set().applied_to(prior_parameters())
    gain, rate = fitted[GAIN], fitted[RATE]
    assert (gain.value, gain.uncertainty_sd, gain.between_person_sd) == (3.5, 0.05, 0.3)
    assert gain.fitted_to == ("one", "three", "two")
    assert gain.basis is Basis.FITTED
    assert prior[RATE].grade is Grade.A
    assert rate.grade is Grade.D  # trials reach it through assumed mappings
    untouched = set(prior.members) - {GAIN, RATE}
    assert all(fitted[name] == prior[name] for name in untouched)
    assert fitted.digest != prior.digest


def test_uncertainties_move_together_as_the_fit_left_them():
    fitted, draws = a_set().applied_to(prior_parameters()), 20_000
    alone = replace(fitted[GAIN], between_person_sd=0.0)
    still = fitted.with_parameter(alone).with_parameter(
        replace(fitted[RATE], between_person_sd=0.0)
    )
    z = [np.log(still.sample(name, draws, 5) / still.value(name)) for name in (GAIN, RATE)]
    assert np.std(z[0]) == pytest.approx(0.05, rel=0.03)
    assert np.std(z[1]) == pytest.approx(0.04, rel=0.03)
    assert np.corrcoef(z)[0, 1] == pytest.approx(-0.8, abs=0.02)


def test_a_set_survives_its_file():
    made = a_set()
    again = parse_fitted_set(fitted_text(made), "fitted.toml")
    assert again.numbers == made.numbers
    assert np.array_equal(again.correlation, made.correlation)
    assert (again.version, again.prior_digest) == (made.version, made.prior_digest)


def test_reading_from_a_file_gives_the_same_parameters(tmp_path):
    path = tmp_path / "fitted.toml"
    path.write_text(fitted_text(a_set()), encoding="utf-8")
    assert read_parameter_set(path).digest == a_set().applied_to(prior_parameters()).digest


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("format = 1", "format = 2", "format 2"),
        ("seed = 0", "", "seed"),
        (GAIN, "healing.erythema.gone", "does not know"),
        ("-0.8 1\n", "-0.8 1 0.2\n", "lower triangle"),
        ("-0.8 1\n", "-1.5 1\n", "not a correlation matrix"),
        ('quantity = "value"', 'quantity = "colour"', "colour"),
        ("format = 1", "format = ", "not a TOML file"),
    ],
)
def test_a_broken_file_says_what_is_wrong(tmp_path, old, new, says):
    path = tmp_path / "fitted.toml"
    text = fitted_text(a_set())
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(MicropenError, match=says):
        read_parameter_set(path)


def test_no_file_is_named(tmp_path):
    with pytest.raises(MicropenError, match=r"nowhere\.toml"):
        read_parameter_set(tmp_path / "nowhere.toml")


def test_basis_of_the_prior_is_cited_or_assumed():
    for member in prior_parameters():
        assert member.basis is (Basis.ASSUMED if member.grade is Grade.D else Basis.CITED)


def test_the_shipped_set_was_fitted_on_these_priors():
    fit = shipped_fit()
    assert fit is not None, "no fitted set is shipped: run `micropen calibrate`, see calibration.md"
    assert fit.prior_digest == prior_digest(prior_parameters()), (
        "the shipped set was fitted on other priors: run `micropen calibrate -o FOLDER` again and "
        "put its fitted.toml into evidence/data/calibration"
    )
    assert load_parameters().together is not None
    assert load_parameters(calibrated=False).digest == prior_parameters().digest


def test_another_number_that_is_not_simulated_with_leaves_the_digest():
    prior = prior_parameters()
    name = next(name for name in prior.members if name.startswith("report."))
    changed = prior.with_values({name: prior.value(name) + 1.0})
    assert prior_digest(changed) == prior_digest(prior)
    assert prior_digest(prior.with_values({GAIN: 9.0})) != prior_digest(prior)
