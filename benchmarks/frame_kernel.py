"""The fused frame kernel against a memory-copy floor, at .25, 2 and 12 megapixels, in one run.

The floor is the time to copy the bytes that the kernel must move for every pixel: three of the
photograph read, three written, four of the planes read (surface, relief, tracks, support), taken
from the copy of a block too large for any cache. Copying the photograph alone is printed beside it,
and the same picture by plain numpy.

Run: ``python benchmarks/frame_kernel.py``
"""

from __future__ import annotations

import time
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from micropen.rendering import kernel
from micropen.rendering.transfer import transfer_for

SIZES = ((480, 520, 480), (1360, 1470, 300), (3340, 3600, 300))  # px, px, grid columns
BLOCK_BYTES = 128 << 20
BYTES_PER_PIXEL = 10
CODES = np.arange(256)
TABLES = np.stack([
    CODES * (0.6 / 255), (CODES - 128) * (3.2 / 127), (CODES - 128) * (0.12 / 127),
    CODES * (kernel.THICKEST / 255), (CODES - 128) / 127,
]).astype(np.float32)  # fmt: skip
TINT = np.array([-0.1, -0.4, -0.35], np.float32)
LOOK = np.array([0.2, 0.12, 0.15, 0.3, 1.14, 1.05, 0.97], np.float32)


def fastest_ms(work: Callable[[], object], repeats: int = 9) -> float:
    """Shortest of several runs: what the machine can do when nobody else is at it."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def copy_ms_per_byte() -> float:
    """Time to read and write one byte of a block larger than any cache, per byte moved."""
    block = np.ones(BLOCK_BYTES, np.uint8)
    target = np.ones_like(block)
    return fastest_ms(lambda: np.copyto(target, block), 5) / (2 * BLOCK_BYTES)


class Window:
    """A picture with a face of 40 % of its area, redder, glossier and smoother than before."""

    def __init__(self, width: int, height: int, columns: int) -> None:
        random = np.random.default_rng(0)
        rough = random.integers(20, 235, (height, width, 3), dtype=np.uint8)
        self.pixels = cv2.GaussianBlur(rough, (0, 0), 2)
        self.planes = tuple(random.integers(0, 255, (height, width)).astype(np.uint8)
                            for _ in range(3))  # fmt: skip
        self.support = np.ones((height, width), bool)
        rows = round(columns * height / width)
        y, x = np.mgrid[0 : rows + 2, 0 : columns + 2]
        face = ((y / rows - 0.5) / 0.42) ** 2 + ((x / columns - 0.5) / 0.30) ** 2 < 1
        change = np.array([-0.1, -0.3, -0.25, 0.1, 0.3, 0.01, 0.3])[:, None, None]
        self.maps = (kernel.NEUTRAL[:, None, None] + change * face).astype(np.float32)
        self.active = kernel.active_cells(self.maps, np.zeros_like(self.maps[0]))
        self.scale = (columns / width, rows / height)
        whole = (slice(0, height), slice(0, width))
        self.sampling = kernel.Sampling.of(whole, self.scale)
        self.out = self.pixels.copy()

    def paint(self, flakes: kernel.FlakePlanes | None = None) -> NDArray[np.uint8]:
        """Copy the photograph and paint on the copy."""
        transfer = transfer_for(np.uint8)
        np.copyto(self.out, self.pixels)
        kernel.paint(
            self.pixels, (*self.planes, self.support), flakes, TABLES,
            (transfer.decode, transfer.encode), self.maps, self.active, self.sampling, TINT, LOOK,
            self.out,
        )  # fmt: skip
        return self.out

    def plain_numpy(self) -> NDArray[np.uint8]:
        """The same arithmetic over the whole picture, float32."""
        transfer = transfer_for(np.uint8)
        height, width = self.pixels.shape[:2]
        inner = np.ascontiguousarray(np.moveaxis(self.maps[:, 1:-1, 1:-1], 0, -1))
        maps = cv2.resize(inner, (width, height), interpolation=cv2.INTER_LINEAR)
        light = transfer.decode[self.pixels]
        surface, relief, track = (TABLES[k][p] for k, p in zip((0, 2, 1), self.planes, strict=True))
        smooth = 1 - maps[..., 6] * relief
        room = np.minimum(1, 2.5 * (1 - light.max(-1)))
        shine = surface * (maps[..., 4] - 1) * smooth
        shine += maps[..., 5] * np.maximum(0.15, 1 + 2.2 * relief)
        extra = surface * smooth + np.where(shine > 0, shine * room, shine)
        gain = np.maximum(maps[..., :3], 0.02)
        gain = gain * (1 + (track * maps[..., 3])[..., None] * TINT)
        rgb = (light - surface[..., None]) * smooth[..., None] * gain + extra[..., None]
        steps = np.clip(rgb, 0, 1) * (transfer.encode.size - 1) + 0.5
        return np.asarray(transfer.encode[steps.astype(np.int32)], dtype=np.uint8)


def main() -> None:
    per_byte = copy_ms_per_byte()
    print(f"memory copy: {1e-6 / per_byte:.1f} GB/s read and written")
    print("     size  active  floor ms  kernel ms  x floor  flakes ms  x copy of photo  numpy ms"
          "  differs by")  # fmt: skip
    for width, height, columns in SIZES:
        window = Window(width, height, columns)
        flakes = kernel.FlakePlanes(window.planes[0], window.planes[1])
        floor = per_byte * BYTES_PER_PIXEL * width * height
        photo = per_byte * 6 * width * height
        smooth = fastest_ms(window.paint)
        flaky = fastest_ms(lambda w=window, f=flakes: w.paint(f))
        slow = fastest_ms(window.plain_numpy, 1)
        window.paint()
        difference = np.abs(window.out.astype(int) - window.plain_numpy()).max()
        print(f"{width * height / 1e6:6.2f} MP {window.active.mean():7.0%} {floor:9.2f} "
              f"{smooth:10.2f} {smooth / floor:8.1f} {flaky:10.2f} {smooth / photo:16.1f} "
              f"{slow:9.0f} {difference:11d}")  # fmt: skip


if __name__ == "__main__":
    main()
