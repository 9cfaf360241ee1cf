"""The after-care sheet: one page to print, as HTML and as PDF."""

from micropen.report.aftercare.content import Sheet, sheet_of
from micropen.report.aftercare.page import render_sheet
from micropen.report.aftercare.printed import sheet_pdf
from micropen.report.aftercare.write import write_aftercare

__all__ = ["Sheet", "render_sheet", "sheet_of", "sheet_pdf", "write_aftercare"]
