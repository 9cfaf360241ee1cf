"""Evidence: parameters with unit, spread, source and grade; bibliography; published studies."""

from micropen.evidence.bibliography import Source, citations, source, sources
from micropen.evidence.parameter import Grade, Parameter
from micropen.evidence.parameter_set import ParameterSet, load_parameters, stream

__all__ = [
    "Grade",
    "Parameter",
    "ParameterSet",
    "Source",
    "citations",
    "load_parameters",
    "source",
    "sources",
    "stream",
]
