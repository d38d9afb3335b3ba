"""Relations between RPM packages: flags and versions, and rich dependencies.

https://rpm-software-management.github.io/rpm/manual/dependencies.html, boolean_dependencies.html.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element

from msgspec import Struct

from pratique.codecs.debrelation import Clause, Relation
from pratique.errors import MalformedError

_SIGNS = {"LT": "<<", "LE": "<=", "EQ": "=", "GE": ">=", "GT": ">>"}
_WRITTEN = {"<": "<<", "<=": "<=", "=": "=", ">=": ">=", ">": ">>"}
_RPMLIB = frozenset({
    "VersionedDependencies", "CompressedFileNames", "PayloadIsLzma", "PayloadIsXz", "PayloadIsZstd",
    "PayloadIsBzip2", "PayloadFilesHavePrefix", "FileDigests", "FileCaps", "TildeInVersions",
    "ScriptletInterpreterArgs", "CaretInVersions", "RichDependencies", "LargeFiles",
    "PartialHardlinkSets", "ExplicitPackageProvide", "HeaderLoadSortsTags", "ConcurrentAccess",
    "BuiltinLuaScripts", "ScriptletExpansion", "DynamicBuildRequires",
})  # fmt: skip
_OPERATORS = frozenset({"and", "or", "if", "else", "unless", "with", "without"})
_MOST_CLAUSES = 64


class Rich(Struct, frozen=True):
    """A boolean dependency."""

    operator: str
    parts: tuple[Rich | Relation, ...]


Tree = Rich | Relation


def by_name(relation: Relation) -> Relation:
    """Return the relation to what bears a name itself, as Obsoletes are; not to providers of it."""
    return Relation(f"the package {relation.name}", "", relation.sign, relation.version)


def nevra_version(epoch: str | None, version: str | None, release: str | None) -> str:
    """Return a version as advisories have it: the epoch is left out where it is 0."""
    prefix = f"{epoch}:" if epoch and epoch != "0" else ""
    return prefix + (version or "") + (f"-{release}" if release else "")


def relation_of(name: str, flags: int, version: str) -> Relation:
    """Return the relation of a header's tags."""
    sign = {2: "<<", 10: "<=", 8: "=", 12: ">=", 4: ">>"}.get(flags & 14, "")
    return Relation(name, "", sign if version else "", version if sign else "")


def needed(
    relations: Iterable[Relation], is_there: Callable[[Relation], bool]
) -> tuple[Clause, ...]:
    """Return what has to be there: rich dependencies by what is there, rpm's abilities left out."""
    found: list[Clause] = []
    for relation in relations:
        if relation.name.startswith("rpmlib("):
            feature = relation.name[7:].rstrip(")")
            if feature not in _RPMLIB:
                found.append((relation,))
        elif relation.name.startswith("("):
            found += clauses(parsed(relation.name), is_there)
        else:
            found.append((relation,))
    return tuple(found)


def clauses(tree: Tree, is_there: Callable[[Relation], bool]) -> list[Clause]:
    """Return a tree as clauses that all have to hold; conditions by what is there now."""
    if isinstance(tree, Relation):
        return [(tree,)]
    first, *others = tree.parts
    if tree.operator in ("if", "unless"):
        holds = holds_for(others[0], is_there) == (tree.operator == "if")
        chosen = first if holds else (others[1] if len(others) > 1 else None)
        return clauses(chosen, is_there) if chosen else []
    if tree.operator == "without":
        return clauses(first, is_there)
    parts = [clauses(part, is_there) for part in tree.parts]
    if tree.operator in ("and", "with"):
        return [clause for part in parts for clause in part]
    made: list[Clause] = [()]
    for part in parts:
        made = [(*a, *b) for a in made for b in part]
        if len(made) > _MOST_CLAUSES:
            raise MalformedError("a rich dependency that is too large", str(first))
    return made


def holds_for(tree: Tree, is_there: Callable[[Relation], bool]) -> bool:
    """Tell whether a tree holds."""
    if isinstance(tree, Relation):
        return is_there(tree)
    values = [holds_for(part, is_there) for part in tree.parts]
    if tree.operator == "or":
        return any(values)
    if tree.operator == "without":
        return values[0] and not values[1]
    if tree.operator in ("if", "unless"):
        holds = values[1] == (tree.operator == "if")
        return values[0] if holds else (values[2] if len(values) > 2 else True)
    return all(values)


def parsed(text: str) -> Tree:
    """Return a rich dependency; raise MalformedError for what is none."""
    tokens = list(_tokens(text))
    tree, rest = _tree(tokens, 0, text)
    if rest != len(tokens):
        raise MalformedError("no rich dependency", text[:80])
    return tree


def _tokens(text: str) -> Iterator[str]:
    """Yield parentheses that group, operators, names: those of a name, as `a(b)`, are its own."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif text[at] in "()":
            yield text[at]
            at += 1
        else:
            start, depth = at, 0
            while at < len(text) and not text[at].isspace() and (text[at] != ")" or depth):
                depth += {"(": 1, ")": -1}.get(text[at], 0)
                at += 1
            yield text[start:at]


def _tree(tokens: Sequence[str], at: int, text: str, depth: int = 0) -> tuple[Tree, int]:
    if depth > 20 or at >= len(tokens) or tokens[at] != "(":
        raise MalformedError("no rich dependency", text[:80])
    at += 1
    parts: list[Tree] = []
    operator = ""
    while at < len(tokens) and tokens[at] != ")":
        if tokens[at] in _OPERATORS and parts:
            operator = operator or tokens[at]
            at += 1
        elif tokens[at] == "(":
            tree, at = _tree(tokens, at, text, depth + 1)
            parts.append(tree)
        else:
            sign = _WRITTEN.get(tokens[at + 1], "") if at + 2 < len(tokens) else ""
            parts.append(Relation(tokens[at], "", sign, tokens[at + 2] if sign else ""))
            at += 3 if sign else 1
    if at >= len(tokens) or not parts:
        raise MalformedError("no rich dependency", text[:80])
    return (Rich(operator, tuple(parts)) if operator else parts[0]), at + 1


def required(fields: Element | None, kind: str) -> tuple[Relation, ...]:
    """Return the relations of an index; rich ones are told by their parenthesis."""
    return tuple(_entries(fields, kind))


def provided(
    fields: Element | None, files: Iterable[str], wanted: Collection[str], name: str, evr: str
) -> tuple[Relation, ...]:
    """Return what a package provides, files that are needed by somebody among it."""
    own = (by_name(Relation(name, "", "=", evr)),)
    paths = (Relation(path) for path in files if path in wanted)
    return (*own, *_entries(fields, "provides"), *paths)


def _entries(fields: Element | None, kind: str) -> Iterator[Relation]:
    block = (
        next((n for n in fields if n.tag.rpartition("}")[2] == kind), None)
        if fields is not None
        else None
    )
    for node in block if block is not None else ():
        sign = _SIGNS.get(node.get("flags", ""), "")
        version = nevra_version(node.get("epoch"), node.get("ver"), node.get("rel"))
        yield Relation(node.get("name", ""), "", sign if version else "", version)
