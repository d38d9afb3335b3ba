"""Read what a Rego file says of itself, without running it: OPA's METADATA, Trivy's rules in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct

from pratique.codecs.located import Map, documents
from pratique.errors import MalformedError
from pratique.model.advisory import SEVERITIES

_PACKAGE = re.compile(r"^package\s+([\w.]+(?:\[\"[^\"]+\"\])*)", re.MULTILINE)
_RULE = re.compile(r"^(deny|deny_\w+)\b", re.MULTILINE)
_IMPORT = re.compile(r"^import\s+(data\.[\w.]+)(?:\s+as\s+(\w+))?", re.MULTILINE)
_CALL = re.compile(r"(?<![\w.\"])([A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*)\(")
_DEFINED = re.compile(r"^(?:default\s+)?([A-Za-z_]\w*)", re.MULTILINE)
_WORDS = frozenset({"if", "in", "not", "some", "every", "contains", "with", "as", "else", "and"})
_TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|#[^\n]*')
_PAIR = re.compile(
    r"\bsome\s+(\w+),\s*(\w+)\s+in\s+([A-Za-z_][\w.]*(?:\[[^\[\]\n]*\][\w.]*)*)(?!\()"
)
_TRIVYS = (("result.new", "data.pratique.result_new"), ("isManaged", "data.pratique.is_managed"),
           ("sh.parse_commands", "data.pratique.shell_commands"),
           ("sprintf", "data.pratique.text"))  # fmt: skip
_OLD_SET = re.compile(r"^([A-Za-z_]\w*)\[(.+)\]\s*\{", re.MULTILINE)
"""`deny[x] {`, the form of Rego before 1.0, which the interpreter takes for an object."""


class Module(Struct, frozen=True):
    """A Rego file."""

    path: str
    package: str
    source: str
    """With Trivy's functions called by the names that ours have."""
    rules: tuple[str, ...]
    """The rules whose results are failures: `deny`, `deny_x`, as for Trivy."""
    metadata: dict[str, Any]
    """Of the package, in OPA's form; empty where the file has none."""
    imports: tuple[str, ...]


def read_module(text: str, path: str) -> Module:
    """Return what a Rego file says of itself; raise MalformedError where it has no package."""
    bare = _TEXT.sub(lambda m: '""' if m[0][0] in '"`' else "", text)
    match = _PACKAGE.search(text)
    if not match:
        raise MalformedError("no Rego: it has no `package`", path)
    return Module(
        path, match[1], _with_our_names(text), tuple(dict.fromkeys(_RULE.findall(bare))),
        _metadata(text[: match.start()], path),
        tuple(name for name, _ in _IMPORT.findall(bare)),
    )  # fmt: skip


def unknown_calls(module: Module, is_builtin: Callable[[str], bool]) -> Iterator[tuple[int, str]]:
    """Yield the line and name of each function that is called and is nowhere defined."""
    bare = _TEXT.sub(_blanked, module.source)
    defined = set(_DEFINED.findall(bare))
    aliases = {alias or name.rpartition(".")[2] for name, alias in _IMPORT.findall(bare)}
    seen: set[str] = set()
    for match in _CALL.finditer(bare):
        name = match[1]
        root = name.partition(".")[0]
        if name in seen or root in aliases or root in ("data", "input") or name in _WORDS:
            continue
        seen.add(name)
        if name not in defined and not is_builtin(name):
            yield bare.count("\n", 0, match.start()) + 1, name


def without_pairs(source: str) -> str:
    """Return a source in which `some k, v in x` is `some k; v := x[k]`.

    The interpreter takes the comma for one of a list, where that stands in a comprehension.
    """
    return _PAIR.sub(
        lambda m: (
            f"some {m[2]} in {m[3]}" if m[1] == "_" else f"some {m[1]}; {m[2]} = {m[3]}[{m[1]}]"
        ),
        source,
    )


def _blanked(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _with_our_names(text: str) -> str:
    """Return a source in which functions that Trivy adds to Rego are called by our names.

    So is `sprintf`, which puts quotes around some texts in this interpreter.
    """
    imports_result = any(
        (alias or name.rpartition(".")[2]) == "result" for name, alias in _IMPORT.findall(text)
    )
    for theirs, ours in _TRIVYS:
        if theirs == "result.new" and imports_result:
            continue
        text = re.sub(rf"(?<![\w.]){re.escape(theirs)}\(", f"{ours}(", text)
    return _OLD_SET.sub(r"\1 contains \2 if {", text)


def _metadata(head: str, path: str) -> dict[str, Any]:
    """Return the METADATA above the package; other comments may stand between."""
    lines = head.split("\n")
    starts = [at for at, line in enumerate(lines) if re.fullmatch(r"#\s*METADATA\s*", line)]
    if not starts:
        return {}
    block: list[str] = []
    for line in lines[starts[0] + 1 :]:
        if not line.startswith("#"):
            break
        block.append(re.sub(r"^#\s?", "", line, count=1))
    try:
        for value in documents("\n".join(block), path):
            if isinstance(value, Map):
                return dict(value)
    except MalformedError as error:
        raise MalformedError(f"its METADATA is no YAML: {error.reason}", path) from error
    return {}


class Described(Struct, frozen=True):
    """What a check is called, and what it is for."""

    id: str
    title: str
    why: str
    severity: str
    resolution: str
    aliases: tuple[str, ...]
    references: tuple[str, ...]
    types: tuple[str, ...]
    """The kinds of configuration that it is for; empty for all."""
    kinds: frozenset[str]
    """The kinds of Kubernetes objects, in small letters; empty for all."""


def described(module: Module, older: dict[str, Any], older_input: dict[str, Any]) -> Described:
    """Return what a module says of itself.

    `older` and `older_input` are its `__rego_metadata__` and `__rego_input__`.
    """
    custom = _map(module.metadata.get("custom")) or older
    selectors = _maps(_map(custom.get("input")).get("selector")) or _maps(
        older_input.get("selector")
    )  # fmt: skip
    subtypes = [sub for one in selectors for sub in _maps(one.get("subtypes"))]
    severity = _text(custom.get("severity")).upper()
    id = _text(custom.get("id")) or _text(custom.get("avd_id")) or module.package
    return Described(
        id,
        _text(module.metadata.get("title")) or _text(older.get("title")) or id,
        _text(module.metadata.get("description")) or _text(older.get("description")),
        severity if severity in SEVERITIES else "UNKNOWN",
        _text(custom.get("recommended_actions")) or _text(custom.get("recommended_action")),
        tuple(x for x in (_text(custom.get("avd_id")), _text(custom.get("short_code")),
                          *_texts(custom.get("aliases"))) if x and x != id),
        tuple(_references(module.metadata.get("related_resources"))),
        tuple(dict.fromkeys(_text(one.get("type")) for one in selectors)),
        frozenset(_text(sub.get("kind")).lower() for sub in subtypes if sub.get("kind")),
    )  # fmt: skip


def _references(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else ():
        found = one.get("ref") if isinstance(one, dict) else one
        if isinstance(found, str):
            yield found


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _maps(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> Iterable[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else ()


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
