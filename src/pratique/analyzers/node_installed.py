"""Node packages that are installed: the package.json of each."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode
from pratique.codecs.licensetext import license_names
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_FOLDER = "node_modules/"


class _Manifest(Struct, gc=False):
    name: object = None
    version: object = None
    license: object = None
    licenses: object = None


_MANIFEST = Decoder(_Manifest)


def is_package_root(path: str) -> bool:
    """Tell whether a package.json is where Node finds a package, or outside of any.

    In `node_modules` a package is `NAME` or `@SCOPE/NAME` directly below; what is deeper belongs
    to that package: its test fixtures, its `dist`, and no installation of its own. Outside, a
    package.json is an application's, or a package's that a system keeps elsewhere (yarn, corepack,
    /usr/share/nodejs).
    """
    _, folder, inner = f"/{path}".rpartition(f"/{_FOLDER}")
    depth = inner.count("/")
    return not folder or depth == 1 or (depth == 2 and inner.startswith("@"))


def _analyze(file: File) -> Iterator[Package]:
    if not is_package_root(file.path):
        return
    manifest = decode(file.read(), _MANIFEST, file.path)
    name, version = manifest.name, manifest.version
    # a manifest without them is valid: it sets a folder's module type, or is never published
    if not isinstance(name, str) or not isinstance(version, str) or not name or not version:
        return
    licenses = license_names(manifest.license, manifest.licenses)
    yield Package(file.path, "node-pkg", "npm", name, version, licenses=licenses)


node_installed = Analyzer("node-pkg", 1, ("package.json",), _analyze)
