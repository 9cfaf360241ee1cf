"""Numba's compiler with this room's options, typed so that kernels keep their signatures."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def njit(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function: cached on disk, without the interpreter lock, fast arithmetic.

    Parameters
    ----------
    function
        Of numbers, arrays and tuples. Fast arithmetic may reorder sums and knows neither
        infinity nor NaN, so neither may be passed in or expected.

    Returns
    -------
    Callable
        Same signature, compiled at its first call.
    """
    return cast("Callable[P, R]", numba.njit(cache=True, fastmath=True, nogil=True)(function))
