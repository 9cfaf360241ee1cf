"""What describes a person's response: one record each, its value per draw and its words.

A new trait is one entry of `TRAITS`, and its floor and smallest noticed difference in
``estimation.traits.<name>``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.estimation.phrases import Wording, duration, half_days, half_points, number
from micropen.evidence import ParameterSet
from micropen.healing.course import Course
from micropen.healing.recovery import Recovery
from micropen.healing.visibility import last_day_above

Array = NDArray[np.float64]

# Redness of the first half day is the flush of the needling itself; its fading is healing.
_HEALING_FROM: Final = 0.5
_TINY: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Compared:
    """Medians of a trait, for a person and typically.

    Parameters
    ----------
    personal, typical
        In the unit of the trait.
    """

    personal: float
    typical: float

    @property
    def ratio(self) -> float:
        """Personal over typical."""
        return self.personal / self.typical


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing in which people differ.

    Parameters
    ----------
    name
        Short, unique.
    value
        Its value per draw, shape ``(draw,)``, above zero.
    wording
        How it is compared.
    needs_days
        Days after the session that a course must reach for it to be defined.
    instead
        What is said of a difference instead of a ratio; empty words leave the ratio.
    besides
        What is added, with the person's and the typical value; may be empty.
    only_differences
        Whether "about as is typical" is left unsaid, because it would promise what may still come.
    """

    name: str
    value: Callable[[Recovery], Array]
    wording: Wording
    needs_days: float
    instead: Callable[[Compared], str] | None = None
    besides: Callable[[Compared], str] | None = None
    only_differences: bool = False

    def of(self, course: Course, parameters: ParameterSet, session: int = 0) -> Array | None:
        """Value per draw on the treated face after one session.

        Returns
        -------
        numpy.ndarray or None
            Shape ``(draw,)``, positive and finite; None where the course, or the time until the
            next session, is too short for it.
        """
        after = Recovery.of(
            course.dataset, course.treated, course.origin.session_days, parameters, session
        )
        return self.after(after)

    def after(self, after: Recovery) -> Array | None:
        """As `of`, for days that are already taken out of a course."""
        return self.value(after) if after.days[-1] >= self.needs_days else None


def _floored(name: str, values: Array, after: Recovery) -> Array:
    """Values with what cannot be told from nothing put at the floor."""
    return np.maximum(values, after.parameters.value(f"estimation.traits.{name}.floor"))


def _highest(name: str, sign: str, first: float = 0.0) -> Callable[[Recovery], Array]:
    """Highest value of a sign from some day on."""

    def value(after: Recovery) -> Array:
        return _floored(name, after.draws(sign)[:, after.days >= first].max(axis=1), after)

    return value


def _first_day_redness(after: Recovery) -> Array:
    """Mean redness from the end of the session to day 1."""
    inside = after.days <= 1.0
    days = after.days[inside]
    mean = np.trapezoid(after.draws("erythema")[:, inside], days, axis=1) / (days[-1] - days[0])
    return _floored("redness_height", np.asarray(mean), after)


def _redness_speed(after: Recovery) -> Array:
    """One over the days from day 0.5 until redness stays below half of what it was then."""
    later = after.days >= _HEALING_FROM
    days, draws = after.days[later], after.draws("erythema")[:, later]
    # Fading is nearly exponential, so the logarithm is what is straight between two days.
    relative = np.log(np.maximum(draws, _TINY) / np.maximum(draws[:, :1], _TINY))
    half = last_day_above(days, relative, np.log(0.5))
    # What outlasts the course, and what was never there to fade, has the course's last day.
    half = np.clip(np.minimum(half, days[-1]), days[0] + 1.0 / 24.0, None)
    return _floored("redness_speed", 1.0 / (half - days[0]), after)


def _peeling_day(after: Recovery) -> Array:
    """Day on which most flakes are seen: top of the parabola through the three highest days."""
    draws, days = after.draws("scaling"), after.days
    top = np.clip(draws.argmax(axis=1), 1, days.size - 2)
    rows = np.arange(top.size)
    before, at, later = (days[top + step] for step in (-1, 0, 1))
    up = (draws[rows, top] - draws[rows, top - 1]) / (at - before)
    down = (draws[rows, top] - draws[rows, top + 1]) / (later - at)
    # The slope falls from `up` to `-down` between the middles of the two steps; zero on the way.
    share = np.clip(up, 0.0, None) / np.maximum(np.abs(up) + np.abs(down), _TINY)
    peak = 0.5 * (before + at) + share * 0.5 * (later - before)
    return _floored("peeling_day", peak, after)


def _pigment(after: Recovery) -> Array:
    """Epidermal melanin over its resting value, mean over the weeks after."""
    first, last = (
        after.parameters.value(f"estimation.traits.pigment.{n}_day") for n in ("from", "to")
    )
    weeks = (after.days >= first) & (after.days <= last)
    days = after.days[weeks]
    mean = np.trapezoid(after.draws("pigment")[:, weeks], days, axis=1) / (days[-1] - days[0])
    return np.asarray(np.exp(mean))


def _halving(compared: Compared) -> str:
    own, typical = duration(1.0 / compared.personal), duration(1.0 / compared.typical)
    if own == typical:
        return ""
    # "15 hours instead of 20": the unit is said once.
    if own.split()[-1] == typical.split()[-1]:
        typical = typical.split()[0]
    return f", halving in about {own} instead of {typical}"


def _later(compared: Compared) -> str:
    difference = compared.personal - compared.typical
    word = "later" if difference > 0.0 else "earlier"
    return f"Your peeling is at its height about {half_days(difference)} {word} than is typical"


def _spots(compared: Compared) -> str:
    own, typical = number(compared.personal), number(compared.typical)
    return "" if own == typical else f": {own} at their height, typically {typical}"


def _hurts(compared: Compared) -> str:
    """In steps of the scale: typically it is next to nothing, and a ratio to that is large."""
    word = "more" if compared.ratio > 1.0 else "less"
    own, typical = (_of_ten_points(value) for value in (compared.personal, compared.typical))
    return f"Afterwards your skin hurts {word} than is typical: {own} at most, typically {typical}"


def _of_ten_points(value: float) -> str:
    return "hardly at all" if value < 0.25 else f"about {half_points(value)} of 10"


def _more_pigment(compared: Compared) -> str:
    per_cent = max(round(100.0 * abs(compared.ratio - 1.0)), 1)
    word = "more" if compared.ratio > 1.0 else "less"
    return f"In the weeks after, your skin has about {per_cent} % {word} pigment than is typical"


def _pigment_change(melanin: float) -> str:
    per_cent = round(100.0 * (melanin - 1.0))
    if per_cent == 0:
        return "as much as"
    return f"about {abs(per_cent)} % {'more' if per_cent > 0 else 'less'} than"


def _pigment_before(compared: Compared) -> str:
    return (
        f": {_pigment_change(compared.personal)} before the session, typically "
        f"{_pigment_change(compared.typical)} before"
    )


TRAITS: Final = (
    Trait(
        "redness_speed",
        _redness_speed,
        Wording("Your redness fades", "faster", "slower", "fast", "it fades"),
        needs_days=3.0,
        besides=_halving,
    ),
    Trait(
        "redness_height",
        _first_day_redness,
        Wording("Your redness on the first day is", "stronger", "weaker", "strong", "it is"),
        needs_days=1.0,
    ),
    Trait(
        "swelling",
        _highest("swelling", "swelling"),
        Wording("Your skin swells", "more", "less", "much", "it swells"),
        needs_days=1.0,
    ),
    Trait(
        "peeling",
        _highest("peeling", "scaling"),
        Wording("Your skin peels", "more", "less", "much", "it peels"),
        needs_days=5.0,
    ),
    Trait(
        "peeling_day",
        _peeling_day,
        Wording("Your peeling is at its height", "later", "earlier", "late", "it is",
                "Your peeling is at its height about when it typically is"),
        needs_days=5.0,
        instead=_later,
    ),
    Trait(
        "breakouts",
        _highest("breakouts", "lesions"),
        Wording("You get", "more spots", "fewer spots", "many spots", "you get"),
        needs_days=4.0,
        besides=_spots,
    ),
    # From one hour on: what comes before is the needling itself.
    Trait(
        "pain",
        _highest("pain", "pain", first=1.0 / 24.0),
        Wording("Afterwards your skin hurts", "more", "less", "much", "it hurts"),
        needs_days=1.0,
        instead=_hurts,
    ),
    # From day 1 on: before that skin shines from swelling and serum.
    Trait(
        "glow",
        _highest("glow", "gloss", first=1.0),
        Wording("Your glow is", "stronger", "weaker", "strong", "it is"),
        needs_days=8.0,
    ),
    Trait(
        "pigment",
        _pigment,
        Wording("In the weeks after, your skin has", "more pigment", "less pigment",
                "much pigment", "it has"),
        needs_days=21.0,
        instead=_more_pigment,
        besides=_pigment_before,
        # Dark patches may come weeks after the photographs that show none.
        only_differences=True,
    ),
)  # fmt: skip
