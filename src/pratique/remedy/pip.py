"""Change the pins of requirements files, their hashes, and the constraints that they name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from pratique.codecs.requirement import normalized, pinned
from pratique.errors import MalformedError
from pratique.model.remedy import Bump, Project, Remedy
from pratique.python_index import files_of, pip, released

_LOGICAL = re.compile(r"(?m)^(?:[^\n]*\\\r?\n)*[^\n]*(?:\n|\Z)")
_CONTINUED = re.compile(r"\\\r?\n")
_PIN = re.compile(r"(\s*[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\]\s*)?\(?[^;#]*?===?\s*)([\w.+!-]+)")
_HASHES = re.compile(r"--hash[=\s]\s*[^\s\\]+(?:([\s\\]+)--hash[=\s]\s*[^\s\\]+)*")
_HASH = re.compile(r"([\s\\]+)--hash")
_INCLUDE = re.compile(r"(?m)^\s*(?:-[rc]|--requirement|--constraint)[=\s]*([^\s#]+)")
_MOST_FILES = 50


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    """Change the pins, then ask pip or uv whether all goes together."""
    to = {normalized(bump.name): bump.to for bump in bumps}
    changed = {}
    for one, text in _files(project, path).items():
        edited = _edited(project, text, to)
        if edited != text:
            changed[one] = text
            project.write(one, edited)
    if not changed:
        raise MalformedError("no line pins it", path)
    yield from _resolved(project, path, changed)


def _files(project: Project, path: str) -> dict[str, str]:
    """Return a requirements file, what it includes, and what it was compiled from."""
    found: dict[str, str] = {}
    waiting = [path, path.removesuffix(".txt") + ".in"]
    while waiting and len(found) < _MOST_FILES:
        one = waiting.pop(0)
        text = None if one in found else project.text(one)
        if text is None:
            continue
        found[one] = text
        folder = posixpath.dirname(one)
        named = (posixpath.normpath(posixpath.join(folder, i)) for i in _INCLUDE.findall(text))
        waiting += [name for name in named if "://" not in name and not name.startswith("..")]
    return found


def _edited(project: Project, text: str, to: Mapping[str, str]) -> str:
    parts = []
    for match in _LOGICAL.finditer(text):
        line = match[0]
        pin = None if line.lstrip().startswith("#") else pinned(_CONTINUED.sub(" ", line))
        if pin and (version := to.get(normalized(pin[0]))) and version != pin[1]:
            start, end = found.span(2) if (found := _PIN.match(line)) else (0, 0)
            line = _rehashed(project, line[:start] + version + line[end:], pin[0], version)
        parts.append(line)
    return "".join(parts)


def _rehashed(project: Project, line: str, name: str, version: str) -> str:
    """Put the digests of all files of a version where those of another are."""
    if not (found := _HASHES.search(line)):
        return line
    if not (before := _HASH.search(line)):
        return line
    digests = sorted({f.sha256 for f in files_of(project, name) if f.version == version})
    if not all(digests) or not digests:
        raise MalformedError(f"the index has no digests of {name} {version}")
    between = found[1] or before[1]
    put = between.join(f"--hash=sha256:{digest}" for digest in digests)
    return line[: found.start()] + put + line[found.end() :]


def _resolved(project: Project, path: str, before: Mapping[str, str]) -> Iterator[str]:
    """Raise MalformedError where pip finds a conflict that the change made."""
    words = _resolver(project)
    if not words:
        yield "not checked that the versions go together"
        return
    folder, name = posixpath.split(path)
    try:
        project.run([*words, name], folder)
    except MalformedError as refused:
        after = {one: project.text(one) or "" for one in before}
        _put(project, before)
        try:
            project.run([*words, name], folder)
        except MalformedError:
            _put(project, after)
            yield f"not checked that the versions go together: {refused.reason}"
            return
        raise


def _put(project: Project, texts: Mapping[str, str]) -> None:
    for path, text in texts.items():
        project.write(path, text)


def _resolver(project: Project) -> list[str]:
    """Return what resolves a file without building or running anything of a package."""
    if uv := project.tool("uv"):
        return [uv, "pip", "compile", "--quiet", "--no-header", "--only-binary", ":all:",
                "--output-file", "-"]  # fmt: skip
    if not (words := pip(project)):
        return []
    return [*words, "install", "--dry-run", "--quiet", "--ignore-installed", "--no-input",
            "--disable-pip-version-check", "--only-binary", ":all:", "-r"]  # fmt: skip


requirements = Remedy("pip", ("pip",), ("*.txt", "*.in"), released, _apply)
