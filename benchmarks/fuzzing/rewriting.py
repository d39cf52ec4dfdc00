"""Random changes of terms: rewritings that keep the value wherever it is defined, and mutations that should not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fuzzing.grammar import Grower, S, a, b, c, n, y, z

from derive.kernel.term import (
    Term,
    add,
    bind,
    div,
    exp,
    fn,
    free_symbols,
    fresh_symbol,
    log,
    logistic,
    mul,
    neg,
    num,
    power,
    rebuild,
    sqrt,
    substitute,
    walk,
)

ABSTRACT = frozenset({"f", "q", "p", "r", "\\pi"})


def nonnegative(node: Term) -> bool:
    """Whether a term of the grower is positive by its form."""
    if node.op == "num":
        return node.value > 0
    if node.op in ("add", "mul", "pow"):
        children = node.children[:1] if node.op == "pow" else node.children
        return all(map(nonnegative, children))
    if node.op == "sym":
        return node.name in "abc"
    if node.op == "fn":
        return node.name in ("exp", "logistic", "q", "p", "\\pi", "factorial")
    return node.op in ("sum", "prod", "sumset") and nonnegative(node.children[0])


def rewrites(node: Term, grower: Grower) -> Iterator[Term]:
    """Terms that are equal to the node wherever it is defined."""
    args = node.children
    some = grower.positive(1)
    if node.op not in ("sym", "num", "const") or nonnegative(node):
        yield add(mul(node, some), mul(node, add(num(1), neg(some))))
        yield div(mul(node, some), some)
        yield add(node, some, neg(some))
    if node.op in ("add", "mul"):
        turned = list(args)
        grower.random.shuffle(turned)
        yield Term(node.op, tuple(turned))
    if node.op == "mul" and args[-1].op == "add":
        yield add(*(mul(*args[:-1], part) for part in args[-1].children))
    if nonnegative(node):
        yield exp(log(node))
        yield power(sqrt(node), 2)
        yield sqrt(power(node, 2))
        yield power(node, num(1, 3)) * power(node, num(2, 3))
    if node.op == "pow" and args[1] == num(2):
        yield mul(args[0], args[0])
        yield power(fn("abs", args[0]), 2)
    if node.op == "pow" and nonnegative(args[0]):
        yield exp(mul(args[1], log(args[0])))
    if node.op == "pow" and args[1] == n:
        yield mul(args[0], power(args[0], add(n, num(-1))))
    if node.op == "fn" and node.name == "log":
        inside = args[0]
        yield neg(log(power(inside, -1)))
        yield add(log(mul(inside, some)), neg(log(some)))
        if inside.op == "mul" and all(map(nonnegative, inside.children)):
            yield add(*map(log, inside.children))
        if inside.op == "prod":
            body, k, low, high = inside.children
            yield bind("sum", log(body), k, low, high)
    if node.op == "fn" and node.name == "exp":
        yield power(exp(neg(args[0])), -1)
        if args[0].op == "add":
            yield mul(*map(exp, args[0].children))
    if node.op == "fn" and node.name == "logistic":
        yield power(add(num(1), exp(neg(args[0]))), -1)
        yield add(num(1), neg(logistic(neg(args[0]))))
        yield div(exp(args[0]), add(num(1), exp(args[0])))
    if node.op == "fn" and node.name == "abs":
        yield sqrt(power(args[0], 2))
        yield fn("max", args[0], neg(args[0]))
    if node.op in ("sum", "prod"):
        body, k, low, high = args
        fresh = fresh_symbol("j", free_symbols(body))
        yield bind(node.op, substitute(body, {k.name: fresh}), fresh, low, high)
        yield bind(node.op, substitute(body, {k.name: fresh + 2}), fresh, low - 2, high - 2)
        yield bind(node.op, substitute(body, {k.name: low + high - fresh}), fresh, low, high)
        if body.op == "add" and node.op == "sum":
            yield add(*(bind("sum", part, k, low, high) for part in body.children))
        if node.op == "sum":
            yield div(bind("sum", mul(body, some), k, low, high), some)
        if node.op == "prod":
            yield div(bind("prod", mul(body, some), k, low, high), power(some, high - low + 1))
            yield exp(bind("sum", log(body), k, low, high))
    if node.op == "fn" and node.name == "factorial":
        yield mul(args[0], fn("factorial", add(args[0], num(-1))))
        yield div(fn("factorial", add(args[0], num(1))), add(args[0], num(1)))
    if node.op == "int":
        body, u, low, high = args
        fresh = fresh_symbol("v", free_symbols(body))
        yield neg(bind("int", body, u, high, low))
        yield bind("int", substitute(body, {u.name: fresh}), fresh, low, high)
        yield div(bind("int", mul(body, some), u, low, high), some)
        if body.op == "add":
            yield add(*(bind("int", part, u, low, high) for part in body.children))
    if node.op == "sumset":
        body, label, members = args
        if "y" not in free_symbols(some):
            yield div(bind("sumset", mul(body, some), label, members), some)
        fresh = fresh_symbol("w", free_symbols(body))
        yield bind("sumset", substitute(body, {label.name: fresh}), fresh, members)


def wide_rewrites(node: Term, grower: Grower) -> Iterator[Term]:
    """Equal terms for the nodes of the wide grower too."""
    yield from rewrites(node, grower)
    args = node.children
    if node.op == "fn" and node.name == "max":
        yield neg(fn("min", neg(args[0]), neg(args[1])))
        yield add(args[0], fn("max", num(0), add(args[1], neg(args[0]))))
    if node.op == "fn" and node.name == "min":
        yield div(add(*args, neg(fn("abs", add(args[0], neg(args[1]))))), num(2))
    if node.op == "fn" and node.name == "tanh":
        yield add(mul(num(2), logistic(mul(num(2), args[0]))), num(-1))
    if node.op == "fn" and node.name in ("sin", "tan", "sinh", "erf", "arctan"):
        yield neg(fn(node.name, neg(args[0])))
    if node.op == "fn" and node.name in ("cos", "cosh"):
        yield fn(node.name, neg(args[0]))
    if node.op == "pow" and args[0] == num(-1):
        yield power(num(-1), neg(args[1]))
        yield mul(num(-1), power(num(-1), add(args[1], num(1))))


def wide_mutations(node: Term, grower: Grower) -> Iterator[Term]:
    """Different terms for the nodes of the wide grower too."""
    yield from mutations(node, grower)
    args = node.children
    if node.op == "fn" and node.name in ("max", "min"):
        yield fn("min" if node.name == "max" else "max", *args)
        yield args[0]
    if node.op == "fn" and node.name in ("sin", "cos", "cosh", "sinh"):
        yield fn({"sin": "cos", "cos": "sin", "cosh": "sinh", "sinh": "cosh"}[node.name], args[0])
    if node.op == "pow":
        yield fn("abs", node)
    if node.op == "diff":
        yield args[0]


def mutations(node: Term, grower: Grower) -> Iterator[Term]:
    """Terms that look like the node and usually are not equal to it."""
    args = node.children
    yield add(node, num(1, 1000))
    yield mul(node, num(1001, 1000))
    yield neg(node)
    if node.op == "num":
        yield num(node.value + 1)
        yield num(-node.value)
    if node.op == "sym" and node.name in "abc":
        yield {"a": b, "b": c, "c": a}[node.name]
    if node.op in ("add", "mul") and len(args) > 1:
        yield add(*args[1:]) if node.op == "add" else mul(*args[1:])
        yield mul(*args) if node.op == "add" else add(*args)
    if node.op == "pow":
        yield args[0]
        yield power(args[0], add(args[1], num(1)))
    if node.op == "fn" and len(args) == 1 and node.name in ("log", "exp", "logistic", "abs"):
        yield args[0]
        yield fn(node.name, neg(args[0]))
        yield fn({"log": "exp", "exp": "logistic", "logistic": "exp", "abs": "exp"}[node.name], args[0])
    if node.op in ("sum", "prod"):
        body, k, low, high = args
        yield bind(node.op, body, k, low + 1, high)
        yield bind(node.op, body, k, low, high + 1)
        yield bind("prod" if node.op == "sum" else "sum", body, k, low, high)
        yield bind(node.op, substitute(body, {k.name: k + 1}), k, low, high)
    if node.op == "int":
        body, u, low, high = args
        yield bind("int", body, u, high, low)
        yield bind("int", mul(body, u), u, low, high)
    if node.op == "fn" and node.name == "factorial":
        yield mul(add(args[0], num(1)), fn("factorial", add(args[0], num(-1))))


BOUND = ("sum", "prod", "sumset", "int", "at")


def places(root: Term) -> Iterator[Term]:
    """The nodes that may be changed: not bound symbols, nor what is inside an abstract function."""
    if root.op == "fn" and root.name in ABSTRACT:
        return
    yield root
    if root.op in BOUND or root.op == "pow" and root.children[1].op == "num":
        yield from places(root.children[0])
    elif root.op != "diff":
        for child in root.children:
            yield from places(child)


def somewhere(root: Term, grower: Grower, change: Callable[[Term, Grower], Iterator[Term]]) -> Term:
    """The term with one random change at one random place."""
    bound = {node.children[1].name for node in walk(root) if node.op in BOUND}
    fixed = {y.name, z.name, S.name, *bound}
    found = [p for p in places(root) if not (p.op == "sym" and p.name in fixed) and list(change(p, grower))]
    if not found:
        return root
    place = grower.random.choice(found)
    new = grower.random.choice(list(change(place, grower)))
    done = False

    def visit(node: Term) -> Term:
        nonlocal done
        if not done and node is place:
            done = True
            return new
        if node.op == "diff" or (node.op == "fn" and node.name in ABSTRACT):
            return node
        if node.op in BOUND:
            body, variable, *rest = node.children
            return Term(node.op, (visit(body), variable, *rest))
        return rebuild(node, visit)

    return visit(root)


def equal_pair(seed: int) -> tuple[Term, Term]:
    """A random term, and the same after one to four rewritings."""
    grower = Grower(seed)
    left = grower.pick(lambda: grower.real(3), lambda: grower.positive(3))
    right = left
    for _ in range(grower.random.randint(1, 4)):
        right = somewhere(right, grower, rewrites)
    return left, right


def mutated_pair(seed: int) -> tuple[Term, Term]:
    """An equal pair, one side of it mutated at one place."""
    left, right = equal_pair(seed)
    return left, somewhere(right, Grower(seed + 1), mutations)
