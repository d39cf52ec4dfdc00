"""What derive raises: every message is a sentence that says what was wrong, where, and what to do."""


class DeriveError(Exception):
    """Any error that derive raises on purpose."""


class Refused(DeriveError):
    """A kernel rule did not accept a step: a premise, certificate or side condition does not hold."""


class CircularDefinitions(Refused, ValueError):
    """Definitions of a chart refer to each other in a circle, so that nothing can be written out."""


class NotAFact(DeriveError):
    """An object is offered as a fact that no kernel rule made."""


class UnknownDerivation(DeriveError):
    """No derivation has this ID or alias."""
