"""Variables in a Dockerfile: https://docs.docker.com/reference/dockerfile/#environment-replacement."""

from __future__ import annotations

import re
from collections.abc import Mapping

_VARIABLE = re.compile(
    r"\\\$|\$([A-Za-z_][A-Za-z0-9_]*)"
    r"|\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+?])((?:[^{}$]|\$\{[^{}$]*\}|\$)*))?\}"
)
_DEEPEST = 5


def expand(text: str, variables: Mapping[str, str], depth: int = 0) -> str:
    """Return a text with its variables replaced; those that are not known stay as they are.

    `${x:-default}`, `${x:+other}` and `${x:?message}` with and without the colon are understood;
    patterns (`${x#…}`, `${x/…}`) are not, and stay.
    """
    if "$" not in text or depth > _DEEPEST:
        return text

    def value(match: re.Match[str]) -> str:
        if match[0] == "\\$":
            return match[0]
        found = variables.get(match[1] or match[2])
        operator, word = match[3] or "", match[4] or ""
        is_set = found is not None and (bool(found) or not operator.startswith(":"))
        if operator.endswith("+"):
            return expand(word, variables, depth + 1) if is_set else ""
        if operator.endswith("-") and not is_set:
            return expand(word, variables, depth + 1)
        return match[0] if found is None else found

    return _VARIABLE.sub(value, text)
