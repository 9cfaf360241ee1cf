"""Small Gaussian mixtures, fitted without chance: the same cells give the same densities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_MOST_SAMPLES: Final = 6000  # more do not change a 4-dimensional Gaussian, only the time
_LEAST_PER_PART: Final = 40
_ROUNDS: Final = 12


@dataclass(frozen=True, eq=False)
class Mixture:
    """A weighted sum of Gaussians.

    Parameters
    ----------
    weights
        ``(k,)``.
    means
        ``(k, d)``.
    whitening
        ``(k, d, d)``: matrices that turn each Gaussian into a unit one.
    """

    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    whitening: NDArray[np.float64]

    def log_density(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Log of the density (up to a constant shared by all mixtures of this dimension)."""
        parts = []
        for weight, mean, white in zip(self.weights, self.means, self.whitening, strict=True):
            unit = (values - mean) @ white
            scale = float(np.log(np.abs(np.linalg.det(white))))
            parts.append(np.log(weight) + scale - 0.5 * np.einsum("...i,...i->...", unit, unit))
        return np.asarray(np.logaddexp.reduce(parts, axis=0))


def fit_mixture(
    samples: NDArray[np.floating], parts: int, least_sd: NDArray[np.float64]
) -> Mixture:
    """Fit a mixture by k-means and one Gaussian per cluster.

    Parameters
    ----------
    samples
        ``(n, d)``.
    parts
        Largest number of Gaussians; fewer where there are few samples.
    least_sd
        ``(d,)``: added in quadrature, so that a flat patch does not become a needle.
    """
    step = max(1, len(samples) // _MOST_SAMPLES)
    chosen = np.asarray(samples[::step], dtype=np.float64)
    parts = int(np.clip(len(chosen) // _LEAST_PER_PART, 1, parts))
    labels = _clusters(chosen / least_sd, parts)
    weights, means, whitening = [], [], []
    for part in range(parts):
        members = chosen[labels == part]
        if len(members) < _LEAST_PER_PART // 2:
            continue
        covariance = np.cov(members.T) + np.diag(least_sd**2)
        weights.append(float(len(members)))
        means.append(members.mean(0))
        whitening.append(np.linalg.inv(np.linalg.cholesky(covariance)).T)
    total = np.asarray(weights) / np.sum(weights)
    return Mixture(total, np.asarray(means), np.asarray(whitening))


def _clusters(values: NDArray[np.float64], parts: int) -> NDArray[np.intp]:
    """k-means from starting points spread along the main axis of the data."""
    centred = values - values.mean(0)
    axis = np.linalg.svd(centred, full_matrices=False)[2][0]
    order = np.argsort(centred @ axis, kind="stable")
    starts = ((np.arange(parts) + 0.5) / parts * len(values)).astype(int)
    centres = values[order[starts]]
    labels = np.zeros(len(values), np.intp)
    for _ in range(_ROUNDS):
        distance = ((values[:, None] - centres[None]) ** 2).sum(-1)
        labels = distance.argmin(1)
        for part in range(parts):
            if (labels == part).any():
                centres[part] = values[labels == part].mean(0)
    return labels
