"""Sign statements about an image, and put them beside it in its registry.

Each is stored twice: in cosign's way, a layer under the tag `sha256-<digest>.att`, and as a
referrer, a bundle of Sigstore with the image as its subject
(https://github.com/opencontainers/distribution-spec/blob/main/spec.md). Registries that cannot list
referrers get the list under the tag `sha256-<digest>`, which the specification has for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import MsgspecError, Struct, json

from pratique.artifacts.manifest import (
    EMPTY,
    EMPTY_TYPE,
    INDEX_TYPE,
    MANIFEST,
    as_image,
    described,
    digest_in,
)
from pratique.artifacts.remote import Remote
from pratique.codecs import oci
from pratique.codecs.attachments import PREDICATE_TYPES, fallback_tag
from pratique.codecs.dsse import BUNDLE, ENVELOPE, IN_TOTO, STATEMENT
from pratique.errors import MalformedError, NotFound

_CONTENT = "dev.sigstore.bundle.content"
_PREDICATE, _OF_BUILDKIT, _OF_BUNDLE = PREDICATE_TYPES
_SIGNATURE = "dev.cosignproject.cosign/signature"
_CREATED = "org.opencontainers.image.created"
_Map = dict[str, Any]


class Sealed(Struct, frozen=True):
    """A signed statement, in the two ways that it is stored."""

    envelope: bytes
    """Empty where the bundle alone has what verifies it."""
    bundle: bytes
    media_type: str = BUNDLE
    """Of the bundle; that of a bare statement where nobody signs."""


def unsigned(words: bytes) -> Sealed:
    """Return a statement as BuildKit attaches its own: it tells, and proves nothing."""
    return Sealed(b"", words, IN_TOTO)


class Attached(Struct, frozen=True):
    """Where a statement is."""

    tag: str
    """Cosign's, of the image's attestations; empty where there is a bundle alone."""
    referrer: str
    """The digest of the manifest that refers to the image."""
    listed: bool
    """Whether the registry lists referrers itself."""


def statement(digest: str, name: str, predicate_type: str, predicate: bytes) -> bytes:
    """Return what is said of an image: a statement of in-toto, version 1."""
    algorithm, _, value = digest.partition(":")
    subject = {"name": name, "digest": {algorithm: value}}
    head = json.encode({"_type": STATEMENT, "subject": [subject], "predicateType": predicate_type})
    return head[:-1] + b',"predicate":' + predicate + b"}"


def attach(
    remote: Remote, digest: str, sealed: Sealed, predicate_type: str, moment: str, *,
    replacing: bool = False,
) -> Attached:  # fmt: skip
    """Put a signed statement beside an image; what is there already is not written again.

    `replacing` takes those of the same type out of both lists. Raises NotFound where there is no
    such image, MalformedError where a list is none, SourceError where the registry refuses.
    """
    data, _ = remote.manifest(digest)
    image = described(_media_type(data, remote.name), data)

    def is_kept(entry: _Map) -> bool:
        stated = [(entry.get("annotations") or {}).get(name) for name in PREDICATE_TYPES]
        return not replacing or predicate_type not in stated

    tag = f"{fallback_tag(digest)}.att" if sealed.envelope else ""
    if tag:
        _tagged(remote, tag, sealed.envelope, predicate_type, is_kept)
    referrer, listed = _referring(remote, image, sealed, predicate_type, moment)
    if not listed:
        _list(remote, digest, referrer, is_kept)
    return Attached(tag, str(referrer["digest"]), listed)


def _tagged(
    remote: Remote, tag: str, envelope: bytes, predicate_type: str, is_kept: Callable[[_Map], bool]
) -> None:
    """Put an envelope among the layers of cosign's tag."""
    before = _document(remote, tag)
    there = [layer for layer in _entries(before, "layers", remote, tag) if is_kept(layer)]
    added = described(ENVELOPE, envelope) | {
        "annotations": {_SIGNATURE: "", _PREDICATE: predicate_type}
    }
    if len(there) == len(before.get("layers", ())) and any(
        layer["digest"] == added["digest"] for layer in there
    ):
        return
    layers = [*(layer for layer in there if layer["digest"] != added["digest"]), added]
    manifest, config = as_image(layers)
    for blob in (envelope, config):
        remote.write(blob)
    remote.tag(manifest, MANIFEST, tag)


def referring(
    image: _Map, sealed: Sealed, predicate_type: str, moment: str
) -> tuple[bytes, _Map]:  # fmt: skip
    """Return a manifest that refers to an image by its descriptor, and its own descriptor.

    Its blobs are `EMPTY` and the bundle.
    """
    kind = sealed.media_type
    told = {_CONTENT: "dsse-envelope", _OF_BUNDLE: predicate_type} if kind == BUNDLE else {
        _OF_BUILDKIT: predicate_type}  # fmt: skip
    annotations = {**told, _CREATED: moment}
    layer = described(kind, sealed.bundle)
    if kind != BUNDLE:
        layer["annotations"] = {_OF_BUILDKIT: predicate_type}
    manifest = json.encode({
        "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": kind,
        "config": described(EMPTY_TYPE, EMPTY), "layers": [layer],
        "subject": image, "annotations": annotations,
    })  # fmt: skip
    entry = described(MANIFEST, manifest) | {"artifactType": kind, "annotations": annotations}
    return manifest, entry


def _referring(
    remote: Remote, image: _Map, sealed: Sealed, predicate_type: str, moment: str
) -> tuple[_Map, bool]:
    """Write what refers to the image; return its descriptor, and whether the registry lists it."""
    manifest, entry = referring(image, sealed, predicate_type, moment)
    for blob in (EMPTY, sealed.bundle):
        remote.write(blob)
    told = remote.tag(manifest, MANIFEST, digest_in(manifest))
    return entry, "oci-subject" in told


def _list(remote: Remote, digest: str, entry: _Map, is_kept: Callable[[_Map], bool]) -> None:
    """Put a referrer on the list that stands in for the registry's."""
    tag = fallback_tag(digest)
    there = _entries(_document(remote, tag), "manifests", remote, tag)
    others = [one for one in there if one["digest"] != entry["digest"] and is_kept(one)]
    index = {"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [*others, entry]}
    remote.tag(json.encode(index), INDEX_TYPE, tag)


def _document(remote: Remote, tag: str) -> _Map:
    try:
        data, _ = remote.manifest(tag)
    except NotFound:
        return {}
    oci.read(data, f"{remote.name} ({tag})")  # its form is checked
    document: _Map = json.decode(data)
    return document


def _entries(document: _Map, key: str, remote: Remote, tag: str) -> list[_Map]:
    """Return a list's entries as they are written: what is not known of them is kept."""
    if document and key not in document:
        raise MalformedError(
            f"has no {key}: something else is under that tag", f"{remote.name} ({tag})"
        )
    return list(document.get(key) or ())


def _media_type(data: bytes, where: str) -> str:
    try:
        document = json.decode(data)
    except MsgspecError as error:
        raise MalformedError(f"no manifest: {error}", where) from error
    stated = document.get("mediaType") if isinstance(document, dict) else None
    return str(stated or (INDEX_TYPE if "manifests" in document else MANIFEST))
