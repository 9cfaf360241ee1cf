"""Search: what sessions do, series by superposition, objective and limits, the optimiser."""
