"""Case: the folder of one person's treatment, which they can read: treatment, photos, check-ins."""

from micropen.case.check_in import QUESTIONS, WARNING_SIGNS, Answer, CheckIn, Question

__all__ = ["QUESTIONS", "WARNING_SIGNS", "Answer", "CheckIn", "Question"]
