"""Which SBOMs and statements are attached to an image in a registry, and how.

- BuildKit puts attestation manifests beside the images of an index
  (https://docs.docker.com/build/metadata/attestations/attestation-storage/).
- The OCI distribution specification (1.1) has referrers, with a tag for registries without them.
- cosign has used tags that end in `.att` and `.sbom`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pratique.codecs.oci import Descriptor, Index, Manifest

_KINDS = ("spdx", "cyclonedx", "syft", "in-toto", "dsse", "sigstore.bundle")
_SBOMS = (*_KINDS, "sbom", "json")
_STATEMENTS = ("in-toto", "dsse", "sigstore.bundle", "vex")
_EMPTY = "application/vnd.oci.empty.v1+json"
"""What cosign 3 calls its bundles in the list that a tag has."""
PREDICATE_TYPES = (
    "predicateType", "in-toto.io/predicate-type", "dev.sigstore.bundle.predicateType",
)  # fmt: skip
"""Annotations that name the predicate: cosign's, BuildKit's, of bundles."""
_PREDICATES = ("https://spdx.dev/document", "https://cyclonedx.org/bom", "https://syft.dev/bom")
_MOST = 50
"""Of the attachments of one image."""


def manifests(
    digests: Sequence[str],
    document: Callable[[str], Index | Manifest | None],
    referrers: Callable[[str], Index],
) -> Iterator[Manifest]:
    """Yield the manifests of what is attached to an image.

    `digests`: of the indexes that it is in, then its own. `document` gives a manifest or an index
    by tag or digest; `referrers` what refers to a digest.
    """
    for outer in digests[:-1]:
        index = document(outer)
        for entry in _of_buildkit(index, digests[-1]) if isinstance(index, Index) else ():
            yield from _only_manifests(document(entry.digest))
    for digest in reversed(digests):
        for entry in _of_referrers(referrers(digest)):
            yield from _only_manifests(document(entry.digest))
        plain = fallback_tag(digest)
        for tag in (f"{plain}.att", f"{plain}.sbom"):
            yield from _only_manifests(document(tag))


def fallback_tag(digest: str) -> str:
    """Return the tag of the list of referrers, where a registry cannot list them."""
    return digest.replace(":", "-")


def _only_manifests(found: Index | Manifest | None) -> Iterator[Manifest]:
    if isinstance(found, Manifest):
        yield found


def _of_buildkit(index: Index, digest: str) -> Iterator[Descriptor]:
    """Yield the attestation manifests of one of an index's images."""
    for entry in index.manifests:
        known = entry.annotations
        if known.get("vnd.docker.reference.type") == "attestation-manifest" and (
            known.get("vnd.docker.reference.digest") == digest
        ):
            yield entry


def _of_referrers(index: Index) -> Iterator[Descriptor]:
    """Yield the manifests that refer to an image and may hold an SBOM, the surest first."""
    likely = [one for one in index.manifests[:_MOST] if _may_hold(one.artifact_type)]
    yield from sorted(likely, key=lambda one: not any(k in one.artifact_type for k in _KINDS[:3]))


def documents(manifest: Manifest) -> Iterator[Descriptor]:
    """Yield the blobs of an attachment that may be an SBOM, or an attestation of one."""
    for blob in manifest.layers[:_MOST]:
        stated = blob.annotations.get("in-toto.io/predicate-type") or blob.annotations.get(
            "predicateType", ""
        )
        if stated and not stated.lower().startswith(_PREDICATES):
            continue
        if _may_hold(blob.media_type):
            yield blob


def attestations(
    digests: Sequence[str],
    document: Callable[[str], Index | Manifest | None],
    referrers: Callable[[str], Index],
    predicates: Sequence[str],
) -> Iterator[Descriptor]:
    """Yield the blobs that may be statements of some predicates about an image, by their digests.

    `predicates` are the beginnings of what they are called. The other arguments are those of
    `manifests`. Of very many the last ones count: new ones are put there.
    """
    for outer in digests[:-1]:
        index = document(outer)
        for entry in _of_buildkit(index, digests[-1]) if isinstance(index, Index) else ():
            yield from _stating(document(entry.digest), predicates)
    for digest in reversed(digests):
        likely = [
            entry for entry in referrers(digest).manifests
            if _may_state(entry, predicates)
            and _may_hold(entry.artifact_type, (*_STATEMENTS, _EMPTY))
        ]  # fmt: skip
        for entry in likely[-_MOST:]:
            yield from _stating(document(entry.digest), predicates)
        yield from _stating(document(f"{fallback_tag(digest)}.att"), predicates)


def _stating(found: Index | Manifest | None, predicates: Sequence[str]) -> Iterator[Descriptor]:
    """Yield the blobs of a manifest that may be statements of some predicates."""
    if not isinstance(found, Manifest) or not _may_state(found, predicates):
        return
    blobs = [
        blob for blob in found.layers
        if _may_state(blob, predicates) and _may_hold(blob.media_type, _STATEMENTS)
    ]  # fmt: skip
    yield from blobs[-_MOST:]


def _may_state(entry: Descriptor | Manifest, predicates: Sequence[str]) -> bool:
    """Tell whether an entry's annotations allow for one of some predicates."""
    stated = next((entry.annotations[n] for n in PREDICATE_TYPES if n in entry.annotations), "")
    return not stated or stated.startswith(tuple(predicates))


def _may_hold(media_type: str, kinds: Sequence[str] = _SBOMS) -> bool:
    return not media_type or any(kind in media_type.lower() for kind in kinds)
