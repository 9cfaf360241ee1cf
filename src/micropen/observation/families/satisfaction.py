"""Overall judgements: improvement, opinion and satisfaction."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.observation.fading_scores import Fault, Range, fading_score
from micropen.observation.improvement import GRADER, improvement, score_change
from micropen.observation.observer_error import happens, normal_share, slip
from micropen.observation.scale import Kind, Scale
from micropen.observation.view import View

Array = NDArray[np.float64]

_OVERALL: Final = (
    "overall.collagen_scale",
    "overall.relief_scale",
    "overall.gloss_scale",
)
_EFFECT: Final = (
    "1 - exp(-(collagen / overall.collagen_scale + relief / overall.relief_scale + gloss / "
    "overall.gloss_scale))"
)
_DARKENING: Final = "overall.darkening_weight"
_NET: Final = (
    f"net = improvement - {_DARKENING} * max(pigment, 0); improvement from overall.placebo and "
    f"effect = {_EFFECT}"
)
_USED: Final = (*_OVERALL, _DARKENING, "overall.placebo", *GRADER)
_QUARTILES: Final = ("improvement.first_cut", "grader.slip_share")
_QUARTERS: Final = np.array([0.25, 0.5, 0.75])
_GAIS: Final = (
    "gais.worse_cut",
    "gais.improved_cut",
    "gais.much_cut",
    "gais.very_much_cut",
    "grader.slip_share",
)


def overall_effect(view: View, day: float | None) -> Array:
    """Share of what bothered a person that the treatment takes away."""
    drive = sum(
        view.at(sign, day) / view.parameter(scale)
        for sign, scale in zip(("collagen", "relief", "gloss"), _OVERALL, strict=True)
    )
    return -np.expm1(-np.maximum(drive, 0.0))


OVERALL: Final = Fault("overall", overall_effect, _EFFECT, _OVERALL)


def net_improvement(view: View, day: float | None) -> Array:
    """Improvement as a whole, less what darkening spoils."""
    improved = improvement(view, "overall", day, overall_effect(view, day))
    return improved - view.parameter(_DARKENING) * np.maximum(view.at("pigment", day), 0.0)


def _seen(view: View, day: float | None, name: str) -> Array:
    return net_improvement(view, day) + view.parameter("grader.slip_share") * slip(view, name, day)


def _gais(view: View, day: float | None, *, name: str) -> Array:
    seen = _seen(view, day, name)
    cuts = [view.parameter(cut) for cut in _GAIS[:-1]]
    return -1.0 + np.sum([seen >= cut for cut in cuts], axis=0)


def _quartile(view: View, day: float | None) -> Array:
    seen = _seen(view, day, "improvement_quartile")
    first = seen > view.parameter("improvement.first_cut")
    return np.where(first, 1.0 + np.digitize(seen, _QUARTERS), 0.0)


def _percent(view: View, day: float | None) -> Array:
    return np.clip(100.0 * _seen(view, day, "improvement_percent"), 0.0, 100.0)


def _opinion(view: View, day: float | None) -> Array:
    net = np.clip(net_improvement(view, day), -1.0, 1.0)
    return score_change(view, "overall_opinion_change", day, net)


def _satisfied(view: View, day: float | None) -> Array:
    if day is None:
        return np.zeros(view.draws)
    over = net_improvement(view, day) - view.parameter("satisfaction.needed")
    ease = view.parameter("satisfaction.lean_sd") * view.rater("satisfaction")
    probability = normal_share(over / view.parameter("satisfaction.spread") + ease)
    return happens(view, "satisfaction", probability)


def _global(name: str, summary: str) -> Scale:
    return Scale(
        name=name,
        unit="grade",
        kind=Kind.LEVEL,
        lower=-1.0,
        upper=3.0,
        better="higher",
        summary=summary,
        mapping="-1 + how many of gais.worse_cut, gais.improved_cut, gais.much_cut and "
        "gais.very_much_cut are "
        f"reached by net + grader.slip_share * answer; {_NET}",
        sources=("narins2003",),
        parameters=(*_USED, *_GAIS),
        observe=partial(_gais, name=name),
    )


SCALES: Final = (
    _global(
        "gais",
        "Global aesthetic improvement by an investigator: -1 worse, 0 none, 1 improved, 2 much, "
        "3 very much",
    ),
    _global("gais_subject", "Global aesthetic improvement by the treated person, as gais"),
    Scale(
        name="improvement_quartile",
        unit="grade",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=4.0,
        better="higher",
        summary="Improvement 0 none, 1 up to 25 %, 2 to 50 %, 3 to 75 %, 4 above",
        mapping="how many of improvement.first_cut, 0.25, 0.5, 0.75 lie below net + "
        f"grader.slip_share * answer; {_NET}",
        sources=("assumed",),
        parameters=(*_USED, *_QUARTILES),
        observe=_quartile,
    ),
    Scale(
        name="improvement_percent",
        unit="%",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=100.0,
        better="higher",
        summary="Improvement as people or raters estimate it, 0-100",
        mapping=f"100 * (net + grader.slip_share * answer), kept within 0-100; {_NET}",
        sources=("assumed",),
        parameters=(*_USED, "grader.slip_share"),
        observe=_percent,
    ),
    Scale(
        name="overall_opinion_change",
        unit="1",
        kind=Kind.LEVEL,
        lower=-1.0,
        upper=1.0,
        better="lower",
        summary="Change of an overall opinion where low is good (POSAS), over the value before; "
        "51 % better is -0.51",
        mapping=f"(1 - net) * exp(grader.slip_share * answer) - 1; {_NET}",
        sources=("draaijers2004",),
        parameters=(*_USED, "grader.slip_share"),
        observe=_opinion,
    ),
    fading_score(
        "posas_observer",
        "Observer's part of the patient and observer scar assessment scale, six items summed",
        ("draaijers2004",),
        OVERALL,
        Range(6.0, 60.0, 0.0, 4.0, "points"),
    ),
    fading_score(
        "posas_patient",
        "Patient's part of the patient and observer scar assessment scale, six items summed",
        ("draaijers2004",),
        OVERALL,
        Range(6.0, 60.0, 0.0, 5.0, "points"),
    ),
    fading_score(
        "posas_opinion",
        "Overall opinion of the patient and observer scar assessment scale",
        ("draaijers2004",),
        OVERALL,
        Range(1.0, 10.0, 1.0, 1.0, "score"),
    ),
    Scale(
        name="satisfaction",
        unit="1",
        kind=Kind.LEVEL,
        lower=0.0,
        upper=1.0,
        better="higher",
        summary="The person is satisfied: 1 yes, 0 no",
        mapping="1 with probability normal((net - satisfaction.needed) / satisfaction.spread + "
        f"satisfaction.lean_sd * rater); {_NET}",
        sources=("assumed",),
        parameters=(
            *_USED,
            "satisfaction.needed",
            "satisfaction.spread",
            "satisfaction.lean_sd",
        ),
        observe=_satisfied,
    ),
)
