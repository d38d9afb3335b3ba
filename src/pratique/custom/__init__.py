"""Checks of the user's own: in CEL, one YAML file each, and in Rego, as they are written for Trivy.

What cannot be loaded is a problem with file, line and reason; what fails when it is carried out
raises MalformedError, which the runner makes a problem of. Neither ever counts as passed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from msgspec import Struct

from pratique.errors import MalformedError, UsageError
from pratique.model.check import Check
from pratique.model.inventory import Problem

_LARGEST = 1 << 20


class Found(Struct, frozen=True):
    """Checks, each with the folder of `pratique.checks` that it is one more of."""

    checks: tuple[tuple[str, Check], ...] = ()
    problems: tuple[Problem, ...] = ()


def read_checks(
    paths: Sequence[str], data: Sequence[str] = (), namespaces: Sequence[str] = ()
) -> Found:
    """Return the checks of files and folders.

    `data` are JSON and YAML files that checks in Rego read as `data`; `namespaces` the first words
    of packages of Rego that are checks, `user` where none is given. Raises UsageError for a path
    that is not there, and where the library for a language is not installed.
    """
    files = [file for path in paths for file in _files(path)]
    problems: list[Problem] = []
    checks: list[tuple[str, Check]] = []
    if cels := [file for file in files if file.endswith((".yaml", ".yml"))]:
        from pratique.custom.cel import read_cel  # noqa: PLC0415 - an extra

        for file in cels:
            try:
                checks += read_cel(_text(file), file)
            except MalformedError as error:
                problems.append(Problem(error.reason, error.where))
    if regos := [file for file in files if file.endswith(".rego")]:
        from pratique.custom.rego import read_rego  # noqa: PLC0415 - an extra

        known = [file for path in data for file in _files(path, (".json", ".yaml", ".yml"))]
        checks += read_rego(
            [(file, _text(file)) for file in regos], [(file, _text(file)) for file in known],
            namespaces or ("user",), problems,
        )  # fmt: skip
    if not files:
        problems.append(Problem("no check (.yaml, .rego) is there", ", ".join(paths)))
    return Found(tuple(_named_once(checks, problems)), tuple(problems))


def _files(path: str, endings: tuple[str, ...] = (".yaml", ".yml", ".rego")) -> Iterator[str]:
    if os.path.isfile(path):
        yield path
        return
    if not os.path.isdir(path):
        raise UsageError(f"{path}: no such file or folder of checks")
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            if name.endswith(endings) and not name.endswith("_test.rego"):
                yield os.path.join(folder, name)


def _text(path: str) -> str:
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > _LARGEST:
        raise UsageError(f"{path}: a check of more than {_LARGEST >> 20} MB")
    return data.decode("utf-8-sig", "replace")


def _named_once(
    checks: Sequence[tuple[str, Check]], problems: list[Problem]
) -> Iterator[tuple[str, Check]]:
    seen: set[tuple[str, str]] = set()
    for folder, check in checks:
        if (folder, check.name) in seen:
            problems.append(Problem(f"two own checks are called {check.name}", folder))
        else:
            seen.add((folder, check.name))
            yield folder, check
