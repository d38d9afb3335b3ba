"""Accounts that an image has, and what they may do: passwd(5), shadow(5), sudoers(5).

No hash of a password is kept, only that there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.model.analyzer import Analyzer
from pratique.model.configuration import Trace
from pratique.model.file import File

_LARGEST = 1 << 20
_MOST = 1000
_LOCKED = ("!", "*", "x")
_CONTINUED = re.compile(r"\\\n")


def _lines(file: File) -> list[str]:
    if file.size > _LARGEST:
        return []
    return file.read().decode("utf-8", "replace").splitlines()[:_MOST]


def _passwd(file: File) -> Iterator[Trace]:
    """Yield each account with its id; more than one may have the id 0."""
    for line in _lines(file):
        fields = line.split(":")
        if len(fields) < 4 or not fields[2].isdigit() or len(fields[2]) > 10:
            continue
        yield Trace(file.path, "user", fields[0], int(fields[2]))
        if not fields[1]:
            yield Trace(file.path, "password", fields[0])
        elif not fields[1].startswith(_LOCKED):
            yield Trace(file.path, "password", fields[0], 1)


def _shadow(file: File) -> Iterator[Trace]:
    """Yield the accounts that a password opens: none at all (0), or one that is set (1)."""
    for line in _lines(file):
        name, colon, rest = line.partition(":")
        password = rest.partition(":")[0]
        if colon and not password.startswith(_LOCKED):
            yield Trace(file.path, "password", name, int(bool(password)))


def _sudoers(file: File) -> Iterator[Trace]:
    """Yield the rules that give root without asking for a password."""
    if file.size > _LARGEST:
        return
    text = _CONTINUED.sub(" ", file.read().decode("utf-8", "replace"))
    for line in text.splitlines()[:_MOST]:
        rule = line.split("#")[0].strip()
        if "NOPASSWD" in rule or ("!authenticate" in rule and rule.startswith("Defaults")):
            yield Trace(file.path, "sudo", " ".join(rule.split())[:200])


passwd = Analyzer("passwd", 1, ("/etc/passwd",), _passwd, scanner="misconfig")
shadow = Analyzer("shadow", 1, ("/etc/shadow",), _shadow, scanner="misconfig")
sudoers = Analyzer(
    "sudoers", 1, ("/etc/sudoers", "/etc/sudoers.d/*"), _sudoers, scanner="misconfig"
)
