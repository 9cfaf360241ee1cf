"""What is refused, and what is forecast all the same but said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Final

from micropen.anatomy import UNPAIRED_ZONES, label, unpaired
from micropen.errors import OutsideEvidenceError, TreatmentError
from micropen.evidence import load_parameters
from micropen.treatment.person import Condition, Medication, Person
from micropen.treatment.session import Session

# Settings are compared in mm; a hundredth of a micrometre is rounding, not a setting.
_SAME_MM: Final = 1e-5
_DAYS_PER_MONTH: Final = 30.44

# What labels say (SkinPen and Exceed instructions for use; grade B). "contraindication" is on
# at least one label; "caution" is named as not evaluated.
_CONDITIONS: Final = {
    Condition.ANAESTHETIC_ALLERGY: "contraindication",
    Condition.BLEEDING_DISORDER: "contraindication",
    Condition.INFECTION: "contraindication",
    Condition.METAL_ALLERGY: "contraindication",
    Condition.NURSING: "contraindication",
    Condition.OPEN_WOUNDS: "contraindication",
    Condition.PREGNANCY: "contraindication",
    Condition.RADIOTHERAPY: "contraindication",
    Condition.SKIN_CANCER: "contraindication",
    Condition.SURGERY: "contraindication",
    Condition.FILLER: "contraindication",
    Condition.UNCONTROLLED_DIABETES: "contraindication",
    Condition.KELOIDS: "contraindication",
    Condition.AUTOIMMUNE_DISEASE: "caution",
    Condition.DIABETES: "caution",
    Condition.ECZEMA: "caution",
    Condition.HERPES: "caution",
    Condition.HYPERPIGMENTATION: "caution",
    Condition.PSORIASIS: "caution",
    Condition.ROSACEA: "caution",
    Condition.SCLERODERMA: "caution",
    Condition.SMOKING: "caution",
    Condition.SUN: "caution",
}
_MEDICATION: Final = {
    Medication.ANTICOAGULANTS: "contraindication",
    Medication.CHEMOTHERAPY: "contraindication",
    Medication.ISOTRETINOIN: "contraindication",
    Medication.IMMUNOSUPPRESSANTS: "caution",
    Medication.PHOTOSENSITISERS: "caution",
    Medication.STEROIDS: "caution",
    Medication.TOPICAL_RETINOIDS: "caution",
}
_SAYING: Final = {
    "contraindication": "{what} is a contraindication on device labels: ask a clinician first.",
    "caution": "{what} calls for caution on device labels; the forecast does not include it.",
}


def refuse_impossible_person(person: Person, sessions: tuple[Session, ...]) -> None:
    """Refuse a session before birth or before adulthood.

    Raises
    ------
    TreatmentError
        Session before birth, or isotretinoin stopped after the first session.
    OutsideEvidenceError
        A minor.
    """
    adult = load_parameters().value("treatment.limits.minimum_age")
    for session in sessions:
        if person.birth_date is not None and session.date < person.birth_date:
            raise TreatmentError(
                f"session.date {session.date} is before person.birth_date {person.birth_date}; "
                "correct one of them."
            )
    first, stopped = min(s.date for s in sessions), person.isotretinoin_stopped
    if stopped is not None and stopped > first:
        raise TreatmentError(
            f"person.isotretinoin_stopped {stopped} is after the first session {first}; if it is "
            'still taken, write medication = ["isotretinoin"] instead.'
        )
    if person.age_years < adult:
        raise OutsideEvidenceError(
            f"The person is {person.age_years:.1f} years old at the first session; micropen "
            f"forecasts adults of {adult:g} years and older only."
        )


def refuse_lengths_beyond_device(sessions: Iterable[Session]) -> None:
    """Refuse a needle length that the device cannot be set to.

    Raises
    ------
    OutsideEvidenceError
        With the device's range.
    """
    for session in sessions:
        used = session.device
        low, high = used.needle_length_min_mm, used.needle_length_max_mm
        for zone, setting in session.zones.items():
            length = setting.needle_length_mm
            if not low - _SAME_MM <= length <= high + _SAME_MM:
                allowed = f"{low:g} mm only" if low == high else f"{low:g} to {high:g} mm"
                raise OutsideEvidenceError(
                    f"{zone} on {session.date}: needle_length_mm is {length:g}; {used.label} "
                    f"allows {allowed}."
                )


def _zones_in_words(zones: Iterable[str]) -> str:
    names = dict.fromkeys(unpaired(zone) for zone in zones)
    if len(names) == len(UNPAIRED_ZONES):
        return "the whole face"
    return ", ".join(label(name).split(" (")[0] for name in names)


def _depth_warnings(session: Session) -> Iterator[str]:
    common = load_parameters().value("treatment.limits.evidence_needle_length")
    limit = min(common, session.device.evaluated_length_max_mm)
    deep = [z for z, s in session.zones.items() if s.needle_length_mm > limit + _SAME_MM]
    if deep:
        yield (
            f"{session.date}: {session.deepest_mm:g} mm ({_zones_in_words(deep)}) is deeper than "
            f"the {limit:g} mm for which a device was evaluated; the bands there are widened."
        )


def _step_warnings(session: Session) -> Iterator[str]:
    step = session.device.needle_length_step_mm
    if not step:
        return
    lengths = sorted({s.needle_length_mm for s in session.zones.values()})
    off = [x for x in lengths if abs(x / step - round(x / step)) * step > _SAME_MM]
    if off:
        yield (
            f"{session.date}: {', '.join(f'{x:g}' for x in off)} mm lies between two settings of "
            f"{session.device.label} (steps of {step:g} mm)."
        )


def _age_warnings(person: Person, session: Session) -> Iterator[str]:
    youngest = session.device.minimum_age_years
    if person.age_years < youngest:
        yield (
            f"{session.device.label} is labelled for {youngest:g} years and older; the person is "
            f"{person.age_years:.0f}."
        )


def _interval_warnings(sessions: tuple[Session, ...]) -> Iterator[str]:
    usual = load_parameters().value("treatment.limits.usual_interval")
    for before, after in pairwise(sessions):
        gap = after.day - before.day
        if gap < usual - 0.5:
            yield (
                f"{after.date}: only {gap:.0f} days after the session before; usual are "
                f"{usual:g} days and more."
            )


def _isotretinoin_warnings(person: Person, first: Session) -> Iterator[str]:
    wait = load_parameters().value("treatment.limits.isotretinoin_wait")
    stopped = person.isotretinoin_stopped
    if stopped is not None and first.date - stopped < timedelta(days=wait * _DAYS_PER_MONTH):
        yield (
            f"Isotretinoin was stopped on {stopped}, less than {wait:g} months before the first "
            "session: instructions for use say to wait; ask a clinician."
        )


def _health_warnings(person: Person) -> Iterator[str]:
    for medication in person.medication:
        if medication in _MEDICATION:
            yield _SAYING[_MEDICATION[medication]].format(what=str(medication).capitalize())
    for condition in person.history:
        yield _SAYING[_CONDITIONS[condition]].format(what=str(condition).capitalize())
    if person.active_acne in {"moderate", "severe"}:
        what = f"Active acne ({person.active_acne})"
        yield _SAYING["contraindication"].format(what=what)


def warnings(person: Person, sessions: tuple[Session, ...]) -> tuple[str, ...]:
    """Return what a reader of the forecast has to be told, each sentence once.

    Parameters
    ----------
    person, sessions
        Of one treatment that nothing refuses.

    Returns
    -------
    tuple
        Depth beyond the evidence first, then settings, label ages, intervals, health.
    """
    found: list[str] = []
    for check in (_depth_warnings, _step_warnings):
        for session in sessions:
            found.extend(check(session))
    for session in sessions:
        found.extend(_age_warnings(person, session))
    found.extend(_interval_warnings(sessions))
    found.extend(_isotretinoin_warnings(person, sessions[0]))
    found.extend(_health_warnings(person))
    return tuple(dict.fromkeys(found))
