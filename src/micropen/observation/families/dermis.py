"""Dermis and epidermis as instruments and histology read them."""

from __future__ import annotations

from typing import Final

from micropen.observation.instrument_readings import relative_reading

SCALES: Final = (
    relative_reading(
        "collagen_change",
        "Collagen by histology or staining, change over the value before",
        ("assumed",),
        "collagen",
        "dermis.histology_gain",
        "higher",
    ),
    relative_reading(
        "dermal_density_change",
        "Echo density of the dermis by high-frequency ultrasound, change over the value before",
        ("assumed",),
        "collagen",
        "dermis.density_gain",
        "higher",
    ),
    relative_reading(
        "dermal_thickness_change",
        "Thickness of the dermis, change over the value before",
        ("assumed",),
        "collagen",
        "dermis.thickness_gain",
        "higher",
    ),
    relative_reading(
        "epidermal_density_change",
        "Echo density of the epidermis by high-frequency ultrasound, change over that before",
        ("assumed",),
        "collagen",
        "dermis.epidermal_density_gain",
        "higher",
    ),
    relative_reading(
        "epidermal_thickness_change",
        "Thickness of the epidermis (months after a series), change over the value before",
        ("assumed",),
        "collagen",
        "dermis.epidermal_thickness_gain",
        "higher",
    ),
    relative_reading(
        "elasticity_change",
        "Elasticity by suction (Cutometer R2, R7, BTC-2000), change over the value before",
        ("assumed",),
        "collagen",
        "dermis.elasticity_gain",
        "higher",
    ),
    relative_reading(
        "attenuation_change",
        "Attenuation by optical coherence tomography, change over the value before",
        ("assumed",),
        "collagen",
        "dermis.attenuation_gain",
        "higher",
    ),
)
