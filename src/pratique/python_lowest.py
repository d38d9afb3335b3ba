"""Ask uv for the lowest versions of Python packages that go together."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from pratique.codecs.requirement import normalized, pinned
from pratique.errors import MalformedError
from pratique.model.remedy import Bump, Project

_SCRATCH = ".pratique-lowest"


def lowest(project: Project, folder: str, wanted: Iterable[str]) -> dict[str, str]:
    """Return the versions of all packages, by normalized name, the lowest of those that are wanted.

    `wanted` are requirements (PEP 508). Nothing where they do not go together, or uv is not here.
    """
    if not (words := compiling(project)):
        return {}
    words = [*words, "--no-annotate", "--resolution", "lowest-direct", _SCRATCH]
    project.write(posixpath.join(folder, _SCRATCH), "".join(f"{line}\n" for line in wanted))
    try:
        found = project.run(words, folder)
    except MalformedError:
        return {}
    pins = (pinned(line) for line in found.splitlines())
    return {normalized(pin[0]): pin[1] for pin in pins if pin}


def compiling(project: Project) -> list[str]:
    """Return the words that have uv resolve a file; none where it is not here."""
    uv = project.tool("uv")
    binary = [] if project.may_build else ["--only-binary", ":all:"]
    return [uv, "pip", "compile", "--no-header", *binary] if uv else []


def raised(
    project: Project, path: str, bump: Bump, direct: Mapping[str, str], loose: Iterable[str]
) -> dict[str, str]:
    """Return the lowest versions of direct packages that go with a bump, where they are others.

    `direct` are those of the project as they are, `loose` the names that may move.
    """
    free = {normalized(name) for name in loose}
    wanted = [
        f"{name}{'>=' if normalized(name) in free else '=='}{version}"
        for name, version in direct.items() if normalized(name) != normalized(bump.name)
    ]  # fmt: skip
    found = lowest(project, posixpath.dirname(path), [*wanted, f"{bump.name}=={bump.to}"])
    return {
        name: to for name, version in direct.items()
        if normalized(name) in free and (to := found.get(normalized(name), version)) != version
    }  # fmt: skip
