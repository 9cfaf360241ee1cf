"""The check on measured spectra computes what it says: closed forms on spectra made here."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

FILE = Path(__file__).parents[2] / "validation" / "skin_spectra.py"


@pytest.fixture(scope="module")
def check():
    spec = importlib.util.spec_from_file_location("skin_spectra_check", FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_dawson_index_of_a_band_of_absorbance(check):
    absorbance = np.full(31, 0.4)
    assert check.dawson(10**-absorbance) == pytest.approx(0.0, abs=1e-9)
    absorbance[16] += 0.1  # 560 nm
    assert check.dawson(10**-absorbance) == pytest.approx(10.0)
    absorbance[21] += 0.1  # 610 nm
    assert check.dawson(10**-absorbance) == pytest.approx(-10.0)


def test_a_grey_spectrum_has_a_grey_colour(check):
    assert check.rgb_of(np.full(31, 0.3)) == pytest.approx(np.full((1, 3), 0.3), abs=1e-9)


def test_rank_correlation_is_spearmans(check):
    random = np.random.default_rng(0)
    reference, values = random.normal(size=40), random.normal(size=(40, 2)).round(1)
    expected = [spearmanr(reference, column).statistic for column in values.T]
    assert check.rank_correlations(reference, values) == pytest.approx(expected)


def test_only_the_asked_half_is_read_and_redder_skin_reads_more(check):
    bands = check.BANDS_NM
    skin = 0.25 + 0.35 * (bands - 400) / 300
    redder = skin * np.exp(-0.3 * np.exp(-(((bands - 555) / 25.0) ** 2)))
    people = {(n, "CA"): {check.CHEEK: redder, check.FOREHEAD: skin} for n in (1, 2, 4)}
    even, odd = check.pairs_of(people, 0), check.pairs_of(people, 1)
    assert even.subject.tolist() == [2, 4]
    assert odd.subject.tolist() == [1]
    assert odd.reference[0] > 0
    assert (odd.readings > 0).all()
