"""`config`: judge configuration, list the checks, or print what can be mended as a patch."""

from __future__ import annotations

import os
import re

from msgspec.structs import replace

from pratique.cli import scan
from pratique.cli.ignoring import rules_of
from pratique.cli.parser import Asked
from pratique.cli.progress import watch
from pratique.cli.time_limit import time_limit
from pratique.cli.writing import write_file
from pratique.errors import UsageError
from pratique.model.settings import Settings

_HEAD = 1 << 16
_FROM = re.compile(rb"^\s*FROM\s+\S", re.MULTILINE | re.IGNORECASE)
_OBJECT = re.compile(rb"^\s*[\"']?apiVersion[\"']?\s*:", re.MULTILINE)


def run(asked: Asked) -> int:
    """Do what is asked for; return the exit status."""
    if asked.words.get("list_checks"):
        from pratique.cli.known_checks import listed  # noqa: PLC0415 - every check is imported

        write_file(listed(asked.settings), asked.settings.file)
        return 0
    if not asked.target:
        raise UsageError("name a directory or a file")
    asked = replace(asked, settings=_naming(asked))
    return _patch(asked) if asked.words.get("diff") else scan.run(asked)


def _naming(asked: Asked) -> Settings:
    """Return the settings; a file that is named is read as what it looks like, however called."""
    chosen = asked.settings
    if not os.path.isfile(asked.target):
        return chosen
    with open(asked.target, "rb") as file:
        head = file.read(_HEAD)
    name = os.path.basename(asked.target)
    if _FROM.search(head) and not _OBJECT.search(head):
        pattern = f"dockerfile:^{re.escape(name)}$"
    elif _OBJECT.search(head):
        pattern = f"kubernetes:^{re.escape(name)}$"
    else:
        return chosen
    return replace(chosen, file_patterns=(*chosen.file_patterns, pattern))


def _patch(asked: Asked) -> int:
    """Write a patch of the files that were judged; the status is 0, whatever it holds."""
    from pratique.patching import patch  # noqa: PLC0415 - few ask for it
    from pratique.scanning import scan_directory  # noqa: PLC0415

    chosen = replace(asked.settings, scanners=("misconfig",))
    with time_limit(chosen.timeout), watch(chosen) as observe:
        report = scan_directory(asked.target, chosen, observe, rules_of(asked), locked=True)
    write_file(patch(report), chosen.file)
    return 0
