"""One line of care with its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from micropen.evidence import Grade
from micropen.planning.aftercare.rows import CareRow, Kind


@dataclass(frozen=True, slots=True)
class CareLine:
    """A rule of care around one session.

    Parameters
    ----------
    row
        The rule.
    from_day, to_day
        Days since the session on which it holds, both included; None without an end.
    first, last
        The same as dates.
    again
        What is possible on the day after `last`; empty where that is not worth saying.
    """

    row: CareRow
    from_day: int
    to_day: int | None
    first: date
    last: date | None
    again: str

    @property
    def key(self) -> str:
        """Stable name of the rule."""
        return self.row.key

    @property
    def kind(self) -> Kind:
        """Do, avoid, expect or call."""
        return self.row.kind

    @property
    def text(self) -> str:
        """The rule in one line."""
        return self.row.text

    @property
    def short(self) -> str:
        """The rule in a few words."""
        return self.row.short or self.row.text

    @property
    def source(self) -> str:
        """Bibliography key."""
        return self.row.source

    @property
    def grade(self) -> Grade:
        """Evidence grade."""
        return self.row.grade

    @property
    def again_on(self) -> date | None:
        """Day on which it no longer holds; None without an end."""
        return None if self.last is None else self.last + timedelta(days=1)

    def overlaps(self, first: int, last: int | None) -> bool:
        """Whether it holds on any of these days, both included; None has no end."""
        begun = last is None or self.from_day <= last
        return begun and (self.to_day is None or self.to_day >= first)
