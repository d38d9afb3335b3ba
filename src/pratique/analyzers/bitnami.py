"""What Bitnami compiled into its images: the SPDX document beside each component.

Only Bitnami's own packages are taken; those of languages are found where they are installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.json import Decoder

from pratique.codecs.jsontext import decode
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_PURL = re.compile(r"pkg:bitnami/([^@?#]+)@([^?#]+)(?:\?([^#]*))?")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_TAG = re.compile(r"^(PackageName|PackageLicenseDeclared|ExternalRef):(.*)$", re.MULTILINE)
_NO_LICENSE = ("", "NOASSERTION", "NONE")


class _Reference(Struct, gc=False, rename="camel"):
    reference_type: str = ""
    reference_locator: str = ""


class _Package(Struct, rename="camel"):
    license_declared: str = ""
    external_refs: list[_Reference] = []


class _Document(Struct):
    packages: list[_Package] = []


_DOCUMENT = Decoder(_Document)


def _analyze(file: File) -> Iterator[Package]:
    """Yield the packages of a document of SPDX 2.3, written as JSON or as tags and values."""
    data = file.read()
    if data.lstrip()[:1] == b"{":
        packages = decode(data, _DOCUMENT, file.path).packages
    else:
        packages = list(_tagged(data.decode("utf-8", "replace")))
    if not packages:
        raise MalformedError("an SPDX document without packages", file.path)
    for package in packages:
        references = {ref.reference_type: ref.reference_locator for ref in package.external_refs}
        if match := _PURL.fullmatch(references.get("purl", "")):
            name, version = (_unescaped(part) for part in match.groups()[:2])
            qualifiers = dict(q.partition("=")[::2] for q in (match[3] or "").split("&"))
            license_ = package.license_declared
            yield Package(
                file.path, "bitnami", "bitnami", name, version, qualifiers.get("arch", ""),
                licenses=(license_,) if license_ not in _NO_LICENSE else (),
                cpe=references.get("cpe23Type", ""),
            )  # fmt: skip


def _tagged(text: str) -> Iterator[_Package]:
    package: _Package | None = None
    for tag, value in _TAG.findall(text):
        if tag == "PackageName":
            if package is not None:
                yield package
            package = _Package(external_refs=[])
        elif package is None:
            continue
        elif tag == "PackageLicenseDeclared":
            package.license_declared = value.strip()
        elif len(fields := value.split(None, 2)) == 3:
            package.external_refs.append(_Reference(fields[1], fields[2].strip()))
    if package is not None:
        yield package


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


bitnami = Analyzer(
    "bitnami", 1, ("/opt/bitnami/**/.spdx-*.spdx", "/opt/bitnami/**/.spdx-*.json"), _analyze
)
