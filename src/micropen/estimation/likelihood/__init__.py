"""Likelihood: how probable readings, answers and counts are for a possible person."""

from micropen.estimation.likelihood.answers import AnswerTerm
from micropen.estimation.likelihood.counts import CountTerm
from micropen.estimation.likelihood.photographs import PhotoTerm
from micropen.estimation.likelihood.term import FACE_WIDE, Seen, Term
from micropen.estimation.likelihood.terms_of import terms_of

__all__ = ["FACE_WIDE", "AnswerTerm", "CountTerm", "PhotoTerm", "Seen", "Term", "terms_of"]
