"""Observation models, one small file per family; each lists its scales in ``SCALES``.

A new scale is one entry in one file: `micropen.observation.scales` finds it by itself. Its
numbers stand in ``evidence/data/parameters/observation.toml``.
"""
