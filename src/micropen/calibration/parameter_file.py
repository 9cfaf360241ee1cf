"""Write a fit as a parameter set: one TOML file, laid over the cited and assumed numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from micropen._version import __version__
from micropen.atomic_writing import write_atomically
from micropen.calibration.fit import Fit
from micropen.calibration.free import Array, FreeSpace
from micropen.calibration.posterior import correlation, influences
from micropen.calibration.target import Target
from micropen.evidence import FittedNumber, FittedSet, prior_digest

_HEAD: Final = """\
# Population parameters fitted to published studies by `micropen calibrate`. Not edited by hand.
# sd: of ln(value) where the parameter is log-normal and for every between-person sd, else of the
# value. fitted_to: studies without which the number would be another; none where nothing was
# learned and the prior stands. correlation: lower triangle, in the order of the numbers.
"""


def studies_digest(targets: Sequence[Target]) -> str:
    """Digest of what was fitted to: every finding and its error."""
    rows = [
        (t.key, t.transform.value, t.low, t.high, t.n, round(t.discrepancy_sd, 9), t.weight)
        for t in sorted(targets, key=lambda t: t.key)
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def fitted_set(space: FreeSpace, fit: Fit, targets: Sequence[Target], seed: int) -> FittedSet:
    """Turn a fit into the set that the program loads.

    Parameters
    ----------
    space, fit, targets, seed
        What was free, what was found, to which findings, with which people.
    """
    moved = influences(fit, [target.study for target in targets])
    numbers = tuple(
        FittedNumber(
            parameter=free.parameter,
            quantity=free.quantity,
            value=float(f"{free.number(float(step)):.6g}"),
            sd=float(f"{free.prior_sd * float(sd):.4g}"),
            prior_value=free.prior_value,
            prior_sd=free.prior_sd,
            fitted_to=tuple(sorted(i.study for i in own if i.counts)),
        )
        for free, step, sd, own in zip(
            space.numbers, fit.point, fit.standard_deviations, moved, strict=True
        )
    )
    prior, studies = prior_digest(space.prior), studies_digest(targets)
    made = hashlib.sha256(repr((prior, studies, seed, numbers)).encode()).hexdigest()[:8]
    return FittedSet(
        version=f"fit-{made}",
        program=__version__,
        seed=seed,
        prior_digest=prior,
        studies_digest=studies,
        numbers=numbers,
        correlation=_rounded(correlation(fit.covariance)),
    )


def _rounded(matrix: Array) -> Array:
    """Four decimals, which must leave it a correlation matrix."""
    for share in (0.0, 1e-3, 1e-2):
        shrunk = np.round((1.0 - share) * matrix, 4)
        np.fill_diagonal(shrunk, 1.0)
        if np.linalg.eigvalsh(shrunk)[0] > 1e-6:
            return np.asarray(shrunk)
    return np.eye(matrix.shape[0])


def fitted_text(fitted: FittedSet) -> str:
    """Return the text of the set's file."""
    head = (
        f'format = 1\nversion = "{fitted.version}"\nprogram = "{fitted.program}"\n'
        f'seed = {fitted.seed}\nprior_digest = "{fitted.prior_digest}"\n'
        f'studies_digest = "{fitted.studies_digest}"\n'
    )
    rows = [
        " ".join(f"{value:.4g}" for value in row[: i + 1])
        for i, row in enumerate(fitted.correlation.tolist())
    ]
    triangle = 'correlation = """\n' + "\n".join(rows) + '\n"""\n'
    return "\n".join([_HEAD, head, triangle, *(_row(number) for number in fitted.numbers)])


def _row(number: FittedNumber) -> str:
    return (
        f'[[fitted]]\nparameter = "{number.parameter}"\nquantity = "{number.quantity}"\n'
        f"value = {number.value!r}\nsd = {number.sd!r}\n"
        f"prior_value = {number.prior_value!r}\nprior_sd = {number.prior_sd!r}\n"
        f"fitted_to = {json.dumps(list(number.fitted_to))}\n"
    )


def write_fitted_set(fitted: FittedSet, path: Path) -> Path:
    """Write the set's file, whole or not at all."""
    text = fitted_text(fitted)
    return write_atomically(path, lambda part: part.write_text(text, encoding="utf-8"))
