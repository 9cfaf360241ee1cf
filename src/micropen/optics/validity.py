"""Where the colour model holds, and the words to say where it does not."""

from __future__ import annotations

from dataclasses import dataclass

from micropen.evidence import load_parameters


@dataclass(frozen=True, slots=True)
class Validity:
    """Whether blood and melanin read with the colour model mean something.

    Parameters
    ----------
    holds
        True where they do.
    reason
        One sentence; empty where `holds`.
    """

    holds: bool
    reason: str


def colour_model_validity(individual_typology_angle_deg: float) -> Validity:
    """Tell whether absolute blood and melanin can be read for this skin colour.

    Parameters
    ----------
    individual_typology_angle_deg
        Of the person's untreated skin, surface reflection included.

    Returns
    -------
    Validity
        Relative changes of colour may be drawn everywhere; only readings are refused. Source: own
        trials on measured spectra (below about -30 degrees the blood of the model did not follow
        measured redness, rank correlation -0.10 to 0.08).
    """
    darkest = load_parameters().value("optics.validity.darkest_individual_typology_angle_deg")
    if individual_typology_angle_deg >= darkest:
        return Validity(True, "")
    return Validity(
        False,
        f"Blood and melanin cannot be read reliably from this photograph: the individual typology "
        f"angle is {individual_typology_angle_deg:.0f} degrees and the colour model is supported "
        f"only above {darkest:.0f}; pictures are drawn by relative change.",
    )
