"""Sobol indices against closed forms: the Ishigami function, and a sum of normals."""

import numpy as np
import pytest
from scipy.special import ndtr

from micropen.calibration.headlines import HEADLINES, headlines, last_above, peak
from micropen.calibration.sobol import Input, Source, inputs_of, sobol
from micropen.evidence import load_parameters

NAMES = [f"x{i}" for i in range(4)]
INPUTS = [Input(name, Source.UNCERTAINTY) for name in NAMES]


def ishigami(normals, count):
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1, x uniform on -pi..pi; the fourth does nothing."""
    x1, x2, x3 = (np.pi * (2.0 * ndtr(normals(0, i.purpose, count)) - 1.0) for i in INPUTS[:3])
    return {"f": np.sin(x1) + 7.0 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)}


def test_ishigami_function_has_its_closed_form_indices():
    a, b = 7.0, 0.1
    v1 = 0.5 * (1.0 + b * np.pi**4 / 5.0) ** 2
    v2 = a**2 / 8.0
    v13 = b**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    total = v1 + v2 + v13
    answer = sobol(ishigami, INPUTS, 4096)
    assert [i.parameter for i in answer.inputs] == NAMES[:3]
    assert answer.first[0] == pytest.approx([v1 / total, v2 / total, 0.0], abs=0.02)
    assert answer.total[0] == pytest.approx([(v1 + v13) / total, v2 / total, v13 / total], abs=0.02)
    assert answer.sd[0] == pytest.approx(np.sqrt(total), rel=0.02)


def test_groups_of_a_sum_are_the_sums_of_their_variances():
    inputs = [Input("a", Source.UNCERTAINTY), Input("b", Source.PEOPLE), Input("c", Source.PEOPLE)]
    weights = np.array([1.0, 2.0, 2.0])

    def evaluate(normals, count):
        return {
            "f": sum(w * normals(0, i.purpose, count) for w, i in zip(weights, inputs, strict=True))
        }

    answer = sobol(evaluate, inputs, 4096)
    assert answer.first[0] == pytest.approx(weights**2 / 9.0, abs=0.02)
    assert answer.not_known[0] == pytest.approx(1.0 / 9.0, abs=0.03)
    assert answer.people[0] == pytest.approx(8.0 / 9.0, abs=0.03)


def test_same_seed_same_indices():
    first, again, other = (sobol(ishigami, INPUTS, 64, seed) for seed in (0, 0, 1))
    assert np.array_equal(first.total, again.total)
    assert not np.array_equal(first.total, other.total)


def test_last_above_is_exact_on_straight_lines():
    days = np.array([0.0, 1.0, 2.0, 4.0])
    values = np.array([[4.0, 3.0, 2.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 2.0, 2.0, 2.0]])
    assert last_above(days, values, 1.0) == pytest.approx([3.0, 0.0, 4.0])


def test_peak_is_exact_on_a_parabola():
    days = np.linspace(0.0, 4.0, 9)
    day, height = peak(days, 2.0 - (days[None] - 1.7) ** 2)
    assert day == pytest.approx([1.7])
    assert height == pytest.approx([2.0])


def test_headlines_at_the_typical_person_are_those_of_the_usual_session():
    parameters = load_parameters(calibrated=False)
    typical = headlines(parameters, lambda _seed, _purpose, count: np.zeros(count), 2)
    assert set(typical) == {headline.key for headline in HEADLINES}
    for values in typical.values():
        assert np.isfinite(values).all()
        assert values[0] == pytest.approx(values[1], rel=1e-6)
    assert 1.0 < typical["redness_days"][0] < 4.0
    assert 3.0 < typical["flakes_day"][0] < 5.0
    assert typical["glow_day_4"][0] > 0.0


def test_redness_at_one_hour_does_not_depend_on_how_collagen_turns_over():
    parameters = load_parameters(calibrated=False)
    inputs = inputs_of(
        parameters, ["healing.erythema.mediator_gain", "healing.collagen.turnover_rate_per_day"]
    )
    answer = sobol(lambda n, count: headlines(parameters, n, count), inputs, 32)
    redness = answer.outputs.index("redness_1h")
    row = dict(zip([i.parameter for i in answer.inputs], answer.total[redness], strict=True))
    assert row["healing.collagen.turnover_rate_per_day"] == 0.0
    assert row["healing.erythema.mediator_gain"] > 0.2
