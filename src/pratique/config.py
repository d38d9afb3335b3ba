"""Options: each is a flag, an environment variable `PRATIQUE_…`, and a key of `pratique.yaml`.

A flag beats the environment, which beats the file, which beats the default.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from pratique.errors import UsageError
from pratique.model.settings import Settings
from pratique.options import OPTIONS, Option

FILE = "pratique.yaml"
_SECTIONS = ("ignore", "policy")
"""Keys of that file that are no options."""
SECTION = "license"
"""The key that is options and a policy on licences."""


def settings(
    flags: Mapping[str, Any], environment: Mapping[str, str], file: Mapping[str, Any]
) -> Settings:
    """Return the settings; raise UsageError naming the option whose value is nonsense."""
    chosen: dict[str, Any] = {}
    if SECTION in file:
        from pratique.licenses.policy import options_of, read_policy  # noqa: PLC0415 - 15 ms

        chosen["license_policy"] = read_policy(file[SECTION], FILE)
        file = {**options_of(file[SECTION]), **file}
    for option in OPTIONS:
        found = _find(option, flags, environment, file)
        if found is not None:
            where, value = found
            chosen[option.field] = _converted(option, value, where)
    return Settings(**chosen)


def read_file(path: str) -> dict[str, Any]:
    """Return the keys of a configuration file, dashes as underscores; its rules are not of them.

    Raises UsageError where it cannot be read, is no mapping, or has an unknown key. The default
    file may be absent.
    """
    if not path and not os.path.exists(FILE):
        return {}
    import yaml  # noqa: PLC0415 - 20 ms, only where there is a file

    try:
        with open(path or FILE, encoding="utf-8") as file:
            document = yaml.safe_load(file) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        reason = str(error).replace("\n", " ")
        raise UsageError(f"{path or FILE}: {reason}") from error
    if not isinstance(document, dict):
        raise UsageError(f"{path or FILE}: must be a mapping of option names to values")
    keys = {
        str(key).replace("-", "_"): value for key, value in document.items() if key not in _SECTIONS
    }
    if unknown := sorted(set(keys) - {SECTION, *(option.field for option in OPTIONS)}):
        raise UsageError(f"{path or FILE}: unknown key {unknown[0].replace('_', '-')!r}")
    return keys


def _find(
    option: Option,
    flags: Mapping[str, Any],
    environment: Mapping[str, str],
    file: Mapping[str, Any],
) -> tuple[str, Any] | None:
    if (flag := flags.get(option.field)) is not None:
        return option.flag, ",".join(flag) if isinstance(flag, list) else flag
    if option.variable in environment:
        return option.variable, environment[option.variable]
    if option.field in file:
        value = file[option.field]
        joined = ",".join(map(str, value)) if isinstance(value, list) else value
        return f"{FILE}: {option.field.replace('_', '-')}", joined
    return None


def _converted(option: Option, value: Any, where: str) -> Any:
    try:
        if not option.metavar:
            return value if isinstance(value, bool) else _boolean(str(value))
        return option.convert(str(value))
    except UsageError as error:
        raise UsageError(f"{where}: {error.message}") from None


def _boolean(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off", ""):
        return False
    raise UsageError(f"{text!r} is neither true nor false")
