"""R packages that renv locked: renv.lock."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode, next_line, object_lines
from pratique.codecs.lock_graph import by_name, named
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package


class _Entry(Struct, rename="pascal"):
    package: str = ""
    version: str = ""
    source: str = ""
    requirements: object = None
    imports: object = None
    depends: object = None
    linking_to: object = None


class _Lock(Struct, rename="pascal"):
    packages: dict[str, _Entry]


_LOCK = Decoder(_Lock)


def _analyze(file: File) -> Iterator[Package]:
    """Read a lock file of renv (rstudio.github.io/renv, lockfile); R itself is not a package."""
    data = file.read()
    lock = decode(data, _LOCK, file.path)
    lines = object_lines(data)
    known = by_name((one.package or key, one.version) for key, one in lock.packages.items())
    for key, one in lock.packages.items():
        if one.version:
            yield Package(
                file.path, "renv", "bioconductor" if one.source == "Bioconductor" else "cran",
                one.package or key, one.version, line=next_line(lines, key),
                depends=named(_needs(one), known),
            )  # fmt: skip


def _needs(one: _Entry) -> Iterator[str]:
    """Yield the names in `cli (>= 3.4.0)`, of renv before and after its version 1.1."""
    for member in (one.requirements, one.imports, one.depends, one.linking_to):
        for need in member if isinstance(member, list) else ():
            yield str(need).partition("(")[0].strip()


renv = Analyzer("renv", 1, ("renv.lock",), _analyze, reads="locked")
