"""Preference optimisation: policies, rewards, and choices between answers."""
