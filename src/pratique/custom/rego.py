"""Checks in Rego as they are written for Trivy: rules `deny` of packages `user.*`.

Input is what Trivy gives: a Dockerfile's `Stages[].Commands[]`, or a Kubernetes object. `data.lib`
has the helpers for Dockerfiles and manifests; `result.new`, `isManaged` and `sh.parse_commands` are
there, the last without an eye for quotes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from pratique.codecs.located import documents
from pratique.custom.rego_interpreter import (
    FailedError,
    Interpreter,
    fault_of,
    helpers,
    reason_of,
)
from pratique.custom.rego_module import (
    Described,
    Module,
    described,
    read_module,
    unknown_calls,
    without_pairs,
)
from pratique.custom.subjects import LINES, Plain, plain
from pratique.errors import MalformedError
from pratique.model.check import Check, Failure
from pratique.model.inventory import Problem

_FOLDERS: Mapping[str, tuple[str, ...]] = {
    "dockerfile": ("dockerfile",), "kubernetes": ("kubernetes",), "helm": ("kubernetes",),
    "rbac": ("kubernetes",), "compose": ("compose",), "image": ("image",),
    "yaml": ("kubernetes", "compose"),
}  # fmt: skip
"""The words of selectors, and the folders of checks that they are for."""
_UNSELECTED = ("dockerfile", "kubernetes", "compose")
_MOST_KEPT = 5_000
_ANY_RESULT = "Rego check resulted in DENY"


def read_rego(
    files: Sequence[tuple[str, str]],
    data: Sequence[tuple[str, str]],
    namespaces: Sequence[str],
    problems: list[Problem],
) -> list[tuple[str, Check]]:
    """Return the checks of Rego files, given with their texts, each with the folder it is for.

    A file that cannot be loaded is a problem. Raises UsageError where the library is not installed.
    """
    modules = [module for file in files if (module := _module(*file, problems))]
    engine = _Engine(modules, _data(data, problems))
    found: list[tuple[str, Check]] = []
    for module in modules:
        root = module.package.partition(".")[0]
        if root in namespaces and module.rules and engine.is_sound(module, problems):
            found += _checks(module, engine, problems)
    if reason := engine.compiled():
        problems.append(Problem(f"the checks cannot be compiled together: {reason}", files[0][0]))
        return []
    if not found and not problems:
        where = ", ".join(path for path, _ in files)
        problems.append(Problem(f"no rule `deny` in a package of {', '.join(namespaces)}", where))
    return found


def _checks(
    module: Module, engine: _Engine, problems: list[Problem]
) -> Iterator[tuple[str, Check]]:
    selected = engine.value(f"data.{module.package}.__rego_input__")
    about = described(module, engine.value(f"data.{module.package}.__rego_metadata__"), selected)
    if selected.get("combine"):
        problems.append(Problem("`combine` is not supported: the check is not used", module.path))
        return
    folders = dict.fromkeys(f for word in about.types for f in _FOLDERS.get(word, ()))
    if about.types and not folders:
        kinds = ", ".join(about.types)
        problems.append(Problem(f"it is for {kinds}, of which nothing is judged", module.path))
    for folder in folders or (_UNSELECTED if not about.types else ()):
        yield folder, Check(
            about.id, about.title, about.why, about.severity, about.resolution,
            _judging(module, about, folder, engine), about.aliases, about.references,
            module.package,
        )  # fmt: skip


def _judging(
    module: Module, about: Described, folder: str, engine: _Engine
) -> Callable[[Any], Iterator[Failure]]:
    for rule in module.rules:
        engine.entry(_path(module, rule))

    def judge(value: Any) -> Iterator[Failure]:
        subject = engine.plain(folder, value)
        if subject is None or (about.kinds and subject.kind not in about.kinds):
            return
        for rule in module.rules:
            try:
                yield from map(_failure, _results(engine.answer(_path(module, rule), subject)))
            except FailedError as error:
                raise MalformedError(
                    f"{about.id}: `{rule}` cannot be evaluated: {error}", module.path
                ) from None

    return judge


def _path(module: Module, rule: str) -> str:
    return f"{module.package.replace('.', '/')}/{rule}"


class _Engine:
    """The interpreter with all checks in it; what is judged is given to it once for all of them."""

    def __init__(self, modules: Sequence[Module], data: Sequence[str]) -> None:
        self._interpreter = Interpreter(modules, data)
        self._entries: dict[str, None] = {}
        self._plains: dict[tuple[str, int], tuple[Any, Plain | None]] = {}
        self._packages = {module.package for module in modules} | set(helpers())

    def is_sound(self, module: Module, problems: list[Problem]) -> bool:
        """Tell whether all that a module calls and imports is there; what is not is a problem."""
        faults = [
            Problem(f"there is no function {name}", f"{module.path}:{line}")
            for line, name in unknown_calls(module, self._interpreter.is_builtin)
        ]
        for name in module.imports:
            package = name.removeprefix("data.")
            known = any(p == package or p.startswith(f"{package}.") or package.startswith(f"{p}.")
                        for p in self._packages)  # fmt: skip
            if package.startswith("lib.") and not known:
                faults.append(Problem(f"it imports {name}, which is not here", module.path))
        problems += faults
        return not faults

    def value(self, path: str) -> dict[str, Any]:
        """Return an object that needs no input; an empty one where there is none."""
        found = self._interpreter.value(path)
        return found if isinstance(found, dict) else {}

    def entry(self, path: str) -> None:
        self._entries[path] = None

    def compiled(self) -> str:
        """Compile the rules that were named; return what is wrong, if anything is."""
        return self._interpreter.compiled(list(self._entries)) if self._entries else ""

    def plain(self, folder: str, value: Any) -> Plain | None:
        kept = self._plains.get((folder, id(value)))
        if kept is None or kept[0] is not value:
            if len(self._plains) >= _MOST_KEPT:
                self._plains.clear()
            kept = self._plains[folder, id(value)] = value, plain(folder, value)
        return kept[1]

    def answer(self, path: str, subject: Plain) -> Any:
        """Return what a rule says of a subject; None where it says nothing."""
        return self._interpreter.answer(path, subject.located)


def _module(path: str, text: str, problems: list[Problem]) -> Module | None:
    """Return a module that the interpreter can load; None, and a problem, for another."""
    try:
        module = read_module(text, path)
    except MalformedError as error:
        problems.append(Problem(error.reason, error.where))
        return None
    fault = fault_of(module)
    if not fault:
        return module
    other = replace(module, source=without_pairs(module.source))
    if other != module and not fault_of(other):
        return other
    problems.append(Problem(f"no Rego: {reason_of(fault)}", _place(fault, path, module.source)))
    return None


def _data(files: Sequence[tuple[str, str]], problems: list[Problem]) -> list[str]:
    found = []
    for path, text in files:
        try:
            found += [json.dumps(d) for d in documents(text, path) if isinstance(d, dict)]
        except MalformedError as error:
            problems.append(Problem(f"data that is neither JSON nor YAML: {error.reason}", path))
    return found


def _place(text: str, path: str, source: str) -> str:
    """Return file and line of an error, which names the offset."""
    offset = re.search(r"\(error \d+:.*?\|(\d+)\|", text)
    if not offset:
        return path
    line = source.encode()[: int(offset[1])].count(b"\n") + 1
    return f"{path}:{line}"


def _results(answer: Any) -> Iterator[Any]:
    """Yield the members of a rule's value, which is a set mostly."""
    if answer is True:
        yield {"msg": _ANY_RESULT}
    elif isinstance(answer, list):
        for one in answer:
            yield from one if isinstance(one, list) else (one,)
    elif isinstance(answer, str | dict):
        yield answer


def _failure(result: Any) -> Failure:
    if not isinstance(result, dict):
        return Failure(str(result))
    lines = result.get(LINES)
    where = lines if isinstance(lines, dict) else result
    start, end = where.get("startline"), where.get("endline")
    start = start if isinstance(start, int) and not isinstance(start, bool) else 0
    return Failure(str(result.get("msg", "")), start, end if isinstance(end, int) else start)
