"""PHP packages that composer installed into a vendor folder."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode, next_line, value_lines
from pratique.codecs.licensetext import license_names
from pratique.codecs.lock_graph import by_name, named
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


class _Entry(Struct):
    name: str = ""
    version: str = ""
    license: object = None
    require: dict[str, object] | list[object] = []
    """PHP writes an empty mapping as a list."""


class _Installed(Struct, rename={"dev_names": "dev-package-names"}):
    packages: list[_Entry] = []
    dev_names: list[str] = []
    """The packages of `require-dev`; composer 1 does not tell them apart."""


_INSTALLED: Decoder[_Installed | list[_Entry]] = Decoder(_Installed | list[_Entry])


def _analyze(file: File) -> Iterator[Package]:
    data = file.read()
    installed = decode(data, _INSTALLED, file.path)
    # composer 1 writes the list alone, composer 2 an object around it
    entries = installed if isinstance(installed, list) else installed.packages
    dev = frozenset(() if isinstance(installed, list) else installed.dev_names)
    lines = value_lines(data, "name")
    known = by_name((entry.name.lower(), entry.version) for entry in entries)
    for entry in entries:
        if entry.name and entry.version:
            yield Package(
                file.path,
                "composer-vendor",
                "composer",
                entry.name.lower(),
                entry.version,
                licenses=license_names(entry.license),
                dev=entry.name in dev,
                line=next_line(lines, entry.name),
                depends=named((str(name).lower() for name in entry.require), known),
            )


php_installed = Analyzer("composer-vendor", 1, ("installed.json",), _analyze)
