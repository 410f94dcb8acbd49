"""Which expressions of a Python file can become the value of another: by names, branches, helpers and arguments.

It looks at the text only, and at one file. Whatever it cannot follow (a library's result, an attribute) is left as
it stands. Neither the order of statements nor conditions count: too many texts do no harm, a missing one would.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import zip_longest

Function = ast.FunctionDef | ast.AsyncFunctionDef
SAME_TEXT = {"strip", "rstrip", "lstrip", "removeprefix", "removesuffix"}
SAME_ELEMENTS = {"list", "tuple", "set", "sorted", "reversed", "iter"}
NOTHING = ast.Constant(None)
Seen = frozenset[object]  # what is being followed already: a name may be bound to itself
NO_NODES: Seen = frozenset()


class Flow:
    """The functions, calls and names of one file."""

    def __init__(self, tree: ast.Module) -> None:
        self._scope: dict[ast.AST, Function | None] = {}
        self._functions: dict[str, Function] = {}
        self._calls: dict[str, list[ast.Call]] = defaultdict(list)
        self._bound: dict[tuple[Function | None, str], list[tuple[ast.expr, ast.expr, bool]]] = defaultdict(list)
        self._returned: dict[Function, list[ast.expr]] = defaultdict(list)
        self._walk(tree, None)

    def leaves(self, node: ast.expr, seen: Seen = NO_NODES) -> Iterator[ast.expr]:
        """The expressions whose value `node` can have."""
        if node in seen:
            return
        seen |= {node}
        following = self._following(node, seen)
        if following is None:
            yield node
        else:
            for one in following:
                yield from self.leaves(one, seen)

    def values(self, node: ast.expr, seen: Seen = NO_NODES) -> Iterator[ast.expr]:
        """The values of the dicts that `node` can be."""
        for leaf in self.leaves(node, seen):
            if isinstance(leaf, ast.Dict):
                yield from leaf.values

    def switch(self, node: ast.expr) -> list[str]:
        """The two texts of `"a" if x else "b"`, or of a name that stands for it; empty for anything else."""
        if isinstance(node, ast.Name):
            bound = list(self._name(node.id, self._scope.get(node), NO_NODES))
            node = bound[0] if len(bound) == 1 else node
        match node:
            case ast.IfExp(body=ast.Constant(str(one)), orelse=ast.Constant(str(other))):
                return [one, other]
        return []

    def _following(  # noqa: PLR0911 - one line a kind
        self, node: ast.expr, seen: Seen
    ) -> Iterable[ast.expr] | None:
        """What `node` takes its value from; None where it has one of its own."""
        match node:
            case ast.Name(name):
                return self._name(name, self._scope.get(node), seen)
            case ast.IfExp():
                return (node.body, node.orelse)
            case ast.BoolOp():
                return node.values
            case ast.NamedExpr():
                return (node.value,)
            case ast.Subscript():
                return self._entries(node, seen)
            case ast.Call(ast.Attribute(value, "get"), [_, *default]):
                return (*self.values(value, seen), *default)
            case ast.Call(ast.Attribute(value, attr)) if attr in SAME_TEXT:
                return (value,)
            case ast.Call(ast.Name(name) | ast.Attribute(ast.Name("self"), name)) if name in self._functions:
                return self._returned[self._functions[name]]
        return None

    def _name(self, name: str, scope: Function | None, seen: Seen) -> Iterator[ast.expr]:
        """What a name is bound to, in its function or else in the module."""
        while scope and (scope, name) not in self._bound and name not in parameters(scope):
            scope = self._scope[scope]
        for target, value, element in self._bound[scope, name]:
            for whole in self._elements(value, seen) if element else [value]:
                yield from self._unpacked(name, target, whole, seen)
        if scope and name in parameters(scope):
            yield from self._arguments(scope, name)

    def _unpacked(self, name: str, target: ast.expr, value: ast.expr, seen: Seen) -> Iterator[ast.expr]:
        """The part of `value` that `name` gets where `target` is assigned."""
        match value:
            case ast.Call(ast.Attribute(_, "param"), [first, *others]):  # pytest.param(...)
                value = pair(first, *others) if isinstance(target, ast.Tuple) else first
        if isinstance(target, ast.Name) and target.id == name:
            yield value
        elif isinstance(target, ast.Tuple | ast.List):
            for leaf in self.leaves(value, seen):
                if isinstance(leaf, ast.Tuple | ast.List):
                    for one, part in zip(target.elts, leaf.elts, strict=False):
                        yield from self._unpacked(name, one, part, seen)

    def _arguments(self, function: Function, name: str) -> Iterator[ast.expr]:
        """What the calls in this file pass for a parameter, and its default."""
        names = parameters(function)
        for call in self._calls[function.name]:
            method = isinstance(call.func, ast.Attribute) and names[0] in ("self", "cls")
            yield from (arg for one, arg in zip(names[method:], call.args, strict=False) if one == name)
            yield from (keyword.value for keyword in call.keywords if keyword.arg == name)
        yield from defaults(function).get(name, [])

    def _entries(self, node: ast.Subscript, seen: Seen) -> Iterator[ast.expr]:
        """The entries of a dict or list that an index can name; all of them where it is not written out."""
        index = node.slice.value if isinstance(node.slice, ast.Constant) else None
        for leaf in self.leaves(node.value, seen):
            if isinstance(leaf, ast.Dict):
                pairs = [
                    (getattr(key, "value", None), value) for key, value in zip(leaf.keys, leaf.values, strict=True)
                ]
            elif isinstance(leaf, ast.Tuple | ast.List):
                pairs = list(enumerate(leaf.elts))
            else:
                continue
            yield from (value for key, value in pairs if index is None or key == index)

    def _elements(self, node: ast.expr, seen: Seen) -> Iterator[ast.expr]:
        """What a loop over `node` gives."""
        if ("elements", node) in seen:
            return
        seen |= {("elements", node)}
        match node:
            case ast.Call(ast.Attribute(value, "items" | "values" | "keys" as part), []):
                yield from self._items(value, part, seen)
            case ast.Call(ast.Name(name), [first, *_]) if name in SAME_ELEMENTS:
                yield from self._elements(first, seen)
            case ast.Call(ast.Name("enumerate"), [first, *_]):
                yield from (pair(NOTHING, one) for one in self._elements(first, seen))
            case ast.Call(ast.Name("zip"), several):
                rows = zip_longest(*(self._elements(one, seen) for one in several), fillvalue=NOTHING)
                yield from (pair(*row) for row in rows)
            case _:
                yield from members(node)
                for leaf in self.leaves(node, seen):
                    if leaf is not node:
                        yield from self._elements(leaf, seen)

    def _items(self, node: ast.expr, part: str, seen: Seen) -> Iterator[ast.expr]:
        for leaf in self.leaves(node, seen):
            if isinstance(leaf, ast.Dict):
                for key, value in zip(leaf.keys, leaf.values, strict=True):
                    yield {"items": pair(key or NOTHING, value), "keys": key or NOTHING, "values": value}[part]

    def _walk(self, node: ast.AST, scope: Function | None) -> None:
        """Note the scope of each node, and what it binds, calls or returns."""
        self._scope[node] = scope
        match node:
            case ast.Assign():
                for target in node.targets:
                    self._bind(scope, target, node.value)
            case ast.AnnAssign(value=ast.expr()) | ast.NamedExpr() | ast.AugAssign():
                self._bind(scope, node.target, node.value)  # type: ignore[arg-type]
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                self._bind(scope, node.target, node.iter, element=True)
            case ast.Call(ast.Name(name) | ast.Attribute(_, name)):
                self._calls[name].append(node)
            case ast.Return(ast.expr() as value) if scope:
                self._returned[scope].append(value)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._functions[node.name] = scope = node
                self._parametrized(node)
        for child in ast.iter_child_nodes(node):
            self._walk(child, scope)

    def _bind(self, scope: Function | None, target: ast.expr, value: ast.expr, *, element: bool = False) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                self._bound[scope, node.id].append((target, value, element))

    def _parametrized(self, function: Function) -> None:
        """Bind the parameters that pytest.mark.parametrize gives values to, as a loop would."""
        for decorator in function.decorator_list:
            match decorator:
                case ast.Call(ast.Attribute(_, "parametrize"), [names, values, *_]):
                    self._bind(function, parametrized(names), values, element=True)


def members(node: ast.expr) -> Iterator[ast.expr]:
    """The elements that a list, a dict or a comprehension writes out."""
    match node:
        case ast.Tuple() | ast.List() | ast.Set():
            yield from node.elts
        case ast.Dict():
            yield from filter(None, node.keys)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            yield node.elt


def parametrized(names: ast.expr) -> ast.expr:
    """The target of a loop that gives values to these argument names: `"a, b"` or `("a", "b")`."""
    several = names.elts if isinstance(names, ast.Tuple | ast.List) else [names]
    given = [name for one in several if isinstance(one, ast.Constant) for name in str(one.value).split(",")]
    targets: list[ast.expr] = [ast.Name(name.strip()) for name in given]
    return targets[0] if len(targets) == 1 else ast.Tuple(targets)


def parameters(function: Function) -> list[str]:
    """The names of a function's parameters; those that may be passed by position come first."""
    args = function.args
    return [one.arg for one in (*args.posonlyargs, *args.args, *args.kwonlyargs)]


def defaults(function: Function) -> dict[str, list[ast.expr]]:
    """The default of each parameter that has one."""
    args = function.args
    positional = [one.arg for one in (*args.posonlyargs, *args.args)]
    found = zip(reversed(positional), reversed(args.defaults), strict=False)
    named = zip((one.arg for one in args.kwonlyargs), args.kw_defaults, strict=True)
    return {name: [value] for name, value in (*found, *named) if value}


def pair(*parts: ast.expr) -> ast.Tuple:
    """A tuple of expressions."""
    return ast.Tuple(list(parts))
