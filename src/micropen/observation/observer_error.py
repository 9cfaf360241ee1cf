"""What the observers of all scales have in common: leaning, personal use of a scale, slips.

A sign becomes a *drive* (0 when nothing was done). Its observer uses up the share
``1 - exp(-drive * error)`` of the scale, so that no answer leaves it, where

    error = exp(lean_sd * rater + use_sd * person + slip_sd * answer)

with one standard normal per trial, per person and per answer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from micropen.observation.view import View

Array = NDArray[np.float64]

CLINICIAN = ("clinician.lean_sd", "clinician.slip_sd")
SUBJECT = ("subject.lean_sd", "subject.use_sd", "subject.slip_sd")
THRESHOLD = ("observer.lean_sd", "observer.person_sd")


def slip(view: View, scale: str, day: float | None) -> Array:
    """Standard normal of one answer, shape ``(draw,)``; zero before treatment."""
    if day is None:
        return np.zeros(view.draws)
    return view.noise(f"{scale}.day {day:.6g}")


def clinician_share(view: View, scale: str, drive: Array, day: float | None) -> Array:
    """Share of a scale that a clinician uses for a drive, shape ``(draw,)``."""
    error = view.parameter("clinician.lean_sd") * view.rater(f"clinician.{scale}") + view.parameter(
        "clinician.slip_sd"
    ) * slip(view, scale, day)
    return -np.expm1(-drive * np.exp(error))


def subject_share(view: View, scale: str, drive: Array, day: float | None) -> Array:
    """Share of a scale that people use for themselves, shape ``(draw,)``."""
    error = (
        view.parameter("subject.lean_sd") * view.rater(f"subject.{scale}")
        + view.parameter("subject.use_sd") * view.noise("subject.use")
        + view.parameter("subject.slip_sd") * slip(view, scale, day)
    )
    return -np.expm1(-drive * np.exp(error))


def from_baseline(view: View, scale: str, share: Array, top: float) -> Array:
    """A score that starts at its value before treatment (default 0) and approaches `top`."""
    before = np.clip(view.baseline(scale, 0.0, 0.0), 0.0, top)
    return before + (top - before) * share


def graded(latent: Array, lower: float, upper: float, step: float = 1.0) -> Array:
    """The nearest step of an ordinal scale."""
    return np.clip(np.round(latent / step) * step, lower, upper)


def noticed_from(view: View, milestone: str, purpose: str) -> Array:
    """Threshold of ``healing.milestones`` as the people of a trial apply it, ``(draw,)``."""
    typical = view.parameters.sample(f"healing.milestones.{milestone}", view.draws, view.seed)
    error = view.parameter("observer.lean_sd") * view.rater(f"threshold.{purpose}") + (
        view.parameter("observer.person_sd") * view.noise(f"threshold.{purpose}")
    )
    return typical * np.exp(error)


def reading(view: View, scale: str, ratio: Array, day: float | None) -> Array:
    """An instrument's ratio to the value before, with the error of one reading."""
    error = view.parameter("instrument.slip_sd") * slip(view, scale, day)
    return np.maximum(ratio, 0.0) * np.exp(error)


def happens(view: View, purpose: str, probability: Array) -> Array:
    """1 for the people whose own uniform number lies below a probability, else 0."""
    return (uniform(view, purpose) < probability).astype(np.float64)


def uniform(view: View, purpose: str) -> Array:
    """Uniform number of each person, from the normal of the same purpose."""
    return np.asarray(normal_share(view.noise(purpose)))


def normal_share(z: Array) -> Array:
    """Share of a standard normal below `z`."""
    return np.asarray(ndtr(z), dtype=np.float64)
