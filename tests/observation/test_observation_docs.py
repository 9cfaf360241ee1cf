"""docs/scales.md keeps up with the scales."""

import re
from pathlib import Path

import pytest

from micropen.observation import scales

PAGE = Path(__file__).parents[2] / "docs" / "scales.md"


def row(entry):
    """The scale as one row of the page."""
    source = ", ".join(entry.sources)
    cells = (
        f"`{entry.name}`",
        entry.unit,
        entry.kind.value,
        f"{entry.lower:g} to {entry.upper:g}".replace("to inf", "up"),
        entry.summary,
        f"`{entry.mapping}`",
        source,
    )
    return "| " + " | ".join(cells) + " |"


@pytest.mark.parametrize("entry", scales().values(), ids=lambda entry: entry.name)
def test_each_scale_has_its_row(entry):
    assert row(entry) in PAGE.read_text(encoding="utf-8").splitlines()


def test_no_row_names_a_scale_that_is_gone():
    named = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(named) == sorted(scales())


def test_no_cell_breaks_the_table():
    assert not [n for n, s in scales().items() if "|" in s.mapping + s.summary + s.unit]
