"""A policy in Rego that says which findings are not to count, as Trivy's `--ignore-policy`."""

from __future__ import annotations

from typing import Any

from pratique.custom.rego_interpreter import FailedError, Interpreter, fault_of, reason_of
from pratique.custom.rego_module import read_module
from pratique.errors import MalformedError, UsageError

_PACKAGE = "trivy"
_RULE = f"{_PACKAGE}/ignore"
_LARGEST = 1 << 20


class Policy:
    """The rule `ignore` of the package `trivy`; its input is a finding as Trivy's JSON has it."""

    def __init__(self, path: str) -> None:
        """Raise UsageError where there is no such file, or it is no such policy."""
        try:
            with open(path, encoding="utf-8") as file:
                module = read_module(file.read(_LARGEST), path)
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: cannot be read: {error}") from error
        except MalformedError as error:
            raise UsageError(error.message) from error
        if module.package != _PACKAGE:
            raise UsageError(f"{path}: a policy to ignore is of package {_PACKAGE}")
        if fault := fault_of(module):
            raise UsageError(f"{path}: no Rego: {reason_of(fault)}")
        self._path = path
        self._interpreter = Interpreter([module])
        if fault := self._interpreter.compiled([_RULE]):
            raise UsageError(f"{path}: no Rego: {fault}")

    def ignores(self, finding: dict[str, Any]) -> bool:
        """Tell whether a finding is not to count; raise UsageError where that cannot be told."""
        try:
            return self._interpreter.answer(_RULE, finding) is True
        except FailedError as error:
            raise UsageError(f"{self._path}: cannot be evaluated: {error}") from error
