"""What one day of a course changes on one face: maps and points, in physical units."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from micropen.anatomy import ZONES
from micropen.appearance.canvas import Canvas, canvas_of
from micropen.appearance.fullness import plumpness, relief_reduction
from micropen.appearance.gloss import gloss_maps
from micropen.appearance.papules import Papules, visible_papules
from micropen.appearance.pigment import melanin_factor
from micropen.appearance.pinpoints import Pinpoints, visible_pinpoints
from micropen.appearance.redness import added_blood, inflammatory_saturation, track_contrast
from micropen.evidence import ParameterSet
from micropen.healing import Course, Scenario
from micropen.portrait import Portrait
from micropen.portrait.decomposition import mixed_saturation

Array = NDArray[np.float32]
Signs = dict[str, NDArray[np.float64]]

# A sign smaller than this is the residue of arithmetic, not a change of skin.
NEGLIGIBLE: Final = 1e-6


@dataclass(frozen=True, eq=False)
class Appearance:
    """Everything that differs from the untreated face on one day.

    Maps are float32 ``(h, w)`` on the portrait's working grid.

    Parameters
    ----------
    day
        Days since the first session.
    scenario
        ``"best"``, ``"expected"`` or ``"worst"``.
    seed
        Seed of the forecast: the same seed, the same skin texture.
    added_blood
        Dermal blood fraction added.
    added_saturation
        Oxygen saturation of the added blood.
    saturation
        Oxygen saturation of all blood together.
    track_contrast
        Relative sd of the added blood along needle tracks.
    melanin_factor
        Melanin over resting melanin.
    scale_coverage
        Share of the surface under visible flakes.
    gloss_factor
        Surface reflection over the photograph's own.
    sheen
        Linear light added as sheen.
    relief_reduction
        Relative reduction of fine relief contrast.
    plumpness
        Share of the shading of shallow hollows that is filled.
    swelling_mm
        Outward displacement.
    pinpoints
        Blood points and crusts.
    papules
        Inflamed bumps.
    """

    day: float
    scenario: str
    seed: int
    added_blood: Array = field(repr=False)
    added_saturation: float
    saturation: Array = field(repr=False)
    track_contrast: float
    melanin_factor: Array = field(repr=False)
    scale_coverage: Array = field(repr=False)
    gloss_factor: Array = field(repr=False)
    sheen: Array = field(repr=False)
    relief_reduction: Array = field(repr=False)
    plumpness: Array = field(repr=False)
    swelling_mm: Array = field(repr=False)
    pinpoints: Pinpoints = field(repr=False)
    papules: Papules = field(repr=False)

    @property
    def nothing_changes(self) -> bool:
        """Whether the picture of this day is the photograph itself."""
        return (
            len(self.pinpoints) == 0
            and len(self.papules) == 0
            and not self.added_blood.any()
            and not self.sheen.any()
            and not self.scale_coverage.any()
            and not self.relief_reduction.any()
            and not self.plumpness.any()
            and not self.swelling_mm.any()
            and bool((self.gloss_factor == 1.0).all())
            and bool((self.melanin_factor == 1.0).all())
        )


def days_since_session(day: float, session_days: tuple[float, ...]) -> float:
    """Days since the latest session at or before `day`."""
    past = [day - session for session in session_days if session <= day + NEGLIGIBLE]
    return max(min(past, default=day), 0.0)


def appearance(
    portrait: Portrait,
    course: Course,
    day: float,
    scenario: Scenario = "expected",
    parameters: ParameterSet | None = None,
) -> Appearance:
    """Work out what one day shows on one face.

    Parameters
    ----------
    portrait
        The face.
    course
        The forecast.
    day
        Between 0 and the course's horizon.
    scenario
        ``"best"``, ``"expected"`` or ``"worst"``.
    parameters
        Defaults to the program's own.

    Returns
    -------
    Appearance
        Driven by the course's signs and by nothing else.

    Raises
    ------
    MicropenError
        The day is outside the course, or the scenario unknown.
    """
    canvas = canvas_of(portrait, course.origin.seed, parameters)
    since = days_since_session(day, course.origin.session_days)
    return appearance_of_signs(
        portrait, canvas, course.at(day, scenario), day=day, scenario=scenario, since=since
    )


def appearance_of_signs(
    portrait: Portrait,
    canvas: Canvas,
    signs: Signs,
    *,
    day: float,
    scenario: str = "expected",
    since: float | None = None,
) -> Appearance:
    """Work out what given signs look like on one face.

    Parameters
    ----------
    portrait
        The face.
    canvas
        Its patterns, from `canvas_of`.
    signs
        Sign to values per zone; a missing sign has not changed.
    day
        Days since the first session.
    scenario
        Only recorded.
    since
        Days since the latest session; `day` where missing.

    Returns
    -------
    Appearance
    """
    chosen = canvas.parameters
    value = _Values(signs)
    age = day if since is None else since
    weights, bare = canvas.zone_weights, canvas.texture
    blood = added_blood(
        value["erythema"], weights, canvas.colour, canvas.vessels, portrait.skin.resting_blood
    )
    arterial = inflammatory_saturation(age, chosen)
    factor, sheen = gloss_maps(value["gloss"], weights, bare, canvas.lobe, chosen)
    swelling = value["swelling"]
    return Appearance(
        day=day,
        scenario=scenario,
        seed=canvas.seed,
        added_blood=blood,
        added_saturation=arterial,
        saturation=mixed_saturation(portrait.skin, blood, arterial),
        track_contrast=track_contrast(age, chosen),
        melanin_factor=melanin_factor(value["pigment"], weights, canvas.colour, canvas.emphasis),
        scale_coverage=_spread(value["scaling"], canvas),
        gloss_factor=factor,
        sheen=sheen,
        relief_reduction=relief_reduction(value["relief"], weights, bare),
        plumpness=plumpness(swelling, value["relief"], value["collagen"], weights, bare, chosen),
        swelling_mm=_spread(swelling, canvas),
        pinpoints=pinpoints_of(portrait, canvas, value["pinpoint_bleeding"], _crust(age, chosen)),
        papules=papules_of(portrait, canvas, value["lesions"]),
    )


class _Values:
    """Signs by name; a missing or negligible one is zero in every zone."""

    def __init__(self, signs: Signs) -> None:
        self._signs = signs

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        values = np.asarray(self._signs.get(name, np.zeros(len(ZONES))), dtype=np.float64)
        return np.where(np.abs(values) < NEGLIGIBLE, 0.0, values)


def _spread(values: NDArray[np.float64], canvas: Canvas) -> Array:
    """Lay one value per zone over bare skin."""
    if not values.any():
        return np.zeros_like(canvas.texture)
    spread = np.tensordot(values.astype(np.float32), canvas.zone_weights, axes=1)
    return np.asarray(np.maximum(spread, 0.0) * canvas.texture, dtype=np.float32)


def _crust(age: float, parameters: ParameterSet) -> float:
    """How far blood points have dried into crusts, 0-1."""
    dry_from = parameters.value("appearance.pinpoints.crust_from_days")
    dry_by = parameters.value("appearance.pinpoints.crust_by_days")
    return float(np.clip((age - dry_from) / (dry_by - dry_from), 0.0, 1.0))


def pinpoints_of(
    portrait: Portrait, canvas: Canvas, density_cm2: NDArray[np.float64], crust: float
) -> Pinpoints:
    """Blood points of one face at a density per zone, cm⁻², dried into crusts by 0-1."""
    return visible_pinpoints(
        canvas.pinpoints(density_cm2),
        density_cm2,
        canvas.zone_weights,
        crust,
        portrait.px_per_mm,
        portrait.grid.scale,
    )


def papules_of(portrait: Portrait, canvas: Canvas, lesions: NDArray[np.float64]) -> Papules:
    """Papules of one face at a number per zone."""
    return visible_papules(
        canvas.papules(lesions), lesions, portrait.px_per_mm, portrait.grid.scale, canvas.parameters
    )
