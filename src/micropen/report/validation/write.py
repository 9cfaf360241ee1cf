"""Write a validation: page, table, JSON and the record of its files, in one folder, atomically."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from micropen._version import __version__
from micropen.report.folder import PROGRAM, PROVENANCE, file_digests, new_folder
from micropen.report.validation.content import Validation
from micropen.report.validation.page import render_page
from micropen.report.validation.records import FORMAT, record, table

PAGE: Final = "validation.html"


def write_validation(place: Path, validation: Validation) -> Path:
    """Write ``validation.html``, ``.csv``, ``.json`` and ``provenance.json`` into one folder.

    Parameters
    ----------
    place
        The folder; an earlier result of micropen there is replaced.
    validation
        What was found.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    OutputError
        If `place` holds anything else, or cannot be written; nothing was changed then.
    """
    with new_folder(place) as work:
        (work / PAGE).write_text(render_page(validation), encoding="utf-8")
        (work / "validation.csv").write_text(table(validation.rows), encoding="utf-8")
        _write_json(work / "validation.json", record(validation))
        made = {
            "program": PROGRAM,
            "format": FORMAT,
            "version": __version__,
            "files": file_digests(work),
        }
        _write_json(work / PROVENANCE, made)
    return place / PAGE


def _write_json(path: Path, content: object) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    path.write_text(text, encoding="utf-8")
