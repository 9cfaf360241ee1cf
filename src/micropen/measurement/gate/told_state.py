"""What a person told about the state of the skin, and what it forbids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from micropen.measurement.gate.findings import Finding
from micropen.measurement.series import State

_COLOUR: Final = ("erythema", "lab_a", "pigment", "spot_area", "spot_contrast", "lesions")
_SURFACE: Final = ("gloss", "scaling", "relief", "shine")

_FORBIDS: Final = {
    State.MAKEUP: (
        (*_COLOUR, *_SURFACE),
        "Makeup covers the skin (as told), so that neither colour nor surface can be read; take "
        "the photograph on clean skin.",
    ),
    State.SUNSCREEN: (
        (*_COLOUR, *_SURFACE),
        "Sunscreen whitens the skin and shines (as told); take the photograph before it is put on.",
    ),
    State.CREAM: (
        _SURFACE,
        "Cream makes the skin shine and lays flakes flat (as told); take the photograph on bare "
        "skin.",
    ),
    State.NUMBED: (
        ("erythema", "lab_a"),
        "Numbing cream pales or reddens the skin for an hour or two (as told); take the photograph "
        "before it.",
    ),
}
_CAUTIONS: Final = {
    State.WASHED: "The face had just been washed (as told), which reddens it for some minutes; "
    "wait a quarter of an hour.",
    State.FLUSHED: "The face was flushed (as told), so that redness is not the treatment's alone; "
    "rest a quarter of an hour in a cool room.",
}


def state_findings(state: State | None) -> Iterator[Finding]:
    """Say what a told state forbids; nothing for clean skin or where nobody told."""
    if state in _FORBIDS:
        signs, sentence = _FORBIDS[state]
        yield Finding(sentence, signs=signs)
    if state in _CAUTIONS:
        yield Finding(_CAUTIONS[state])
