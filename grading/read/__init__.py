"""Reading answers: Markdown or LaTeX to parts, chains and relations with their places."""

from grading.read.reader import read_answer

__all__ = ["read_answer"]
