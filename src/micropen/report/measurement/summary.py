"""What changed since the baseline, in sentences: what is sure, what is not, and why."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from micropen.evidence import load_parameters
from micropen.measurement.method import MEASURED
from micropen.measurement.result import PhotoRecord, Row, SeriesMeasurement, Verdict
from micropen.report.measurement.shown import Shown, rows_by
from micropen.report.measurement.words import date_of, moment_of, where, zone_title
from micropen.report.words import Vocabulary, joined, sentence

_CHANGED: Final = (Verdict.INCREASED, Verdict.DECREASED)
_WORD: Final = {Verdict.INCREASED: "more", Verdict.DECREASED: "less"}
_MOVED: Final = {Verdict.INCREASED: "up", Verdict.DECREASED: "down"}
_CASES_IN_HEADLINE: Final = 3
_MUCH: Final = 1.5
_REASONS_TOLD: Final = 2
# The face's parts as reasons name them.
_SIDE: Final = re.compile(
    r"\b(the|left|right|forehead|brows?|temple|eye|nose|cheek|upper lip|chin|jaw( line)?)\b\s*"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What can be said of one sign.

    Parameters
    ----------
    sign
        Name.
    title
        For a client.
    answer
        In few words: ``"More"``, ``"Less"``, ``"More here, less there"``, ``"Hardly any change"``,
        ``"No change"``, ``"Cannot tell"``.
    tone
        ``"changed"``, ``"none"`` or ``"unknown"``; never whether a change is good or bad.
    sentences
        Where, how much, and why not.
    """

    sign: str
    title: str
    answer: str
    tone: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The top of the page.

    Parameters
    ----------
    headline
        One sentence.
    lead
        Which photographs it is about.
    findings
        One per sign.
    latest
        The photograph that is compared with the baseline; None where there is none.
    """

    headline: str
    lead: str
    findings: tuple[Finding, ...]
    latest: PhotoRecord | None


def summarise(measurement: SeriesMeasurement, methods: Mapping[str, Shown]) -> Summary:
    """Say what the latest photograph shows against the baseline.

    Parameters
    ----------
    measurement
        The series.
    methods
        As `micropen.report.measurement.shown.shown_methods` gives them.
    """
    compared = [p for p in measurement.photos if p.usable and not p.is_baseline]
    baseline = next((p for p in measurement.photos if p.name == measurement.baseline), None)
    if not compared or baseline is None:
        return Summary("Nothing can be compared yet", _why_nothing(measurement), (), None)
    # Photographs without a date stand last, but nothing says that they are.
    dated = [p for p in compared if math.isfinite(p.day)]
    latest = max(dated, key=lambda p: p.day) if dated else compared[-1]
    rows = rows_by(measurement.rows, methods)
    main = [shown for shown in methods.values() if shown.first]
    told = [shown for shown in main if (latest.name, shown.method) in rows]
    findings = tuple(_finding(shown, rows, latest, compared) for shown in told)
    headline = _headline(main, rows, latest, baseline)
    lead = _lead(findings, latest, baseline)
    return Summary(headline, lead, findings, latest)


def _why_nothing(measurement: SeriesMeasurement) -> str:
    reasons = [reason for photo in measurement.photos for reason in photo.reasons]
    common = f" Most often: {sentence(Counter(reasons).most_common(1)[0][0])}" if reasons else ""
    return f"It takes a baseline and one more photograph that can be measured.{common}"


def _groups(rows: Mapping[str, Row]) -> dict[Verdict, list[Row]]:
    groups: dict[Verdict, list[Row]] = {verdict: [] for verdict in Verdict}
    for row in rows.values():
        measured = row.status == MEASURED and math.isfinite(row.change)
        groups[row.verdict if measured else Verdict.CANNOT_TELL].append(row)
    return groups


def _finding(
    shown: Shown,
    rows: Mapping[tuple[str, str], Mapping[str, Row]],
    latest: PhotoRecord,
    compared: Sequence[PhotoRecord],
) -> Finding:
    groups = _groups(rows[latest.name, shown.method])
    said = [_moved(shown, groups[v], v, len(rows[latest.name, shown.method])) for v in _CHANGED]
    said += [_unchanged(shown, groups), _untold(groups)]
    said.append(_peak(shown, rows, latest, compared))
    answer = _answer(groups)
    return Finding(shown.sign, shown.title, answer, _tone(groups), tuple(s for s in said if s))


def _answer(groups: Mapping[Verdict, Sequence[Row]]) -> str:
    more, less = (bool(groups[v]) and _shows(groups[v]) for v in _CHANGED)
    if more and less:
        return "More here, less there"
    if more or less:
        return "More" if more else "Less"
    if any(groups[v] for v in _CHANGED):
        return "Hardly any change"
    return "No change" if groups[Verdict.NO_CHANGE] else "Cannot tell"


def _tone(groups: Mapping[Verdict, Sequence[Row]]) -> str:
    if any(groups[verdict] for verdict in _CHANGED):
        return "changed"
    return "none" if groups[Verdict.NO_CHANGE] else "unknown"


def _moved(shown: Shown, rows: Sequence[Row], verdict: Verdict, of: int) -> str:
    if not rows:
        return ""
    place = where([row.zone for row in rows], of)
    small = "" if _shows(rows) else ", too little to be noticed"
    return sentence(f"{_WORD[verdict]} {place}: {amount(shown, rows, verdict)}{small}")


def _shows(rows: Sequence[Row]) -> bool:
    """Whether a change is large enough in any zone for a person to have a word for it."""
    least = Vocabulary.from_parameters(load_parameters()).limit(rows[0].sign, "slight")
    return max(abs(row.change) for row in rows) >= least


def amount(shown: Shown, rows: Sequence[Row], verdict: Verdict) -> str:
    """By how much: ``"up by 62 % (95 % interval 49 to 76 %)"``, or the range over several zones."""
    spans = [shown.interval(row) for row in rows]
    unit = f"{' ' if shown.unit else ''}{shown.unit}"
    way = _MOVED[verdict]
    sizes = [
        shown.digits(size, signed=False) for size in sorted(abs(middle) for _, middle, _ in spans)
    ]
    if len(rows) > 1:
        least, most = sizes[0], sizes[-1]
        return f"{way} by {f'{least} to ' if least != most else ''}{most}{unit}"
    ends = (-1.0 if verdict is Verdict.DECREASED else 1.0) * np.array(spans[0])
    low, high = (shown.digits(float(end), signed=False) for end in (ends.min(), ends.max()))
    return f"{way} by {sizes[0]}{unit} (95 % interval {low} to {high}{unit})"


def _unchanged(shown: Shown, groups: Mapping[Verdict, Sequence[Row]]) -> str:
    rows = groups[Verdict.NO_CHANGE]
    if not rows:
        return ""
    others = sum(len(group) for group in groups.values())
    least = sorted(shown.convert(row.smallest_real_change) for row in rows)
    middle = shown.number(least[len(least) // 2], signed=False)
    everywhere = len(rows) == others > 1
    place = "on any part of the face" if everywhere else where([row.zone for row in rows], others)
    if shown.counted:
        return sentence(f"no change {place}")
    return sentence(f"no change {place}; less than about {middle} would not show")


def _untold(groups: Mapping[Verdict, Sequence[Row]]) -> str:
    rows = groups[Verdict.CANNOT_TELL]
    if not rows:
        return ""
    others = sum(len(group) for group in groups.values())
    kinds = _kinds_of_reasons(rows)
    told = [
        sentence(f"cannot tell {where([row.zone for row in alike], others)}: {_because(alike)}")
        for alike in kinds[:_REASONS_TOLD]
    ]
    if len(kinds) > _REASONS_TOLD:
        told.append("Other reasons stand in the table.")
    return " ".join(told)


def _kinds_of_reasons(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows by reason, the most frequent first; zone and figures in a reason make no other kind."""
    kinds: dict[str, list[Row]] = {}
    for row in rows:
        name = zone_title(row.zone).lower()
        words = " ".join(w for w in row.reason.split() if not any(c.isdigit() for c in w))
        plain = _SIDE.sub("", words.lower().replace(name, ""))
        kinds.setdefault(plain, []).append(row)
    return sorted(kinds.values(), key=len, reverse=True)


def _because(rows: Sequence[Row]) -> str:
    reason = rows[0].reason.rstrip(".")
    if not reason:
        return "the error is as large as what could have changed"
    reason = reason[:1].lower() + reason[1:] if reason[1:2].islower() else reason
    alone = all(row.reason == rows[0].reason for row in rows)
    return reason if alone else f"for example, {reason}"


def _peak(
    shown: Shown,
    rows: Mapping[tuple[str, str], Mapping[str, Row]],
    latest: PhotoRecord,
    compared: Sequence[PhotoRecord],
) -> str:
    """When the sign was furthest from the baseline, if that was earlier."""
    sizes = {p.name: _size(shown, rows.get((p.name, shown.method), {})) for p in compared}
    photo = max(compared, key=lambda p: abs(sizes[p.name]))
    # Little more than on the latest photograph is not worth a sentence.
    if photo is latest or abs(sizes[photo.name]) <= _MUCH * abs(sizes[latest.name]):
        return ""
    way = "up" if sizes[photo.name] > 0.0 else "down"
    size = shown.number(abs(sizes[photo.name]), signed=False)
    over = "in all" if shown.counted else "mean of the parts that changed"
    return sentence(f"furthest from the baseline on {_moment(photo)}: {way} by {size}, {over}")


def _size(shown: Shown, rows: Mapping[str, Row]) -> float:
    """Mean real change over the zones that have one, the sum of counts; 0 where few changed."""
    groups = _groups(rows)
    real = [row.change for verdict in _CHANGED for row in groups[verdict]]
    if shown.counted:
        return sum(real)
    # Less than a third of the zones may be chance.
    if len(real) * 3 < max(len(rows), 1):
        return 0.0
    return shown.convert(sum(real) / len(real))


def _headline(
    main: Sequence[Shown],
    rows: Mapping[tuple[str, str], Mapping[str, Row]],
    latest: PhotoRecord,
    baseline: PhotoRecord,
) -> str:
    parts: list[str] = []
    told = tiny = False
    for shown in main:
        groups = _groups(rows.get((latest.name, shown.method), {}))
        of = sum(len(group) for group in groups.values())
        told |= bool(groups[Verdict.NO_CHANGE])
        tiny |= any(bool(groups[verdict]) for verdict in _CHANGED)
        for verdict in _CHANGED:
            if groups[verdict] and _shows(groups[verdict]):
                place = where([row.zone for row in groups[verdict]], of)
                more = "fewer" if shown.counted and verdict is Verdict.DECREASED else _WORD[verdict]
                parts.append(f"{more} {shown.title.lower()} {place}")
    since = f"Since {_day_words(baseline)}"
    if parts:
        rest = "; and more" if len(parts) > _CASES_IN_HEADLINE else ""
        return f"{since}: {'; '.join(parts[:_CASES_IN_HEADLINE])}{rest}"
    if tiny:
        return f"{since}: only changes too small to be noticed"
    if told:
        return f"{since}: no change larger than the error of these photographs"
    return f"{since}: these photographs do not tell what changed"


def _lead(findings: Sequence[Finding], latest: PhotoRecord, baseline: PhotoRecord) -> str:
    """What is compared, and the signs without a change or without an answer."""
    same = [f.title.lower() for f in findings if f.tone == "none"]
    unknown = [f.title.lower() for f in findings if f.tone == "unknown"]
    said = [f"The photograph {moment_of(latest)} against the baseline {moment_of(baseline)}."]
    if same:
        said.append(f"No change in {joined(same)}.")
    if unknown:
        said.append(f"These photographs cannot tell about {joined(unknown)}: reasons below.")
    said.append("A change counts only where it is larger than its own error (95 %).")
    return " ".join(said)


def _day_words(photo: PhotoRecord) -> str:
    taken = photo.taken_at
    return "the baseline" if taken is None else f"{taken:%A} {taken.day} {taken:%B}"


def _moment(photo: PhotoRecord) -> str:
    return date_of(photo) or photo.name
