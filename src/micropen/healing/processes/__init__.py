"""The processes of healing, one file each: whatever `Process` a file here states is part of it."""

import sys
from typing import Final

from micropen.healing.discovery import discover
from micropen.healing.process import Process

PROCESSES: Final[tuple[Process, ...]] = discover(sys.modules[__name__])

__all__ = ["PROCESSES"]
