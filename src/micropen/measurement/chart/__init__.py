"""The 24-patch chart: found, judged, and turned into a colour correction with its error."""

from micropen.measurement.chart.correction import ColourCorrection, Model, fit_correction
from micropen.measurement.chart.find import Chart, ChartFault, ChartProblem, find_chart
from micropen.measurement.chart.reading import ChartReading, chart_of
from micropen.measurement.chart.reference import Edition, chart_colours

__all__ = [
    "Chart",
    "ChartFault",
    "ChartProblem",
    "ChartReading",
    "ColourCorrection",
    "Edition",
    "Model",
    "chart_colours",
    "chart_of",
    "find_chart",
    "fit_correction",
]
