"""What the readings lean on: how each is made, its sources, and its weakest number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from micropen.evidence import ParameterSet, Source, sources
from micropen.measurement.method import Method
from micropen.report.measurement.shown import Shown


@dataclass(frozen=True, slots=True)
class Leaning:
    """One method and its evidence.

    Parameters
    ----------
    shown
        The method as the page calls it.
    grade
        Lowest evidence grade of its numbers; empty where it states none.
    sources
        Where method and numbers come from.
    """

    shown: Shown
    grade: str
    sources: tuple[Source, ...]


def leanings(
    methods: Mapping[str, Shown], known: Mapping[str, Method], parameters: ParameterSet
) -> list[Leaning]:
    """Collect the evidence of every method that the page shows.

    Parameters
    ----------
    methods
        Those that occur.
    known
        Method name to method.
    parameters
        With the grades of the numbers.
    """
    return [_leaning(shown, known.get(name), parameters) for name, shown in methods.items()]


def _leaning(shown: Shown, method: Method | None, parameters: ParameterSet) -> Leaning:
    if method is None:
        return Leaning(shown, "", ())
    numbers = [parameters.members[n] for n in method.parameters if n in parameters.members]
    grade = max((p.grade.value for p in numbers), default="")
    keys = dict.fromkeys((*method.sources, *(p.source for p in numbers)))
    return Leaning(shown, grade, tuple(s for k in keys if (s := sources().get(k)) is not None))
