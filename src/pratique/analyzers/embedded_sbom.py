"""SBOMs that lie in an image, or in a project: packages that leave no other trace."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import NAMED_BY_SBOM, Package

_SURE = (".spdx.json", ".cdx.json", ".cdx.xml")

_SOURCES = ("github", "gitlab", "bitbucket")  # what something was built from is not installed


def _analyze(file: File) -> Iterator[Package]:
    """Yield what an SBOM names, as named by it: what is found in its own place counts more.

    A file whose name alone does not make it an SBOM may be anything else.
    """
    # most images hold none, and reading them takes several modules
    from pratique.codecs.sbom.inventories import described  # noqa: PLC0415
    from pratique.codecs.sbom.reading import NoSbom, read  # noqa: PLC0415

    name = file.path.rpartition("/")[2]
    if name.startswith(".spdx-"):  # Bitnami's: of the program that they lie beside
        return
    try:
        document = read(file.read(), file.path)
    except NoSbom:
        if name.endswith(_SURE):
            raise
        return
    for one in described(document, file.path):
        known = one.inventory
        yield from (_as_named(p, file.path) for p in known.packages if p.type not in _SOURCES)
        if known.problems and not known.packages:
            raise MalformedError(known.problems[0].what, file.path)


def _as_named(package: Package, path: str) -> Package:
    place = package.place
    return replace(
        package,
        path=path,
        inner="" if place == path else place,
        introduced=-1,
        changed=-1,
        remarks=(*package.remarks, NAMED_BY_SBOM),
    )


embedded_sbom = Analyzer(
    "sbom",
    1,
    (
        "*.spdx.json", "*.cdx.json", "*.cdx.xml", "*.spdx", "*.cdx", "*.bom.json", "*.sbom.json",
        "bom.json", "bom.xml", "sbom.json", "/usr/local/share/sbom/*", "/usr/share/sbom/*",
        "/var/lib/db/sbom/*",
    ),
    _analyze,
    reads="both",
)  # fmt: skip
