"""What is said of a series of which nothing, or nothing certain, was found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from micropen.errors import PhotoError
from micropen.measurement.measured_signs import sign_label
from micropen.measurement.method import Method
from micropen.measurement.one_photo import Outcome
from micropen.measurement.result import Row, Verdict
from micropen.measurement.series import some_of

_MOST_REASONS: Final = 3  # of different ones, in one sentence
_TOO_WIDE: Final = (
    "The readings are less certain than the changes are large; come closer, keep light, camera "
    "and pose the same, and take two or three photographs each time."
)

Item = TypeVar("Item")


def check_any(outcomes: Sequence[Outcome]) -> None:
    """Refuse a series of which nothing but the baseline was measured.

    Parameters
    ----------
    outcomes
        Of all photographs, the baseline among them.

    Raises
    ------
    PhotoError
        No zone of any other photograph was measured for any sign: the commonest reason first,
        and the photographs that each reason holds for.
    """
    others = [o for o in outcomes if not o.record.is_baseline]
    if any(
        not zone.reason for o in others for zones in o.readings.values() for zone in zones.values()
    ):
        return
    groups = _grouped((_why(o), o.record.name) for o in others)
    if not groups:
        raise PhotoError("Nothing could be measured: there is no photograph beside the baseline.")
    told = [f"{_sentence(why)} ({some_of(names)})" for why, names in groups[:_MOST_REASONS]]
    more = len(groups) - _MOST_REASONS
    rest = f" And {more} more reasons." if more > 0 else ""
    raise PhotoError(f"Nothing could be measured: {'; '.join(told)}.{rest}")


def silence_notes(rows: Iterable[Row], methods: Sequence[Method]) -> tuple[str, ...]:
    """Sentence where every verdict of the main signs is "cannot tell", else nothing.

    Parameters
    ----------
    rows
        Of all photographs but the baseline.
    methods
        What was read.
    """
    main = {m.name: m.sign for m in methods if m.main}
    own = [row for row in rows if row.method in main]
    if not own or any(row.verdict is not Verdict.CANNOT_TELL for row in own):
        return ()
    causes = _grouped((row.reason or _TOO_WIDE, row) for row in own)
    signs = ", ".join(dict.fromkeys(map(sign_label, main.values())))
    return (
        f"Of no sign ({signs}) can these photographs tell whether it changed. The commonest cause: "
        f"{_sentence(causes[0][0])}.",
    )


def _why(outcome: Outcome) -> str:
    """Why nothing of a photograph was measured: its own reason, else the one given most."""
    reasons = [z.reason for zones in outcome.readings.values() for z in zones.values()]
    if outcome.record.reasons or not reasons:
        return " ".join(outcome.record.reasons)
    return _grouped((why, why) for why in reasons)[0][0]


def _grouped(items: Iterable[tuple[str, Item]]) -> list[tuple[str, list[Item]]]:
    """Put together what has one reason but for its numbers, the commonest first."""
    groups: dict[str, tuple[str, list[Item]]] = {}
    for why, item in items:
        groups.setdefault(re.sub(r"[\d.]+", "#", why), (why, []))[1].append(item)
    return sorted(groups.values(), key=lambda group: len(group[1]), reverse=True)


def _sentence(reason: str) -> str:
    """A reason within a longer sentence; names of files and abbreviations keep their capitals."""
    plain = re.match(r"[A-Z][a-z]*\b(?![._\d])", reason)
    return (f"{reason[0].lower()}{reason[1:]}" if plain else reason).rstrip(".")
