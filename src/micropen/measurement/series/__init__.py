"""Series: which files are photographs, when each was taken, what belongs together."""

from micropen.measurement.series.baseline import baseline_candidates, no_usable_baseline
from micropen.measurement.series.days import counted_from, days_of
from micropen.measurement.series.entry import Series, SeriesEntry, SetAside
from micropen.measurement.series.file_names import some_of
from micropen.measurement.series.reading import read_series
from micropen.measurement.series.states import State

__all__ = [
    "Series",
    "SeriesEntry",
    "SetAside",
    "State",
    "baseline_candidates",
    "counted_from",
    "days_of",
    "no_usable_baseline",
    "read_series",
    "some_of",
]
