"""Evidence: parameters with unit, spread, source and grade; bibliography; published studies."""

from micropen.evidence.bibliography import Source, citations, source, sources
from micropen.evidence.fitted_set import (
    FittedNumber,
    FittedSet,
    Quantity,
    load_parameters,
    prior_digest,
    read_parameter_set,
    shipped_fit,
)
from micropen.evidence.parameter import Basis, Grade, Parameter
from micropen.evidence.parameter_set import (
    Normals,
    ParameterSet,
    Together,
    prior_parameters,
    stream,
)

__all__ = [
    "Basis",
    "FittedNumber",
    "FittedSet",
    "Grade",
    "Normals",
    "Parameter",
    "ParameterSet",
    "Quantity",
    "Source",
    "Together",
    "citations",
    "load_parameters",
    "prior_digest",
    "prior_parameters",
    "read_parameter_set",
    "shipped_fit",
    "source",
    "sources",
    "stream",
]
