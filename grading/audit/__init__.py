"""A person's grading notes against the evidence: verdicts, quoted formulas, steps said to be missing."""

from grading.audit.compare import audit
from grading.audit.result import AuditResult

__all__ = ["AuditResult", "audit"]
