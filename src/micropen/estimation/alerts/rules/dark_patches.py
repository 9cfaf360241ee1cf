"""Pigment that rises about a week or later after a session: new dark patches.

Post-inflammatory hyperpigmentation starts after the redness, looks like that of acne from about
two weeks on, and is commoner and lasts longer in skin that darkens easily.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.alerts.contrasts import Array, excess_weights, zone_weights
from micropen.estimation.alerts.findings import excess
from micropen.estimation.alerts.points import PIGMENT, Readings
from micropen.estimation.alerts.rule import Look, Rule, Suspicion
from micropen.estimation.alerts.words import NOW, evidence, told
from micropen.estimation.result import ReadPoint
from micropen.treatment.person import Condition


def _everywhere_or_somewhere(readings: Readings) -> Array:
    """All zones together, and each zone of the last look by itself."""
    return np.concatenate([excess_weights(readings), zone_weights(readings)])


def darkens_easily(context: AlertContext) -> bool:
    """Whether phototype, melasma or history make dark patches graver for this person."""
    person = context.treatment.person
    return (
        person.phototype >= context.value("darkens_from_phototype")
        or person.melasma
        or person.has(Condition.HYPERPIGMENTATION)
    )


def _look(context: AlertContext) -> tuple[Suspicion, ...]:
    since = context.value("dark_patches_from_days")

    def late(point: ReadPoint) -> bool:
        return bool(context.since_session(point.day) >= since)

    finding = excess(context, PIGMENT, _everywhere_or_somewhere, late)
    if finding is None:
        return ()
    at_risk = darkens_easily(context)
    graver = (
        " Your skin darkens easily, so that acting early is worth more: ask before the next "
        "session."
        if at_risk
        else ""
    )
    return (
        Suspicion(
            title="Skin darker than your forecast expects",
            sentence=told(finding, "the pigment of your skin"),
            probability=finding.probability,
            evidence=evidence(finding),
            harmless=(
                "A tan darkens the whole face; dried flakes and old blood points darken spots for "
                "some days and then fall off."
            ),
            advice=(
                "Keep strictly out of the sun, with a high-factor sunscreen once the skin has "
                "closed, and leave out whatever stings. Dark patches after inflammation mostly "
                f"fade by themselves, over months.{graver} {NOW}"
            ),
            day=finding.day,
            at_risk=at_risk,
        ),
    )


RULE: Final = Rule(
    name="dark_patches",
    family="dark patches",
    summary="pigment that rises from about a week after a session",
    looks=(Look.PHOTOGRAPH,),
    sources=("isedeh2016", "dogra2014", "statpearls-pih"),
    look=_look,
)
