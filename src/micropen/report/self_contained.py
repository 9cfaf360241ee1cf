"""What every page shares: one HTML file with everything inside and nothing fetched."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from micropen.atomic_writing import write_atomically


def environment(package: str) -> Environment:
    """Templates of a package; every text is escaped, and a name that is not given is an error.

    Parameters
    ----------
    package
        Dotted name of a package with a folder ``templates``.
    """
    return Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def resource(package: str, name: str) -> str:
    """Read a text file from the folder ``templates`` of a package."""
    return (files(package) / "templates" / name).read_text(encoding="utf-8")


def house_style() -> str:
    """Colours in light and dark, type and the frame of a page, which pages share."""
    return resource("micropen.report", "house.css")


def readouts() -> str:
    """Script by which drawings say the value that is pointed at, which pages share."""
    return resource("micropen.report", "readouts.js")


def write_page(folder: Path, name: str, text: str) -> Path:
    """Write a page into a folder; an earlier one is replaced in one step, or stays on failure.

    Parameters
    ----------
    folder
        An existing folder.
    name, text
        Of the file.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    OutputError
        Where it cannot be written.
    """
    page = folder / name
    write_atomically(page, lambda part: part.write_text(text, encoding="utf-8"))
    return page


def policy(style: str, script: str) -> str:
    """Content security policy that allows this style and this script and forbids every request.

    Parameters
    ----------
    style, script
        What stands inside the style and the script element, to the letter.
    """
    return (
        f"default-src 'none'; img-src data:; style-src {_digest(style)}; "
        f"script-src {_digest(script)}; base-uri 'none'; form-action 'none'"
    )


def script_data(data: Mapping[str, Any]) -> Markup:
    """JSON that may stand inside a script element: no character in it can end the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _digest(text: str) -> str:
    raw = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(raw).decode('ascii')}'"
