"""Have cargo lock newer crates, and Cargo.toml allow them where it does not."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from msgspec import DecodeError, Struct, ValidationError
from msgspec.json import Decoder

from pratique.errors import MalformedError
from pratique.model.remedy import Bump, Project, Remedy

_INDEX = "https://index.crates.io"
_MEMBERS = re.compile(r"(?ms)^\s*members\s*=\s*\[(.*?)\]")
_MOST_MEMBERS = 200


class _Release(Struct):
    vers: str
    yanked: bool = False


_RELEASE = Decoder(_Release)


def _versions(project: Project, _path: str, name: str) -> Sequence[str]:
    """Return what the index of crates.io has
    (https://doc.rust-lang.org/cargo/reference/registry-index.html).
    """
    low = name.lower()
    folder = str(len(low)) if len(low) < 3 else f"3/{low[0]}" if len(low) == 3 else (
        f"{low[:2]}/{low[2:4]}")  # fmt: skip
    data = project.fetch(f"{_INDEX}/{folder}/{low}", "text/plain")
    try:
        found = [_RELEASE.decode(line) for line in data.splitlines() if line.strip()]
    except (DecodeError, ValidationError) as error:
        raise MalformedError(f"the index of crates says nonsense of {name}: {error}") from error
    return [one.vers for one in found if not one.yanked]


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    """Try the lock alone first; a manifest is changed where it does not allow the version."""
    if not (cargo := project.tool("cargo")):
        raise MalformedError("cargo is not here (or offline): Cargo.lock cannot be made")
    folder = posixpath.dirname(path)
    for bump in bumps:
        for installed in bump.installed:
            words = [cargo, "update", "--quiet", "-p", f"{bump.name}@{installed}",
                     "--precise", bump.to]  # fmt: skip
            try:
                project.run(words, folder)
            except MalformedError:
                if not _allowed(project, folder, bump):
                    raise
                project.run(words, folder)
    yield from ()


def _allowed(project: Project, folder: str, bump: Bump) -> bool:
    """Let manifests ask for the new version; tell whether any of them names the crate."""
    requirement = re.compile(
        rf'(?m)^([ \t]*{re.escape(bump.name)}[ \t]*=[ \t]*(?:\{{[^}}\n]*?\bversion[ \t]*=[ \t]*)?")'
        rf'([=^~]?)[\d.]+(?:-[\w.]+)?(?=")'
    )
    changed = False
    for place in _manifests(project, folder):
        text = project.text(place) or ""
        new = requirement.sub(rf"\g<1>\g<2>{bump.to}", text)
        if new != text:
            project.write(place, new)
            changed = True
    return changed


def _manifests(project: Project, folder: str) -> list[str]:
    root = posixpath.join(folder, "Cargo.toml")
    found = _MEMBERS.search(project.text(root) or "")
    members = re.findall(r'"([^"*]+)"', found[1])[:_MOST_MEMBERS] if found else []
    return [root, *(posixpath.join(folder, member, "Cargo.toml") for member in members)]


cargo = Remedy("cargo", ("cargo",), ("Cargo.toml", "Cargo.lock"), _versions, _apply)
