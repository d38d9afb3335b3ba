"""Change package.json files as text: ranges in their style, and what overrides the rest."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence

from msgspec import json

from pratique.codecs.json_members import edited, objects
from pratique.codecs.node_locked import Locked
from pratique.codecs.npm_range import allows
from pratique.errors import MalformedError
from pratique.model.remedy import Bump, Project

_SECTIONS = ("dependencies", "devDependencies", "optionalDependencies")
_RANGE = re.compile(r"([\^~]?=?v?)\d+\.\d+\.\d+(?:[-+][\w.+-]+)?")
_LOOSE = re.compile(r"[\d.xX* |<>=^~-]*|latest|catalog:.*")
_LAST = re.compile(r"(\s*)\}\s*\Z")
_FINISHED = re.compile(r"\d+\.\d+\.\d+")


def beside(project: Project, lock: str, folders: Iterable[str]) -> dict[str, str]:
    """Return the package.json of a lock file's folder, and those of folders below, by path.

    Raises MalformedError where the first is not there, or a folder is outside of the project.
    """
    folder = posixpath.dirname(lock)
    paths = [posixpath.normpath(posixpath.join(folder, one, "package.json"))
             for one in ("", *folders)]  # fmt: skip
    if outside := next((path for path in paths if path.startswith(("/", "../"))), ""):
        raise MalformedError(
            f"{posixpath.dirname(outside)!r} is outside of the project; fix a folder that has both",
            lock,
        )
    found = {path: text for path in paths if (text := project.text(path)) is not None}
    if paths[0] not in found:
        raise MalformedError("there is no package.json beside it", lock)
    return found


def ranged(text: str, bump: Bump, ranges: dict[str, str], *, exact: bool = False) -> str:
    """Put a version in the place of another, in the same style; note the ranges that there were.

    A range that allows for it stays, and one of a version that is not to be changed; with `exact`
    the version alone is put in its place. An alias (`npm:name@range`) is a range of its own.
    """
    name = re.escape(bump.name)
    member = re.compile(
        rf'("{name}"\s*:\s*"(?:npm:(?:{name}@|(?=[\d^~])))?|"[^"]+"\s*:\s*"npm:{name}@)([^"]*)(?=")'
    )

    def version(found: re.Match[str]) -> str:
        was = found[2]
        plain = _RANGE.fullmatch(was)
        if plain and not _is_of(was, bump.installed):
            return found[0]
        ranges[bump.name] = was
        if plain:
            return found[1] + ("" if exact else plain[1]) + bump.to
        if not _LOOSE.fullmatch(was):
            raise MalformedError(f"{bump.name} is asked for as {was}")
        return found[1] + (bump.to if exact and ":" not in was else was)

    return edited(text, _SECTIONS, lambda inside: member.sub(version, inside))


def _is_of(written: str, installed: Iterable[str]) -> bool:
    """Tell whether a range is what asks for one of some versions, as far as that is known."""
    return any(not _FINISHED.fullmatch(one) or allows(written, one) for one in installed)


def overriding(text: str, members: Sequence[str], bumps: Sequence[Bump], below: str = "") -> str:
    """Return the text with entries that override what is asked for elsewhere.

    `members` lead to the object that has them: `overrides`, `resolutions`, `pnpm` and `overrides`.
    Where other versions of a package are to stay, the entries are for what needs the flawed one
    alone: `{parent}` and `{name}` in `below` are a key, without it there is an object for each.
    """
    names = [bump.name for bump in bumps]
    for bump in bumps:
        to = f"^{bump.to}"
        if not (bump.beside or names.count(bump.name) > 1) or not bump.needed_by:
            text = with_entry(text, members, bump.name, to)
            continue
        for parent in bump.needed_by:
            if below:
                key = below.format(parent=parent, name=bump.name)
                text = with_entry(text, members, key, to)
            else:
                text = with_entry(text, (*members, parent), bump.name, to)
    return text


def effective(path: str, locked: Iterable[Locked], overridden: Sequence[Bump]) -> None:
    """Raise MalformedError where a lock file made anew has all that was to be overridden."""
    there = {(one.name, one.version) for one in locked}
    for bump in overridden:
        if there.issuperset((bump.name, version) for version in bump.installed):
            raise MalformedError(f"an override of {bump.name} changes nothing", path)


def with_entry(text: str, members: Sequence[str], key: str, value: str, depth: int = 1) -> str:
    """Return the text with a member of an object, with the indentation that the file has."""
    newline = "\r\n" if "\r\n" in text else "\n"
    indent = found[1] if (found := re.search(r'\n([ \t]+)"', text)) and depth == 1 else "  "
    quoted, to = json.encode(key).decode(), json.encode(value).decode()
    member = re.compile(rf"({re.escape(quoted)}\s*:\s*)\"[^\"]*\"")
    for start, end in objects(text, members[:1]):
        inside = text[start:end]
        if members[1:]:
            inner = with_entry("{" + inside + "}", members[1:], key, value, depth + 1)[1:-1]
            return text[:start] + inner + text[end:]
        if member.search(inside):
            new = member.sub(lambda match: match[1] + to, inside, count=1)
            return text[:start] + new + text[end:]
        blank = inside[: len(inside) - len(inside.lstrip())] or newline + indent * (depth + 1)
        put = f"{blank}{quoted}: {to}{',' if inside.strip() else ''}"
        return text[:start] + put + text[start:]
    return _with_object(text, members, f"{quoted}: {to}", newline, indent, depth)


def _with_object(
    text: str, members: Sequence[str], member: str, newline: str, indent: str, depth: int
) -> str:  # fmt: skip
    """Return the text with a new object at its end, which has one member."""
    last = _LAST.search(text)
    if not last:
        raise MalformedError("package.json does not end with an object")
    inner = member
    for level in range(depth + len(members) - 1, depth - 1, -1):
        name = json.encode(members[level - depth]).decode()
        inner = f"{name}: {{{newline}{indent * (level + 1)}{inner}{newline}{indent * level}}}"
    comma = "" if text[: last.start()].rstrip().endswith("{") else ","
    return text[: last.start()] + f"{comma}{newline}{indent * depth}{inner}" + text[last.start() :]
