"""Twins of the preference derivations."""
