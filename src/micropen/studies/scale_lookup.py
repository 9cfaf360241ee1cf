"""The scales that a study file may name: those of the observation room."""

from __future__ import annotations

from collections.abc import Mapping

from micropen import observation
from micropen.observation import Kind, Scale
from micropen.studies.study_errors import MisstatedError
from micropen.studies.toml_lines import Path
from micropen.toml_files import nearest


def known_scales() -> Mapping[str, Scale]:
    """Return every scale by its name."""
    return observation.scales()


def _near(name: str, known: Mapping[str, Scale]) -> str:
    hint = nearest(name, known.keys())
    # There are too many to list them in a sentence.
    return hint if hint.startswith("nearest") else "docs/scales.md lists all of them"


def require_scale(name: str, place: Path) -> Scale:
    """Return a scale.

    Raises
    ------
    MisstatedError
        Unknown, with the nearest names.
    """
    known = known_scales()
    if name not in known:
        raise MisstatedError(place, f"is {name!r}, an unknown scale; {_near(name, known)}")
    return known[name]


def is_yes_or_no(scale: Scale) -> bool:
    """Whether each person has it or not."""
    return scale.kind is Kind.OUTCOME or (scale.lower, scale.upper) == (0.0, 1.0)
