"""Twins of the derivations about policies that are trained by their gradients."""
