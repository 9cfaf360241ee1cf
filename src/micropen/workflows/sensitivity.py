"""Which parameters each headline depends on, and how much of it data could settle."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from micropen.calibration.headlines import HEADLINES, headlines
from micropen.calibration.sensitivity_page import sensitivity_page
from micropen.calibration.sobol import Indices, inputs_of, sobol
from micropen.errors import MicropenError
from micropen.evidence import ParameterSet, load_parameters, read_parameter_set
from micropen.report.folder import check_place, new_folder
from micropen.workflows.calibrate import Progress, seal

FEWEST_DRAWS: Final = 64
MOST_DRAWS: Final = 8192
MOST_SHOWN: Final = 10
_PREFIXES: Final = ("healing.", "punctures.", "anatomy.")


@dataclass(frozen=True, slots=True)
class SensitivityRequest:
    """What to study.

    Parameters
    ----------
    output
        Folder for the tables and the page; None writes nothing.
    draws
        Base points of the design, rounded up to a power of two.
    seed
        Of the design.
    parameters
        File of a parameter set; None for the program's own.
    """

    output: Path | None = None
    draws: int = 512
    seed: int = 0
    parameters: Path | None = None

    def __post_init__(self) -> None:
        if not FEWEST_DRAWS <= self.draws <= MOST_DRAWS:
            raise MicropenError(
                f"--draws is {self.draws}; it must lie between {FEWEST_DRAWS} and {MOST_DRAWS}."
            )


@dataclass(frozen=True, slots=True)
class SensitivityAnswer:
    """What came out."""

    indices: Indices
    parameter_set: str
    folder: Path | None

    def rows(self) -> list[Mapping[str, str | float]]:
        """One row a headline and input, the strongest first within each headline."""
        found: list[Mapping[str, str | float]] = []
        for output, headline in enumerate(HEADLINES):
            for index in np.argsort(-self.indices.total[output], kind="stable"):
                entry = self.indices.inputs[index]
                found.append(
                    {
                        "headline": headline.key,
                        "parameter": entry.parameter,
                        "source": entry.source.value,
                        "first": round(float(self.indices.first[output, index]), 4),
                        "total": round(float(self.indices.total[output, index]), 4),
                    }
                )
        return found

    def record(self) -> Mapping[str, object]:
        """Everything, ready for JSON; the ten strongest inputs of each headline."""
        rows = self.rows()
        return {
            "parameter_set": self.parameter_set,
            "points": self.indices.points,
            "headlines": {
                headline.key: {
                    "question": headline.question,
                    "unit": headline.unit,
                    "mean": float(self.indices.mean[output]),
                    "sd": float(self.indices.sd[output]),
                    "not_known": float(self.indices.not_known[output]),
                    "people_differ": float(self.indices.people[output]),
                    "inputs": [r for r in rows if r["headline"] == headline.key][:MOST_SHOWN],
                }
                for output, headline in enumerate(HEADLINES)
            },
        }


def _parameters(path: Path | None) -> ParameterSet:
    return load_parameters() if path is None else read_parameter_set(path)


def sensitivity(request: SensitivityRequest, progress: Progress | None = None) -> SensitivityAnswer:
    """Estimate Sobol indices of every headline, and write them.

    Parameters
    ----------
    request
        Settings; the same give the same bytes.
    progress
        Called with stage and share done.

    Raises
    ------
    MicropenError
        Bad settings or output.
    """
    if request.output is not None:
        check_place(request.output.expanduser())
    parameters = _parameters(request.parameters)
    indices = sobol(
        lambda normals, count: headlines(parameters, normals, count),
        inputs_of(parameters, _PREFIXES),
        request.draws,
        request.seed,
        progress,
    )
    answer = SensitivityAnswer(indices, parameters.name, request.output)
    if request.output is not None:
        _write(request.output.expanduser(), answer, request.seed)
    return answer


def _write(place: Path, answer: SensitivityAnswer, seed: int) -> None:
    rows = answer.rows()
    with new_folder(place) as work:
        with (work / "sensitivity.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        text = json.dumps(answer.record(), indent=2, ensure_ascii=False) + "\n"
        (work / "sensitivity.json").write_text(text, encoding="utf-8")
        page = sensitivity_page(answer.indices, HEADLINES, MOST_SHOWN)
        (work / "sensitivity.html").write_text(page, encoding="utf-8")
        seal(work, {"parameter_set": answer.parameter_set, "seed": seed})
