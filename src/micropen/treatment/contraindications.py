"""What device labels name as contraindications, and as reasons for caution, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from micropen.treatment.person import Condition, Medication, Person

_ASK: Final = "Ask a clinician first."

# Labels as in the bibliography: skinpen-ifu (with skinpen-clinics), exceed-manual,
# dermapen4-manual; grade B.
_BY_CONDITION: Final = {
    Condition.ANAESTHETIC_ALLERGY: (
        "An allergy to anaesthetics is a contraindication on the SkinPen and Exceed labels."
    ),
    Condition.BLEEDING_DISORDER: (
        "A bleeding disorder is a contraindication on the SkinPen, Exceed and Dermapen 4 labels."
    ),
    Condition.ECZEMA: (
        "Eczema in the treated area is a contraindication on the Exceed label; SkinPen was not "
        "evaluated on it."
    ),
    Condition.FILLER: (
        "A filler within the last six months is a contraindication on the Exceed label."
    ),
    Condition.HERPES: (
        "Herpes that is active is a contraindication on the SkinPen, Exceed and Dermapen 4 labels; "
        "with a history of it labels ask for prevention, because needling can bring it back."
    ),
    Condition.INFECTION: (
        "An active infection is a contraindication on the SkinPen, Exceed and Dermapen 4 labels."
    ),
    Condition.KELOIDS: (
        "A tendency to keloids is a contraindication on the Exceed label; SkinPen was not "
        "evaluated with it."
    ),
    Condition.METAL_ALLERGY: (
        "An allergy to stainless steel is a contraindication on the SkinPen label."
    ),
    Condition.NURSING: "Nursing is a contraindication on the SkinPen label.",
    Condition.OPEN_WOUNDS: (
        "Open wounds are a contraindication on the SkinPen, Exceed and Dermapen 4 labels."
    ),
    Condition.PREGNANCY: "Pregnancy is a contraindication on the SkinPen label.",
    Condition.RADIOTHERAPY: (
        "Radiotherapy, from four weeks before to four weeks after, is a contraindication on the "
        "Exceed label."
    ),
    Condition.ROSACEA: (
        "Rosacea in the treated area is a contraindication on the Exceed label, and with papules "
        "on that of Dermapen 4."
    ),
    Condition.SCLERODERMA: (
        "Scleroderma is a contraindication on the Dermapen 4 label; SkinPen was not evaluated "
        "with it."
    ),
    Condition.SKIN_CANCER: (
        "Skin cancer is a contraindication on the SkinPen and Dermapen 4 labels."
    ),
    Condition.SURGERY: (
        "Facial surgery within the last twelve months is a contraindication on the Exceed label."
    ),
    Condition.UNCONTROLLED_DIABETES: (
        "Uncontrolled diabetes is a contraindication on the Exceed label."
    ),
}
_BY_MEDICATION: Final = {
    Medication.ANTICOAGULANTS: (
        "Anticoagulants are a contraindication on the Exceed label; SkinPen was not evaluated "
        "with them."
    ),
    Medication.CHEMOTHERAPY: (
        "Chemotherapy, from four weeks before to four weeks after, is a contraindication on the "
        "Exceed label."
    ),
    Medication.ISOTRETINOIN: (
        "Isotretinoin that is still taken is a contraindication on the SkinPen label, which says "
        "to wait six months after it."
    ),
    Medication.STEROIDS: (
        "Steroids in high dose, from four weeks before to four weeks after, are a contraindication "
        "on the Exceed label."
    ),
}
_ACNE: Final = {
    "moderate": "Active acne in the treated area is a contraindication on the Exceed label.",
    "severe": (
        "Severe active acne is a contraindication on the Exceed label (any in the treated area) "
        "and on that of Dermapen 4 (grades III and IV)."
    ),
}
_CAUTION_BY_CONDITION: Final = {
    Condition.AUTOIMMUNE_DISEASE: "An autoimmune disease calls for caution: SkinPen was not "
    "evaluated with those of connective tissue",
    Condition.DIABETES: "Diabetes can slow healing: SkinPen was not evaluated where healing is "
    "poor",
    Condition.HYPERPIGMENTATION: "Dark marks after inflammation may come again: the Dermapen 4 "
    "label lists them after too much treatment",
    Condition.PSORIASIS: "Psoriasis calls for caution: SkinPen was not evaluated on it",
    Condition.SMOKING: "Smoking can slow healing",
    Condition.SUN: "Recent sun calls for caution: labels say none for 24 hours before a session",
}
_CAUTION_BY_MEDICATION: Final = {
    Medication.IMMUNOSUPPRESSANTS: "Immunosuppressants call for caution: practices ask for a "
    "clinician's advice before a session",
    Medication.PHOTOSENSITISERS: "Photosensitisers call for caution: strict sun protection is "
    "needed",
    Medication.TOPICAL_RETINOIDS: "Topical retinoids are to be stopped at least 24 hours before "
    "a session, as the SkinPen label says",
}


def contraindications(person: Person) -> tuple[str, ...]:
    """Return each contraindication of a person: what it is, and on whose label.

    Parameters
    ----------
    person
        Of the treatment.

    Returns
    -------
    tuple
        Whole sentences; empty where no label that was seen speaks against needling.
    """
    found = [_BY_CONDITION[c] for c in person.history if c in _BY_CONDITION]
    found += [_BY_MEDICATION[m] for m in person.medication if m in _BY_MEDICATION]
    if person.active_acne in _ACNE:
        found.append(_ACNE[person.active_acne])
    return tuple(f"{sentence} {_ASK}" for sentence in dict.fromkeys(found))


def cautions(person: Person) -> Iterator[str]:
    """Sentences on what calls for caution and is not in the forecast."""
    for condition in person.history:
        if condition in _CAUTION_BY_CONDITION:
            yield f"{_CAUTION_BY_CONDITION[condition]}. The forecast does not include it."
    for medication in person.medication:
        if medication in _CAUTION_BY_MEDICATION:
            yield f"{_CAUTION_BY_MEDICATION[medication]}. The forecast does not include it."
