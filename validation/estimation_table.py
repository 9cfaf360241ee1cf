"""The tables of validation/estimation.py, from its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rank_tests import inside, uniformity

from micropen.evidence import stream

Row = Mapping[str, Any]
Array = NDArray[np.float64]


def print_tables(rows: Sequence[Row], seed: int) -> dict[str, Any]:
    """Print everything, and return the numbers."""
    designs = list(dict.fromkeys(row["design"] for row in rows))
    estimated = [name for name in designs if not name.startswith("absurd")]
    return {
        "methods": {d: _method(d, _of(rows, d)) for d in estimated},
        "ranks": {d: _ranks(d, _of(rows, d), seed) for d in estimated},
        "scores": _all_scores(rows, estimated),
        "absurd": _absurd(rows, [name for name in designs if name.startswith("absurd")]),
    }


def _of(rows: Sequence[Row], design: str) -> list[Row]:
    return [row for row in rows if row["design"] == design]


def _column(rows: Sequence[Row], name: str) -> Array:
    return np.array([float(row.get(name, np.nan)) for row in rows])


def _method(design: str, rows: Sequence[Row]) -> dict[str, float]:
    seconds, effective = _column(rows, "seconds"), _column(rows, "ess_bulk")
    weighed = np.array([row["method"] == "importance sampling" for row in rows])
    found = {
        "people": float(len(rows)),
        "readings": float(np.median(_column(rows, "readings"))),
        "by importance sampling": float(weighed.mean()),
        "converged": float(_column(rows, "converged").mean()),
        "median_ess": float(np.median(effective)),
        "median_seconds": float(np.median(seconds)),
        "p90_seconds": float(np.quantile(seconds, 0.9)),
    }
    print(f"\n{design}: " + ", ".join(f"{name} {value:.3g}" for name, value in found.items()))
    return found


def _ranks(design: str, rows: Sequence[Row], seed: int) -> dict[str, Any]:
    """Uniformity and coverage of every quantity."""
    random = stream(seed, f"ranks {design}")
    names = [name for name in rows[0] if name.startswith("rank ")]
    names = [name for name in names if all(name in row for row in rows)]
    ranks = {n.removeprefix("rank "): _column(rows, n).astype(int) for n in names}
    found: dict[str, Any] = {}
    print(f"\n{design}: {'quantity':<48}{'chi2 p':>8}{'KS p':>8}{'in 50 %':>9}{'in 90 %':>9}")
    for name, each in ranks.items():
        chi, kolmogorov = uniformity(each, random)
        half, most = inside(each, 0.5).mean(), inside(each, 0.9).mean()
        found[name] = {"chi2": chi, "kolmogorov": kolmogorov, "in50": half, "in90": most}
        print(f"{'':<{len(design) + 2}}{name:<48}{chi:8.3f}{kolmogorov:8.3f}{half:9.1%}{most:9.1%}")
    found["all"] = _together(ranks, found)
    return found


def _together(ranks: Mapping[str, Array], each: Mapping[str, Any]) -> dict[str, float]:
    """Smallest probabilities with Bonferroni's factor, and coverage with its error over people."""
    found = {
        f"{test} p, smallest of {len(ranks)}, Bonferroni": min(
            1.0, len(ranks) * min(row[test] for row in each.values())
        )
        for test in ("chi2", "kolmogorov")
    }
    for share in (0.5, 0.9):
        people = np.mean([inside(values, share) for values in ranks.values()], axis=0)
        found[f"coverage of {share:.0%}"] = float(people.mean())
        found[f"its error, {share:.0%}"] = float(people.std() / np.sqrt(people.size))
    print("   together: " + ", ".join(f"{name} {value:.3f}" for name, value in found.items()))
    return found


def _all_scores(rows: Sequence[Row], designs: Sequence[str]) -> dict[str, Any]:
    """Own score over the population's; below 1 is better.

    On average over people, where a few whom both miss weigh most, and for a typical person: the
    geometric mean of each person's own ratio.
    """
    if not designs:
        return {}
    signs = [n.removeprefix("population ") for n in rows[0] if n.startswith("population ")]
    heads = "".join(f"{sign:>15}" for sign in (*signs, "all"))
    print(f"\n{'interval score, own / population':<40}{heads}")
    found: dict[str, Any] = {}
    for design in designs:
        mean = {s: _ratio(_of(rows, design), s) for s in signs}
        mean["all"] = _overall(_of(rows, design), signs)
        typical = _typical(_of(rows, design), signs)
        found[design] = {"on average": mean, "typical person": typical}
        for name, ratios in found[design].items():
            line = "".join(f"{value:9.3f}±{error:.3f}" for value, error in ratios.values())
            print(f"{design + ', ' + name:<40}{line}")
    return found


def _typical(rows: Sequence[Row], signs: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Geometric mean over people of the ratio of their scores, and its standard error."""
    logs = {s: np.log(_column(rows, f"own {s}") / _column(rows, f"population {s}")) for s in signs}
    logs["all"] = np.mean(list(logs.values()), axis=0)
    found = {}
    for sign, each in logs.items():
        ratio = float(np.exp(each.mean()))
        found[sign] = ratio, ratio * float(each.std() / np.sqrt(each.size))
    return found


def _ratio(rows: Sequence[Row], sign: str) -> tuple[float, float]:
    """Ratio of the means over people, and its standard error."""
    own, population = _column(rows, f"own {sign}"), _column(rows, f"population {sign}")
    ratio = own.mean() / population.mean()
    error = (own - ratio * population).std() / np.sqrt(own.size) / population.mean()
    return float(ratio), float(error)


def _overall(rows: Sequence[Row], signs: Sequence[str]) -> tuple[float, float]:
    """Each sign in units of the population's mean score."""
    own = np.zeros(len(rows))
    population = np.zeros(len(rows))
    for sign in signs:
        scale = _column(rows, f"population {sign}").mean()
        own += _column(rows, f"own {sign}") / scale
        population += _column(rows, f"population {sign}") / scale
    ratio = own.mean() / population.mean()
    error = (own - ratio * population).std() / np.sqrt(own.size) / population.mean()
    return float(ratio), float(error)


def _absurd(rows: Sequence[Row], designs: Sequence[str]) -> dict[str, Any]:
    """How often it is named, what it costs, how often others are doubted."""
    clean, found = _of(rows, "absurd: none"), {}
    if not clean:
        return found
    signs = [n.removeprefix("own ") for n in clean[0] if n.startswith("own ")]
    print(f"\n{'absurd reading':<28}{'named':>8}{'others doubted':>16}{'score / without':>18}")
    for design in designs:
        spoilt = _of(rows, design)
        scales = {s: _column(clean, f"own {s}").mean() for s in signs}
        mine = sum(_column(spoilt, f"own {s}") / scales[s] for s in signs) / len(signs)
        theirs = sum(_column(clean, f"own {s}") / scales[s] for s in signs) / len(signs)
        redness = _column(spoilt, "own erythema").mean() / scales["erythema"]
        found[design] = {
            "named": float(_column(spoilt, "named").mean()),
            "others doubted": float(_column(spoilt, "others doubted").mean()),
            "score": float(np.mean(mine) / np.mean(theirs)),
            "score of redness": float(redness),
        }
        named, others, score, red = found[design].values()
        print(f"{design:<28}{named:8.1%}{others:16.2%}{score:10.3f} (redness {red:.3f})")
    return found
