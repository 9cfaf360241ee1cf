"""Measurement: photographs of one person in, what changed out, each number with its own error."""
