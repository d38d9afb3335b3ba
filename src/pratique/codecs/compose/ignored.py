"""Tell whether Git leaves a file out, so that it is on this machine alone (gitignore(5))."""

from __future__ import annotations

import fnmatch
import posixpath

from pratique.codecs.compose.service import Project


def is_ignored(project: Project, path: str) -> bool:
    """Ask the `.gitignore` beside the Compose file and those above it, up to the root.

    Patterns are matched against the file and the folders that it is in; negated ones are not read.
    """
    above = posixpath.dirname(project.path).split("/") if "/" in project.path else []
    path = posixpath.normpath(path)
    for level in range(len(above) + 1):
        rules = project.read("../" * level + ".gitignore") or ""
        name = posixpath.join(*above[len(above) - level :], path)
        if any(_matches(rule.strip(), name) for rule in rules.splitlines()):
            return True
    return False


def _matches(rule: str, path: str) -> bool:
    if not rule or rule.startswith(("#", "!")):
        return False
    anchored = "/" in rule.rstrip("/")
    parts = path.split("/")
    heads = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    pattern = rule.strip("/")
    return any(fnmatch.fnmatch(one, pattern) for one in (heads if anchored else parts))
