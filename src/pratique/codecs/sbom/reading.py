"""Read an SBOM of any format that is known, whatever it is wrapped in."""

from __future__ import annotations

from msgspec import MsgspecError, Raw, Struct, json

from pratique.codecs import jsontext
from pratique.codecs.sbom import (
    Document,
    cyclonedx,
    cyclonedx_xml,
    saved_report,
    spdx,
    spdx3,
    spdx_tags,
    syft,
)
from pratique.errors import MalformedError

_ABSENT = Raw(b"")
_DEEPEST = 4  # a bundle holds an envelope, which holds a statement, which holds the document
_BOM = b"\xef\xbb\xbf"


class _Head(Struct, rename={"context": "@context", "graph": "@graph"}):
    """The members by which formats of JSON are told apart, and wrappers from what they hold."""

    bomFormat: Raw = _ABSENT
    specVersion: Raw = _ABSENT
    spdxVersion: Raw = _ABSENT
    context: Raw = _ABSENT
    graph: Raw = _ABSENT
    artifacts: Raw = _ABSENT
    SchemaVersion: Raw = _ABSENT  # of a report
    sbom: Raw = _ABSENT  # of GitHub's dependency graph
    payload: Raw = _ABSENT  # of a DSSE envelope
    dsseEnvelope: Raw = _ABSENT  # of a Sigstore bundle
    predicate: Raw = _ABSENT  # of an in-toto statement
    Data: Raw = _ABSENT  # of the predicate that cosign wrote at first
    SPDX: Raw = _ABSENT


_HEAD = json.Decoder(_Head)


def is_likely(head: bytes) -> bool:
    """Tell by how a file begins whether `read` is to be asked, not an archive's reader."""
    start = head.removeprefix(_BOM).lstrip()[:1]
    return start in (b"{", b"<") or spdx_tags.is_document(head)


class NoSbom(MalformedError):  # noqa: N818 - reads as the statement it is
    """Of no format that is known, however well formed."""


def read(data: bytes, where: str) -> Document:
    """Return the document; raise MalformedError where no format is recognized, or it is broken.

    CycloneDX as JSON and XML, SPDX 2 as JSON and tag-value, SPDX 3, Syft's own JSON, and reports of
    JSON, ours and Trivy's; in the envelopes that attestations come in (DSSE, in-toto, Sigstore's
    bundle), and as GitHub exports it. Signatures are not verified.
    """
    for _ in range(_DEEPEST + 1):
        start = data.removeprefix(_BOM).lstrip()[:1]
        if start == b"<":
            return cyclonedx_xml.read(data, where)
        if start != b"{":
            if spdx_tags.is_document(data):
                return spdx_tags.read(data, where)
            raise NoSbom("no SBOM: neither JSON, XML nor SPDX's tags", where)
        head = jsontext.decode(data, _HEAD, where)
        if document := _document(head, data, where):
            return document
        data = _wrapped(head, where)
    raise MalformedError("no SBOM: wrapped too often", where)


def _document(head: _Head, data: bytes, where: str) -> Document | None:
    if head.bomFormat or head.specVersion:
        return cyclonedx.read(data, where)
    if head.spdxVersion:
        return spdx.read(data, where)
    if head.graph or head.context:
        return spdx3.read(data, where)
    if head.artifacts:
        return syft.read(data, where)
    if head.SchemaVersion:
        return saved_report.read(data, where)
    return None


def _wrapped(head: _Head, where: str) -> bytes:
    """Return what a wrapper holds."""
    for raw in (head.dsseEnvelope, head.predicate, head.sbom, head.SPDX):
        if raw:
            return bytes(raw)
    for raw in (head.payload, head.Data):
        if raw:
            return _text(raw, where, is_base64=raw is head.payload)
    raise NoSbom("no SBOM of a format that is known", where)


def _text(raw: Raw, where: str, *, is_base64: bool) -> bytes:
    """Return what a member holds: text, or bytes in base64; an object stays as it is."""
    if bytes(raw).lstrip()[:1] == b"{":
        return bytes(raw)
    try:
        return json.decode(raw, type=bytes) if is_base64 else json.decode(raw, type=str).encode()
    except (MsgspecError, UnicodeError) as error:
        raise MalformedError(f"an envelope whose content cannot be read: {error}", where) from error
