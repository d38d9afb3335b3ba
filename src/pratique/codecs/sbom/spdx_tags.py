"""SPDX 2 as tags and values, a pair a line (https://spdx.github.io/spdx-spec/v2.3/).

Both ways it passes through the objects of its JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import MsgspecError, convert

from pratique.codecs.sbom import Document, spdx
from pratique.errors import MalformedError

_HEAD = {
    "SPDXVersion": "spdxVersion", "DataLicense": "dataLicense", "SPDXID": "SPDXID",
    "DocumentName": "name", "DocumentNamespace": "documentNamespace",
}  # fmt: skip
_PACKAGE = {
    "name": "PackageName", "SPDXID": "SPDXID", "versionInfo": "PackageVersion",
    "supplier": "PackageSupplier", "originator": "PackageOriginator",
    "downloadLocation": "PackageDownloadLocation",
    "sourceInfo": "PackageSourceInfo", "licenseConcluded": "PackageLicenseConcluded",
    "licenseDeclared": "PackageLicenseDeclared", "copyrightText": "PackageCopyrightText",
    "primaryPackagePurpose": "PrimaryPackagePurpose",
}  # fmt: skip
_MEMBERS = {tag: member for member, tag in _PACKAGE.items()} | {
    "ExtractedText": "extractedText", "LicenseName": "name",
}  # fmt: skip
_TAG = re.compile(r"^([A-Za-z]+):[ \t]*(.*)$")
_LOOKED_AT = 65536


def is_document(data: bytes) -> bool:
    """Tell by its first tag whether a file is one; comments may come before."""
    for line in data[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").splitlines():
        if line.strip() and not line.lstrip().startswith(b"#"):
            return line.lstrip().startswith(b"SPDXVersion:")
    return False


def write(document: Document) -> str:
    """Return the text of a document."""
    return "".join(f"{line}\n" for line in _lines(spdx.spdx(document)))


def _lines(written: dict[str, Any]) -> Iterator[str]:
    for tag, member in _HEAD.items():
        yield f"{tag}: {written[member]}"
    yield f"Creator: {written['creationInfo']['creators'][0]}"
    yield f"Created: {written['creationInfo']['created']}"
    for package in written["packages"]:
        yield ""
        yield f"##### {package['name']}"
        yield ""
        yield from _package(package)
    for one in written.get("hasExtractedLicensingInfos", ()):
        yield ""
        yield f"LicenseID: {one['licenseId']}"
        yield f"ExtractedText: <text>{one['extractedText']}</text>"
        yield f"LicenseName: {one['name']}"
    yield ""
    for one in written["relationships"]:
        ends = one["spdxElementId"], one["relationshipType"], one["relatedSpdxElement"]
        yield f"Relationship: {' '.join(ends)}"


def _package(package: dict[str, Any]) -> Iterator[str]:
    for member, tag in _PACKAGE.items():
        if member in package:
            yield f"{tag}: {package[member]}"
        if tag == "PackageDownloadLocation":
            yield "FilesAnalyzed: false"
    for one in package.get("checksums", ()):
        yield f"PackageChecksum: {one['algorithm']}: {one['checksumValue']}"
    for one in package.get("externalRefs", ()):
        parts = one["referenceCategory"], one["referenceType"], one["referenceLocator"]
        yield f"ExternalRef: {' '.join(parts)}"
    # annotations stand apart from their packages here, and other readers pass over them
    for one in package.get("annotations", ()):
        yield f"PackageAttributionText: <text>{one['comment']}</text>"


def read(data: bytes, where: str) -> Document:
    """Return the document of a text; raises MalformedError where a line is no tag."""
    reading = _Reading()
    for number, tag, value in _pairs(data.decode("utf-8-sig", "replace"), where):
        try:
            reading.take(tag, value)
        except ValueError as error:
            raise MalformedError(f"{tag}: {error}", f"{where}:{number}") from error
    try:
        return spdx.document(convert(reading.document, spdx.Spdx, strict=False))
    except MsgspecError as error:
        raise MalformedError(str(error), where) from error


def _pairs(text: str, where: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, tag and value; a value between <text> and </text> may have many lines."""
    lines = text.replace("\r\n", "\n").split("\n")
    at = 0
    while at < len(lines):
        number, line = at + 1, lines[at]
        at += 1
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _TAG.match(line.lstrip())
        if match is None:
            raise MalformedError("a line that is no tag with a value", f"{where}:{number}")
        tag, value = match[1], match[2].strip()
        if value.startswith("<text>"):
            parts = [value.removeprefix("<text>")]
            while not parts[-1].rstrip().endswith("</text>"):
                if at == len(lines):
                    raise MalformedError("a <text> that does not end", f"{where}:{number}")
                parts.append(lines[at])
                at += 1
            value = "\n".join(parts).rstrip().removesuffix("</text>")
        yield number, tag, value


class _Reading:
    """The objects of a document, and which of them a tag speaks of."""

    def __init__(self) -> None:
        self.document: dict[str, Any] = {
            "packages": [], "files": [], "relationships": [], "hasExtractedLicensingInfos": [],
        }  # fmt: skip
        self._current: dict[str, Any] = {}
        self._by_id: dict[str, dict[str, Any]] = {}
        self._annotated = ""

    def take(self, tag: str, value: str) -> None:
        if tag == "PackageName":
            self._current = self._begun("packages", {"name": value})
        elif tag == "FileName":
            self._current = self._begun("files", {"fileName": value})
        elif tag == "LicenseID":
            self._current = self._begun("hasExtractedLicensingInfos", {"licenseId": value})
        elif tag == "SnippetSPDXID":
            self._current = {}
        elif tag == "SPDXID":
            self._current["SPDXID"] = value
            self._by_id.setdefault(value, self._current)
        elif tag == "Relationship":
            self._relate(value)
        else:
            self._describe(tag, value)

    def _begun(self, kind: str, one: dict[str, Any]) -> dict[str, Any]:
        self.document[kind].append(one)
        return one

    def _relate(self, value: str) -> None:
        parts = value.split()
        if len(parts) != 3:
            raise ValueError("a relationship has two elements and a type")
        self.document["relationships"].append(_relationship(*parts))

    def _describe(self, tag: str, value: str) -> None:
        match tag:
            case "DocumentName":
                self.document["name"] = value
            case "Created":
                self.document["creationInfo"] = {"created": value}
            case "PackageChecksum":
                self._append("checksums", _checksum(value))
            case "ExternalRef":
                self._append("externalRefs", _reference(value))
            case "PackageAttributionText":
                self._append("attributionTexts", value)
            case "SPDXREF":
                self._annotated = value
            case "AnnotationComment":
                about = self._by_id.get(self._annotated, {})
                about.setdefault("annotations", []).append({"comment": value})
            case _ if tag in _MEMBERS:
                self._current[_MEMBERS[tag]] = value

    def _append(self, member: str, found: object) -> None:
        self._current.setdefault(member, []).append(found)


def _checksum(value: str) -> dict[str, str]:
    algorithm, _, content = value.partition(":")
    return {"algorithm": algorithm.strip(), "checksumValue": content.strip()}


def _reference(value: str) -> dict[str, str]:
    parts = value.split(None, 2)
    if len(parts) != 3:
        raise ValueError("an external reference has a category, a type and a locator")
    return {"referenceType": parts[1], "referenceLocator": parts[2]}


def _relationship(of: str, kind: str, to: str) -> dict[str, str]:
    return {"spdxElementId": of, "relationshipType": kind, "relatedSpdxElement": to}
