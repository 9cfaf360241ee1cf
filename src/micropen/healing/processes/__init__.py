"""The processes of healing, one file each, in the order in which the chain is solved."""

from typing import Final

from micropen.healing.process import Process
from micropen.healing.processes.barrier import BARRIER
from micropen.healing.processes.bleeding import BLEEDING
from micropen.healing.processes.collagen import COLLAGEN
from micropen.healing.processes.erythema import ERYTHEMA
from micropen.healing.processes.flush import FLUSH
from micropen.healing.processes.gloss import GLOSS
from micropen.healing.processes.inflammation import INFLAMMATION
from micropen.healing.processes.lesions import LESIONS
from micropen.healing.processes.melanin import MELANIN
from micropen.healing.processes.pain import PAIN
from micropen.healing.processes.relief import RELIEF
from micropen.healing.processes.scaling import SCALING
from micropen.healing.processes.swelling import SWELLING

PROCESSES: Final[tuple[Process, ...]] = (
    FLUSH,
    INFLAMMATION,
    ERYTHEMA,
    SWELLING,
    BLEEDING,
    BARRIER,
    PAIN,
    SCALING,
    LESIONS,
    MELANIN,
    COLLAGEN,
    GLOSS,
    RELIEF,
)

__all__ = ["PROCESSES"]
