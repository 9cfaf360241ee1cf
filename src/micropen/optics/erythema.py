"""How much redness changed between two photographs of the same skin, in units of ln(blood).

The measure is a weighted sum of ln ratios of linear sRGB. The weights come from a table by skin
tone: they follow blood and are blind, as far as three numbers allow, to shine, shading, melanin
and oxygen saturation. Equal changes of blood read about equal at every tone, which no difference
of a* does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from micropen.errors import MicropenError
from micropen.evidence import ParameterSet, load_parameters
from micropen.optics.colour import individual_typology_angle
from micropen.optics.skin import diffuse_rgb
from micropen.optics.spectra import read_table

FloatArray = NDArray[np.float64]

_Z_95: Final = 1.96
_DOUBLING: Final = float(np.log(2.0))
_UNPOLARISED, _POLARISED, _SHADING_FREE = 0.0, 1.0, 2.0

# Grid and half steps on which the directions of the model are taken.
_MELANIN_GRID: Final = (0.002, 0.8, 40)
_HALF_STEP: Final = 0.1
_HALF_STEP_SATURATION: Final = 0.05


class Verdict(StrEnum):
    """What two photographs can say about redness."""

    CHANGE = "change"
    NO_CHANGE_SHOWN = "no change shown"
    NOT_MEASURABLE = "not measurable"


@dataclass(frozen=True, slots=True)
class PhotoConditions:
    """How two photographs were taken: decides the weights and the error.

    Parameters
    ----------
    controlled
        Same camera, light and exposure. Otherwise weights that ignore shading are used.
    white_target
        A white or grey target stood in both pictures and was used for white balance.
    polarised
        Cross-polarised light, so that almost no shine is left.
    gain_change
        Largest relative change of a white-balance gain between the two pictures.
    noise_sd, white_balance_sd
        Of ln(channel), per picture (after averaging over the region).
    shading_sd
        Of the difference of ln(exposure) between the pictures.
    surface_sd
        Of the difference of surface reflection.
    melanin_sd, saturation_sd
        Of the difference of ln(melanin) and of oxygen saturation.
    """

    controlled: bool
    white_target: bool
    polarised: bool = False
    gain_change: float = 0.0
    noise_sd: float = 0.007
    white_balance_sd: float = 0.006
    shading_sd: float = 0.10
    surface_sd: float = 0.008
    melanin_sd: float = 0.2
    saturation_sd: float = 0.08


# The protocols of the trials: a tripod and a white target; the same with crossed polarisers; and
# photographs as people take them (exposure 0.7-1.4, shine -.02 to .03, white balance 3 %).
PROTOCOL: Final = PhotoConditions(controlled=True, white_target=True)
POLARISED_PROTOCOL: Final = PhotoConditions(
    controlled=True, white_target=True, polarised=True, surface_sd=0.002
)
UNCONTROLLED: Final = PhotoConditions(
    controlled=False,
    white_target=False,
    noise_sd=0.01,
    white_balance_sd=0.017,
    shading_sd=0.28,
    surface_sd=0.02,
)


@dataclass(frozen=True, slots=True)
class ErythemaChange:
    """Change of redness between two photographs.

    Parameters
    ----------
    value
        ln of the ratio of blood, model units; NaN when not measurable.
    sd
        Standard deviation of `value`; NaN when not measurable.
    no_change_sd
        Standard deviation that two pictures of unchanged skin would show; NaN outside the table.
    verdict
        What may be said.
    reason
        One sentence for a reader.
    """

    value: float
    sd: float
    no_change_sd: float
    verdict: Verdict
    reason: str

    @property
    def fold(self) -> float:
        """Ratio of the redness signal, after to before."""
        return float(np.exp(self.value))

    @property
    def fold_interval(self) -> tuple[float, float]:
        """95 % interval of `fold`."""
        half = _Z_95 * self.sd
        return float(np.exp(self.value - half)), float(np.exp(self.value + half))


@dataclass(frozen=True, slots=True)
class _Directions:
    """How ln(rgb) of skin moves, by tone: each ``(tone, 3)``; angle ``(tone,)`` ascending."""

    angle: FloatArray
    rgb: FloatArray
    blood: FloatArray
    melanin: FloatArray
    saturation: FloatArray


def erythema_change(
    before: ArrayLike,
    after: ArrayLike,
    individual_typology_angle_deg: float,
    conditions: PhotoConditions = UNCONTROLLED,
) -> ErythemaChange:
    """Measure the change of redness of one region between two photographs.

    Parameters
    ----------
    before, after
        Linear sRGB of the region, shape ``(3,)``, 1 = a perfect white: mean first, ln after.
    individual_typology_angle_deg
        Of the person, best from untreated skin over several pictures; surface reflection as in
        these pictures.
    conditions
        How the pictures were taken; without a word, as people take them.

    Returns
    -------
    ErythemaChange
        Positive = redder. Near a blood fraction of .01 the value is ln(blood ratio) within a factor
        .9-1.25 at every tone; from the fuller blood of a face, with fresher oxygen, up to 1.8: it
        is a redness signal, not an amount of blood. "Not measurable" comes with its reason and
        without a number.

    Raises
    ------
    MicropenError
        If a colour has not three channels or an error is negative.
    """
    first, second = _colour(before), _colour(after)
    parameters = load_parameters()
    refusal = _refusal_before(first, second, individual_typology_angle_deg, conditions, parameters)
    if refusal:
        return _not_measurable(refusal)
    weights = erythema_weights(individual_typology_angle_deg, conditions)
    value = float(weights @ np.log(second / first))
    no_change_sd = no_change_standard_deviation(individual_typology_angle_deg, conditions)
    largest = parameters.value("optics.erythema.largest_reading")
    if _Z_95 * no_change_sd > _DOUBLING:
        return _not_measurable(
            f"even a doubling of redness would be missed (error {no_change_sd:.2f} of ln blood)",
            no_change_sd,
        )
    if abs(value) > largest:
        return _not_measurable(
            f"the reading {value:+.1f} lies beyond the tested range of ±{largest:.1f}", no_change_sd
        )
    proportional = parameters.value("optics.erythema.proportional_sd") * value
    sd = float(np.hypot(no_change_sd, proportional))
    return _judged(value, sd, no_change_sd, conditions)


def erythema_weights(
    individual_typology_angle_deg: float, conditions: PhotoConditions
) -> FloatArray:
    """Weights of ln(R), ln(G), ln(B), interpolated in the individual typology angle.

    Parameters
    ----------
    individual_typology_angle_deg
        Within the table (unpolarised 70 to -70; cross-polarised 60 to -70; uncontrolled 70 to
        -60); beyond it the last row holds.
    conditions
        Choose the table.

    Returns
    -------
    numpy.ndarray
        Shape ``(3,)``. Source: own findings, ``optics/data/erythema_weights.csv``.
    """
    angle, weights = _weight_table(_kind(conditions))
    return np.array([np.interp(individual_typology_angle_deg, angle, w) for w in weights.T])


def no_change_standard_deviation(
    individual_typology_angle_deg: float, conditions: PhotoConditions
) -> float:
    """Standard deviation of the reading when nothing changed.

    Parameters
    ----------
    individual_typology_angle_deg
        Skin tone.
    conditions
        What may differ between the pictures.

    Returns
    -------
    float
        ln(blood): the square root of w' C w, C the covariance of ln(rgb) differences under
        `conditions` at this tone by the skin model.
    """
    parameters = load_parameters()
    surface = "polarised_surface_reflection" if conditions.polarised else "surface_reflection"
    tones = _directions(parameters.value(f"optics.erythema.{surface}"))

    def at_tone(rows: FloatArray) -> FloatArray:
        return np.array([np.interp(individual_typology_angle_deg, tones.angle, r) for r in rows.T])

    per_picture = conditions.noise_sd**2 + conditions.white_balance_sd**2
    weights = erythema_weights(individual_typology_angle_deg, conditions)
    variance = 2.0 * per_picture * float(weights @ weights)
    for sd, direction in (
        (conditions.shading_sd, np.ones(3)),
        (conditions.surface_sd, 1.0 / at_tone(tones.rgb)),
        (conditions.melanin_sd, at_tone(tones.melanin)),
        (conditions.saturation_sd, at_tone(tones.saturation)),
    ):
        variance += (sd * float(weights @ direction)) ** 2
    dark = individual_typology_angle_deg < parameters.value(
        "optics.erythema.darkest_unpolarised_angle_deg"
    )
    factor = parameters.value("optics.erythema.dark_sd_factor") if dark else 1.0
    return factor * float(np.sqrt(variance))


def _colour(value: ArrayLike) -> FloatArray:
    colour = np.asarray(value, dtype=np.float64)
    if colour.shape != (3,):
        raise MicropenError(
            f"A region's colour is three linear sRGB means; found an array of shape "
            f"{colour.shape}. Average the region first."
        )
    return colour


def _kind(conditions: PhotoConditions) -> float:
    if conditions.polarised:
        return _POLARISED
    return _UNPOLARISED if conditions.controlled else _SHADING_FREE


@cache
def _weight_table(kind: float) -> tuple[FloatArray, FloatArray]:
    table = read_table("erythema_weights.csv")
    rows = table["kind"] == kind
    order = np.argsort(table["ita_deg"][rows])
    weights = np.stack([table[name][rows][order] for name in ("red", "green", "blue")], axis=1)
    return table["ita_deg"][rows][order], weights


@cache
def _directions(surface_reflection: float) -> _Directions:
    """Take directions straight from transport: the baked table ends before the darkest tones."""
    parameters = load_parameters()
    blood = parameters.value("optics.erythema.reference_blood")
    saturation = parameters.value("optics.erythema.reference_saturation")
    melanin = np.geomspace(*_MELANIN_GRID)
    bloods = blood * np.exp(np.array([0.0, _HALF_STEP, -_HALF_STEP, 0.0, 0.0]))
    saturations = saturation + _HALF_STEP_SATURATION * np.array([0.0, 0.0, 0.0, 1.0, -1.0])
    rgb = diffuse_rgb(melanin, bloods, saturations, nodes=12) + surface_reflection
    log_rgb = np.log(rgb)
    angle = individual_typology_angle(rgb[:, 0])
    order = np.argsort(angle)
    return _Directions(
        angle=angle[order],
        rgb=rgb[order, 0],
        blood=(log_rgb[:, 1] - log_rgb[:, 2])[order] / (2.0 * _HALF_STEP),
        melanin=np.gradient(log_rgb[:, 0], np.log(melanin), axis=0)[order],
        saturation=(log_rgb[:, 3] - log_rgb[:, 4])[order] / (2.0 * _HALF_STEP_SATURATION),
    )


def _refusal_before(
    first: FloatArray,
    second: FloatArray,
    angle: float,
    conditions: PhotoConditions,
    parameters: ParameterSet,
) -> str:
    """Return why these pictures cannot be measured at all, or nothing."""
    tones = _weight_table(_kind(conditions))[0]
    least = parameters.value("optics.erythema.least_linear_value")
    most = parameters.value("optics.erythema.most_linear_value")
    darkest = parameters.value("optics.erythema.darkest_unpolarised_angle_deg")
    darkest_free = parameters.value("optics.erythema.darkest_uncontrolled_angle_deg")
    largest_gain = parameters.value("optics.erythema.largest_gain_change")
    colours = np.concatenate([first, second])
    rules = (
        (
            not tones[0] <= angle <= tones[-1],
            f"the individual typology angle {angle:.0f} lies outside {tones[0]:.0f} to "
            f"{tones[-1]:.0f} degrees",
        ),
        (
            not bool(np.all((colours >= least) & (colours <= most))),
            f"a colour channel is clipped or too dark (allowed {least:.2f} to {most:.2f} linear)",
        ),
        (
            conditions.controlled and not conditions.white_target,
            "no white target stands in the pictures, so white balance is unknown",
        ),
        (
            conditions.gain_change > largest_gain,
            f"white balance differs by {conditions.gain_change:.0%} (allowed {largest_gain:.0%})",
        ),
        (
            not conditions.controlled and angle < darkest_free,
            f"photographs without a protocol show no redness below an individual typology angle "
            f"of {darkest_free:.0f} degrees (here {angle:.0f})",
        ),
        (
            not conditions.polarised and angle < darkest,
            f"shine outweighs colour below an individual typology angle of {darkest:.0f} degrees "
            f"(here {angle:.0f}); use cross-polarised light",
        ),
    )
    return next((reason for broken, reason in rules if broken), "")


def _not_measurable(reason: str, no_change_sd: float = float("nan")) -> ErythemaChange:
    nan = float("nan")
    return ErythemaChange(
        nan, nan, no_change_sd, Verdict.NOT_MEASURABLE, f"Not measurable, because {reason}."
    )


def _judged(
    value: float, sd: float, no_change_sd: float, conditions: PhotoConditions
) -> ErythemaChange:
    shown = _Z_95 * no_change_sd
    if not conditions.controlled:
        # Photographs without a protocol: their errors are larger than any stated one.
        shown = max(shown, _DOUBLING)
    if abs(value) < shown:
        reason = f"No change shown: the reading {value:+.2f} is within ±{shown:.2f} of none."
        return ErythemaChange(value, sd, no_change_sd, Verdict.NO_CHANGE_SHOWN, reason)
    low, high = np.exp(value - _Z_95 * sd), np.exp(value + _Z_95 * sd)
    reason = (
        f"About {np.exp(value):.1f} times the redness signal of before "
        f"(95 % interval {low:.1f} to {high:.1f})."
    )
    return ErythemaChange(value, sd, no_change_sd, Verdict.CHANGE, reason)
