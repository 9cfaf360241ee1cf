"""Redness, swelling, pain, itching and peeling beyond what this person's forecast expects.

All new points of a sign are judged jointly, zones of photographs together with the answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.alerts.findings import Finding, excess
from micropen.estimation.alerts.points import (
    ITCHING,
    PAIN,
    PEELING,
    REDNESS,
    SWELLING,
    Measure,
)
from micropen.estimation.alerts.rule import Look, Rule, Suspicion
from micropen.estimation.alerts.words import NOW, by_skin, evidence, told


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    harmless: str
    advice: str


_REDNESS: Final = _Words(
    "More redness than your forecast expects",
    "Heat, exercise, alcohol, spicy food or an active product can flush the skin for some hours; "
    "so does warm light in a photograph.",
    "Leave out active products (acids, retinoids, vitamin C), heat and exercise until it has "
    "settled. Redness that grows, hurts or itches, or with new products under it, may be a "
    f"contact reaction or an infection. {NOW}",
)

_LASTING: Final = _Words(
    "Redness that outlasts your forecast",
    "A little pink after a week is common in skin that flushes easily; sun, heat and active "
    "products keep it up.",
    "Leave out active products and keep out of the sun. Redness of needling is gone within a week "
    "in most studies; when it stays, with itching, lumps or plaques, a reaction to a product that "
    f"was put on during the session is one cause, and a doctor should look at it. {NOW}",
)

_SWELLING: Final = _Words(
    "More swelling than your forecast expects",
    "Swelling is greatest in the morning and around the eyes, on the first two days.",
    "Sleep with the head raised; a cool cloth may help. Swelling with pain and heat may be an "
    "infection, with itching a contact reaction. Swelling of lips or tongue, or trouble "
    f"breathing: call an ambulance. {NOW}",
)

_PAIN: Final = _Words(
    "More pain than your forecast expects",
    "Tightness and soreness as after a sunburn are common on the first two days.",
    "Pain should fall from day to day. Pain in one place, with heat or swelling, may be an "
    f"infection; burning with tingling near the lip may be a cold sore on its way. {NOW}",
)

_ITCHING: Final = _Words(
    "More itching than your forecast expects",
    "Itching while the skin peels and dries is common in the first days.",
    "Wash with water, leave out every new product, use a bland cream. Strong itching with redness "
    f"or small bumps may be a contact reaction to something on the skin. {NOW}",
)

_PEELING: Final = _Words(
    "More peeling than your forecast expects",
    "Small flakes around day 3 are part of healing; a dry room or a retinoid makes more of them.",
    "Do not pull at flakes; a bland cream is enough. Sheets of skin, weeping or crusts may mean "
    f"that the skin is irritated or infected: have it looked at. {NOW}",
)


def _suspect(
    context: AlertContext, measure: Measure, words: Callable[[Finding], _Words]
) -> tuple[Suspicion, ...]:
    finding = excess(context, measure)
    if finding is None:
        return ()
    said = words(finding)
    return (
        Suspicion(
            title=said.title,
            sentence=told(finding, f"your {measure.name}"),
            probability=finding.probability,
            evidence=evidence(finding),
            harmless=said.harmless,
            advice=by_skin(context, said.advice) if measure is REDNESS else said.advice,
            day=finding.day,
        ),
    )


def _redness(context: AlertContext) -> tuple[Suspicion, ...]:
    """Early and late redness are one test, told in other words."""
    late = context.value("lasting_redness_from_days")

    def words(finding: Finding) -> _Words:
        return _LASTING if context.since_session(finding.day) >= late else _REDNESS

    return _suspect(context, REDNESS, words)


def _of(measure: Measure, words: _Words) -> Callable[[AlertContext], tuple[Suspicion, ...]]:
    return lambda context: _suspect(context, measure, lambda _: words)


_BOTH: Final = (Look.CHECK_IN, Look.PHOTOGRAPH)
_ANSWERS: Final = (Look.CHECK_IN,)

RULES: Final = (
    Rule(
        name="redness",
        family="redness",
        summary="redness beyond the forecast, or that outlasts it",
        looks=_BOTH,
        sources=("chu2021", "martin2021", "soltani2014", "nhs-contact-dermatitis"),
        look=_redness,
    ),
    Rule(
        name="swelling",
        family="swelling",
        summary="swelling beyond the forecast",
        looks=_ANSWERS,
        sources=("nhs-cellulitis", "dermapen-downtime"),
        look=_of(SWELLING, _SWELLING),
    ),
    Rule(
        name="pain",
        family="pain",
        summary="pain beyond the forecast",
        looks=_ANSWERS,
        sources=("nhs-cellulitis",),
        look=_of(PAIN, _PAIN),
    ),
    Rule(
        name="itching",
        family="itching",
        summary="itching far beyond the forecast",
        looks=_ANSWERS,
        sources=("nhs-contact-dermatitis", "martin2021"),
        look=_of(ITCHING, _ITCHING),
    ),
    Rule(
        name="peeling",
        family="peeling",
        summary="peeling far beyond the forecast",
        looks=_BOTH,
        sources=("nhs-contact-dermatitis",),
        look=_of(PEELING, _PEELING),
    ),
)
