"""Bakes ``src/micropen/optics/data/skin_colour.npz`` again, after a change of optics parameters.

Run from the project's folder: ``python tools/bake_skin_colour.py``. Takes some ten seconds.
"""

from __future__ import annotations

from pathlib import Path

from micropen.evidence import load_parameters
from micropen.optics.baking import bake
from micropen.optics.colour_table import TABLE_FILE


def main() -> None:
    """Bake the table and print its digest."""
    folder = Path(__file__).parents[1] / "src" / "micropen" / "optics" / "data"
    path = folder / TABLE_FILE
    digest = bake(load_parameters(), path)
    print(f"{path.name}: {path.stat().st_size / 1024:.0f} KB, SHA-256 {digest}")


if __name__ == "__main__":
    main()
