"""The person who is treated: what later rooms need to know of them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, Literal

import numpy as np
from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from micropen.anatomy import Sex
from micropen.evidence import load_parameters
from micropen.toml_files import Table
from micropen.treatment.words import dated, member_of, number, roman_phototype, zero_to_one

OLDEST_YEARS: Final = 120.0

Level = Annotated[float, Field(ge=0.0, le=1.0), BeforeValidator(zero_to_one)]
Phototype = Annotated[float, Field(ge=1.0, le=6.0), BeforeValidator(roman_phototype)]
Number = Annotated[float, BeforeValidator(number)]
TomlDate = Annotated[date, BeforeValidator(dated)]


class Medication(StrEnum):
    """What a person takes that matters for needling."""

    ANTICOAGULANTS = "anticoagulants"
    CHEMOTHERAPY = "chemotherapy"
    HORMONAL_CONTRACEPTION = "hormonal contraception"
    HORMONE_REPLACEMENT = "hormone replacement"
    IMMUNOSUPPRESSANTS = "immunosuppressants"
    ISOTRETINOIN = "isotretinoin"
    PHOTOSENSITISERS = "photosensitisers"
    STEROIDS = "steroids"
    TOPICAL_RETINOIDS = "topical retinoids"
    TRANEXAMIC_ACID = "tranexamic acid"


class Condition(StrEnum):
    """What a person has, or has had, that matters for needling."""

    ANAESTHETIC_ALLERGY = "anaesthetic allergy"
    AUTOIMMUNE_DISEASE = "autoimmune disease"
    BLEEDING_DISORDER = "bleeding disorder"
    DIABETES = "diabetes"
    ECZEMA = "eczema"
    FILLER = "recent filler"
    HERPES = "herpes"
    HYPERPIGMENTATION = "post-inflammatory hyperpigmentation"
    INFECTION = "active infection"
    KELOIDS = "keloids"
    METAL_ALLERGY = "metal allergy"
    NURSING = "nursing"
    OPEN_WOUNDS = "open wounds"
    PREGNANCY = "pregnancy"
    PSORIASIS = "psoriasis"
    RADIOTHERAPY = "radiotherapy"
    ROSACEA = "rosacea"
    SCLERODERMA = "scleroderma"
    SKIN_CANCER = "skin cancer"
    SMOKING = "smoking"
    SUN = "recent sun"
    SURGERY = "recent facial surgery"
    UNCONTROLLED_DIABETES = "uncontrolled diabetes"


AcneGrade = Literal["none", "mild", "moderate", "severe"]


@cache
def _angles_deg() -> tuple[float, ...]:
    parameters = load_parameters()
    names = (f"treatment.typology_angle.phototype_{n}" for n in range(1, 7))
    return tuple(parameters.value(name) for name in names)


def typology_angle_of_phototype(phototype: float) -> float:
    """Return the typical individual typology angle, degrees, of a Fitzpatrick phototype (1-6)."""
    return float(np.interp(phototype, np.arange(1, 7), _angles_deg()))


def phototype_of_typology_angle(angle_deg: float) -> float:
    """Return the phototype (1-6, may be fractional) whose typical angle is nearest."""
    return float(np.interp(-angle_deg, -np.array(_angles_deg()), np.arange(1, 7)))


def _angle_or_zero(phototype: Any) -> float:
    """Angle of a phototype as written; zero for a wrong one, which the field itself reports."""
    try:
        return typology_angle_of_phototype(float(roman_phototype(phototype)))
    except PydanticCustomError:
        return 0.0


class Person(Table):
    """The person who is treated.

    Parameters
    ----------
    age_years
        Age at the first session; worked out from `birth_date` where that is given instead.
    birth_date
        Optional.
    sex
        ``"female"``, ``"male"`` or ``"unstated"``.
    phototype
        Fitzpatrick phototype, 1-6 or I-VI; 2.5 or ``"II-III"`` lies between two.
    individual_typology_angle_deg
        Measured skin colour. One of the two is enough: the other is then its typical value.
    acne_proneness, sensitivity, sun_exposure
        0-1, or a word from "none" to "very high"; 0.5 is average.
    melasma
        Whether the person has brown patches (melasma).
    active_acne
        How much acne there is now.
    medication, history
        What is taken; what the person has or has had.
    isotretinoin_stopped
        Last day of isotretinoin, if ever taken.
    """

    age_years: Annotated[Number, Field(ge=0, le=OLDEST_YEARS)]
    birth_date: TomlDate | None = None
    sex: Sex = "unstated"
    phototype: Phototype
    individual_typology_angle_deg: Annotated[Number, Field(ge=-90.0, le=90.0)]
    acne_proneness: Level = 0.5
    sensitivity: Level = 0.5
    sun_exposure: Level = 0.5
    melasma: Annotated[bool, Field(strict=True)] = False
    active_acne: AcneGrade = "none"
    medication: Annotated[tuple[Medication, ...], BeforeValidator(member_of(Medication))] = ()
    history: Annotated[tuple[Condition, ...], BeforeValidator(member_of(Condition))] = ()
    isotretinoin_stopped: TomlDate | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_colour_is_enough(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not set(data) <= set(cls.model_fields):
            return data
        phototype = data.get("phototype")
        angle = data.get("individual_typology_angle_deg")
        if phototype is None and angle is None:
            raise PydanticCustomError(
                "no_skin_colour",
                "phototype is missing; state phototype (1-6) or individual_typology_angle_deg",
            )
        if angle is None:
            return {**data, "individual_typology_angle_deg": _angle_or_zero(phototype)}
        if phototype is None and isinstance(angle, (int, float)):
            return {**data, "phototype": phototype_of_typology_angle(float(angle))}
        return data

    def takes(self, medication: Medication | str) -> bool:
        """Whether the person takes this medication."""
        return Medication(medication) in self.medication

    def has(self, condition: Condition | str) -> bool:
        """Whether the person has, or has had, this condition."""
        return Condition(condition) in self.history
