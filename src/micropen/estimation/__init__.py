"""Estimation: from a few readings of one person to that person's own forecast."""
