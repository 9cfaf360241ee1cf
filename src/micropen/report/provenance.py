"""The record that lets anyone make the same report again, and see what it leans on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from micropen.report.content import ReportContent
from micropen.report.folder import PROGRAM, PROVENANCE, file_digests
from micropen.report.marks import DIGITAL_SOURCE_TYPE

# Raised when a reader of the file would have to change.
FORMAT: Final = 1


def provenance_record(content: ReportContent, files: Mapping[str, str]) -> dict[str, Any]:
    """Build the provenance of a report.

    Parameters
    ----------
    content
        What the report was made of.
    files
        SHA-256 of each file, by relative path.

    Returns
    -------
    dict
        Ready for JSON; holds no path, file name or user name of the inputs.
    """
    made = content.provenance
    given = {field.name: getattr(made, field.name) for field in fields(made)}
    given["citations"] = list(made.citations)
    given["settings"] = dict(made.settings)
    if given["created"] is None:
        del given["created"]
    return {
        "program": PROGRAM,
        "format": FORMAT,
        **given,
        "simulated_pictures": {
            "scenarios": list(content.scenarios),
            "days": list(content.days),
            "digital_source_type": DIGITAL_SOURCE_TYPE,
        },
        "sign_grades": {e.sign: e.grade for e in content.evidence},
        "alerts": list(content.alerts),
        "warnings": list(content.warnings),
        "photo_notes": list(content.photo_notes),
        "files": dict(files),
    }


def write_provenance(folder: Path, content: ReportContent) -> None:
    """Write ``provenance.json`` last, with the digests of all other files of the folder."""
    record = provenance_record(content, file_digests(folder))
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    (folder / PROVENANCE).write_text(text, encoding="utf-8")
