"""Red flags that a person tells: they need no probability and always mean, see a clinician.

What each may mean is the plain wording of public health advice; nothing here is a diagnosis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from micropen.case.check_in import WARNING_SIGNS
from micropen.estimation.alerts.context import AlertContext
from micropen.estimation.alerts.rule import Rule, Suspicion
from micropen.estimation.alerts.words import day_words
from micropen.estimation.result import Level
from micropen.treatment.person import Condition


@dataclass(frozen=True, slots=True)
class _Flag:
    may_mean: str
    urgency: str
    harmless: str = ""


_FLAGS: Final = {
    "eye": _Flag(
        "A red, painful or swollen eye or a change of sight may be an infection or a hurt of the "
        "eye; a cold sore virus can reach it. It may need treatment quickly.",
        "Be seen today, by an eye clinic or a doctor. Go to an emergency department at once if "
        "light hurts, sight is worse, or the pain is strong. Leave contact lenses out.",
        "Puffy lids on the first two mornings, with clear sight and no pain, are common.",
    ),
    "fever": _Flag(
        "Fever or chills do not belong to needling; with hot, tender skin they may be an "
        "infection that spreads, and they may be an infection that has nothing to do with it.",
        "Be seen today. Go to an emergency department at once with confusion, fast breathing or "
        "heartbeat, dizziness, or skin that gets worse by the hour.",
        "A hot face without a raised temperature is common on the first day: measure it.",
    ),
    "spreading_heat": _Flag(
        "Redness and heat that grow beyond where they were may be an infection of the deeper "
        "skin, or a strong contact reaction. An infection needs antibiotics, sooner rather than "
        "later.",
        "Be seen today. Draw the edge with a pen; go to an emergency department at once if it "
        "moves within hours, or with fever.",
        "An even warm flush of all of the needled skin on the first two days is common.",
    ),
    "blisters": _Flag(
        "A group of small blisters may be cold sores that needling woke; other blisters may be a "
        "contact reaction or impetigo. Tablets against herpes work best when begun early.",
        "Be seen today, at once if they are near an eye. Do not open them; touch nothing else "
        "with the same fingers, and wash your hands.",
        "Single whiteheads in the first days are common; they stand apart and are not fluid.",
    ),
    "pus": _Flag(
        "Pus or yellow crusts may be an infection of the skin such as impetigo.",
        "Be seen today, at once if the skin around is hot, or the patch grows.",
        "A few whiteheads, and a clear or slightly yellow film in the first hours, are common.",
    ),
}

_TICKED: Final = "ticked"
_NOTED: Final = "in your note"


def _told(context: AlertContext) -> dict[str, list[tuple[float, str]]]:
    """Red flags of late: name to days and how they were told."""
    lasting = context.value("red_flag_days")
    found: dict[str, list[tuple[float, str]]] = {}
    ticked = [
        (check_in.when, name, _TICKED)
        for check_in in context.check_ins
        for name in check_in.warning_signs
    ]
    noted = [(when, name, _NOTED) for when, name in context.mentions]
    for when, name, how in ticked + noted:
        day = context.day_of(when)
        if name in WARNING_SIGNS and context.today - day <= lasting:
            found.setdefault(name, []).append((day, how))
    return found


def _suspicion(context: AlertContext, name: str, told: list[tuple[float, str]]) -> Suspicion:
    flag, words = _FLAGS[name], WARNING_SIGNS[name]
    day, how = max(told)
    told_by = "you ticked" if how == _TICKED else "your note speaks of"
    sentence = f"On {day_words(day)} {told_by}: {words}. {flag.may_mean}"
    if all(how == _NOTED for _, how in told):
        sentence += " If your note meant something else, nothing needs to be done."
    if name == "blisters" and context.treatment.person.has(Condition.HERPES):
        sentence += " You have had herpes before, which makes cold sores more likely."
    return Suspicion(
        title=f"Red flag: {words}",
        sentence=sentence,
        probability=float("nan"),
        evidence=tuple(f"{day_words(d).capitalize()}, {h}: {words}." for d, h in sorted(told)),
        harmless=flag.harmless,
        advice=flag.urgency,
        day=day,
        certain=Level.CLINICIAN,
    )


def _look(context: AlertContext) -> tuple[Suspicion, ...]:
    told = _told(context)
    return tuple(_suspicion(context, name, told[name]) for name in _FLAGS if name in told)


RULE: Final = Rule(
    name="red_flag",
    family="red flag",
    summary="fever, pus, blisters, spreading heat or an eye, as the person tells them",
    looks=(),
    sources=("nhs-cellulitis", "nhs-herpes-eye", "nhs-impetigo", "cassiano2022"),
    look=_look,
)
