"""How a goal states itself: which signs it reads, when, and what share of the fault is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from micropen.evidence import ParameterSet
from micropen.treatment import Person

Array = NDArray[np.float64]

Sample = Callable[[str], Array]
"""``sample(name)``: draws of ``observation.<name>``, shape ``(draw,)``."""

Effect = Callable[[Mapping[str, Array], Sample], Array]
"""``effect(signs, sample)``: signs of shape ``(..., draw)`` to a share of the same shape."""


def suits_anybody(_person: Person) -> str:
    """A goal that makes sense for everybody."""
    return ""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a person may want of a series.

    Parameters
    ----------
    name
        As a person file writes it: ``"acne scars"``.
    aliases
        Other words for it.
    title
        As a page prints it: ``"Shallower acne scars"``.
    words
        What a gain in per cent counts, as a clause after "Result:", with a full stop.
    signs
        Signs that it reads, as means over the treated area by its size.
    read_after
        Parameter: days after the last session at which the gain is read.
    parameters
        Names under ``observation.`` that it samples.
    effect
        Share of the fault that is gone, below zero where it became worse; graders' hope and
        error, and what would have improved anyway, are left out.
    worth
        Parameter: least added mean gain for which a session pays.
    caveat
        What a person should know before they choose it.
    lasts
        On what it rests how long it lasts, without a full stop.
    sources
        Bibliography keys of `caveat` and `lasts`.
    suits
        Why it makes little sense for this person; empty where it does.
    """

    name: str
    aliases: tuple[str, ...]
    title: str
    words: str
    signs: tuple[str, ...]
    read_after: str
    parameters: tuple[str, ...]
    effect: Effect
    worth: str
    caveat: str
    lasts: str
    sources: tuple[str, ...]
    suits: Callable[[Person], str] = suits_anybody


def sampler(goal: Goal, parameters: ParameterSet, draws: int, seed: int) -> Sample:
    """Draw what a goal reads once, to be asked for often.

    Parameters
    ----------
    goal
        Its `parameters` are drawn.
    parameters
        Parameter set of the forecast.
    draws, seed
        Of the forecast: the same seed gives the draws that its observers have.

    Returns
    -------
    Sample
        Raises `KeyError` for a name that the goal does not list.
    """
    drawn = {
        name: parameters.sample(f"observation.{name}", draws, seed) for name in goal.parameters
    }
    return drawn.__getitem__
