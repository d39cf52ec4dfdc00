"""Twins of the errata: each rejects what is printed and accepts what holds."""
