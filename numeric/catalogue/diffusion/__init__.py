"""Twins of the diffusion derivations."""
