"""The page of a measured series."""

from micropen.report.measurement.band import ForecastBand
from micropen.report.measurement.page import render_measurement
from micropen.report.measurement.write import PAGE, write_measurement

__all__ = ["PAGE", "ForecastBand", "render_measurement", "write_measurement"]
