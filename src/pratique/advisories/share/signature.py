"""Signatures of a shared database, made and verified as cosign does it with key pairs.

https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md: the payload of "simple
signing", a layer of a manifest under the tag `sha256-<digest>.sig`. No transparency log is asked,
and no certificate is looked at: who has the public key trusts that key.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator

from msgspec import MsgspecError, Struct, field, json

from pratique.advisories.share.repository import Repository
from pratique.artifacts.manifest import MANIFEST, as_image, described, digest_in
from pratique.artifacts.remote import Remote
from pratique.codecs import oci
from pratique.errors import DatabaseError, NotFound, PratiqueError
from pratique.signing.keys import Key, Signer, private_key, public_key

PAYLOAD = "application/vnd.dev.cosign.simplesigning.v1+json"
SIGNATURE = "dev.cosignproject.cosign/signature"
_TYPE = "cosign container image signature"
_LIMIT = 64 << 10  # bytes of a payload
_MOST = 100  # signatures


class Signed(Struct, frozen=True):
    """A signature as it is stored."""

    tag: str
    manifest: bytes
    blobs: tuple[bytes, ...]
    """What the manifest names."""


class _Identity(Struct, rename="kebab"):
    docker_reference: str = ""


class _Image(Struct, rename="kebab"):
    docker_manifest_digest: str


class _Critical(Struct):
    identity: _Identity
    image: _Image
    type: str


class _Payload(Struct):
    """What is signed; the names are those of containers-signature(5)."""

    critical: _Critical
    optional: dict[str, object] | None = None


class _Layer(Struct, frozen=True):
    """A signature in the manifest of all of a digest's."""

    descriptor: dict[str, object]
    payload: bytes
    signature: bytes = field(default=b"")


def sign(digest: str, name: str, key_path: str) -> Signed:
    """Return the signature of a manifest's digest; raise UsageError for a key that is no use."""
    return _stored(digest, [_made(digest, name, private_key(key_path))])


def attach(remote: Remote, digest: str, key_path: str) -> bool:
    """Sign a digest at a registry beside the signatures of others; False if it was already."""
    signer = private_key(key_path)
    others = list(_layers(remote, digest))
    if any(_is_good(layer, digest, signer.key) for layer in others):
        return False
    name = f"{remote.reference.registry}/{remote.reference.repository}"
    signed = _stored(digest, [*others, _made(digest, name, signer)])
    for blob in signed.blobs:
        remote.write(blob)
    remote.tag(signed.manifest, MANIFEST, signed.tag)
    return True


def verify(repository: Repository, digest: str, key_path: str) -> None:
    """Raise DatabaseError unless a database is signed by a key."""
    key = public_key(key_path)
    count = 0
    for layer in _layers(repository, digest):
        count += 1
        if _is_good(layer, digest, key):
            return
    what = "none of its signatures is of that key" if count else "it is not signed"
    raise DatabaseError(f"{repository.name} is not taken: {what} ({key_path})")


def tag_of(digest: str) -> str:
    """Return the tag that a digest's signatures are under."""
    return digest.replace(":", "-") + ".sig"


def _made(digest: str, name: str, signer: Signer) -> _Layer:
    payload = json.encode(_Payload(_Critical(_Identity(name), _Image(digest), _TYPE)))
    signature = signer.sign(payload)
    annotations = {SIGNATURE: b64encode(signature).decode()}
    descriptor = described(PAYLOAD, payload) | {"annotations": annotations}
    return _Layer(descriptor, payload, signature)


def _stored(digest: str, layers: list[_Layer]) -> Signed:
    manifest, config = as_image([layer.descriptor for layer in layers])
    return Signed(tag_of(digest), manifest, (config, *(layer.payload for layer in layers)))


def _layers(repository: Repository, digest: str) -> Iterator[_Layer]:
    """Yield what signatures a digest has; those that cannot be read are none."""
    try:
        data, _ = repository.manifest(tag_of(digest))
    except NotFound:
        return
    where = f"{repository.name}: {tag_of(digest)}"
    for layer in oci.read_manifest(data, where).layers[:_MOST]:
        if layer.media_type != PAYLOAD or layer.size > _LIMIT:
            continue
        try:
            payload = b"".join(repository.blob(layer.digest, layer.size))
            signature = b64decode(layer.annotations.get(SIGNATURE, ""), validate=True)
        except (PratiqueError, ValueError):
            continue
        if digest_in(payload) == layer.digest:
            kept = described(PAYLOAD, payload) | {"annotations": layer.annotations}
            yield _Layer(kept, payload, signature)


def _is_good(layer: _Layer, digest: str, key: Key) -> bool:
    """Tell whether a signature is of a key, and what it signs is this digest."""
    if not key.verifies(layer.signature, layer.payload):
        return False
    try:
        critical = json.decode(layer.payload, type=_Payload).critical
    except (MsgspecError, UnicodeError, RecursionError):
        return False
    return critical.type == _TYPE and critical.image.docker_manifest_digest == digest
