"""The ways of measuring, one file each: whatever `Method` a file here states is used."""

import sys
from typing import Final

from micropen.discovery import discover, entries
from micropen.measurement.method import Method

METHODS: Final[tuple[Method, ...]] = entries(discover(sys.modules[__name__], Method))

__all__ = ["METHODS"]
