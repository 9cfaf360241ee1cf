"""How far a job is, by stage, and how long each stage took."""

from __future__ import annotations

import time
from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Called with the name of the stage and the share of it that is done."""


class Stages:
    """Hands progress on and keeps the wall time of each stage.

    Parameters
    ----------
    progress
        Called with stage and share done; None where nobody looks.

    Attributes
    ----------
    seconds
        Wall time from the first report of each stage to its latest.
    """

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._began: dict[str, float] = {}
        self.seconds: dict[str, float] = {}

    def report(self, stage: str, share: float) -> None:
        """Tell how much of a stage is done, 0-1."""
        began = self._began.setdefault(stage, time.perf_counter())
        self.seconds[stage] = time.perf_counter() - began
        if self._progress is not None:
            self._progress(stage, share)
