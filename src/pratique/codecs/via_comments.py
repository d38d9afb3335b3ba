"""Who needs a requirement, as pip-compile and uv write it into comments.

`# via flask`, or one a line below `# via`; `-r file`, a project or its file where it is asked for
itself; `-c file` where a constraint says something of it
(https://pip-tools.readthedocs.io, https://docs.astral.sh/uv/pip/compile).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.requirement import normalized, required_name

_REQUIREMENT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*+)(?:\[[^\]]*\])?\s*===?")
_VIA = re.compile(r"(?:^|\s)#\s+via\b[ \t]*(.*)")
_MORE = re.compile(r"\s+#\s{2,}(\S.*)")
_ITSELF = ""


def needed_by(text: str) -> dict[str, set[str]]:
    """Map normalized names to those that need them; an empty name where they are asked for.

    Nothing where there are no such comments; where there are, uv leaves them out of what a group
    of dependencies asks for.
    """
    found: dict[str, set[str]] = {}
    is_told = False
    for name, reason in _reasons(text):
        by = found.setdefault(name, set())
        if reason and not reason.startswith(("-c ", "--constraint")):
            is_told = True
            by.add(_needing(reason))
    # what is no requirement of this file is the project that it was made for
    return {
        name: {one if one in found else _ITSELF for one in by or (_ITSELF,)}
        for name, by in found.items()
        if is_told
    }


def _needing(reason: str) -> str:
    is_itself = reason.startswith("-") or "(" in reason or "/" in reason
    return _ITSELF if is_itself else required_name(reason)


def _reasons(text: str) -> Iterator[tuple[str, str]]:
    """Yield each requirement, with nothing, and then with each of its reasons."""
    name, is_open = "", False
    for line in text.splitlines():
        if requirement := _REQUIREMENT.match(line):
            name, is_open = normalized(requirement[1]), False
            yield name, ""
        elif not line[:1].isspace():
            name = "" if line[:1] != "#" else name  # a folder or an address, with its own reasons
        if via := _VIA.search(line):
            is_open = True
            reasons = via[1].split(", ") if "(" not in via[1] else [via[1]]
        elif is_open and (more := _MORE.match(line)):
            reasons = [more[1]]
        else:
            continue
        yield from ((name, reason.strip()) for reason in reasons if name and reason.strip())
