r"""True and false identities, as data: one file a subject.

``TRUE`` and ``FALSE`` are lists of (id, left, right, chart). The false ones are slips that people make:
a lost square, an index that is off by one, a sign, a Z that does not cancel, a root of a square without its sign.
"""

from __future__ import annotations

from typing import Final

from identities import calculus, diffusion, functions, normal, preference, sequences, softmax
from identities.common import Identity, named

FILES: Final = (diffusion, preference, normal, functions, sequences, calculus, softmax)
TRUE: Final[list[Identity]] = [named(row, file.__name__) for file in FILES for row in file.TRUE]
FALSE: Final[list[Identity]] = [named(row, file.__name__) for file in FILES for row in file.FALSE]
