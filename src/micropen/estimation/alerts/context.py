"""What alerts are looked for in: one person's predictive draws, check-ins, lesions, treatment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from micropen.case.check_in import CheckIn
from micropen.estimation.predictive import Predictive
from micropen.evidence import ParameterSet, load_parameters
from micropen.measurement.result import LesionSighting
from micropen.treatment import Treatment

_SECONDS_PER_DAY = 86_400.0


@dataclass(frozen=True, slots=True, eq=False)
class AlertContext:
    """Everything that the rules look at.

    Parameters
    ----------
    treatment
        Person and sessions; days count from the end of the first.
    predictive
        Joint predictive draws of every reading and answer, under the forecast for this person that
        did not know the points marked new.
    check_ins
        Of the case, in any order; only their warning signs are read here.
    mentions
        When and which of `micropen.case.WARNING_SIGNS` a free note seems to speak of.
    lesions
        Sightings on photographs, their ``day`` counted since the *first session*.
    parameters
        By default all of the program.
    session_days
        Of the treatment.
    """

    treatment: Treatment
    predictive: Predictive
    check_ins: tuple[CheckIn, ...] = ()
    mentions: tuple[tuple[datetime, str], ...] = ()
    lesions: tuple[LesionSighting, ...] = ()
    parameters: ParameterSet = field(default_factory=load_parameters)
    session_days: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Keep what every point asks for."""
        object.__setattr__(self, "session_days", self.treatment.days)

    def value(self, name: str) -> float:
        """Value of the parameter ``estimation.alerts.<name>``."""
        return self.parameters.value(f"estimation.alerts.{name}")

    def day_of(self, when: datetime) -> float:
        """Return days since the end of the first session; both times are local."""
        start = self.treatment.sessions[0].moment
        return (when.replace(tzinfo=None) - start).total_seconds() / _SECONDS_PER_DAY

    def session_before(self, day: float) -> float:
        """Return the day of the latest session at or before a day; NaN before the first."""
        past = [session for session in self.session_days if session <= day]
        return past[-1] if past else float("nan")

    def since_session(self, day: float) -> float:
        """Return days since the latest session at or before a day; NaN before the first."""
        return day - self.session_before(day)

    @property
    def today(self) -> float:
        """Day of the newest reading, answer, check-in or note; 0 where there is none."""
        days = [point.day for point in self.predictive.points]
        days += [self.day_of(check_in.when) for check_in in self.check_ins]
        days += [self.day_of(when) for when, _ in self.mentions]
        return max(days, default=0.0)

    @property
    def redness_is_hard_to_see(self) -> bool:
        """Whether the words should go by warmth and tightness rather than by redness."""
        return self.treatment.person.phototype >= self.value("hard_to_see_from_phototype")
