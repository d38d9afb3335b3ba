"""Nix's and Guix's packages, told by the names of the folders in their stores.

A store path is `<digest of what it was built from>-<name>-<version>[-<output>]`; a database is
not always beside it (https://nix.dev/manual/nix/latest/store/store-path).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_PATH = re.compile(rb"^((?:nix|gnu)/store/[0-9a-z]{32}-([^/\n]+))/", re.MULTILINE)
# the version begins at the first hyphen that no letter follows (builtins.parseDrvName)
_NAMED = re.compile(r"(.+?)-(\d[^/]*)", re.DOTALL)
_OUTPUT = re.compile(
    r"-(?:bin|dev|lib|man|doc|devdoc|info|out|static|debug|data|dist|nc|getent|py|tcl|terminfo"
    r"|headers|modules|completions|nscd|utils|libgcc|cpp|zoneinfo)$"
)
_SOURCE = re.compile(r"\.(?:drv|patch|diff|tar|tar\.\w+|tgz|zip|sh|lock|json|nar)$")


def analyze(file: File) -> Iterator[Package]:
    """Yield a package for each folder of a store whose name has a version.

    Files of a store are none: they are sources, patches and scripts.
    """
    paths = file.read()
    if b"/store/" not in paths:
        return
    for path, name in dict.fromkeys(_PATH.findall(paths)):
        full = name.decode("utf-8", "replace")
        match = _NAMED.fullmatch(full)
        if match is None or _SOURCE.search(full):
            continue
        kind = "nix" if path.startswith(b"nix") else "guix"
        yield Package(
            path.decode("utf-8", "replace"), kind, kind, match[1], _OUTPUT.sub("", match[2])
        )


store = Analyzer("store", 1, ("<paths>",), analyze)
