"""The tables of a study file, as written; `reading` turns them into a `Study`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from micropen.evidence import Grade
from micropen.studies.study import Role, Statistic
from micropen.toml_files import Table, nearest
from micropen.treatment import ACNE_STEPS, Anaesthetic
from micropen.treatment.file_format import NeedleLength, Passes
from micropen.treatment.person import Level, Number
from micropen.treatment.session import Aftercare
from micropen.treatment.words import number

FORMAT: Final = 1
MOST_SESSIONS: Final = 60

# Pydantic names a choice of types as if it were a key; no file has a key in angle brackets.
NAMED: Final = "<name>"
DESCRIBED: Final = "<table>"
CHOICES: Final = (NAMED, DESCRIBED)

_ROMAN: Final = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6}
_AT_THE_TOP: Final = frozenset({"format", "title", "citation", "doi", "url", "seen", "not_seen"})


def _one_of(kind: type[StrEnum]) -> BeforeValidator:
    def check(value: Any) -> Any:
        names = [member.value for member in kind]
        if not isinstance(value, str):
            raise PydanticCustomError(
                "word", "must be a word in quotes, one of {names}", {"names": ", ".join(names)}
            )
        if value not in names:
            hint, known = nearest(value, names), f"known: {', '.join(names)}"
            said = hint if hint == known else f"{hint}; {known}"
            raise PydanticCustomError("word", "must be another word; {hint}", {"hint": said})
        return kind(value)

    return BeforeValidator(check)


def _fraction(value: Any) -> Any:
    share = number(value)
    if 1 < share <= 100:
        raise PydanticCustomError(
            "fraction",
            "must be a fraction from 0 to 1, not per cent: write {share}",
            {"share": f"{share / 100:g}"},
        )
    return share


def _also_a_number(example: str, *keys: str) -> BeforeValidator:
    """Let a plain number stand for a table in which these keys have that number."""

    def check(value: Any) -> Any:
        if isinstance(value, (Table, dict)):
            return value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise PydanticCustomError(
                "number_or_table",
                "must be a number, or a table such as {example}",
                {"example": example},
            )
        return dict.fromkeys(keys, value)

    return BeforeValidator(check)


def _phototypes(value: Any) -> Any:
    if not isinstance(value, dict) or not value:
        raise PydanticCustomError(
            "phototypes",
            "must be a table of shares such as {example}",
            {"example": "{ III = 0.4, IV = 0.6 }"},
        )
    found = {}
    for key, share in value.items():
        name = str(key).strip().upper()
        phototype = _ROMAN.get(name, int(name) if name in set("123456") else 0)
        if not phototype or phototype in found:
            raise PydanticCustomError(
                "phototypes",
                "must name each phototype once, I to VI or 1 to 6; found {key}",
                {"key": repr(key)},
            )
        if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share <= 1e6:
            raise PydanticCustomError(
                "phototypes",
                "must hold a share of people, 0 or more, for {key}",
                {"key": repr(key)},
            )
        found[phototype] = float(share)
    if not sum(found.values()) > 0:
        raise PydanticCustomError("phototypes", "must hold at least one share above 0")
    return {phototype: share / sum(found.values()) for phototype, share in found.items()}


def _acne(value: Any) -> Any:
    if isinstance(value, str):
        if value not in ACNE_STEPS:
            raise PydanticCustomError(
                "acne",
                "must be a number from 0 to 3 or one of {words}",
                {"words": ", ".join(ACNE_STEPS)},
            )
        return float(ACNE_STEPS.index(value))
    return number(value)


def _pair(value: Any) -> Any:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise PydanticCustomError("pair", "must be two numbers in square brackets: [low, high]")
    low, high = (number(end) for end in value)
    if not low <= high:
        raise PydanticCustomError("pair", "must have the lower number first: [low, high]")
    return (low, high)


def _finding_list(value: Any) -> Any:
    if isinstance(value, dict) or not isinstance(value, (list, tuple)):
        raise PydanticCustomError("finding_list", "must be written [[finding]], in double brackets")
    return value


def _named_or_described(value: Any) -> str | None:
    if isinstance(value, str):
        return NAMED
    return DESCRIBED if isinstance(value, (dict, Table)) else None


Share = Annotated[float, Field(ge=0.0, le=1.0), BeforeValidator(_fraction)]
Pair = Annotated[tuple[float, float], BeforeValidator(_pair)]
Positive = Annotated[Number, Field(gt=0, le=1e6)]
People = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.+-]*$", max_length=80)]
Day = Annotated[Number, Field(ge=0)]


class LengthRange(Table):
    """A needle length that the study does not state: anything between."""

    low: NeedleLength
    high: NeedleLength


class PassesRange(Table):
    """Passes that the study does not state: anything between."""

    low: Passes
    high: Passes


class AgeTable(Table):
    """Age of a group at the first session, years; one of `mean` and both ends is needed."""

    mean: Annotated[Number, Field(ge=0, le=120)] | None = None
    sd: Annotated[Number, Field(ge=0, le=60)] | None = None
    low: Annotated[Number, Field(ge=0, le=120)] | None = None
    high: Annotated[Number, Field(ge=0, le=120)] | None = None


class BaselineTable(Table):
    """A scale before treatment."""

    mean: Number
    sd: Annotated[Number, Field(ge=0)] | None = None


class DeviceTable(Table):
    """A device that the program does not know, with the fields of a device record.

    What is left out is taken from the usual device of its kind.
    """

    name: Annotated[str, Field(min_length=1, max_length=80)] = "described in the study"
    kind: Literal["pen", "roller", "stamp"]
    needle_count: Annotated[int, Field(strict=True, ge=1, le=100_000)] | None = None
    needle_diameter_mm: Annotated[Number, Field(ge=0.01, le=2)] | None = None
    needle_taper_mm: Annotated[Number, Field(ge=0.01, le=20)] | None = None
    needle_length_min_mm: NeedleLength | None = None
    needle_length_max_mm: NeedleLength | None = None
    evaluated_length_max_mm: NeedleLength | None = None
    strike_rate_hz: Annotated[Number, Field(gt=0, le=1000)] | None = None
    tip_width_mm: Annotated[Number, Field(gt=0, le=100)] | None = None
    hand_speed_mm_per_s: Annotated[Number, Field(ge=1, le=1000)] | None = None
    drum_diameter_mm: Annotated[Number, Field(gt=0, le=200)] | None = None
    drum_width_mm: Annotated[Number, Field(gt=0, le=200)] | None = None
    plate_area_cm2: Annotated[Number, Field(gt=0, le=400)] | None = None


DeviceEntry = Annotated[
    Annotated[str, Tag(NAMED)] | Annotated[DeviceTable, Tag(DESCRIBED)],
    Discriminator(
        _named_or_described,
        custom_error_type="device_entry",
        custom_error_message="must be the name of a device in quotes, or a table with its fields",
    ),
]
Length = Annotated[LengthRange, _also_a_number("{ low = 1.0, high = 2.0 }", "low", "high")]
PassesEntry = Annotated[PassesRange, _also_a_number("{ low = 4, high = 8 }", "low", "high")]
Age = Annotated[AgeTable, _also_a_number("{ mean = 35, sd = 8 }", "mean")]
Baseline = Annotated[BaselineTable, _also_a_number("{ mean = 3.1, sd = 0.6 }", "mean")]


class ArmTable(Table):
    """One ``[arm.<key>]``; ``docs/study-file.md`` says what each key means."""

    at_the_top: ClassVar[frozenset[str]] = _AT_THE_TOP

    n: People
    device: DeviceEntry | None = None
    needle_length_mm: Length | None = None
    passes: PassesEntry | None = None
    strike_rate_hz: Positive | None = None
    hand_speed_mm_per_s: Positive | None = None
    sessions: Annotated[int, Field(strict=True, ge=1, le=MOST_SESSIONS)] | None = None
    interval_days: Annotated[Number, Field(ge=1, le=730)] | None = None
    session_days: (
        Annotated[tuple[Day, ...], Field(min_length=1, max_length=MOST_SESSIONS)] | None
    ) = None
    anaesthetic: Annotated[Anaesthetic, _one_of(Anaesthetic)] | None = None
    aftercare: Annotated[Aftercare, _one_of(Aftercare)] | None = None
    zones: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    read_zones: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    age_years: Age | None = None
    phototypes: Annotated[Mapping[int, float], BeforeValidator(_phototypes)] | None = None
    female: Share | None = None
    melasma: Share | None = None
    herpes: Share | None = None
    acne_proneness: Level | None = None
    sensitivity: Level | None = None
    sun_exposure: Level | None = None
    active_acne: Annotated[float, Field(ge=0.0, le=3.0), BeforeValidator(_acne)] | None = None
    baseline: Mapping[str, Baseline] = Field(default_factory=dict)
    controlled: Annotated[bool, Field(strict=True)] = False
    co_treatment: str = ""
    assumed: tuple[str, ...] = ()


class FindingTable(Table):
    """One ``[[finding]]``; ``docs/study-file.md`` says what each key means."""

    at_the_top: ClassVar[frozenset[str]] = _AT_THE_TOP

    key: Key
    arm: str | None = None
    versus: str = ""
    scale: str
    statistic: Annotated[Statistic, _one_of(Statistic)]
    threshold: Number | None = None
    day: Day | None = None
    hours: Day | None = None
    days_after_last: Day | None = None
    value: Number | None = None
    at_most: Number | None = None
    at_least: Number | None = None
    between: Pair | None = None
    sd: Annotated[Number, Field(ge=0)] | None = None
    standard_error: Annotated[Number, Field(ge=0)] | None = None
    ci_95: Pair | None = None
    ci_99: Pair | None = None
    n: People | None = None
    grade: Annotated[Grade, _one_of(Grade)] | None = None
    role: Annotated[Role, _one_of(Role)] | None = None
    facts: tuple[str, ...] = ()
    note: str = ""


class StudyTable(Table):
    """A whole study file."""

    format: Literal[1]
    key: Key
    title: Annotated[str, Field(min_length=1)]
    citation: Annotated[str, Field(min_length=1)]
    doi: str = ""
    url: str = ""
    source: str = ""
    role: Annotated[Role, _one_of(Role)] = Role.HELD_OUT
    grade: Annotated[Grade, _one_of(Grade)]
    seen: str = ""
    not_seen: str = ""
    arm: Annotated[Mapping[Key, ArmTable], Field(min_length=1)]
    finding: Annotated[tuple[FindingTable, ...], BeforeValidator(_finding_list)] = ()
