"""What a plan is worth, and what it must not break. Both are written down in docs/planning.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from micropen.evidence import ParameterSet

STYLES: Final = ("balanced", "gentle", "fastest")
"""Named plans, the one that is recommended first."""
FREEST: Final = "fastest"
"""The one without limits of its own: where it fits nowhere, nothing does."""

_PER_CENT: Final = 100.0
_DAYS_PER_MONTH: Final = 30.44

# What counts as one step of breaking a limit, so that limits of different units can be added.
_ONE_STEP_OF_SHARE: Final = 0.1
_NO_SERIES: Final = 20.0
# The nearest plan gives way in what a person can allow, not in being worth it.
_NOT_WORTH_IT: Final = 15.0


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What a person tolerates.

    Parameters
    ----------
    downtime_days, downtime_share
        Days after a session on which others may notice something, and the share of people like
        this one who must stay within them.
    pain
        Of the worst zone, 0-10.
    pigment_risk
        Probability of dark marks over the series.
    worth
        Share of the fault that a session has to take away, in the mean over the series: no plan
        is better than one that only costs.
    """

    downtime_days: float
    downtime_share: float
    pain: float
    pigment_risk: float
    worth: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one plan does.

    Parameters
    ----------
    days
        Sessions in days from today; empty where no series fits into the diary.
    gain
        Mean share of the fault taken away.
    downtime_days
        Mean days of a session on which others notice something.
    within
        Share of people who stay within the tolerated days.
    work_days
        Expected such days at work, over the series.
    pain
        Median of the worst zone.
    pigment_risk
        Probability of dark marks over the series.
    clear
        By event: probability that nothing is noticed on its day; 1 where no session comes before.
    early_days
        By event: days by which its last session is too late; 0 where it is not.
    glow
        By event: probability of a glow and nothing else on its day; 0 where no session is near.
    first_days
        Days by which a first needling comes too near before an event; 0 where it does not.
    """

    days: tuple[int, ...]
    gain: float
    downtime_days: float
    within: float
    work_days: float
    pain: float
    pigment_risk: float
    clear: tuple[float, ...]
    early_days: tuple[int, ...]
    glow: tuple[float, ...]
    first_days: int = 0


@dataclass(frozen=True, slots=True)
class Style:
    """Prices in points: percentage points of gain (`planning.<key>.*`).

    Parameters
    ----------
    key
        Of the named plan.
    work_day, free_day
        A day on which others notice something, at work and otherwise.
    session, month
        A session; a month until the last one.
    pigment
        One per cent probability of dark marks.
    pain
        One step, 0-10.
    missed_glow
        A glow that does not come on a day for which it was wished.
    most_days
        Mean days of a session on which others notice something, at most. Prices alone do not
        make a plan gentle: the first day costs as much as the seventh, and brings less.
    """

    key: str
    work_day: float
    free_day: float
    session: float
    month: float
    pigment: float
    pain: float
    missed_glow: float
    most_days: float

    @classmethod
    def named(cls, key: str, parameters: ParameterSet) -> Style:
        """Read the prices of one named plan."""

        def price(name: str) -> float:
            return parameters.value(f"planning.{key}.{name}")

        return cls(
            key=key,
            work_day=price("work_day"),
            free_day=price("free_day"),
            session=price("session"),
            month=price("month"),
            pigment=price("pigment"),
            pain=price("pain"),
            missed_glow=parameters.value("planning.glow.missed"),
            most_days=price("most_days"),
        )

    def value(self, outcome: Outcome, glow_wished: tuple[bool, ...]) -> float:
        """Points of a plan that fits into the diary: gain less what it costs."""
        sessions = len(outcome.days)
        free_days = max(sessions * outcome.downtime_days - outcome.work_days, 0.0)
        missed = sum(
            1.0 - chance for chance, wished in zip(outcome.glow, glow_wished, strict=True) if wished
        )
        return (
            _PER_CENT * outcome.gain
            - self.work_day * outcome.work_days
            - self.free_day * free_days
            - self.session * sessions
            - self.month * outcome.days[-1] / _DAYS_PER_MONTH
            - self.pigment * _PER_CENT * outcome.pigment_risk
            - self.pain * outcome.pain
            - self.missed_glow * missed
        )


def broken(outcome: Outcome, tolerance: Tolerance, most_days: float) -> dict[str, float]:
    """Return the limits that a plan breaks, and by how many steps each; empty where none.

    Parameters
    ----------
    outcome, tolerance
        What the plan does, and what the person tolerates.
    most_days
        Of the named plan (`Style`).

    Returns
    -------
    dict
        ``"diary"``, ``"downtime"``, ``"pain"``, ``"pigment"``, ``"worth"``, ``"style"``,
        ``"first"`` or ``"event N"`` to steps above 0.
    """
    if not outcome.days:
        return {"diary": _NO_SERIES}
    missing = 1.0 - outcome.gain / len(outcome.days) / tolerance.worth
    steps = {
        "downtime": (tolerance.downtime_share - outcome.within) / _ONE_STEP_OF_SHARE,
        "pain": outcome.pain - tolerance.pain,
        "pigment": (outcome.pigment_risk - tolerance.pigment_risk) / _ONE_STEP_OF_SHARE,
        "worth": (_NOT_WORTH_IT if missing > 0.0 else 0.0) + missing,
        "style": outcome.downtime_days - most_days,
        "first": float(outcome.first_days),
        **{f"event {n}": float(days) for n, days in enumerate(outcome.early_days)},
    }
    return {name: by for name, by in steps.items() if by > 0.0}
