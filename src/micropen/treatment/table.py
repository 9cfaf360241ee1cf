"""The base of everything that is read from a treatment or device file."""

from __future__ import annotations

import difflib
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

# Keys that stand outside all tables of a treatment file; easily written below one of them.
_AT_THE_TOP: Final = frozenset({"title"})


class Table(BaseModel):
    """A frozen table of a file: unknown keys are refused with the nearest known ones."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        known = sorted(cls.model_fields)
        for key in data:
            if key not in cls.model_fields:
                near = difflib.get_close_matches(str(key).lower(), known, n=3, cutoff=0.4)
                hint = f"nearest: {', '.join(near)}" if near else f"known: {', '.join(known)}"
                if key in _AT_THE_TOP:
                    hint = "it belongs at the top of the file, above the first table"
                raise PydanticCustomError(
                    "unknown_key",
                    "unknown key {key}; {hint}",
                    {"key": repr(key), "hint": hint},
                )
        return data
