"""Productions that are weighted sums of states, recognised by running them on symbols.

Most productions are: a rate times the stage before, or a few states with their gains. The engine
then needs only the weights and skips the array expressions; a process states its equation the
same way in either case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from micropen.healing.process import Array, Production, Values


class _NotLinearError(TypeError):
    """The equation does more than adding weighted states."""


class _Sum:
    """A sum of states times weights. All that is not such a sum is refused."""

    __array_ufunc__ = None  # numpy hands every operation over to this class
    __slots__ = ("weights",)

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self.weights = weights

    def __add__(self, other: object) -> _Sum:
        if not isinstance(other, _Sum):
            raise _NotLinearError
        names = [*self.weights, *(name for name in other.weights if name not in self.weights)]
        return _Sum({n: self.weights.get(n, 0.0) + other.weights.get(n, 0.0) for n in names})

    def __mul__(self, factor: object) -> _Sum:
        if isinstance(factor, _Sum):
            raise _NotLinearError
        return _Sum({name: weight * factor for name, weight in self.weights.items()})

    def __truediv__(self, divisor: Any) -> _Sum:
        return self * (1.0 / divisor)

    def __neg__(self) -> _Sum:
        return self * -1.0

    def __sub__(self, other: object) -> _Sum:
        if not isinstance(other, _Sum):
            raise _NotLinearError
        return self + -other

    def _refuse(self, *_: object) -> NoReturn:
        raise _NotLinearError

    __radd__ = __add__
    __rmul__ = __mul__
    __rsub__ = __rtruediv__ = __pow__ = __rpow__ = __abs__ = __bool__ = __float__ = _refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __getitem__ = __array__ = __iter__ = _refuse
    __hash__ = None  # type: ignore[assignment]


def weights_of(production: Production, states: Iterable[str], p: Values) -> dict[str, Array] | None:
    """Return the weights of a production that is a weighted sum of states.

    Parameters
    ----------
    production
        Of a state.
    states
        Names that it may read.
    p
        Parameters of its process.

    Returns
    -------
    dict or None
        State to weight per day, of the parameters' shape; None if the production does anything
        else (saturates, takes a power, adds a constant).
    """
    try:
        result: Any = production(Values(**{name: _Sum({name: 1.0}) for name in states}), p)
    except TypeError:
        return None
    return dict(result.weights) if isinstance(result, _Sum) else None
