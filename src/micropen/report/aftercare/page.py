"""The sheet as one HTML file with everything inside and nothing fetched."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from micropen.report.aftercare.content import Sheet
from micropen.report.self_contained import environment, house_style, policy, resource

_PACKAGE: Final = "micropen.report.aftercare"


def render_sheet(sheet: Sheet) -> str:
    """Render the sheet.

    Parameters
    ----------
    sheet
        Plain text; everything is escaped.

    Returns
    -------
    str
        HTML with a content security policy that forbids every request; it has no script.
    """
    style = house_style() + resource(_PACKAGE, "aftercare.css")
    return (
        environment(_PACKAGE)
        .get_template("aftercare.html.j2")
        .render(sheet=sheet, style=Markup(style), policy=policy(style, ""))
    )
