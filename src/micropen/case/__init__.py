"""Case: the folder of one person's treatment, which they can read: treatment, photos, check-ins."""

from micropen.case.case import Case
from micropen.case.check_in import QUESTIONS, WARNING_SIGNS, Answer, CheckIn, Question
from micropen.case.columns import COLUMNS
from micropen.case.kept import Kept, case_lock, keep, kept
from micropen.case.making import new_case
from micropen.case.mentions import mentions_warning
from micropen.case.moments import Moment, read_moment
from micropen.case.reading import check_in_from, read_check_ins
from micropen.case.tidying import LONGEST_BEFORE_DAYS, CheckIns
from micropen.case.writing import Added, add_check_in

__all__ = [
    "COLUMNS",
    "LONGEST_BEFORE_DAYS",
    "QUESTIONS",
    "WARNING_SIGNS",
    "Added",
    "Answer",
    "Case",
    "CheckIn",
    "CheckIns",
    "Kept",
    "Moment",
    "Question",
    "add_check_in",
    "case_lock",
    "check_in_from",
    "keep",
    "kept",
    "mentions_warning",
    "new_case",
    "read_check_ins",
    "read_moment",
]
