"""Gate: whether a photograph may be compared with the baseline, and where not, in words."""

from micropen.measurement.gate.findings import GateResult
from micropen.measurement.gate.judge import judge
from micropen.measurement.gate.seen import Seen

__all__ = ["GateResult", "Seen", "judge"]
