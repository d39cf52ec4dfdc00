"""Monte Carlo twins: the process that a problem describes, simulated, with standard errors.

A twin knows the problem's parameters and never the result that it stands beside; this package imports
nothing of the other three. ``numeric.catalogue`` holds the twins, ``numeric.engine`` runs them and
``numeric.power`` says what they can tell apart.
"""
