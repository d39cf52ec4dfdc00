"""What is wrong with an assignment, said before anybody is graded with it."""

from grading.inspection.assignment import faults
from grading.inspection.file import Fault

__all__ = ["Fault", "faults"]
