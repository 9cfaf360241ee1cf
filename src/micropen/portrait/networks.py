"""The two neural networks: checked against their hashes, run by OpenCV on this machine."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.errors import MicropenError

# See weights/PROVENANCE.md.
SHA256: Final = {
    "face_detector.tflite": "b4578f35940bf5a1a655214a1cce5cab13eba73c1297cd78e1a04c2380b0152f",
    "face_landmarks_detector.tflite": (
        "c7d54204ce0448474c7f3fa9af494787c0965cbdd6f20fc72867e43046bd43d5"
    ),
}


class Network:
    """One network with named outputs. Calls are serialised: OpenCV nets keep state.

    Parameters
    ----------
    net
        What OpenCV read.
    outputs
        Names of the layers to return, in this order.
    """

    def __init__(self, net: Any, outputs: Sequence[str]) -> None:
        self._net = net
        self._outputs = tuple(outputs)
        self._lock = threading.Lock()

    def __call__(self, image: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Run on one image of shape ``(height, width, 3)``; returns one array per output."""
        blob = np.ascontiguousarray(image.transpose(2, 0, 1)[None])
        with self._lock:
            self._net.setInput(blob)
            return [np.array(out, dtype=np.float32) for out in self._net.forward(self._outputs)]


@cache
def face_detector() -> Network:
    """BlazeFace, short range: outputs ``(1, 896, 16)`` boxes and ``(1, 896, 1)`` logits."""
    return _load("face_detector.tflite", ("regressors", "classificators"))


@cache
def face_mesh() -> Network:
    """FaceMesh V2: outputs 478 × 3 coordinates and the logit of a face being there."""
    return _load("face_landmarks_detector.tflite", ("Identity", "Identity_1"))


def _load(name: str, outputs: Sequence[str]) -> Network:
    data = (files("micropen.portrait") / "weights" / name).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256[name]:
        raise MicropenError(
            f"The network file {name} has SHA-256 {found[:16]}…, not the {SHA256[name][:16]}… that "
            "micropen was built with; install micropen again."
        )
    return Network(cv2.dnn.readNetFromTFLite(np.frombuffer(data, np.uint8)), outputs)
