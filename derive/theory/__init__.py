"""Declared symbols of a subject: what each letter is, where it lives, how it is written."""

from derive.theory.loader import theory
from derive.theory.model import Theory

__all__ = ["Theory", "theory"]
