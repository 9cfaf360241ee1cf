"""The processes of healing, one file each: whatever `Process` a file here states is part of it."""

import sys
from typing import Final

from micropen.discovery import discover, entries
from micropen.healing.process import Process

PROCESSES: Final[tuple[Process, ...]] = entries(discover(sys.modules[__name__], Process))

__all__ = ["PROCESSES"]
