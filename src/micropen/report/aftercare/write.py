"""Write the after-care sheet into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from micropen.atomic_writing import write_atomically
from micropen.planning.result import NamedPlan, Planned
from micropen.report.aftercare.content import sheet_of
from micropen.report.aftercare.page import render_sheet
from micropen.report.aftercare.printed import sheet_pdf
from micropen.report.self_contained import write_page

NAME: Final = "aftercare"


def write_aftercare(
    folder: Path, planned: Planned, plan: NamedPlan, *, number: int = 1, name: str = NAME
) -> tuple[Path, Path]:
    """Write the sheet of one session as HTML and as PDF, one page each.

    Parameters
    ----------
    folder
        An existing folder; earlier files of these names are replaced, each in one step.
    planned, plan
        The plan, and everything around it.
    number
        Of the session, from 1.
    name
        Of the files, without an ending.

    Returns
    -------
    tuple
        The HTML file and the PDF file. The same plan gives the same bytes.

    Raises
    ------
    MicropenError
        The plan has no session of this number.
    OutputError
        Where a file cannot be written.
    """
    sheet = sheet_of(planned, plan, number)
    text, printed = render_sheet(sheet), sheet_pdf(sheet)
    page, paper = write_page(folder, f"{name}.html", text), folder / f"{name}.pdf"
    write_atomically(paper, lambda part: part.write_bytes(printed))
    return page, paper
