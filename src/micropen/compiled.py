"""Numba's compiler with the program's options, typed so that kernels keep their signatures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(**options: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Compile a function at its first call, cached on disk and without the interpreter lock.

    Parameters
    ----------
    options
        Passed to numba, such as ``fastmath`` or ``error_model``.

    Returns
    -------
    Callable
        A decorator that keeps the signature. Where no folder can hold the cache (a read-only
        installation and a read-only home) the function is compiled anew in each run.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        try:
            made = numba.njit(cache=True, nogil=True, **options)(function)
        except RuntimeError:  # numba found no folder for its cache
            made = numba.njit(nogil=True, **options)(function)
        return cast("Callable[P, R]", made)

    return decorate


def njit(function: Callable[P, R]) -> Callable[P, R]:
    """Compile with fast arithmetic, which may reorder sums and knows neither infinity nor NaN."""
    return cast("Callable[P, R]", compiled(fastmath=True)(function))
