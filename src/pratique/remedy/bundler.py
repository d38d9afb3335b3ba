"""Have Bundler lock newer gems, and the Gemfile allow them where it does not."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from pratique.errors import MalformedError, PratiqueError
from pratique.model.remedy import Bump, Project, Remedy

_GEMS = "https://rubygems.org"
_SOURCES = re.compile(r"(?ms)^GEM\r?\n(.*?)(?=^\S|\Z)")
_REMOTE = re.compile(r"(?m)^  remote: (https?://\S+)\r?$")
# 1.2.3 or 1.2.3-java, but no 1.2.3.rc1
_RELEASE = re.compile(r"(?m)^(\d+(?:\.\d+)*)(?:-\S+)? ")
_OF_GEM = 4
_LOCKED = re.compile(r"(?m)^( {4}| {6})([\w.-]+)!? \(([^)\n]*)\)")
_MANIFESTS = {"Gemfile.lock": "Gemfile", "gems.locked": "gems.rb"}
_REQUIREMENT = re.compile(r"((?:=|~>|>=)?\s*)\d+(?:\.\w+)*")


def _versions(project: Project, path: str, name: str) -> Sequence[str]:
    """Return what the sources of a lock have (the compact index of guides.rubygems.org); what was
    yanked is not listed there.
    """
    sections = _SOURCES.findall(project.text(path) or "")
    remotes = [url for section in sections for url in _REMOTE.findall(section)] or [_GEMS]
    refusal: PratiqueError | None = None
    found: dict[str, None] = {}
    for remote in dict.fromkeys(remotes):
        url = f"{remote.rstrip('/')}/info/{name}"
        try:
            said = project.fetch(url, "text/plain").decode("utf-8", "replace")
        except PratiqueError as error:
            refusal = error
            continue
        found |= dict.fromkeys(_RELEASE.findall(said))
    if not found and refusal:
        raise refusal
    return list(found)


def _apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
    """Lock the lowest that will do by a Gemfile that asks for it alone, then put the range back."""
    folder, name = posixpath.split(path)
    manifest = posixpath.join(folder, _MANIFESTS.get(name, "Gemfile"))
    text = project.text(manifest)
    bundle = project.tool("bundle")
    if text is None:
        raise MalformedError(f"there is no {posixpath.basename(manifest)} beside it", path)
    if not bundle:
        raise MalformedError("bundler is not here (or offline): its lock cannot be made")
    exact, kept = text, text
    for bump in bumps:
        exact, kept = _asking(exact, bump, exact=True), _asking(kept, bump, exact=False)
    named = _tied(project.text(path) or "", [bump.name for bump in bumps])
    environment = {"BUNDLE_GEMFILE": posixpath.basename(manifest), "BUNDLE_FROZEN": "false"}
    project.write(manifest, _also(exact, text, bumps))
    # said several times, the last --update alone would count
    words = [bundle, "lock", "--conservative", "--update", *named]
    project.run(words, folder, environment)
    project.write(manifest, kept)
    project.run([bundle, "lock"], folder, environment)
    yield from ()


def _tied(lock: str, names: Sequence[str]) -> list[str]:
    """Return gems with those that exact requirements tie to them: those of Rails move together."""
    ties: dict[str, set[str]] = {}
    of = ""
    for found in _LOCKED.finditer(lock):
        if len(found[1]) == _OF_GEM:
            of = found[2]
        elif found[3].startswith("= "):
            ties.setdefault(of, set()).add(found[2])
            ties.setdefault(found[2], set()).add(of)
    waiting, known = list(names), dict.fromkeys(names)
    while waiting:
        new = sorted(ties.get(waiting.pop(), set()) - known.keys())
        known |= dict.fromkeys(new)
        waiting += new
    return list(known)


def _asking(text: str, bump: Bump, *, exact: bool) -> str:
    """Change the requirement of a gem that a line asks for."""
    line = re.compile(rf"""(?m)^([ \t]*gem[ \t(]+(["']){re.escape(bump.name)}\2)(.*)$""")

    def change(found: re.Match[str]) -> str:
        rest = found[3]
        wanted = re.match(r"""(\s*,\s*(["']))([^"'\n]*)(\2|["'])""", rest)
        if not wanted or not _REQUIREMENT.fullmatch(wanted[3].strip()):
            if wanted and re.match(r"[<>~=!\d]", wanted[3]):
                raise MalformedError(f"{bump.name} is asked for as {wanted[3]}")
            return f"{found[1]}, '{bump.to}'{rest}" if exact else found[0]
        style = _REQUIREMENT.fullmatch(wanted[3].strip())
        put = bump.to if exact or style is None else _styled(style[1], wanted[3], bump.to)
        return found[1] + wanted[1] + put + rest[wanted.end(3) :]

    return line.sub(change, text)


def _styled(operator: str, was: str, to: str) -> str:
    """Return a version with the operator, and for `~>` as many numbers as there were."""
    if operator.strip() != "~>":
        return operator + to
    count = max(len(re.findall(r"\w+", was)), 2)
    return operator + ".".join(to.split(".")[:count])


def _also(text: str, before: str, bumps: Sequence[Bump]) -> str:
    """Ask for gems that no line names, while the lock is made."""
    unnamed = [
        bump
        for bump in bumps
        if not re.search(rf"""gem[ \t(]+["']{re.escape(bump.name)}["']""", before)
    ]
    lines = [f"gem '{bump.name}', '{bump.to}'\n" for bump in unnamed]
    return text.rstrip("\n") + "\n" + "".join(lines)


bundler = Remedy(
    "bundler", ("bundler",), ("Gemfile", "Gemfile.lock", "gems.rb", "gems.locked"),
    _versions, _apply,
)  # fmt: skip
