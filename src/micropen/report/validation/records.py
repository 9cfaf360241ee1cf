"""The validation as records: for JSON, and as a table for CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from micropen._version import __version__
from micropen.report.validation.content import Validation, Verdicts
from micropen.report.validation.families import family_of
from micropen.studies.account import Statement
from micropen.studies.prediction import Prediction
from micropen.studies.score import Score
from micropen.studies.validation_row import Row

# Raised when a reader of the file would have to change.
FORMAT: Final = 1


def number(value: float | None) -> float | None:
    """A number as JSON has it: nothing for missing ones, and for infinite ones."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")


def _prediction(prediction: Prediction, score: Score) -> dict[str, Any]:
    inner = prediction.inner
    return {
        "median": number(prediction.median),
        "p05": number(prediction.low),
        "p25": number(inner[0]),
        "p75": number(inner[1]),
        "p95": number(prediction.high),
        "probability_of_claim": number(prediction.probability),
        "inside": bool(score.inside),
        "inside_50": None if score.inside_half is None else bool(score.inside_half),
        "pit": number(score.pit),
        "interval_score": number(score.interval),
        "width": number(score.width),
    }


def row_record(row: Row) -> dict[str, Any]:
    """One row; infinite ends of a bound or a band are null."""
    finding = row.finding
    baseline = None
    if row.baseline is not None and row.baseline_score is not None:
        baseline = _prediction(row.baseline, row.baseline_score)
    return {
        "study": row.study.key,
        "row": finding.key,
        "citation": row.study.citation,
        "given": row.given,
        "role": finding.role.value,
        "grade": finding.grade.value,
        "family": family_of(finding.scale),
        "arm": finding.arm,
        "versus": finding.versus or None,
        "co_treatment": row.arm.co_treatment or None,
        "assumed": list(row.arm.assumed),
        "scale": finding.scale,
        "unit": row.scale.unit,
        "statistic": finding.statistic.value,
        "threshold": number(finding.threshold),
        "day": number(finding.day),
        "n": finding.n,
        "published": {
            "claim": finding.claim.value,
            "low": number(finding.low),
            "high": number(finding.high),
            "sd": number(finding.sd),
            "standard_error": number(finding.standard_error),
            "p05": number(row.published_error[0]),
            "p95": number(row.published_error[1]),
        },
        "predicted": _prediction(row.prediction, row.score),
        "scoring_unit": number(row.score.unit),
        "verdict": row.verdict,
        "baseline": baseline,
        "note": finding.note,
    }


def _figures(figures: Any) -> dict[str, Any] | None:
    if figures is None:
        return None
    return {
        name: number(value) if isinstance(value, float) else value
        for name, value in asdict(figures).items()
    }


def _verdicts(verdicts: Verdicts) -> dict[str, Any]:
    compared = _figures(verdicts.comparison)
    if compared is not None and verdicts.comparison is not None:
        compared["ratio"] = number(verdicts.comparison.ratio)
    return {
        "model": _figures(verdicts.model),
        "baseline": _figures(verdicts.baseline),
        "model_against_baseline": compared,
        "bounds": verdicts.bounds,
        "bounds_compatible": verdicts.bounds_compatible,
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "key": statement.key,
        "sign": statement.sign,
        "moment": statement.moment,
        "account": statement.words,
        "criterion": statement.criterion,
        "measure": statement.measure,
        "unit": statement.unit,
        "low": number(statement.low),
        "high": number(statement.high),
        "median": number(statement.predicted_median),
        "p05": number(statement.predicted_low),
        "p95": number(statement.predicted_high),
        "probability": number(statement.probability),
        "inside": statement.inside,
    }


def record(validation: Validation) -> dict[str, Any]:
    """Return the whole validation, ready for JSON; ``docs/validation.md`` documents it."""
    return {
        "format": FORMAT,
        "program": "micropen",
        "version": __version__,
        **asdict(validation.provenance),
        "overall": {role: _verdicts(v) for role, v in validation.verdicts.items()},
        "rows": [row_record(row) for row in validation.rows],
        "founding_case": [_statement(s) for s in validation.founding_case.statements],
        "not_used": [asdict(problem) for problem in validation.not_used],
    }


def _flat(record: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{name}_"))
        elif isinstance(value, list):
            flat[prefix + name] = " ".join(str(entry) for entry in value)
        else:
            flat[prefix + name] = value
    return flat


def table(rows: Sequence[Row]) -> str:
    """Return the rows as CSV, one line each; columns named as in JSON, levels joined by ``_``."""
    flat = [_flat(row_record(row)) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row if name != "baseline"))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(flat)
    return text.getvalue()
