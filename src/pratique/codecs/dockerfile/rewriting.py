"""Change a Dockerfile's base image, and have it upgrade packages; all else stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pratique.codecs.dockerfile.build import Build, Stage, build
from pratique.codecs.dockerfile.images import reference, user_of
from pratique.codecs.dockerfile.instructions import Instruction, parse
from pratique.codecs.edits import applied
from pratique.model.check import Edit

_COMMANDS = {
    "apt-get": ("apt-get update && apt-get install -y --only-upgrade --no-install-recommends",
                "rm -rf /var/lib/apt/lists/*"),
    "apk": ("apk upgrade --no-cache", ""),
    "dnf": ("dnf -y upgrade", "dnf clean all"),
    "microdnf": ("microdnf -y upgrade", "microdnf clean all"),
    "tdnf": ("tdnf -y update", "tdnf clean all"),
    "yum": ("yum -y update", "yum clean all"),
    "zypper": ("zypper --non-interactive update", "zypper clean --all"),
}  # fmt: skip
_OWNERS = {"apt": "apt-get", "apk-tools": "apk", "dnf": "dnf", "dnf5": "dnf", "tdnf": "tdnf",
           "microdnf": "microdnf", "yum": "yum", "zypper": "zypper"}  # fmt: skip
_WIDTH = 88
_NAMED = re.compile(r"(?i)(\s*FROM\s+(?:--\S+\s+)*)([^\s\\`]\S*)")
"""A FROM up to its image, and that."""


def manager_of(packages: Iterable[str]) -> str:
    """Return the program that upgrades packages, by the names of those that are installed."""
    names = set(packages)
    return next((manager for owner, manager in _OWNERS.items() if owner in names), "")


def command_of(manager: str, packages: Sequence[str]) -> str:
    """Return the command that upgrades packages and leaves nothing behind."""
    command, clean = _COMMANDS[manager]
    return f"{command} {' '.join(packages)}" + (f" && {clean}" if clean else "")


def root_of(made: Build) -> Stage:
    """Return the stage that begins what is shipped."""
    return list(made.final.lineage)[-1]


def upgrading(made: Build, manager: str, packages: Sequence[str], runs_as: str = "") -> Edit | None:
    """Return a RUN after FROM that upgrades packages, or the one that is there with more of them.

    None where that upgrades them all already: then the image is only to be built again. `runs_as`
    is the user of the image, which is the base's where no USER is in the Dockerfile.
    """
    command, clean = _COMMANDS[manager]
    stage = root_of(made)
    escape = made.parsed.directives.get("escape", "\\")
    for one in stage.all("RUN"):
        if " ".join(one.rest.split()).startswith(command):
            known = _listed(one, command)
            if set(packages) <= set(known):
                return None
            lines = _lines(command, clean, sorted({*known, *packages}), escape)
            return Edit(one.start, one.end, _ended(made, lines))
    lines = _lines(command, clean, sorted(set(packages)), escape)
    user = user_of(stage.base) or ("" if made.final.last("USER") else runs_as)
    if user and user.split(":")[0] not in ("root", "0"):
        lines = ["USER root", *lines, f"USER {user}"]
    after = stage.opening.end + 1
    return Edit(after, after - 1, _ended(made, lines))


def _listed(one: Instruction, command: str) -> list[str]:
    return " ".join(one.rest.split())[len(command) :].partition("&&")[0].split()


def _lines(command: str, clean: str, packages: Sequence[str], escape: str) -> list[str]:
    tail = f" && {clean}" if clean else ""
    whole = f"RUN {command} {' '.join(packages)}{tail}"
    if len(whole) <= _WIDTH:
        return [whole]
    lines = [f"RUN {command} {escape}", *(f"      {name} {escape}" for name in packages)]
    if clean:
        return [*lines, f"    && {clean}"]
    return [*lines[:-1], lines[-1].removesuffix(f" {escape}")]


def _ended(made: Build, lines: Sequence[str]) -> str:
    """Join lines with the ends that the file has."""
    return "\r\n".join([*lines, ""])[:-1] if _is_dos(made) else "\n".join(lines)


def _is_dos(made: Build) -> bool:
    return bool(made.parsed.lines) and made.parsed.lines[0].endswith("\r")


def retagged(
    made: Build, old: str, new: str, digest: str = "", stage: Stage | None = None
) -> list[Edit]:
    """Return what makes a base image's tag another, in FROM or in the ARG that holds it.

    `old` and `new` are tags; of the stage that begins what is shipped, or of another. Empty where
    the tag stands nowhere as it is: nothing is guessed.
    """
    opening = (stage or root_of(made)).opening
    edits = []
    pin = re.compile(r"@sha256:[0-9a-f]{64}")
    lines = list(made.parsed.lines[opening.start - 1 : opening.end])
    text = "\n".join(lines)
    changed = text
    if old != new:
        changed = _put(text, f":{old}", f":{new}")
        if changed == text:
            held = _held(made, text, old, new)
            edits += [held] if held else _in_parts(made, text, old, new)
            if not edits or not _is_of_its_own(made, edits, stage or root_of(made)):
                return []
    if pin.search(changed):
        changed = pin.sub(f"@{digest}" if digest else "", changed, count=1)
    elif digest:
        changed = re.sub(
            r"(?im)^(\s*FROM\s+(?:--\S+\s+)*\S+)", rf"\g<1>@{digest}", changed, count=1
        )
    if changed != text:
        edits.append(Edit(opening.start, opening.end, changed))
    return edits


def moved(made: Build, edits: Iterable[Edit], own: Stage) -> list[str]:
    """Return the bases of other stages that edits would change as well: they share an ARG."""
    after = build(parse(applied("\n".join(made.parsed.lines), edits)))
    both = zip(made.stages, after.stages, strict=True)
    return [was.base for was, now in both
            if was is not own and was.parent is None and was.base != now.base]  # fmt: skip


def _is_of_its_own(made: Build, edits: Iterable[Edit], own: Stage) -> bool:
    """Tell whether no other image gets the tag as well, which it may not have."""
    name = own.base.partition("@")[0].rpartition(":")[0]
    return all(other.partition("@")[0].rpartition(":")[0] == name
               for other in moved(made, edits, own))  # fmt: skip


def replaced(made: Build, old: str, new: str, digest: str = "") -> list[Edit]:
    """Return what makes a base image another: in the ARG that holds it whole and for this FROM
    alone, else in the FROM; empty where neither has it.
    """
    stage = root_of(made)
    text = _opening(made, stage)
    put = new + (f"@{digest}" if digest else "")
    found = _NAMED.match(text)
    if found is None or not _is_of(stage.base, old):
        return []
    held = re.fullmatch(r"\$(\w+)|\$\{(\w+)\}", found[2])
    name = (held[1] or held[2]) if held else ""
    if name and sum(name in _variables(_opening(made, one)) for one in made.stages) == 1:
        for one in made.outer:
            line = "\n".join(made.parsed.lines[one.start - 1 : one.end])
            given = re.fullmatch(rf"(\s*(?i:ARG)\s+{name}=([\"']?))([^\s\"']+)(\2\s*)", line)
            if given and _is_of(given[3], old):
                return [Edit(one.start, one.end, f"{given[1]}{put}{given[4]}")]
    changed = text[: found.start(2)] + put + text[found.end(2) :]
    return [Edit(stage.opening.start, stage.opening.end, changed)] if changed != text else []


def idle(made: Build) -> set[str]:
    """Return the ARGs before the first FROM that nothing uses."""
    names = {match[1] for one in made.outer if (match := re.match(r"(\w+)", one.rest.strip()))}
    texts = [*(one.rest for one in made.outer), *(_opening(made, one) for one in made.stages)]
    again = [one.rest for stage in made.stages for one in stage.all("ARG")]
    used = {name for text in texts for name in _variables(text)}
    return names - used - {name for text in again for name in re.findall(r"\w+", text)}


def _opening(made: Build, stage: Stage) -> str:
    return "\n".join(made.parsed.lines[stage.opening.start - 1 : stage.opening.end])


def _variables(text: str) -> list[str]:
    return re.findall(r"\$\{?(\w+)", text)


def _is_of(text: str, name: str) -> bool:
    """Tell whether a reference is that of a name with a tag, however it is written."""
    found = reference(text)
    return found is not None and f"{found.name}:{found.tag}" == name


def _put(text: str, old: str, new: str) -> str:
    # a slash comes after a port, not after a tag
    return re.sub(rf"{re.escape(old)}(?![\w./-])", lambda _: new, text, count=1)


def _in_parts(made: Build, opening: str, old: str, new: str) -> list[Edit]:
    """Change several ARGs that hold the parts of a tag: `${VERSION}-slim-${SUITE}`."""
    found = re.search(
        r":((?:[\w.-]|\$\w+|\$\{\w+\})*\$(?:[\w.-]|\$\w+|\{\w+\}|\$\{\w+\})*)", opening
    )
    if found is None:
        return []
    words = re.split(r"\$\{?(\w+)\}?", found[1])
    names = words[1::2]
    if len(set(names)) != len(names):
        return []
    parts = [re.escape(one) if at % 2 == 0 else r"([\w.]+)" for at, one in enumerate(words)]
    pattern = re.compile("".join(parts))
    before, after = pattern.fullmatch(old), pattern.fullmatch(new)
    if before is None or after is None:
        return []
    edits = []
    for name, was, now in zip(names, before.groups(), after.groups(), strict=True):
        if was != now:
            edit = _defaulting(made, name, was, now)
            if edit is None:
                return []
            edits.append(edit)
    return edits


def _defaulting(made: Build, name: str, old: str, new: str) -> Edit | None:
    """Return what makes the default of an ARG another; None where it is not written as it is."""
    for one in made.outer:
        line = "\n".join(made.parsed.lines[one.start - 1 : one.end])
        found = re.fullmatch(rf"(\s*(?i:ARG)\s+{name}=)([\"']?){re.escape(old)}(\2\s*)", line)
        if found:
            return Edit(one.start, one.end, f"{found[1]}{found[2]}{new}{found[3]}")
    return None


def _held(made: Build, opening: str, old: str, new: str) -> Edit | None:
    """Change the default of the ARG that holds the tag, or the part of it that differs."""
    names = re.findall(r"\$\{?(\w+)", opening)
    for one in made.outer:
        line = "\n".join(made.parsed.lines[one.start - 1 : one.end])
        found = re.search(r"(?im)^(\s*ARG\s+(\w+)=[\"']?)([^\s\"']+)", line)
        if not found or found[2] not in names:
            continue
        value = found[3]
        prefix, _, suffix = old.partition(value)
        if value in old and new.startswith(prefix) and new.endswith(suffix):
            put = new[len(prefix) : len(new) - len(suffix)]
        elif f":{old}" in value:
            put = _put(value, f":{old}", f":{new}")
        else:
            continue
        text = line[: found.start(3)] + put + line[found.end(3) :]
        return Edit(one.start, one.end, text)
    return None
