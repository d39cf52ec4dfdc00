r"""Writing terms as LaTeX, for reports and messages.

What is written reads back as the same term, up to this: consecutive reciprocals share one fraction
(:math:`a b^{-1} c^{-1}` is written, and read, as :math:`a (bc)^{-1}`), a fraction of two integers is a number,
and the sign of a product stands in front (:math:`-3x` reads as :math:`(-1) \cdot 3 \cdot x`). A function of one
argument that the notation does not declare is written as an indexed family, :math:`X_t`.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Final

from derive.kernel.term import ONE, Term, free_symbols, mul, num, power
from derive.latex.ambiguity import (
    ambiguous_base,
    is_fraction,
    is_reciprocal,
    needs_dot,
    open_ended,
    open_variables,
    split_sign,
)
from derive.latex.notation import Notation
from derive.latex.shapes import shaped
from derive.latex.spelling import braced
from derive.latex.tables import tables

_ADD, _MUL, _POW, _ATOM = 1, 2, 3, 9
_TALL: Final = ("\\frac", "\\sum", "\\prod", "\\int", "\\left", "\\lim", "\\binom", "\\sqrt")
_NAMED: Final = {
    "log": "\\log",
    "exp": "\\exp",
    "sin": "\\sin",
    "cos": "\\cos",
    "tan": "\\tan",
    "cot": "\\cot",
    "sec": "\\sec",
    "csc": "\\csc",
    "arcsin": "\\arcsin",
    "arccos": "\\arccos",
    "arctan": "\\arctan",
    "sinh": "\\sinh",
    "cosh": "\\cosh",
    "tanh": "\\tanh",
    "max": "\\max",
    "min": "\\min",
    "gcd": "\\gcd",
    "det": "\\det",
    "KL": "D_{\\text{KL}}",
}
_WORDED: Final = ("Var", "Cov", "logistic", "softmax", "softplus", "sign", "erf", "lcm", "tr", "sg", "SNR")
_FENCES: Final = {
    "abs": ("\\left|", "\\right|"),
    "norm": ("\\left\\|", "\\right\\|"),
    "floor": ("\\left\\lfloor", "\\right\\rfloor"),
    "ceil": ("\\left\\lceil", "\\right\\rceil"),
    "tuple": ("(", ")"),
    "interval": ("[", "]"),
    "set": ("\\{", "\\}"),
}
_RELATIONS: Final = {
    "=": "=",
    "≠": "\\ne",
    "≈": "\\approx",
    "→": "\\to",
    "<": "<",
    "≤": "\\le",
    ">": ">",
    "≥": "\\ge",
    "≪": "\\ll",
    "≫": "\\gg",
    "∝": "\\propto",
    "∼": "\\sim",
    ":=": ":=",
    "≡": "\\equiv",
    "∈": "\\in",
    "∉": "\\notin",
    "≻": "\\succ",
    "≺": "\\prec",
    "≳": "\\gtrsim",
    "≲": "\\lesssim",
}
_NUMBERED: Final = "^{(\\cdot)}"
"""Ends the name of a family whose last index is written (i) above."""
_LAWS: Final = {"N": "\\mathcal{N}"}


def latex(
    root: Term,
    notation: Notation | None = None,
    heads: Mapping[str, str] | None = None,
    conditional: Container[str] = (),
) -> str:
    """The term as LaTeX; ``notation`` says which names are functions and how they are spelled.

    ``heads`` spells functions that are written with brackets after them, whatever the notation says, and
    ``conditional`` names those of their first argument given the others, as all are that are called after π.
    """
    return _Printer(notation or Notation.standard(), heads or {}, conditional).text(root, 0)


def relation_sign(kind: str) -> str:
    r"""The LaTeX of a kind of relation: ``≈`` is ``\approx``."""
    return _RELATIONS.get(kind) or next((t for t, v in tables().values.items() if v == kind), kind)


class _Printer:
    def __init__(self, notation: Notation, heads: Mapping[str, str], conditional: Container[str]) -> None:
        self.heads = heads
        self.conditional = conditional
        self.functions: dict[str, str] = dict(heads)
        for names in notation.names.values():
            for n in names:
                if n.kind == "function":
                    self.functions.setdefault(n.name, n.latex)
        self.families = {n.name for names in notation.names.values() for n in names if n.kind == "family"}

    def text(self, node: Term, outer: int) -> str:
        """The node, in brackets where its operator binds less than ``outer``."""
        text, level = self.show(node)
        return _brackets(text) if level < outer else text

    def show(self, node: Term) -> tuple[str, int]:
        """LaTeX and binding strength."""
        op = node.op
        if op == "num":
            return self._number(node)
        if op == "sym":
            return node.name, _ATOM if "^" not in node.name else _POW
        if op == "const":
            return {"pi": "\\pi", "e": "e", "oo": "\\infty"}[node.name], _ATOM
        if op == "add":
            return self._add(node)
        if op == "mul":
            return self._mul(node)
        if op == "pow":
            return self._pow(node)
        if op == "fn":
            return self._fn(node)
        if op == "fun":
            return f"{node.children[1].name} \\mapsto {self.text(node.children[0], 0)}", 0
        if op == "law":
            if node.name == "Gibbs" and [c.op for c in node.children] == ["fun"]:
                body, variable = node.children[0].children
                return f"p({variable.name}) \\propto e^{{-{self.text(body, _MUL)}}}", 0
            name = _LAWS.get(node.name, f"\\text{{{node.name}}}")
            return f"{name}{self._list(node.children)}", _ATOM
        if op in ("sum", "prod", "int", "sumset", "lim"):
            return self._binder(node)
        if op == "at":
            body, variable, value = node.children
            return f"\\left. {self.text(body, 0)} \\right|_{{{variable.name} = {self.text(value, 0)}}}", _POW
        if op == "diff":
            return self._diff(node)
        if op == "given":
            head, *conditions = node.children
            return f"{self.text(head, _ADD)} \\mid {', '.join(self.text(c, 0) for c in conditions)}", 0
        if op == "eq":
            left, right = node.children
            return f"{self.text(left, _ADD)} = {self.text(right, _ADD)}", 0
        if op == "E":
            body, *draws = node.children
            over = ", ".join(self._draw(d) for d in draws)
            return f"\\mathbb{{E}}{f'_{{{over}}}' if over else ''}\\left[ {self.text(body, 0)} \\right]", _ATOM
        if op == "draw":
            return self._draw(node), 0
        return f"\\text{{{op}}}{self._list(node.children)}", _ATOM

    # -- arithmetic ------------------------------------------------------------------------------
    def _number(self, node: Term) -> tuple[str, int]:
        value = node.value
        sign = "-" if value < 0 else ""
        if value.denominator == 1:
            return str(value.numerator), _ADD if sign else _ATOM
        return f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}", _ADD if sign else _MUL

    def _add(self, node: Term) -> tuple[str, int]:
        difference = _as_difference(node)
        if difference is not None:
            body, variable, lower, upper = difference
            low, high = self.text(lower, 0), self.text(upper, 0)
            inside = self.text(body, 0)
            return f"\\left[ {inside} \\right]_{{{variable.name} = {low}}}^{{{variable.name} = {high}}}", _POW
        parts: list[str] = []
        bound: frozenset[str] = frozenset()
        terms = node.children
        for n, term in enumerate(terms):
            negative, rest = split_sign(term)
            bound = open_variables(rest)
            captured = bool(bound) and any(not bound.isdisjoint(free_symbols(t)) for t in terms[n + 1 :])
            text = self.text(rest, _POW if captured else _MUL)
            if n == 0:
                parts.append(f"-{text}" if negative else text)
            else:
                parts.append(f"{'-' if negative else '+'} {text}")
        return " ".join(parts), _ADD

    def _mul(self, node: Term) -> tuple[str, int]:
        negative, rest = split_sign(node)
        if negative:
            return f"-{self.text(rest, _MUL)}", _ADD
        pieces: list[tuple[str, Term]] = []
        waiting: list[Term] = []
        below: list[Term] = []
        for factor in [*node.children, None]:
            if factor is not None and is_reciprocal(factor):
                below.append(factor.children[0])
                continue
            if below:
                top = waiting.pop() if len(waiting) == 1 else None
                top = mul(*waiting) if waiting else top if top is not None else ONE
                top_text, below_text = self.text(top, 0), self.text(mul(*below), 0)
                pieces.append((f"\\frac{{{top_text}}}{{{below_text}}}", power(mul(*below), num(-1))))
                waiting, below = [], []
            if factor is not None:
                waiting.append(factor)
        for n, factor in enumerate(waiting):
            last = n == len(waiting) - 1
            text, level = self.show(factor)
            closed = level >= _MUL if last else level >= _POW or factor.op == "num" and level >= _MUL
            if last and factor.op == "mul" or not last and open_ended(factor):
                closed = False
            pieces.append((text if closed else _brackets(text), factor))
        out = pieces[0][0]
        for (before, left), (after, right) in zip(pieces, pieces[1:], strict=False):
            out += (" \\cdot " if needs_dot(before, left, after, right) else " ") + after
        return out, _MUL

    def _pow(self, node: Term) -> tuple[str, int]:
        base, exponent = node.children
        if exponent.op == "num":
            if exponent.value == -1:
                return f"\\frac{{1}}{{{self.text(base, 0)}}}", _MUL
            if exponent.value.numerator == 1 and exponent.value.denominator > 1:
                degree = exponent.value.denominator
                return f"\\sqrt{f'[{degree}]' if degree > 2 else ''}{{{self.text(base, 0)}}}", _ATOM
        text, level = self.show(base)
        clear = level == _ATOM and "\\sqrt" not in text[:5] and not ambiguous_base(base)
        return f"{text if clear else _brackets(text)}^{braced(self.text(exponent, 0))}", _POW

    # -- functions ---------------------------------------------------------------------------------
    def _list(self, arguments: Sequence[Term], fence: tuple[str, str] = ("(", ")")) -> str:
        return _fenced(", ".join(self.text(a, 0) for a in arguments), fence)

    def _fn(self, node: Term) -> tuple[str, int]:
        name, arguments = node.name, node.children
        if name in self.functions:
            spelling = self.functions[name]
            if name == "KL" and len(arguments) == 2:
                return spelling + _fenced(" \\,\\|\\, ".join(self.text(a, 0) for a in arguments)), _ATOM
            return f"{spelling}{self._list(arguments)}", _ATOM
        if name in _FENCES and (name in ("tuple", "interval", "set") or len(arguments) == 1):
            return self._list(arguments, _FENCES[name]), _ATOM
        if name.startswith("interval ") and len(name) == len("interval []"):
            return self._list(arguments, (name[-2], name[-1])), _ATOM
        if name in _NAMED or name in _WORDED:
            head = _NAMED.get(name) or f"\\operatorname{{{name}}}"
            if name == "log" and len(arguments) == 1 and (is_fraction(arguments[0]) or self._is_call(arguments[0])):
                return f"{head} {self.text(arguments[0], 0)}", _MUL
            return f"{head}{self._list(arguments)}", _ATOM
        if name == "factorial" and len(arguments) == 1:
            return f"{self.text(arguments[0], _ATOM)}!", _POW
        if name == "binomial" and len(arguments) == 2:
            return f"\\binom{{{self.text(arguments[0], 0)}}}{{{self.text(arguments[1], 0)}}}", _POW
        if name == "grad" and len(arguments) == 2:
            variable = "" if arguments[0] == Term("sym", ("?",)) else f"_{braced(self.text(arguments[0], 0))}"
            return f"\\nabla{variable} {_brackets(self.text(arguments[1], 0))}", _POW
        if name == "integral" and len(arguments) == 2:
            return f"\\int {self.text(arguments[0], _MUL)} \\, d{_spaced(self.text(arguments[1], 0))}", _MUL
        if name == "density" and len(arguments) == 2 and arguments[1].op == "law":
            law = arguments[1]
            head = _LAWS.get(law.name, f"\\text{{{law.name}}}")
            inside = f"{self.text(arguments[0], 0)}; {', '.join(self.text(a, 0) for a in law.children)}"
            return f"{head}{_fenced(inside)}", _ATOM
        if name in ("sum over", "prod over") and len(arguments) == 1:
            return f"\\{name[:-5]} {_brackets(self.text(arguments[0], 0))}", _MUL
        if name.endswith(" over") and len(arguments) in (2, 3):
            region = self._region(arguments[1:])
            inside = self.text(arguments[0], _MUL)
            if name == "prod over" and arguments[0].op == "mul":
                inside = _brackets(inside)
            head = f"\\{name.removesuffix(' over')}" if not name.startswith("arg") else f"\\arg\\{name[3:-5]}"
            return f"{head}_{{{region}}} {inside}", _MUL if name == "prod over" else 0
        shape = shaped(node, self.text)
        if shape is not None:
            return shape
        if name in tables().orders:
            return f"{name}{self._list(arguments)}", _ATOM
        if name in _RELATIONS and len(arguments) >= 2:
            return f" {_RELATIONS[name]} ".join(self.text(a, _ADD) for a in arguments), 0
        return self._family(name, arguments)

    def _region(self, over: Sequence[Term]) -> str:
        """The variable of an optimum or a product with its set, or with the relation that constrains it."""
        variable = self.text(over[0], 0)
        if len(over) == 1:
            return variable
        constrained = over[1].op == "eq" or over[1].op == "fn" and over[1].name in _RELATIONS
        if constrained and over[1].children[0] == over[0] and over[1].op == "fn":
            return self.text(over[1], 0)
        return f"{variable} {':' if constrained else chr(92) + 'in'} {self.text(over[1], 0)}"

    def _is_call(self, node: Term) -> bool:
        """Whether a term is written as a function with brackets that no subject or command names."""
        named = node.op == "fn" and node.name in (*_NAMED, *_WORDED, *_FENCES) and node.name not in self.heads
        call = node.op == "fn" and not named and node.children
        return bool(call) and self.text(node, 0).endswith((")", r"\right)"))

    def _family(self, name: str, arguments: Sequence[Term]) -> tuple[str, int]:
        r"""``X_t``, ``\hat X_0^*``; several arguments, and those of letters such as f, in brackets."""
        if name.endswith(_NUMBERED) and arguments:
            base, *below = name.removesuffix(_NUMBERED), *arguments[:-1]
            low = f"_{braced(', '.join(self._index(a) for a in below))}" if below else ""
            return f"{base}{low}^{{({self.text(arguments[-1], 0)})}}", _POW
        stem = name.split("_")[0].split("^")[0].split(" ")[-1]
        given = any(a.op == "given" for a in arguments)
        plain = name not in self.families and (
            len(arguments) != 1 or stem in tables().function_like or given or name.startswith("\\text")
        )
        if not arguments:
            return name, _ATOM
        if plain and len(arguments) > 1 and (stem.endswith("\\pi") or name in self.conditional):
            outcome, *given_these = (self.text(a, 0) for a in arguments)
            return name + _fenced(f"{outcome} \\mid {', '.join(given_these)}"), _ATOM
        if plain:
            return f"{name}{self._list(arguments)}", _ATOM
        index = ", ".join(self._index(a) for a in arguments)
        base, mark = (name.split("^", 1) + [""])[:2] if "^" in name else (name, "")
        primes = ""
        while base.endswith("'"):
            base, primes = base[:-1], primes + "'"
        if "_" in base:
            head, _, old = base.partition("_")
            old = old[1:-1] if old.startswith("{") else old
            text = f"{head}_{{{old}, {index}}}"
        else:
            text = f"{base}_{braced(index)}"
        return text + primes + (f"^{mark}" if mark else ""), _POW if mark or primes else _ATOM

    def _index(self, node: Term) -> str:
        """An index; letters side by side would read as several indices."""
        if node.op == "mul" and all(
            c.op == "sym" and (len(c.name) == 1 or c.name[1:].isalpha()) for c in node.children
        ):
            return " \\cdot ".join(self.text(c, _POW) for c in node.children)
        return self.text(node, 0)

    def _draw(self, node: Term) -> str:
        variable, source = node.children
        if source == Term("sym", ("?",)):
            return self.text(variable, 0)
        return f"{self.text(variable, 0)} \\sim {self.text(source, 0)}"

    # -- binders -----------------------------------------------------------------------------------
    def _binder(self, node: Term) -> tuple[str, int]:
        body, variable, *rest = node.children
        letter = variable.name
        if node.op == "int":
            low, high = (self.text(r, 0) for r in rest)
            inside = self.text(body, _MUL)
            if "d" in free_symbols(body):
                inside = _brackets(inside)
            return f"\\int_{braced(low)}^{braced(high)} {inside} \\, d{_spaced(letter)}", _MUL
        if node.op == "lim":
            head = f"\\lim_{{{letter} \\to {self.text(rest[0], 0)}}}"
        elif node.op == "sumset":
            region = "" if rest[0] == Term("sym", ("?",)) else f" \\in {self.text(rest[0], 0)}"
            head = f"\\sum_{{{letter}{region}}}"
        else:
            low, high = (self.text(r, 0) for r in rest)
            head = f"\\{node.op}_{{{letter} = {low}}}^{braced(high)}"
        inside = self.text(body, _MUL)
        if node.op == "prod" and body.op == "mul":
            inside = _brackets(inside)
        return f"{head} {inside}", _MUL

    def _diff(self, node: Term) -> tuple[str, int]:
        body, variable = node.children
        order = 1
        while body.op == "diff" and body.children[1] == variable:
            body, order = body.children[0], order + 1
        raised = f"^{{{order}}}" if order > 1 else ""
        below = self.text(variable, 0)
        if body.op in ("sym", "fn") and len(text := self.text(body, 0)) <= 12:
            return f"\\frac{{\\partial{raised} {text}}}{{\\partial {below}{raised}}}", _POW
        return f"\\frac{{\\partial{raised}}}{{\\partial {below}{raised}}} {_brackets(self.text(body, 0))}", _POW


def _brackets(text: str) -> str:
    return _fenced(text)


def _fenced(text: str, fence: tuple[str, str] = ("(", ")")) -> str:
    left, right = fence
    if left.startswith("\\left"):
        return f"{left} {text} {right}"
    if any(t in text for t in _TALL):
        return f"\\left{left} {text} \\right{right}"
    return f"{left}{text}{right}"


def _spaced(letter: str) -> str:
    return letter if letter.startswith("\\") else f" {letter}"


def _as_difference(node: Term) -> tuple[Term, Term, Term, Term] | None:
    """F at b minus F at a as (F, variable, a, b)."""
    terms = node.children
    if len(terms) != 2 or terms[0].op != "at" or terms[1].op != "mul" or len(terms[1].children) != 2:
        return None
    sign, other = terms[1].children
    if sign != num(-1) or other.op != "at" or other.children[:2] != terms[0].children[:2]:
        return None
    body, variable, upper = terms[0].children
    return body, variable, other.children[2], upper
