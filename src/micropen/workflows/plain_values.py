"""Results as JSON can hold them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from enum import Enum
from typing import Any


def plain_values(value: Any) -> Any:
    """Return the same with nothing in it that JSON cannot hold.

    Parameters
    ----------
    value
        Dataclasses become mappings, tuples lists, times ISO text, enumerations their values;
        numbers that do not exist (NaN, infinite) become null. Anything else stays.
    """
    if hasattr(value, "__dataclass_fields__"):
        value = asdict(value)
    if isinstance(value, Mapping):
        return {str(k): plain_values(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_values(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
