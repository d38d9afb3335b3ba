"""Habits of Dockerfiles that no check mends: who runs, what is sent to a build, what stays behind.

Only what is certain is written: a user that the base image has, a `.dockerignore` where there is
none. The rest is advised.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from pratique.codecs.dockerfile.build import Build, Stage
from pratique.codecs.dockerfile.images import reference
from pratique.model.check import Edit
from pratique.model.inventory import Inventory

_ROOT = ("root", "0")
_USERS = {"library/node": "node"}
"""Official images that have a user for applications, and run as root all the same."""
_IGNORED = (
    ".git", ".env", "*.pem", "*.key", ".ssh", ".aws", ".npmrc", ".pypirc", "node_modules", ".venv",
    "__pycache__", ".pytest_cache", ".mypy_cache", "target", ".terraform",
)  # fmt: skip
_TOOLS = {"gcc", "g++", "make", "cmake", "build-essential", "build-base", "musl-dev", "libc6-dev",
          "cargo", "rustc", "golang", "maven", "gradle", "git", "gcc-c++"}  # fmt: skip


def user(made: Build) -> Edit | None:
    """Return what lets the application's own user of the base run it; None where that is unknown.

    Ports below 1024 and files that were copied as root stand against it.
    """
    final = made.final
    base = reference(final.root)
    name = _USERS.get(base.repository, "") if base else ""
    started = [*final.all("CMD"), *final.all("ENTRYPOINT")]
    if not name or not started or _runs_as(final) or _needs_root(final):
        return None
    line = min(one.start for one in started)
    return Edit(line, line - 1, f"USER {name}" + ("\r" if _is_dos(made) else ""))


def ignored(made: Build, there: bool) -> str:  # noqa: FBT001 - whether there is one
    """Return a .dockerignore that leaves out what no COPY names; empty where none is needed."""
    copied = {word for stage in made.stages for one in stage.all("COPY", "ADD")
              if not any(key == "from" for key, _ in one.flags)
              for word in one.rest.split()[:-1]}  # fmt: skip
    if there or copied.isdisjoint({".", "./", "*"}):
        return ""
    named = {part for word in copied for part in posixpath.normpath(word).split("/")}
    return "".join(f"{one}\n" for one in _IGNORED if one not in named)


def advice(made: Build, inventory: Inventory, layers: int) -> Iterator[str]:
    """Yield what is worth doing by hand."""
    if _runs_as(made.final) in ("", *_ROOT) and user(made) is None:
        yield "it runs as root: make a user for it, and name it by USER"
    tools = sorted(_tools(inventory, layers))
    if tools:
        few = ", ".join(tools[:5]) + (f" and {len(tools) - 5} more" if len(tools) > 5 else "")
        yield f"build tools stay in the image ({few}): build in an earlier stage, COPY --from it"


def _tools(inventory: Inventory, layers: int) -> Iterable[str]:
    return {p.name for p in inventory.packages if p.introduced >= layers and p.name in _TOOLS}


def _runs_as(stage: Stage) -> str:
    return (stage.user or "").split(":")[0] if stage.last("USER") else ""


def _needs_root(stage: Stage) -> bool:
    ports = [word for one in stage.all("EXPOSE") for word in one.rest.split()]
    return any(port.partition("/")[0].isdigit() and int(port.partition("/")[0]) < 1024
               for port in ports)  # fmt: skip


def _is_dos(made: Build) -> bool:
    return bool(made.parsed.lines) and made.parsed.lines[0].endswith("\r")
