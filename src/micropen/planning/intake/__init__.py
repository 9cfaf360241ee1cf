"""Intake: the person file as people write it, and the form to fill in.

Bare on purpose: the rules of suitability read `intake.client`, and the form asks the rules.
"""
