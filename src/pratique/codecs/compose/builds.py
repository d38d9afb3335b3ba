"""What a service is built by."""

from __future__ import annotations

import posixpath
import re

from pratique.codecs.located_values import Map, Value

_REMOTE = re.compile(r"^(?:\w+://|git@|github\.com/|oci:)")


def is_remote(path: str) -> bool:
    """Tell a repository or an artifact from a path."""
    return bool(_REMOTE.match(path))


def dockerfile_of(service: Map) -> str:
    """Return the path of the Dockerfile that builds a service; empty where that is not here."""
    build = service.get("build")
    context: Value = build.get("context", ".") if isinstance(build, Map) else build
    named: Value = build.get("dockerfile") if isinstance(build, Map) else None
    if not isinstance(context, str) or is_remote(context) or "$" in context:
        return ""
    file = named if isinstance(named, str) else "Dockerfile"
    return posixpath.join(context, file)
