"""Run Rego (https://www.openpolicyagent.org/docs/policy-language) through the library regopy."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from pratique.custom.rego_module import Module
from pratique.errors import UsageError


class FailedError(Exception):
    """A rule that has no value for it cannot be evaluated; the message says why."""


class Interpreter:
    """Modules and data, with the helpers that modules for Trivy import."""

    def __init__(self, modules: Sequence[Module], data: Sequence[str] = ()) -> None:
        """`data`: JSON objects. Raises UsageError where the library is not installed."""
        self._interpreter = _new()
        self._given: Any = None
        self._bundle: Any = None
        for package, text in helpers().items():
            self._interpreter.add_module(f"{package}.rego", text)
        for module in modules:
            self._interpreter.add_module(module.path, module.source)
        for text in data:
            self._interpreter.add_data_json(text)

    def is_builtin(self, name: str) -> bool:
        return bool(self._interpreter.is_builtin(name))

    def value(self, query: str) -> Any:
        """Return a value that needs no input; None where there is none."""
        try:
            [result] = self._interpreter.query(query).results
        except (ValueError, _library().RegoError):
            return None
        return result.expressions[0] if result.expressions else None

    def compiled(self, entries: Sequence[str]) -> str:
        """Compile the rules that will be asked for; return what is wrong, if anything is.

        A query that is compiled each time takes ten times as long.
        """
        try:
            self._bundle = self._interpreter.build(None, list(entries))
        except _library().RegoError as error:
            return reason_of(str(error))
        return "" if self._bundle.ok() else "no reason is given"

    def answer(self, entry: str, given: Any) -> Any:
        """Return the value of a compiled rule for an input; None where it has none.

        Raises FailedError where it cannot be evaluated.
        """
        try:
            if self._given is not given:
                # not set_input(): it takes texts for escaped ones
                self._interpreter.set_input_term(json.dumps(given, default=str))
                self._given = given
            output = self._interpreter.query_bundle_entrypoint(self._bundle, entry)
        except json.JSONDecodeError as error:  # the library takes its own error for JSON
            raise FailedError(reason_of(error.doc)) from None
        except _library().RegoError as error:
            raise FailedError(reason_of(str(error))) from None
        if not output.ok():
            raise FailedError(reason_of(str(output)))
        found = output.results[0].expressions if output.results else None
        return found[0] if found else None


@cache
def _library() -> Any:
    with suppress(ImportError):
        # first: regopy has an allocator of its own, which frees what CEL's library allocates where
        # that is loaded after it
        from cel_expr_python import cel  # noqa: F401, PLC0415
    try:
        import regopy  # noqa: PLC0415 - an extra
        from regopy import rego_shared  # noqa: PLC0415
    except ImportError:
        raise UsageError("Rego needs the library regopy", "pip install 'pratique[rego]'") from None
    regopy.RegoError = rego_shared.RegoError
    regopy.LogLevel = rego_shared.LogLevel
    return regopy


@cache
def helpers() -> dict[str, str]:
    """Return the modules that checks for Trivy may import, by their packages."""
    folder = os.path.join(os.path.dirname(__file__), "lib")
    found = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".rego"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = file.read()
            package = re.search(r"^package ([\w.]+)", text, re.MULTILINE)
            found[package[1] if package else name] = text
    return found


def fault_of(module: Module) -> str:
    """Return what the interpreter says against a module; empty where it takes it."""
    interpreter = _new()
    try:
        interpreter.add_module(module.path, module.source)
    except _library().RegoError as error:
        return str(error)
    return ""


def _new() -> Any:
    interpreter = _library().Interpreter()
    interpreter.log_level = _library().LogLevel.NONE
    return interpreter


def reason_of(text: str) -> str:
    """Return the words of an error of the library, which are nested in its syntax tree."""
    found = re.findall(r"\(errormsg \d+:([^\n]*?)\)\n", text)
    return "; ".join(dict.fromkeys(found)) or "values conflict, or are of a wrong type"
