"""Packages that an import map gives one version of: deno.json, import_map.json."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.beside import beside
from pratique.codecs.jsonc import plain
from pratique.codecs.jsontext import decode
from pratique.codecs.module_url import specified
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_VALUE = re.compile(r'\s*"[^"\\]*"\s*:\s*"([^"\\]+)"')


class _Configuration(Struct):
    """As far as it is an import map (https://html.spec.whatwg.org/#import-maps)."""

    imports: dict[str, str | None] = {}
    scopes: dict[str, dict[str, str | None]] = {}


_CONFIGURATION = Decoder(_Configuration)


def _analyze(file: File) -> Iterator[Package]:
    """Read the configuration of Deno (docs.deno.com, deno.json) where no lock file is beside it.

    Ranges are left out: which version they stand for is not written there.
    """
    if beside(file, "deno.lock"):
        return
    data = file.read()
    configuration = decode(plain(data), _CONFIGURATION, file.path)
    lines = {wanted: number for number, wanted in _values(data)}
    given = set()
    for imports in (configuration.imports, *configuration.scopes.values()):
        for wanted in imports.values():
            found = specified(wanted or "")
            if found and found not in given:
                given.add(found)
                yield Package(file.path, "deno-json", *found, line=lines.get(wanted or "", 0),
                              relation="direct")  # fmt: skip


def _values(data: bytes) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if match := _VALUE.match(line):
            yield number, match[1]


deno_configuration = Analyzer(
    "deno-json", 1, ("deno.json", "deno.jsonc", "import_map.json"), _analyze, reads="locked"
)
