"""The validation page and its data."""

from micropen.report.validation.content import NotUsed, Provenance, Validation, Verdicts
from micropen.report.validation.records import record
from micropen.report.validation.write import write_validation

__all__ = ["NotUsed", "Provenance", "Validation", "Verdicts", "record", "write_validation"]
