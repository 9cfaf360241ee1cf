"""What is refused, and what is forecast all the same but said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import Final

from micropen.anatomy import UNPAIRED_ZONES, Sex, ZoneRecord, label, unpaired, zone_record
from micropen.errors import OutsideEvidenceError, TreatmentError
from micropen.evidence import load_parameters
from micropen.treatment.contraindications import cautions
from micropen.treatment.person import Person, typology_angle_of_phototype
from micropen.treatment.session import Session

# Settings are compared in mm; a hundredth of a micrometre is rounding, not a setting.
_SAME_MM: Final = 1e-5
_DAYS_PER_MONTH: Final = 30.44
_ROMAN: Final = ("", "I", "II", "III", "IV", "V", "VI")


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
            f"{session.deepest_mm:g} mm ({_zones_in_words(deep)}) is deeper than "
            f"the {limit:g} mm for which a device was evaluated; the bands there are widened."
        )


def _periorbital_warnings(session: Session) -> Iterator[str]:
    limit = load_parameters().value("treatment.limits.periorbital_needle_length")
    lengths = [
        setting.needle_length_mm
        for zone, setting in session.zones.items()
        if unpaired(zone) == "periorbital"
    ]
    if lengths and max(lengths) > limit + _SAME_MM:
        yield (
            f"TOO LONG AROUND THE EYES: {max(lengths):g} mm in the zone "
            f"periorbital ({label('periorbital')}); vendors' charts say 0.25 to {limit:g} mm "
            "there, and labels never inside the orbital rim."
        )


def _skin_thickness_mm(record: ZoneRecord, sex: Sex) -> float:
    dermis = {
        "female": record.dermis_female_mm,
        "male": record.dermis_male_mm,
        "unstated": 0.5 * (record.dermis_female_mm + record.dermis_male_mm),
    }
    return record.epidermis_mm + dermis[sex]


def _through_skin_warnings(person: Person, session: Session) -> Iterator[str]:
    parameters = load_parameters()
    through: dict[str, float] = {}
    for zone, setting in session.zones.items():
        thickness = _skin_thickness_mm(zone_record(zone, parameters), person.sex)
        if setting.needle_length_mm > thickness + _SAME_MM:
            through[zone] = thickness
    if not through:
        return
    longest = max(session.zones[zone].needle_length_mm for zone in through)
    thin, thick = f"{min(through.values()):.1f}", f"{max(through.values()):.1f}"
    yield (
        f"{longest:g} mm ({_zones_in_words(through)}) is longer than epidermis and "
        f"dermis are thick there, typically {thin if thin == thick else f'{thin} to {thick}'} mm."
    )


def _step_warnings(session: Session) -> Iterator[str]:
    step = session.device.needle_length_step_mm
    if not step:
        return
    lengths = sorted({s.needle_length_mm for s in session.zones.values()})
    off = [x for x in lengths if abs(x / step - round(x / step)) * step > _SAME_MM]
    if off:
        yield (
            f"{', '.join(f'{x:g}' for x in off)} mm lies between two settings of "
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
            days = "1 day" if round(gap) == 1 else f"{gap:.0f} days"
            yield (
                f"{after.date}: only {days} after the session before; usual are {usual:g} days "
                "and more."
            )


def _isotretinoin_warnings(person: Person, first: Session) -> Iterator[str]:
    wait = load_parameters().value("treatment.limits.isotretinoin_wait")
    stopped = person.isotretinoin_stopped
    if stopped is not None and first.date - stopped < timedelta(days=wait * _DAYS_PER_MONTH):
        yield (
            f"Isotretinoin was stopped on {stopped}, less than {wait:g} months before the first "
            "session: instructions for use say to wait; ask a clinician."
        )


def _skin_warnings(person: Person) -> Iterator[str]:
    darker = load_parameters().value("treatment.limits.pigment_risk_phototype")
    if person.melasma:
        yield (
            "Melasma can darken after needling (rebound): test a small spot first, protect the "
            "face strictly from sun for weeks, and expect it to worsen with sun, heat and "
            "hormones; the worst course includes it."
        )
    if person.phototype >= darker:
        yield (
            f"Phototype {_phototype_in_words(person.phototype)} is prone to dark marks after "
            "inflammation: strict sun protection for weeks; the worst course includes them."
        )


def _colour_warnings(person: Person) -> Iterator[str]:
    largest = load_parameters().value("treatment.limits.skin_colour_contradiction")
    stated = person.individual_typology_angle_deg
    typical = typology_angle_of_phototype(person.phototype)
    if abs(stated - typical) > largest:
        yield (
            f"Phototype {_phototype_in_words(person.phototype)} and an individual typology angle "
            f"of {stated:g} degrees contradict each other: typical of that phototype are "
            f"{typical:.0f} degrees. Check both."
        )


def _phototype_in_words(phototype: float) -> str:
    low = int(phototype)
    return _ROMAN[low] if phototype == low else f"{_ROMAN[low]}-{_ROMAN[low + 1]}"


def _dated(
    check: Callable[[Session], Iterator[str]], sessions: tuple[Session, ...]
) -> Iterator[str]:
    """Say once, with its sessions, what is the same in several."""
    days: dict[str, list[date]] = {}
    for session in sessions:
        for sentence in check(session):
            days.setdefault(sentence, []).append(session.date)
    for sentence, dates in days.items():
        when = ", ".join(map(str, dates))
        if len(dates) > 1 and len(dates) == len(sessions):
            when = "Every session"
        yield f"{when}: {sentence}"


def warnings(person: Person, sessions: tuple[Session, ...]) -> tuple[str, ...]:
    """Return what a reader of the forecast has to be told, each sentence once.

    Parameters
    ----------
    person, sessions
        Of one treatment that nothing refuses.

    Returns
    -------
    tuple
        Around the eyes and depth beyond the evidence first, then settings, label ages,
        intervals, health. Contraindications are apart: `contraindications`.
    """
    found: list[str] = []
    for check in (
        _periorbital_warnings,
        _depth_warnings,
        partial(_through_skin_warnings, person),
        _step_warnings,
    ):
        found.extend(_dated(check, sessions))
    for session in sessions:
        found.extend(_age_warnings(person, session))
    found.extend(_interval_warnings(sessions))
    found.extend(_isotretinoin_warnings(person, sessions[0]))
    for about in (_skin_warnings, _colour_warnings, cautions):
        found.extend(about(person))
    return tuple(dict.fromkeys(found))
