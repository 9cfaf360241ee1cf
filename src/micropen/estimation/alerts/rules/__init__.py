"""The rules of the alerts: whatever `Rule` a file here states is one; kindred ones share a file."""

import sys
from typing import Final

from micropen.discovery import discover, entries
from micropen.estimation.alerts.rule import Rule

RULES: Final[tuple[Rule, ...]] = entries(discover(sys.modules[__name__], Rule))

__all__ = ["RULES"]
