"""What the validation page is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from micropen.studies.account import Replay
from micropen.studies.score import Comparison, Overall
from micropen.studies.validation_row import Row


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Figures over the rows of one role.

    Parameters
    ----------
    model
        All rows.
    baseline, comparison
        The rows that the parameters before calibration predict too, and both compared; None
        where the two sets are the same.
    bounds, bounds_compatible
        Rows that state a bound, and how many of these the model gives at least 5 %.
    """

    model: Overall
    baseline: Overall | None
    comparison: Comparison | None
    bounds: int
    bounds_compatible: int


@dataclass(frozen=True, slots=True)
class NotUsed:
    """A study, or a part of one, that no prediction was made for.

    Parameters
    ----------
    study, arm
        Which; `arm` empty for the whole study.
    sentence
        Why, with file and line where it is the file.
    given
        Whether it stands in a folder that was named.
    malformed
        Whether the file could not be read, rather than not be simulated.
    """

    study: str
    arm: str
    sentence: str
    given: bool
    malformed: bool


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a validation was made.

    Parameters
    ----------
    parameter_set, digest
        Name of the set and digest of its values.
    baseline
        Name of the set it is compared with; empty for none.
    trials, seed
        Of the virtual trials.
    """

    parameter_set: str
    digest: str
    baseline: str
    trials: int
    seed: int


@dataclass(frozen=True)
class Validation:
    """Everything that a validation found.

    Parameters
    ----------
    rows
        One per finding, study by study.
    verdicts
        By role.
    founding_case
        The account replayed.
    not_used
        What was left out, and why.
    provenance
        How it was made.
    """

    rows: tuple[Row, ...]
    verdicts: Mapping[str, Verdicts]
    founding_case: Replay
    not_used: tuple[NotUsed, ...]
    provenance: Provenance
