r"""Terms: the immutable expression trees that every part of derive speaks.

A term is an operator with arguments and nothing more; building one never simplifies, so what a
person wrote is what is judged. The operators:

====================  ===========================================  =============================
``num``               ``(Fraction,)``                              :math:`3/4`
``sym``               ``(name,)``, its canonical LaTeX spelling    :math:`\Delta t`
``const``             ``("pi" | "e" | "oo",)``                     :math:`\pi, e, \infty`
``add`` ``mul``       ``(term, ...)``, two or more                 :math:`a + b`, :math:`ab`
``pow``               ``(base, exponent)``                         :math:`a^b`
``fn``                ``(name, term, ...)``                        :math:`\log x`, :math:`X_t`, :math:`\pi(y|x)`
``sum prod int``      ``(body, variable, lower, upper)``           :math:`\sum_{k=0}^{T} a_k`
``sumset``            ``(body, variable, set)``                    :math:`\sum_{y\in Y} p(y)`
``lim``               ``(body, variable, point)``                  :math:`\lim_{x\to a} f`
``at``                ``(body, variable, value)``                  :math:`f|_{x=a}`
``fun``               ``(body, variable)``                         :math:`x \mapsto f(x)`
``diff``              ``(body, variable)``                         :math:`\partial f/\partial x`
``law``               ``(name, parameter, ...)``                   :math:`N(\mu, v)` (mean, variance)
``given``             ``(term, condition, ...)``                   :math:`X | Y = y`
``eq``                ``(term, term)``, only inside ``given``      :math:`Y = y`
``E``                 ``(body, draw, ...)``                        :math:`E_{y\sim p}[f]`
``draw``              ``(variable, distribution)``, inside ``E``   :math:`y \sim p`
====================  ===========================================  =============================

``Var`` and ``Cov`` are ``fn``; indexed families are ``fn`` of their index (:math:`X_t` is ``fn("X", t)``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, NoReturn, TypeAlias, TypeVar, Union, cast

Leaf: TypeAlias = Fraction | str
C = TypeVar("C", bound=type)
TermLike: TypeAlias = Union["Term", int, Fraction]

BINDERS: Final = frozenset({"sum", "prod", "int", "sumset", "lim", "at", "fun"})
"""Operators whose second argument is a symbol bound in the first (not in the others)."""

OPERATORS: Final = BINDERS | {
    *("num", "sym", "const", "add", "mul", "pow", "fn", "diff", "law", "given", "eq", "E", "draw"),
}


def sealed(cls: C) -> C:
    """A class without subclasses, which could lie about equality or about what an expression means."""

    def refuse(subclass: Any, /, **_: Any) -> NoReturn:
        raise TypeError(f"'{cls.__name__}' has no subclasses; '{subclass.__name__}' cannot be one.")

    cls.__init_subclass__ = classmethod(refuse)  # type: ignore[method-assign, assignment]
    return cls


@sealed
class Term:
    """One node of an expression tree; equal when operator and arguments are equal."""

    __slots__ = ("op", "args", "_hash")
    op: str
    args: tuple[Term | Leaf, ...]
    _hash: int

    def __init__(self, op: str, args: tuple[Term | Leaf, ...]) -> None:
        if type(op) is not str or op not in OPERATORS or type(args) is not tuple:
            raise TypeError(f"'{op}' is no operator of terms, with a tuple of arguments.")
        for part in args:
            if type(part) not in _PARTS:
                raise TypeError(f"'{part!r}' is no term, name or fraction, so no part of a term.")
        object.__setattr__(self, "op", op)
        object.__setattr__(self, "args", args)
        object.__setattr__(self, "_hash", hash((op, args)))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("A term cannot be changed; build a new one.")

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Term):
            return NotImplemented
        return self._hash == other._hash and self.op == other.op and self.args == other.args

    def __reduce__(self) -> tuple[type[Term], tuple[str, tuple[Term | Leaf, ...]]]:
        return (Term, (self.op, self.args))  # string hashes differ between processes

    # -- reading a node -------------------------------------------------------------------------
    @property
    def children(self) -> tuple[Term, ...]:
        """The arguments that are terms: all of them, or all but a leading name or number."""
        args = self.args
        return cast("tuple[Term, ...]", args if args and isinstance(args[0], Term) else args[1:])

    @property
    def name(self) -> str:
        """The name of a symbol, function, constant or law."""
        head = self.args[0]
        if not isinstance(head, str):
            raise TypeError(f"A term of kind '{self.op}' has no name.")
        return head

    @property
    def value(self) -> Fraction:
        """The value of a number."""
        head = self.args[0]
        if not isinstance(head, Fraction):
            raise TypeError(f"A term of kind '{self.op}' has no rational value.")
        return head

    def __repr__(self) -> str:
        return f"<{plain(self)}>"

    # -- arithmetic, for derivation files -------------------------------------------------------
    def __add__(self, other: TermLike) -> Term:
        return add(self, other)

    def __radd__(self, other: TermLike) -> Term:
        return add(other, self)

    def __sub__(self, other: TermLike) -> Term:
        return add(self, neg(other))

    def __rsub__(self, other: TermLike) -> Term:
        return add(other, neg(self))

    def __mul__(self, other: TermLike) -> Term:
        return mul(self, other)

    def __rmul__(self, other: TermLike) -> Term:
        return mul(other, self)

    def __truediv__(self, other: TermLike) -> Term:
        return div(self, other)

    def __rtruediv__(self, other: TermLike) -> Term:
        return div(other, self)

    def __pow__(self, other: TermLike) -> Term:
        return power(self, other)

    def __neg__(self) -> Term:
        return neg(self)


_PARTS: Final = frozenset({Term, str, Fraction})


# -- building terms ---------------------------------------------------------------------------------
def term(value: TermLike) -> Term:
    """Accept a term, an integer or a fraction; floats are refused because they are not exact."""
    if isinstance(value, Term):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        raise TypeError(f"'{value!r}' is no exact quantity; write an integer, a Fraction or a Term.")
    return Term("num", (Fraction(value),))


def num(numerator: int | Fraction, denominator: int = 1) -> Term:
    """The rational number numerator/denominator."""
    return Term("num", (Fraction(numerator) / denominator,))


def sym(name: str) -> Term:
    """The symbol with this canonical LaTeX spelling."""
    return Term("sym", (name,))


def add(*parts: TermLike) -> Term:
    """The sum of one or more terms; nested sums are spliced, nothing else changes."""
    flat: list[Term | Leaf] = []
    for part in map(term, parts):
        flat.extend(part.args if part.op == "add" else (part,))
    return flat[0] if len(flat) == 1 and isinstance(flat[0], Term) else Term("add", tuple(flat))


def mul(*parts: TermLike) -> Term:
    """The product of one or more terms; nested products are spliced, nothing else changes."""
    flat: list[Term | Leaf] = []
    for part in map(term, parts):
        flat.extend(part.args if part.op == "mul" else (part,))
    return flat[0] if len(flat) == 1 and isinstance(flat[0], Term) else Term("mul", tuple(flat))


def power(base: TermLike, exponent: TermLike) -> Term:
    """base ** exponent."""
    return Term("pow", (term(base), term(exponent)))


def neg(value: TermLike) -> Term:
    """-value; a literal number is negated in place."""
    value = term(value)
    return num(-value.value) if value.op == "num" else mul(MINUS_ONE, value)


def div(top: TermLike, bottom: TermLike) -> Term:
    """top / bottom, as top * bottom**-1."""
    inverse = power(bottom, MINUS_ONE)
    top = term(top)
    return inverse if top == ONE else mul(top, inverse)


def sqrt(value: TermLike) -> Term:
    """The nonnegative square root, as value ** (1/2)."""
    return power(value, HALF)


def fn(name: str, *arguments: TermLike) -> Term:
    """A named function, or an indexed family, applied."""
    return Term("fn", (name, *map(term, arguments)))


def log(value: TermLike) -> Term:
    """The natural logarithm."""
    return fn("log", value)


def exp(value: TermLike) -> Term:
    """The exponential function."""
    return fn("exp", value)


def logistic(value: TermLike) -> Term:
    """The logistic function 1 / (1 + exp(-value))."""
    return fn("logistic", value)


def law(name: str, *parameters: TermLike) -> Term:
    """A distribution by name; the normal law is law("N", mean, variance)."""
    return Term("law", (name, *map(term, parameters)))


def normal(mean: TermLike, variance: TermLike) -> Term:
    """The normal law N(mean, variance)."""
    return law("N", mean, variance)


def gibbs(potential: TermLike, variable: Term) -> Term:
    r"""The law with a density proportional to :math:`e^{-\varphi(u)}`, for the potential in the variable."""
    return law("Gibbs", bind("fun", potential, variable))


def var(value: TermLike) -> Term:
    """The variance of a random variable (or of a ``given``)."""
    return fn("Var", value)


def given(value: Term, *conditions: Term) -> Term:
    """value | conditions, where a condition is a random variable or an ``eq``."""
    return Term("given", (value, *conditions))


def eq(left: TermLike, right: TermLike) -> Term:
    """left = right, as the condition of a ``given``."""
    return Term("eq", (term(left), term(right)))


def bind(op: str, body: TermLike, variable: Term, *rest: TermLike) -> Term:
    """A binder: bind("sum", body, k, 0, T - 1), bind("int", f, t, 0, 1), bind("lim", f, x, 0)."""
    if op not in BINDERS or variable.op != "sym":
        raise ValueError(f"'{op}' over '{plain(variable)}' binds no symbol.")
    return Term(op, (term(body), variable, *map(term, rest)))


ZERO: Final = num(0)
ONE: Final = num(1)
MINUS_ONE: Final = num(-1)
HALF: Final = num(1, 2)
PI: Final = Term("const", ("pi",))
E_NUMBER: Final = Term("const", ("e",))
INFINITY: Final = Term("const", ("oo",))


# -- walking terms ----------------------------------------------------------------------------------
def walk(root: Term) -> Iterator[Term]:
    """Every node, root first; does not recurse, so depth costs no stack."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children))


def rebuild(node: Term, change: Callable[[Term], Term]) -> Term:
    """The node with ``change`` applied to its arguments (sums and products stay spliced)."""
    args = tuple(change(a) if isinstance(a, Term) else a for a in node.args)
    if args == node.args:
        return node
    if node.op in ("add", "mul"):
        terms = [a for a in args if isinstance(a, Term)]
        return add(*terms) if node.op == "add" else mul(*terms)
    return Term(node.op, args)


def bound_symbols(root: Term) -> tuple[Term, ...]:
    """The symbols that a node binds: that of a binder in its body, those drawn by ``E`` in all of it."""
    if root.op in BINDERS:
        return (root.children[1],)
    if root.op == "E":
        drawn = (d.children[0] for d in root.children[1:] if d.op == "draw")
        return tuple(v for v in drawn if v.op == "sym")
    return ()


def free_symbols(root: Term) -> frozenset[str]:
    """Names of the symbols that occur free."""
    if root.op == "sym":
        return frozenset({root.name})
    if root.op in BINDERS:
        body, variable, *rest = root.children
        inner = free_symbols(body) - {variable.name}
        return inner.union(*(free_symbols(r) for r in rest)) if rest else inner
    found: frozenset[str] = frozenset()
    for child in root.children:
        found |= free_symbols(child)
    return found.difference(v.name for v in bound_symbols(root)) if root.op == "E" else found


def function_names(root: Term) -> frozenset[str]:
    """Names of the functions and indexed families that occur."""
    return frozenset(node.name for node in walk(root) if node.op == "fn")


@lru_cache(maxsize=4096)
def hidden_in(symbol: str, root: Term) -> bool:
    r"""Whether a function in the term is named after the symbol, as :math:`\pi_\theta` is, and may depend on it."""
    stem = symbol.rstrip("'")  # primes tell renamed symbols apart
    index = re.compile(rf"(?<![A-Za-z\\]){re.escape(stem)}(?![A-Za-z])")
    names = (node.name for node in walk(root) if node.op == "fn")
    return any(index.search("_".join(re.split("[_^]", name)[1:])) for name in names)


def substitute(root: Term, mapping: Mapping[str, Term]) -> Term:
    """Replace free symbols by terms; bound symbols are renamed where a replacement would be captured."""
    if not mapping:
        return root
    if root.op == "sym":
        return mapping.get(root.name, root)
    if root.op in BINDERS:
        body, variable, *rest = root.children
        inner = {n: t for n, t in mapping.items() if n != variable.name}
        used = free_symbols(body)
        inner = {n: t for n, t in inner.items() if n in used}
        captured = frozenset().union(*(free_symbols(t) for t in inner.values())) if inner else frozenset()
        if variable.name in captured:
            fresh = fresh_symbol(variable.name, captured | used)
            body, variable = substitute(body, {variable.name: fresh}), fresh
        return Term(root.op, (substitute(body, inner), variable, *(substitute(r, mapping) for r in rest)))
    if root.op == "E":
        return _substitute_drawn(root, mapping)
    if root.op == "diff" and root.children[1].op == "sym":
        return _substitute_differentiated(root, mapping)
    return rebuild(root, lambda child: substitute(child, mapping))


def _substitute_drawn(root: Term, mapping: Mapping[str, Term]) -> Term:
    """Substitute in an expectation, whose drawn symbols are bound in all of it."""
    bound = [v.name for v in bound_symbols(root)]
    used = free_symbols(root)
    inner = {n: t for n, t in mapping.items() if n in used and n not in bound}
    if not inner:
        return root
    captured = frozenset().union(*(free_symbols(t) for t in inner.values()))
    for name in bound:
        if name in captured:
            fresh = fresh_symbol(name, captured | used | frozenset(bound))
            bound = [*bound, fresh.name]
            inner[name] = fresh
    return rebuild(root, lambda child: substitute(child, inner))


def _substitute_differentiated(root: Term, mapping: Mapping[str, Term]) -> Term:
    """Substitute for the symbol of a derivative: what is meant is the derivative, taken at the value."""
    body, variable = root.children
    used = free_symbols(body)
    inner = {n: t for n, t in mapping.items() if n != variable.name and n in used}
    captured = frozenset().union(*(free_symbols(t) for t in inner.values())) if inner else frozenset()
    value = mapping.get(variable.name, variable)
    hidden = any(n.op == "fn" and variable.name in n.name for n in walk(body))  # a policy named after it, say
    movable = value.op == "sym" and value.name not in captured and value.name not in used and not hidden
    if (value == variable and variable.name not in captured) or movable:
        return Term("diff", (substitute(body, {**inner, variable.name: value}), value))
    if variable.name in captured:
        fresh = fresh_symbol(variable.name, captured | used)
        return bind("at", Term("diff", (substitute(body, {**inner, variable.name: fresh}), fresh)), fresh, value)
    return bind("at", Term("diff", (substitute(body, inner), variable)), variable, value)


def replace(root: Term, old: Term, new: Term) -> Term:
    """Replace every occurrence of a whole subterm, where no symbol of it is bound on the way."""
    if root == old:
        return new
    if any(v.name in free_symbols(old) | free_symbols(new) for v in bound_symbols(root)):
        return root
    return rebuild(root, lambda child: replace(child, old, new))


def fresh_symbol(name: str, taken: frozenset[str]) -> Term:
    """A symbol spelled like ``name`` with as many primes as it takes to be new."""
    while name in taken:
        name += "'"
    return sym(name)


# -- printing, for messages and tests (LaTeX is derive.latex.printer) --------------------------------
def plain(root: Term) -> str:
    """One line of unambiguous ASCII-like infix text."""
    return _plain(root, 0)


_LEVEL: Final = {"add": 1, "mul": 2, "pow": 3}


def _plain_number(value: Fraction) -> str:
    """Decimal digits; hexadecimal ones where Python refuses to convert so long an integer."""
    top, bottom = (str(n) if n.bit_length() < 10_000 else hex(n) for n in (value.numerator, value.denominator))
    return top if bottom == "1" else f"{top}/{bottom}"


def _plain(node: Term, outer: int) -> str:
    level = _LEVEL.get(node.op, 9)
    if node.op == "num":
        text = _plain_number(node.value)
        level = 9 if node.value >= 0 and node.value.denominator == 1 else 1
    elif node.op in ("sym", "const"):
        text = node.name
    elif node.op == "add":
        text = " + ".join(_plain(c, 1) for c in node.children)
    elif node.op == "mul":
        text = "*".join(_plain(c, 2) for c in node.children)
    elif node.op == "pow":
        text = "^".join(_plain(c, 4) for c in node.children)
    elif node.op in ("fn", "law"):
        text = f"{node.name}({', '.join(_plain(c, 0) for c in node.children)})"
    else:
        text = f"{node.op}({', '.join(_plain(c, 0) for c in node.children)})"
    return f"({text})" if level < outer or (level == outer == 1 and node.op == "num") else text
