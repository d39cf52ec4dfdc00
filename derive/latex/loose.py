r"""What binds less than a sum: ``A \cup B``, ``3 : 5``, ``a \pmod n``; and signs that stand for two, ``\pm``."""

from __future__ import annotations

from typing import Final

from derive.kernel.term import Term, fn, mul
from derive.latex.brackets import BracketReader
from derive.latex.cursor import Step

SIGNS: Final = frozenset({"plus", "minus", "plus or minus"})
LOOSE: Final = frozenset({"set operator", "colon", "modulus"})
"""Kinds of the operators between sums."""


class LooseReader(BracketReader):
    """The part of the grammar that reads what stands around sums."""

    def either_sign(self) -> str:
        r"""The sign ``\pm`` or ``\mp`` at the position, which is passed, or nothing."""
        if self.kind() != "plus or minus":
            return ""
        self.i += 1
        return self.data.values[self.texts[self.i - 1]]

    def loose(self, left: Term) -> Step[Term]:
        """What binds less than a sum: operations on sets, ratios of numbers, a modulus."""
        start = self.i
        if self.kind() == "modulus":
            value: Term = yield self._modulus(left)
            return value
        text = self.text()
        if self.kind() == "colon" and not left.op == "num":
            raise self.unexpected()
        members = [left]
        while self.kind() == self.kinds[start] and self.text() == text:
            self.i += 1
            if self.kind() == "colon" or self.kind() in SIGNS:
                raise self.unexpected()
            factors: list[Term] = yield self.run()
            members.append(mul(*factors))
        if self.kinds[start] == "colon":
            if any(m.op != "num" for m in members):
                raise self.fail("A colon between formulas has no certain meaning.", start)
            return fn("ratio", *members)
        if any(m.op == "add" for m in members) or self.kind() in LOOSE | SIGNS:
            raise self.fail("In which order these operations on sets are done is not certain; write brackets.", start)
        return fn(self.data.values[text], *members)

    def _modulus(self, value: Term) -> Step[Term]:
        r"""``a \pmod n`` is a class of integers, ``a \bmod n`` a remainder."""
        name = self.data.values[self.text()]
        if name == "mod" and value.op == "add":
            raise self.fail("How much of this sum is divided is not certain; write brackets.")
        self.i += 1
        modulus: Term
        if self.text() == "{":
            modulus = yield self.argument()
        else:
            modulus = mul(*(yield self.run()))
        return fn(name, value, modulus)
