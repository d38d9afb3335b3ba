"""What a Python module imports, and which names it has (The Python Language Reference, 5.11, 7.11).

Read from its source; none of it is run.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator

from msgspec import Struct

_ABSENT = ("ImportError", "ModuleNotFoundError", "Exception", "BaseException", "AttributeError")
_DYNAMIC = ("globals", "vars", "exec", "eval", "setattr", "__import__")
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


class Imported(Struct, frozen=True):
    """A module that is imported, or a name from it."""

    module: str
    name: str = ""

    @property
    def shown(self) -> str:
        return f"{self.name} from {self.module}" if self.name else self.module


class Module(Struct, frozen=True):
    """What a module has."""

    names: frozenset[str]
    is_open: bool = False
    """Whether it may have more than its source tells: names are put into it while it runs."""


_UNKNOWN = Module(frozenset(), is_open=True)


def read_module(source: bytes) -> Module:
    """Return the names of a module; of one that this Python cannot parse all may be there."""
    tree = _parsed(source)
    if tree is None:
        return _UNKNOWN
    names = set[str]()
    for node in _statements(tree.body):
        names.update(_bound(node))
    names.update(name for node in ast.walk(tree) if isinstance(node, ast.Global)
                 for name in node.names)  # fmt: skip
    late = [node for node in tree.body if getattr(node, "name", "") == "__getattr__"]
    answers = [_answers(node) for node in late]
    is_open = "*" in names or None in answers or ("__getattr__" in names and not late)
    names.update(*(found for found in answers if found))
    return Module(frozenset(names), is_open or _is_dynamic(tree))


def imports(source: bytes, package: str) -> frozenset[Imported]:
    """Return what a module of a package imports, save what it can do without.

    That is what stands in a `try` that catches its absence, or under `if TYPE_CHECKING`.
    """
    tree = _parsed(source)
    return frozenset(_imports(tree.body, package)) if tree else frozenset()


def _parsed(source: bytes) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes in strings, which is not our matter
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _answers(function: ast.AST) -> set[str] | None:
    """Return the names that a module's `__getattr__` (PEP 562) compares with; None for any name."""
    body = getattr(function, "body", [])
    found = set[str]()
    for node in body:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and not node.orelse:
            words = (one for one in ast.walk(node.test) if isinstance(one, ast.Constant))
            found.update(one.value for one in words if isinstance(one.value, str))
            if not isinstance(node.test.ops[0], (ast.Eq, ast.In)):
                return None
        elif not isinstance(node, (ast.Raise, ast.Import, ast.ImportFrom)) and not (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            return None
    return found if isinstance(body[-1], ast.Raise) and found else None


def _statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the statements of a module, those in its `if`, `try`, `with` and loops included."""
    for node in body:
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for block in _BLOCKS:
                yield from _statements(getattr(node, block, ()))


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (one.asname or one.name.partition(".")[0] for one in node.names)
    else:
        for child in _expressions(node):
            if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                yield child.id


def _expressions(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is in a statement itself, not in those that it holds."""
    for name, value in ast.iter_fields(node):
        for child in (value if isinstance(value, list) else [value]) if name not in _BLOCKS else ():
            if isinstance(child, ast.AST):
                yield from ast.walk(child)


def _is_dynamic(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in _DYNAMIC:
                return True
        elif isinstance(node, ast.Attribute) and node.attr == "modules":
            return True
    return False


def _imports(body: Iterable[ast.AST], package: str) -> Iterator[Imported]:
    for node in body:
        if isinstance(node, ast.Import):
            yield from (Imported(one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, package)
            yield from (Imported(module, "" if one.name == "*" else one.name)
                        for one in node.names if module)  # fmt: skip
        elif isinstance(node, ast.Try) and any(map(_catches_absence, node.handlers)):
            continue
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            yield from _imports(node.orelse, package)
        else:
            for block in _BLOCKS:
                yield from _imports(getattr(node, block, ()), package)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    """Return the full name of a module; empty where it leads out of its package."""
    if not node.level:
        return node.module or ""
    parts = package.split(".") if package else []
    if node.level > len(parts):
        return ""
    above = parts[: len(parts) - node.level + 1]
    return ".".join([*above, node.module] if node.module else above)


def _catches_absence(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(one, ast.Name) and one.id in _ABSENT for one in types)
