"""Statements of the sources that do not hold as written: refuted or bounded, with what holds instead."""
