"""Which of the named plans are worth showing: those that keep to all limits, and differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from micropen.planning.result import NamedPlan
from micropen.planning.search.face import Face, FaceSettings
from micropen.planning.search.named import TITLES, Telling
from micropen.planning.search.optimise import Found
from micropen.planning.search.prices import break_words

# Plans whose sessions lie no further apart than this are one plan to a reader.
_SAME_DAYS: Final = 7


def offered(
    told: Telling, found: Mapping[str, Found], faces: Mapping[FaceSettings, Face]
) -> tuple[tuple[NamedPlan, ...], tuple[str, ...]]:
    """Tell of the plans that keep to all limits and differ by more than some days.

    Parameters
    ----------
    told
        Person and problem.
    found
        What the search found, by key of the named plan, the recommended one first.
    faces
        Hold their settings with the draws that chances are told with.

    Returns
    -------
    plans, notes
        At least one plan where any keeps to all limits; and why others are not among them.
    """
    plans: list[NamedPlan] = []
    shown: dict[str, Found] = {}
    notes: list[str] = []
    for key, one in found.items():
        title = TITLES[key][0]
        like = next((name for name, other in shown.items() if _alike(one, other)), None)
        if one.breaks:
            notes.append(f"No {title.lower()} plan: {'; '.join(break_words(one.breaks))}.")
        elif like is not None:
            notes.append(f"{title}: the same plan as {like}.")
        else:
            shown[title.lower()] = one
            plans.append(told.named(key, one, faces[one.candidate.settings]))
    return tuple(plans), tuple(notes)


def _alike(one: Found, other: Found) -> bool:
    """Whether two plans are the same but for some days."""
    mine, theirs = one.outcome.days, other.outcome.days
    near = all(abs(a - b) <= _SAME_DAYS for a, b in zip(mine, theirs, strict=False))
    same = one.candidate.settings == other.candidate.settings
    return same and len(mine) == len(theirs) and near
