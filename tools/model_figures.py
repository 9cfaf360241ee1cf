"""Draw every picture of docs/model.md again, after a change of the model or its parameters.

Run from the project's folder: ``python tools/model_figures.py``; with names after it, only those
(``inflammation``, ``dose_depth``, ``published`` ...). Writes ``docs/images/model/<name>.png``.
Needs matplotlib (extra ``dev``). Seeded: the same model gives the same pictures.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from figure_doses import draw_factor, factors
from figure_processes import draw_process
from figure_published import draw_published
from figure_style import use_style
from micropen.healing.processes import PROCESSES


def jobs() -> dict[str, Callable[[], str]]:
    """Every picture by its name, in the order in which they are drawn."""
    found: dict[str, Callable[[], str]] = {p.name: partial(draw_process, p) for p in PROCESSES}
    found |= {factor.name: partial(draw_factor, factor) for factor in factors()}
    return found | {"published": draw_published}


def main(names: Sequence[str]) -> None:
    """Draw all pictures, or the named ones."""
    use_style()
    known = jobs()
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise SystemExit(
            f"No picture is called {', '.join(unknown)}; there are {', '.join(known)}."
        )
    start = time.perf_counter()
    for name in names or known:
        print(known[name](), flush=True)
    count, seconds = len(names or known), time.perf_counter() - start
    print(f"{count} pictures in docs/images/model, {seconds:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
