"""Calibration: population parameters fitted to published studies, and what they rest on."""
