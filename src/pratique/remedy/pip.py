"""Change the pins of requirements files, their hashes, and the constraints that they name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pratique.codecs.requirement import normalized, pinned
from pratique.errors import MalformedError
from pratique.model.remedy import Bump, Project, Remedy
from pratique.python_index import files_of, pip, released
from pratique.python_lowest import compiling, lowest

_LOGICAL = re.compile(r"(?m)^(?:[^\n]*\\\r?\n)*[^\n]*(?:\n|\Z)")
_CONTINUED = re.compile(r"\\\r?\n")
_PIN = re.compile(r"(\s*[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\]\s*)?\(?[^;#]*?===?\s*)([\w.+!-]+)")
_HASHES = re.compile(r"--hash[=\s]\s*[^\s\\]+(?:([\s\\]+)--hash[=\s]\s*[^\s\\]+)*")
_VIA = re.compile(r"(?m)^\s+#\s+via\b")
_HASH = re.compile(r"([\s\\]+)--hash")
_INCLUDE = re.compile(r"(?m)^\s*(?:-[rc]|--requirement|--constraint)[=\s]*([^\s#]+)")
_MOST_FILES = 50
_WHEELS = "no usable wheels"
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    """Change the pins, then ask pip or uv whether all goes together."""
    to = {normalized(bump.name): bump.to for bump in bumps}
    before = _files(project, path)
    if not _put_pins(project, before, to):
        raise MalformedError("no line pins it", path)
    words = _resolver(project)
    if not words:
        yield "not checked that the versions go together"
        return
    folder, name = posixpath.split(path)
    if not (refused := _refusal(project, [*words, name], folder)):
        yield from _completed(project, path)
        return
    raised = {} if _WHEELS in refused else _raised(project, path, before, to)
    if raised:
        yield from _completed(project, path)
        yield "also raised, for these need it: " + ", ".join(map("{0[0]} {0[1]}".format,
                                                                 raised.items()))  # fmt: skip
        return
    _put(project, before)
    if _WHEELS not in refused and not _refusal(project, [*words, name], folder):
        raise MalformedError(refused)
    _put_pins(project, before, to)
    yield f"not checked that the versions go together: {refused}"


def _completed(project: Project, path: str) -> Iterator[str]:
    """Add what a file of hashes, or one that was compiled, lacks now: it names all or none."""
    text = project.text(path) or ""
    hashes = ["--generate-hashes"] if _HASH.search(text) else []
    words = compiling(project)
    if not words or not (hashes or _VIA.search(text)):
        return
    named = {normalized(pin[0]) for one in _files(project, path).values() for pin in _pins(one)}
    folder, name = posixpath.split(path)
    found = project.run([*words, *hashes, "--no-emit-index-url", name], folder)
    missing = [block for block in _logical(found) if (pin := pinned(_CONTINUED.sub(" ", block)))
               and normalized(pin[0]) not in named]  # fmt: skip
    if missing:
        project.write(path, _inserted(text, missing))
        names = ", ".join(block.split("==")[0] for block in missing)
        yield f"needed now, and added: {names}"


def _logical(text: str) -> list[str]:
    """Return the lines of a file, each with the comments that are indented below it."""
    found: list[str] = []
    for match in _LOGICAL.finditer(text):
        if found and match[0].startswith((" ", "\t")) and match[0].lstrip().startswith("#"):
            found[-1] += match[0]
        elif match[0]:
            found.append(match[0])
    return found


def _inserted(text: str, blocks: Sequence[str]) -> str:
    """Put lines where they are by the alphabet, after all else if that is not its order."""
    lines = _logical(text if text.endswith("\n") or not text else text + "\n")
    for block in blocks:
        name = normalized(block.split("==")[0])
        pins = ((i, pinned(_CONTINUED.sub(" ", line))) for i, line in enumerate(lines))
        later = (i for i, pin in pins if pin and normalized(pin[0]) > name)
        lines.insert(next(later, len(lines)), block if block.endswith("\n") else block + "\n")
    return "".join(lines)


def _pins(text: str) -> list[tuple[str, str]]:
    lines = (_CONTINUED.sub(" ", match[0]) for match in _LOGICAL.finditer(text))
    return [pin for line in lines if not line.lstrip().startswith("#") and (pin := pinned(line))]


def _put_pins(project: Project, before: Mapping[str, str], to: Mapping[str, str]) -> bool:
    changed = {one: _edited(project, text, to) for one, text in before.items()}
    _put(project, {one: text for one, text in changed.items() if text != before[one]})
    return changed != before


def _refusal(project: Project, words: Sequence[str], folder: str) -> str:
    """Return why versions do not go together; empty where they do."""
    try:
        project.run(words, folder)
    except MalformedError as error:
        return error.reason
    return ""


def _raised(
    project: Project, path: str, before: Mapping[str, str], to: Mapping[str, str]
) -> dict[str, str]:
    """Raise other pins as little as lets all go together, those alone that uv's complaints name.

    Return what was raised; nothing, with the pins as they were put, where that does not help.
    """
    folder, name = posixpath.split(path)
    found = lowest(project, folder, (n + v for n, v in _relaxed(before.values(), to).items()))
    raised: dict[str, str] = {}
    while found and (refused := _refusal(project, [*compiling(project), name], folder)):
        named = {normalized(word) for word in _NAME.findall(refused)}
        more = {n: v for n, v in found.items() if n in named and n not in to and n not in raised}
        if _WHEELS in refused or not more:
            return raised if _WHEELS in refused else {}
        raised |= more
        _put_pins(project, before, {**raised, **to})
    return raised


def _relaxed(texts: Iterable[str], to: Mapping[str, str]) -> dict[str, str]:
    """Return what is pinned as `==` where it is to change, and as `>=` where it may."""
    named = {normalized(name): version for text in texts for name, version in _pins(text)}
    return {name: f"=={to[name]}" if name in to else f">={version}"
            for name, version in named.items()}  # fmt: skip


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


def _put(project: Project, texts: Mapping[str, str]) -> None:
    for path, text in texts.items():
        project.write(path, text)


def _resolver(project: Project) -> list[str]:
    """Return what resolves a file; it builds nothing of a package unless that is allowed."""
    if words := compiling(project):
        return words
    if not (words := pip(project)):
        return []
    binary = [] if project.may_build else ["--only-binary", ":all:"]
    return [*words, "install", "--dry-run", "--quiet", "--ignore-installed", "--no-input",
            "--disable-pip-version-check", *binary, "-r"]  # fmt: skip


requirements = Remedy("pip", ("pip",), ("*.txt", "*.in"), released, _apply)
