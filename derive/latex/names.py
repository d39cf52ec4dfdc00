r"""Names: a letter, word or accented letter with its scripts, declared or not, applied or not.

``X_t`` is ``fn("X", t)``; ``\hat X_0^*`` is ``fn("\hat X^*", 0)``, because a star belongs to the name;
``\pi_{\text{ref}}`` is one name; ``T(\Delta t)`` is a product where :math:`T` is no function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from derive.kernel.term import MINUS_ONE, Term, add, fn, given, law, mul, num, power, sym
from derive.latex.cursor import Cursor, Span, Step, symbol
from derive.latex.notation import Name
from derive.latex.spelling import base_at, braced, canonical_script, joined, script_range, with_scripts, word

INDEX_LETTERS: Final = frozenset("ijklmn")
DEGREE: Final = sym("^\\circ")
UNKNOWN: Final = sym("?")
"""What a formula leaves unsaid: the set of a sum, the law of a draw."""
_APPLIES: Final = frozenset({"comma", "semicolon", "mid", "parallel", "relation"})
_INVERTIBLE: Final = frozenset({"f", "g", "h", "F", "G", "H", "\\Phi"})
"""Letters of functions whose power -1 is the inverse function."""
_MIN_WORD_POWER: Final = 3


@dataclass
class _Scripts:
    """Scripts as token ranges, sorted by what they mean."""

    sub: tuple[int, int] | None = None
    exponent: tuple[int, int] | None = None
    index: tuple[int, int] | None = None
    mark: str = ""
    primes: str = ""
    degree: bool = False


class NameReader(Cursor):
    """The part of the grammar that reads names."""

    def name(self) -> Step[Term]:
        """A name with its scripts, and its arguments where it is a function."""
        start = self.i
        base = base_at(self.tokens, start, self.end, self.notation.phrases)
        if base is None:
            raise self.unexpected() if self.kind() != "accent" else self.fail("This accent stands on no name.")
        self.i = base.after
        scripts = self._scripts(base.pending)
        spelling = base.spelling
        declared = self.notation.find(spelling)
        label = spelling
        if spelling in self.notation.scripted and (scripts.sub or scripts.mark or scripts.exponent):
            found = self._declared_with_scripts(spelling, scripts)
            if found:
                declared, label = found
        entry = declared[0] if declared else None
        function = next((d for d in declared if d.kind == "function"), None)
        scalar = next((d for d in declared if d.kind not in ("function", "law")), None)
        if scripts.sub:
            label_word = self._word_part(scripts)
            if label_word:
                label, entry, function, scalar = with_scripts(label, label_word, ""), None, None, None
        called = entry.name if entry and label == entry.latex else label
        called = with_scripts(called, "", scripts.mark) if scripts.mark else called
        if self._bracket_follows():
            if entry and entry.kind == "law":
                distribution: Term | None = yield self._law(entry)
                if distribution is not None:
                    self.powered = False
                    return distribution
            if not (scalar and function and scripts.exponent) and self._applies(label, entry, function):
                if function and label == function.latex:
                    called = with_scripts(function.name, "", scripts.mark) if scripts.mark else function.name
                applied: Term = yield self._application(spelling, called, function, scripts)
                self.powered = scripts.exponent is not None
                return applied
        if scripts.sub or scripts.index:
            indices: list[Term] = []
            if scripts.index:
                called += "^{(\\cdot)}"
            for span in filter(None, (scripts.sub, scripts.index)):
                indices += yield self._indices(*span)
            value = fn(called + scripts.primes, *indices)
        elif label in self.data.constants and not declared and not scripts.mark and not scripts.primes:
            value = Term("const", (self.data.constants[label],))
        else:
            plain = scalar or entry
            if plain and label == plain.latex and not scripts.mark:
                called = plain.latex if plain.kind == "law" or _engine_name(plain.name) else plain.name
            value = symbol(called + scripts.primes)
        if scripts.exponent:
            exponent = self.single(*scripts.exponent)
            value = power(value, exponent if exponent is not None else (yield self.within(*scripts.exponent)))
        self.powered = scripts.exponent is not None
        return mul(value, DEGREE) if scripts.degree else value

    def _scripts(self, pending: int) -> _Scripts:
        """Collect subscripts, superscripts and primes after a base."""
        found = _Scripts()
        while self.i < self.end:
            kind = self.kinds[self.i]
            if self.i == pending:
                self.i += 1
            elif kind == "prime":
                found.primes += "'"
                self.i += 1
            elif kind in ("sub", "sup"):
                if self.i + 1 >= self.end:
                    raise self.fail("A script is missing here.")
                first, last, after = script_range(self.tokens, self.i + 1)
                self._check_script(first, last)
                if kind == "sub":
                    if found.sub:
                        raise self.fail("A second subscript stands here.")
                    found.sub = (first, last)
                else:
                    if found.exponent or found.mark or found.index:
                        raise self.fail("A second superscript stands here; write (a^b)^c with brackets.")
                    self._superscript(found, first, last)
                self.i = after
            else:
                break
        return found

    def two_scripts(self) -> tuple[Span | None, Span | None]:
        """The subscript and superscript at the position, in either order."""
        sub: Span | None = None
        sup: Span | None = None
        while self.kind() in ("sub", "sup") and self.i + 1 < self.end:
            low = self.kind() == "sub"
            if (sub if low else sup) is not None:
                break
            first, last, after = script_range(self.tokens, self.i + 1)
            self._check_script(first, last)
            if low:
                sub = (first, last)
            else:
                sup = (first, last)
            self.i = after
        return sub, sup

    def script_here(self) -> tuple[int, int, int]:
        """The tokens of the script whose sign stands at the position: first, last, and the one after it."""
        if self.i + 1 >= self.end:
            raise self.fail("A script is missing here.")
        first, last, after = script_range(self.tokens, self.i + 1)
        self._check_script(first, last)
        return first, last, after

    def _check_script(self, first: int, last: int) -> None:
        """Without braces LaTeX takes one digit, so that ``x^23`` shows x^2 3."""
        if first >= last:
            raise self.fail("A script is empty.")
        bare = self.texts[first - 1] != "{"
        if bare and self.kinds[first] == "number" and len(self.texts[first]) > 1:
            raise self.fail("Only the first digit is a script here; write braces around the number.", first)
        if bare and self.kinds[first] in ("minus", "plus", "open", "fraction", "root", "relation", "close"):
            alone = first + 1 >= self.end or self.kinds[first + 1] not in ("number", "letter", "open", "fraction")
            if not (self.kinds[first - 1] == "sup" and self.kinds[first] in ("minus", "plus") and alone):
                raise self.fail("A script of several marks needs braces.", first)

    def _superscript(self, found: _Scripts, first: int, last: int) -> None:
        """Star, dagger, prime, word, (i), or an exponent."""
        texts = self.texts
        text = texts[first] if last - first == 1 else joined(texts[first:last])
        mark = self.data.marks.get(text)
        if mark == "\\circ":
            found.degree = True
        elif mark == "'" or text.strip("'") == "":
            found.primes += "'" * max(1, len(text)) if mark != "'" else "'"
        elif mark is not None:
            found.mark = mark
        elif self.data.marks.get(texts[first]) == "*":
            found.mark, found.exponent = "*", (first + 1, last)
        elif texts[first] == "(" and self.match.get(first) == last - 1:
            found.index = (first + 1, last - 1)
        else:
            label = word(self.tokens, first, last)
            if (
                label
                and "text" in label
                and (self.kinds[first] == "word" or len(joined(texts[first:last])) >= _MIN_WORD_POWER)
            ):
                found.mark = label
            else:
                found.exponent = (first, last)

    def _declared_with_scripts(self, base: str, scripts: _Scripts) -> tuple[tuple[Name, ...], str] | None:
        """The declared name with the most of these scripts; the scripts that it has are taken out."""
        sub = ""
        if scripts.sub:
            sub = word(self.tokens, *scripts.sub) or canonical_script(self.tokens, *scripts.sub)
        sup = scripts.mark or (canonical_script(self.tokens, *scripts.exponent) if scripts.exponent else "")
        for low, high in ((sub, sup), (sub, ""), ("", sup)):
            if not (low or high):
                continue
            label = with_scripts(base, low, high)
            found = self.notation.find(label)
            if found:
                if low:
                    scripts.sub = None
                if high and scripts.mark:
                    scripts.mark = ""
                elif high:
                    scripts.exponent = None
                return found, label
        return None

    def _word_part(self, scripts: _Scripts) -> str | None:
        r"""The word in a subscript (``x_{\text{train}, i}``), which is part of the name; it is taken out."""
        if scripts.sub is None:
            return None
        first, last = scripts.sub
        whole = word(self.tokens, first, last)
        if whole:
            scripts.sub = None
            return whole
        for comma in range(first, last):
            if self.kinds[comma] == "comma":
                head = word(self.tokens, first, comma)
                if head:
                    scripts.sub = (comma + 1, last)
                return head
        return None

    def _indices(self, first: int, last: int) -> Step[list[Term]]:
        """Indices: separated by commas, or the letters i to n side by side."""
        kinds, texts = self.kinds, self.texts
        if last - first > 1 and all(kinds[n] == "letter" and texts[n].isalpha() for n in range(first, last)):
            if all(t in INDEX_LETTERS for t in texts[first:last]):
                return [symbol(t) for t in texts[first:last]]
            raise self.fail("Letters side by side in a subscript may be a product, indices or a word.", first)
        alone = self.single(first, last)
        if alone is not None:
            return [alone]
        if last - first == 1 and texts[first] in ("*", "+", "-"):
            return [symbol(texts[first])]
        self.indexing, outer = True, self.indexing
        found: list[Term] = []
        depth_end = first
        start = first
        while depth_end <= last:
            if depth_end == last or kinds[depth_end] == "comma":
                found.append((yield self.within(start, depth_end)))
                start = depth_end + 1
            elif kinds[depth_end] == "open":
                depth_end = self.match.get(depth_end, depth_end)
            depth_end += 1
        self.indexing = outer
        return found

    # -- applications ------------------------------------------------------------------------------
    def _bracket_follows(self) -> bool:
        return self.i < self.end and self.kinds[self.i] == "open" and self.texts[self.i] in ("(", "[", "\\{")

    def _applies(self, label: str, entry: Name | None, function: Name | None) -> bool:
        """Whether the bracket that follows holds arguments; a product wherever a product makes sense.

        Raises Unread where a letter such as f may stand for a function or a factor.
        """
        if function:
            return True
        if entry and entry.kind in ("scalar", "set"):
            return False
        if label in self.data.orders:
            return True
        close = self.match.get(self.i, self.end)
        inside = self.top_kinds(self.i + 1, close)
        if self.indexing and label.startswith("\\") and self._single_name(self.i + 1, close):
            return True  # y_{\tau(k)}: nobody writes a product with brackets in an index
        dot = close == self.i + 2 and self.texts[self.i + 1] == "\\cdot"
        if dot or not _APPLIES.isdisjoint(inside):
            return True
        if entry and entry.kind == "family":
            return False
        stem = label.split("_")[0].split("^")[0].split(" ")[-1]
        if label.startswith("\\text{") and self.texts[self.i] == "(" and self._attached():
            return self._single_name(self.i + 1, close) or self.texts[self.i + 1] == "\\{"
        if stem not in self.data.function_like:
            return False
        if self._single_name(self.i + 1, close):
            return True
        raise self.fail(f"'{label}' may be a function or a factor; declare it.", self.i - 1)

    def _attached(self) -> bool:
        """Whether no space stands before the position."""
        return self.tokens.stops[self.i - 1] == self.tokens.starts[self.i]

    def _single_name(self, first: int, last: int) -> bool:
        """Whether these tokens are one name with its scripts, or in an index a number."""
        if self.indexing and last - first == 1 and self.kinds[first] == "number":
            return True
        inner = base_at(self.tokens, first, last, self.notation.phrases)
        return inner is not None and self._ends_name(inner.after, last)

    def _ends_name(self, i: int, close: int) -> bool:
        """Whether only scripts stand between token i and the closing bracket."""
        while i < close:
            if self.kinds[i] == "prime":
                i += 1
            elif self.kinds[i] in ("sub", "sup") and i + 1 < close:
                i = script_range(self.tokens, i + 1)[2]
            else:
                return False
        return i == close

    def top_kinds(self, first: int, last: int) -> set[str]:
        """Kinds of the tokens that are in no inner bracket."""
        found: set[str] = set()
        i = first
        while i < last:
            found.add(self.kinds[i])
            i = self.match.get(i, i) + 1
        return found

    def _application(self, spelling: str, called: str, function: Name | None, scripts: _Scripts) -> Step[Term]:
        r"""name(arguments): declared functions take them in order, others keep ``|`` as a condition."""
        if scripts.sub:
            called = with_scripts(spelling, canonical_script(self.tokens, *scripts.sub), scripts.mark)
        if scripts.index:
            called += f"^{braced(canonical_script(self.tokens, scripts.index[0] - 1, scripts.index[1] + 1))}"
        at = self.i
        items: list[tuple[str, Term]] = yield self.content()
        declared = function is not None and not function.guessed
        arguments = [t for _, t in items] if declared else split_condition(items)
        primes = len(scripts.primes)
        value = self._derivative(called, arguments, primes) if primes else fn(called, *arguments)
        if scripts.exponent:
            exponent: Term = yield self.within(*scripts.exponent)
            if exponent == MINUS_ONE and called in _INVERTIBLE and len(arguments) == 1:
                return fn(f"{called}^{{-1}}", *arguments)
            if exponent.op == "num" and len(arguments) == 1 and (exponent.value < 0 or arguments[0].op != "given"):
                raise self.fail(
                    "A power between a function and its argument may be repeated application; write (f(x))^n.", at
                )
            value = power(value, exponent)
        return value

    def _derivative(self, called: str, arguments: list[Term], order: int) -> Term:
        """f'(x) as the derivative of f, taken at x."""
        if len(arguments) != 1:
            raise self.fail("A prime on a function of several arguments leaves open which derivative it is.")
        point = arguments[0]
        variable = point if point.op == "sym" else sym("u'")
        value = fn(called, variable)
        for _ in range(order):
            value = Term("diff", (value, variable))
        return value if point is variable else Term("at", (value, variable, point))

    def _law(self, entry: Name) -> Step[Term | None]:
        """A distribution with its parameters, or a density at a point; None where a plain letter N is a factor."""
        start = self.i
        close = self.match.get(start, self.end)
        if entry.latex == "N" and "comma" not in self.top_kinds(start + 1, close):
            return None
        items: list[tuple[str, Term]] = yield self.content()
        separators = [s for s, _ in items]
        terms = [t for _, t in items]
        if len(terms) == 1 and terms[0].op == "fn" and terms[0].name in ("interval", "set", "tuple"):
            return law(entry.name, *terms[0].children)
        if all(s in ("", ",") for s in separators):
            if entry.name == "N" and len(terms) != 2:
                raise self.fail("A normal law has a mean and a variance.", start)
            return law(entry.name, *terms)
        if separators[1] in (";", "|") and all(s == "," for s in separators[2:]) and len(terms) > 2:
            return fn("density", terms[0], law(entry.name, *terms[1:]))
        raise self.fail("The parameters of this law are not read.", start)


def _engine_name(name: str) -> bool:
    """Whether a function has a name of the engine's (logistic, KL), which is no spelling for a bare symbol."""
    return len(name) > 1 and name.isalpha()


def split_condition(items: list[tuple[str, Term]]) -> list[Term]:
    """Arguments with what follows a bar as a condition: p(x, y | z) gives (given((x, y), z),)."""
    bar = next((n for n, (s, _) in enumerate(items) if s == "|"), None)
    if bar is None:
        return [t for _, t in items]
    before = [t for _, t in items[:bar]]
    head = before[0] if len(before) == 1 else fn("tuple", *before)
    return [given(head, *(t for _, t in items[bar:]))]


def difference(value: Term, variable: Term, lower: Term, upper: Term) -> Term:
    """[F]_a^b = F at b minus F at a."""
    return add(Term("at", (value, variable, upper)), mul(num(-1), Term("at", (value, variable, lower))))
